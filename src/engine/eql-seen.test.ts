import { expect, it } from 'vitest';
import { seenIn } from './eql-seen.ts';

const use = (field: string, events: number, ...examples: (readonly [string, number])[]) => ({
  field,
  events,
  different: examples.length,
  manyMore: false,
  examples: examples.map(([name, count]) => ({ name, count })),
});
const profile = (...fields: ReturnType<typeof use>[]) => ({ fields: { fields, notFollowed: false, sampled: 1 } });

it('what sources have brought is offered by how often it came, as it would be written', () => {
  const seen = seenIn([
    profile(use('process.name', 5, ['bash', 3], ['ls', 2]), use('process.pid', 9, ['7', 1], ['seven', 1])),
    profile(
      use('process.name', 8, ['ls', 8]),
      use('process.interactive', 1, ['true', 1]),
      use('x', 1, ['y'.repeat(120), 1]),
    ),
  ]);
  expect(seen.fields).toEqual(['process.name', 'process.pid', 'process.interactive', 'x']);
  expect(seen.values).toEqual({
    'process.name': ['ls', 'bash'],
    'process.pid': [7],
    'process.interactive': [true],
    x: [],
  });
});
