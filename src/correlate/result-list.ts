/**
 * Which of the matches an answer holds, as Elasticsearch's EQL search cuts them: `head` and `tail` one after the other,
 * or, where the query has neither, so many from one end. Matches are in the order of their last events; samples stay in
 * the order in which they were found, which is that of their keys.
 *
 * Keeps no more than the first cut needs, however many matches there are.
 */
import type { Pipe } from '../plan/plan.ts';
import type { CorrelationMatch } from './correlation.ts';
import { comparePlaces, type PlacedEvent } from './placed-event.ts';

export type Cut = Pick<Pipe, 'kind' | 'count'>;

export interface ResultListOptions {
  /** At least one, unless all are wanted. */
  readonly cuts: readonly Cut[];
  /** Whether matches have an order in time: those of a sequence have. */
  readonly ordered: boolean;
}

export class ResultList {
  private matches: CorrelationMatch[] = [];
  private readonly options: ResultListOptions;

  constructor(options: ResultListOptions) {
    this.options = options;
  }

  add(match: CorrelationMatch): void {
    const first = this.options.cuts[0];
    this.matches.push(match);
    // Twice as many as are kept, so that sorting costs each match a logarithm.
    if (first !== undefined && this.matches.length >= 2 * first.count + 1_000) this.matches = cut(this.sorted(), first);
  }

  results(): readonly CorrelationMatch[] {
    return this.options.cuts.reduce(cut, this.sorted());
  }

  private sorted(): CorrelationMatch[] {
    return this.options.ordered ? this.matches.sort(byLast) : this.matches;
  }
}

function cut(matches: CorrelationMatch[], { kind, count }: Cut): CorrelationMatch[] {
  return kind === 'head' ? matches.slice(0, count) : matches.slice(Math.max(0, matches.length - count));
}

// The sort is stable: matches of one event by several keys stay in the order of its values.
function byLast(a: CorrelationMatch, b: CorrelationMatch): number {
  return comparePlaces(lastOf(a), lastOf(b));
}

function lastOf({ events }: CorrelationMatch): PlacedEvent {
  return events.findLast((placed) => placed !== undefined) as PlacedEvent;
}
