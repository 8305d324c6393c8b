import { expect, test } from 'vitest';
import type { Json } from '../event/json.ts';
import { knownFields, placeField } from './vendor-fields.ts';

test('fields stand nested; what is in the way or too deep stands flat, and nothing is lost', () => {
  const fields: Record<string, Json> = {};
  placeField(fields, ['a', 'b'], 'A.B', 1);
  placeField(fields, ['a', 'b', 'c'], 'A.B.C', 2);
  placeField(fields, ['a'], 'A', 3);
  placeField(fields, ['__proto__', 'x'], 'P', 4);
  placeField(fields, 'a.'.repeat(1_000).split('.'), 'deep', 5);
  expect(JSON.stringify(fields)).toBe('{"a":{"b":1},"A.B.C":2,"A":3,"__proto__":{"x":4},"deep":5}');
});

test('fields without a value are left out', () => {
  expect(knownFields({ a: undefined, b: false })).toEqual({ b: false });
  expect(knownFields({ a: undefined })).toBeUndefined();
});
