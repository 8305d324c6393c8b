/**
 * `| head 10 | tail 2` over matches that come one after the other.
 *
 *   match ──head: the first N──▶ ──tail: keeps the last N until the end──▶ take
 *
 * Holds as many matches as the smallest tail says, at most.
 */
import type { Pipe } from './plan.ts';

export interface PipedMatches<T> {
  /** Hands over the next match. False: no further match can change the outcome. */
  give(match: T): boolean;
  /** There are no more matches: what a tail held back comes now. */
  end(): void;
}

export function throughPipes<T>(pipes: readonly Pipe[], take: (match: T) => void): PipedMatches<T> {
  const whole: PipedMatches<T> = {
    give(match) {
      take(match);
      return true;
    },
    end() {},
  };
  return pipes.reduceRight((next, { kind, count }) => (kind === 'head' ? head(count, next) : tail(count, next)), whole);
}

function head<T>(count: number, next: PipedMatches<T>): PipedMatches<T> {
  let left = count;
  return {
    give(match) {
      if (left === 0) return false;
      left -= 1;
      return next.give(match) && left > 0;
    },
    end: () => next.end(),
  };
}

function tail<T>(count: number, next: PipedMatches<T>): PipedMatches<T> {
  const last: T[] = [];
  let oldest = 0;
  return {
    give(match) {
      if (count === 0) return false;
      if (last.length < count) last.push(match);
      else {
        last[oldest] = match;
        oldest = (oldest + 1) % count;
      }
      return true;
    },
    end() {
      for (const match of [...last.slice(oldest), ...last.slice(0, oldest)]) if (!next.give(match)) break;
      next.end();
    },
  };
}
