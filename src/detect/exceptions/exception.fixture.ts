/** Exceptions and events for tests. */
import { documentSource, Event } from '../../event/event.ts';
import type { JsonObject } from '../../event/json.ts';
import { parseTime } from '../../event/time.ts';
import type { Exception, ExceptionEntry } from '../exception.ts';
import { compileExceptions } from './exception-set.ts';
import type { CompiledList } from './value-list.ts';

export function exceptionOf(entries: readonly ExceptionEntry[], more: Partial<Exception> = {}): Exception {
  return {
    id: 'e1',
    name: 'an exception',
    rules: 'all',
    condition: { kind: 'entries', entries },
    enabled: true,
    reason: 'known',
    author: 'ada',
    created: '2026-01-01T00:00:00Z',
    updated: '2026-01-01T00:00:00Z',
    ...more,
  };
}

export function eventOf(document: JsonObject, format = 'elastic-defend'): Event {
  const time = document['@timestamp'];
  return new Event({
    time: (typeof time === 'string' ? parseTime(time) : undefined) ?? { ms: Date.UTC(2026, 0, 5), ticks: 0 },
    source: documentSource(document),
    raw: new Uint8Array(),
    format,
    dataStreams: [],
  });
}

/** Whether the one exception removes a match of these events. */
export async function removes(
  exception: Exception,
  events: readonly (Event | undefined)[],
  lists: ReadonlyMap<string, CompiledList> = new Map(),
): Promise<boolean> {
  const set = await compileExceptions([exception], { lists });
  const [refused] = set.refused;
  if (refused !== undefined) throw new Error(`refused: ${refused.findings[0]?.message}`);
  return set.exceptedBy('rule', events) !== undefined;
}
