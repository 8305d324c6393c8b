import { expect, test } from 'vitest';
import { ecsFieldType, isEcsArray } from '../event/ecs-fields.ts';
import { ASIM_PROCESS_CREATE } from './asim-process.ts';

const { columns } = ASIM_PROCESS_CREATE;
const outsideEcs = /^(winlog\.event_data|process\.Ext)\./;

test('every column is named once', () => {
  expect(new Set(columns.map(({ name }) => name)).size).toBe(columns.length);
});

test('every field is one of ECS or of a source that is named', () => {
  const fields = columns.flatMap((column) => column.fields);
  expect(fields.filter((field) => ecsFieldType(field) === undefined && !outsideEcs.test(field))).toEqual([]);
});

test('the columns that every process event must have are filled', () => {
  const filled = new Map(
    columns.map((column) => [column.name, column.fields.length > 0 || column.constant !== undefined]),
  );
  const mandatory =
    'TimeGenerated Type EventCount EventStartTime EventEndTime EventType EventResult EventProduct EventVendor EventSchema EventSchemaVersion ActorUsername ActingProcessId TargetUsername TargetProcessName TargetProcessCommandLine TargetProcessId';
  expect(mandatory.split(' ').filter((name) => filled.get(name) !== true)).toEqual([]);
});

test('a column that is one value comes from a field that is one value', () => {
  const arrays = columns.filter(({ fields }) => fields.some(isEcsArray)).map(({ name }) => name);
  expect(arrays).toEqual(['DvcIpAddr', 'DvcMacAddr']);
});
