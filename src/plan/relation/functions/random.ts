/**
 * Values that are others each time: an engine computes them for each row, and never ahead.
 *
 * Source: Microsoft's pages on `rand` and `new_guid`.
 */
import { randomUUID } from 'node:crypto';
import type { ScalarFunction } from '../function.ts';
import { longAt } from './arguments.ts';

export const RANDOM_FUNCTIONS: Readonly<Record<string, ScalarFunction>> = {
  new_guid: () => randomUUID(),
  rand: (args, signature) => {
    if (args.length === 0) return Math.random();
    const below = longAt(args, signature, 0);
    return below === null ? null : Math.floor(Math.random() * Number(below));
  },
};
