import { expect, test } from 'vitest';
import { evaluateRelation } from './evaluate-relation.ts';
import type { Evaluate, RelationColumn } from './node.ts';
import { pluginColumns } from './plugins.ts';

const span = { start: 0, end: 0 };
const columns: readonly RelationColumn[] = [
  { name: 'Key', type: 'long' },
  { name: 'Bag', type: 'dynamic' },
];
const rows = Array.from({ length: 1_200 }, (_, at) => [BigInt(at % 2), { a: at % 3 }] as const);

function plugin(name: Evaluate['plugin'], column: string, gives: readonly RelationColumn[]): Evaluate {
  const type = column === 'Key' ? 'long' : 'dynamic';
  return {
    kind: 'evaluate',
    plugin: name,
    args: [{ kind: 'column', name: column, type, span }],
    input: { kind: 'inline', columns, rows, span },
    columns: gives,
    isSettled: true,
    span,
  };
}

test.each([
  ['bag_unpack', 'Bag'],
  ['pivot', 'Key'],
  ['narrow', 'Key'],
] as const)('%s can be ended while it computes', (name, column) => {
  let calls = 0;
  const check = () => {
    calls += 1;
    if (calls > 2) throw new Error('The time is up.');
  };
  const none = () => [];
  const node = plugin(name, column, [{ name: 'Key', type: 'long' }]);
  const environment = { now: 0n, tables: none, external: none, check };
  expect(() => evaluateRelation(node, environment)).toThrow('The time is up.');
  if (name === 'narrow') return;
  calls = 0;
  expect(() => pluginColumns(node, rows, 0n, check)).toThrow('The time is up.');
});
