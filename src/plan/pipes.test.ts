import { expect, test } from 'vitest';
import { NO_SPAN } from '../diagnostic/span.ts';
import { throughPipes } from './pipes.ts';

/** `head2 tail1` over the numbers from 1 to `upTo`; the numbers taken, and how many were looked at. */
function run(pipes: string, upTo: number): { taken: number[]; given: number } {
  const taken: number[] = [];
  const parsed = [...pipes.matchAll(/(head|tail)(\d+)/g)].map(([, kind, count]) => ({
    kind: kind as 'head' | 'tail',
    count: Number(count),
    span: NO_SPAN,
  }));
  const piped = throughPipes<number>(parsed, (match) => taken.push(match));
  let given = 0;
  while (given < upTo) {
    given += 1;
    if (!piped.give(given)) break;
  }
  piped.end();
  return { taken, given };
}

test.each<[string, number[], number]>([
  ['', [1, 2, 3, 4, 5, 6], 6],
  ['head2', [1, 2], 2],
  ['head0', [], 1],
  ['tail2', [5, 6], 6],
  ['tail0', [], 1],
  ['tail9', [1, 2, 3, 4, 5, 6], 6],
  ['head4 tail2', [3, 4], 4],
  ['tail4 head2', [3, 4], 6],
  ['tail5 head4 tail3 head2', [3, 4], 6],
  ['head4 head2 tail9', [1, 2], 2],
])('%s', (pipes, taken, given) => expect(run(pipes, 6)).toEqual({ taken, given }));
