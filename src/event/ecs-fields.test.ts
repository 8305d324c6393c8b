import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { ECS_VERSION } from './ecs-field-table.ts';
import { ecsFieldNames, ecsFieldType, isEcsArray } from './ecs-fields.ts';

test('types and arrays of well-known fields', () => {
  expect(ecsFieldType('@timestamp')).toBe('date');
  expect(ecsFieldType('process.name')).toBe('keyword');
  expect(ecsFieldType('process.command_line')).toBe('keyword');
  expect(ecsFieldType('process.parent.pid')).toBe('long');
  expect(ecsFieldType('source.ip')).toBe('ip');
  expect(ecsFieldType('message')).toBe('text');
  expect(ecsFieldType('labels')).toBe('object');
  expect(ecsFieldType('host.cpu.usage')).toBe('double');
  expect(ecsFieldType('dns.answers')).toBe('object');
  expect(isEcsArray('process.args')).toBe(true);
  expect(isEcsArray('event.category')).toBe(true);
  expect(isEcsArray('process.name')).toBe(false);
});

test('a name outside ECS has no type, whatever it is called', () => {
  for (const name of ['', '.', 'process', 'process.args*', '__proto__', 'constructor', 'winlog.event_id']) {
    expect(ecsFieldType(name)).toBeUndefined();
    expect(isEcsArray(name)).toBe(false);
  }
});

test('the table holds every field of the package it was made from', () => {
  const { EcsFlat, EcsVersion } = createRequire(import.meta.url)('@elastic/ecs');
  expect(ECS_VERSION).toBe(EcsVersion);
  expect([...ecsFieldNames()].sort()).toEqual(Object.keys(EcsFlat).sort());
});
