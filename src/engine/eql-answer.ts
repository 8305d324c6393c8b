/**
 * Matches in the shape in which Elasticsearch's EQL search API answers.
 */
import { createHash } from 'node:crypto';
import type { CorrelationMatch } from '../correlate/correlation.ts';
import type { PlacedEvent } from '../correlate/placed-event.ts';
import { eventIdentity } from '../event/identity.ts';
import type { JsonObject, JsonScalar } from '../event/json.ts';
import type { Plan } from '../plan/plan.ts';

export interface EqlAnswer {
  readonly is_partial: boolean;
  readonly is_running: false;
  /** Milliseconds. */
  readonly took: number;
  readonly timed_out: false;
  readonly hits: {
    readonly total: { readonly value: number; readonly relation: 'eq' };
    /** Of an event query. */
    readonly events?: readonly EqlHit[];
    /** Of a sequence or a sample. */
    readonly sequences?: readonly EqlSequenceHit[];
  };
}

export interface EqlSequenceHit {
  readonly join_keys?: readonly JsonScalar[];
  readonly events: readonly EqlHit[];
}

export interface EqlHit {
  readonly _index: string;
  readonly _id: string;
  readonly _source: JsonObject;
  /** Stands for an event that had to be missing. */
  readonly missing?: true;
}

const MISSING: EqlHit = Object.freeze({ _index: '', _id: '', _source: {}, missing: true });

/** @param isPartial not all could be read */
export function eqlAnswer(
  kind: Plan['kind'],
  matches: readonly CorrelationMatch[],
  took: number,
  isPartial: boolean,
): EqlAnswer {
  const total = { value: matches.length, relation: 'eq' } as const;
  const hits =
    kind === 'event'
      ? { total, events: matches.flatMap(({ events }) => events.map(toHit)) }
      : { total, sequences: matches.map(toSequenceHit) };
  return { is_partial: isPartial, is_running: false, took: Math.round(took), timed_out: false, hits };
}

/** Without keys the API leaves `join_keys` out. */
export function toSequenceHit({ key, events }: CorrelationMatch): EqlSequenceHit {
  return { ...(key.length === 0 ? {} : { join_keys: key }), events: events.map(toHit) };
}

function toHit(placed: PlacedEvent | undefined): EqlHit {
  if (placed === undefined) return MISSING;
  const { event } = placed;
  return {
    _index: event.dataStreams[0] ?? event.format,
    _id: event.id ?? event.text('event.id') ?? digest(eventIdentity(event)),
    _source: event.document(),
  };
}

/** For an event that states no id: as long as those that Elasticsearch makes. */
function digest(identity: string): string {
  return createHash('sha256').update(identity).digest('base64url').slice(0, 20);
}
