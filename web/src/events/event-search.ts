/**
 * What is asked of the stored events, as it stands in the address; what an address gets wrong is left out. Also the EQL
 * behind the counts that lead here.
 */

import { readAddress, withChange } from '../shell/address.ts';
import { counted, grouped } from '../words/counts.ts';

export interface EventSearch {
  /** An EQL event query. */
  readonly query?: string;
  readonly host?: string;
  readonly user?: string;
  /** `process.entity_id`. */
  readonly process?: string;
  /** ISO 8601, inclusive. */
  readonly from?: string;
  /** ISO 8601, exclusive. */
  readonly to?: string;
}

const LONGEST_QUERY = 10_000;

export function parseEventSearch(raw: Readonly<Record<string, unknown>>): EventSearch {
  const { text, time } = readAddress(raw, LONGEST_QUERY);
  return withChange<EventSearch>(
    {},
    {
      query: text('query'),
      host: text('host'),
      user: text('user'),
      process: text('process'),
      from: time('from'),
      to: time('to'),
    },
  );
}

export function isNarrowed(search: EventSearch): boolean {
  return Object.keys(search).length > 0;
}

/** Any event in which the field has this value, as EQL. */
export function eventsWith(field: string, value: string): string {
  return `any where ${field} == ${eqlText(value)}`;
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A text as EQL writes it. */
function eqlText(value: string): string {
  return `"${value.replace(/[\\"\n\r\t]/g, (character) => ESCAPES[character] ?? character)}"`;
}

/** The time around another, so many milliseconds to each side; nothing where the text is no time. */
export function around(time: string, ms: number): Pick<EventSearch, 'from' | 'to'> {
  const at = Date.parse(time);
  if (Number.isNaN(at)) return {};
  return { from: new Date(at - ms).toISOString(), to: new Date(at + ms).toISOString() };
}

/** The page's sentence. @param found how many are loaded; `undefined` while the first are */
export function eventsHeadline(found: number | undefined, isMore: boolean, search: EventSearch): string {
  const { query, host, user, process, from, to } = search;
  const where = [
    process !== undefined && ' of one process',
    user !== undefined && ` of ${user}`,
    host !== undefined && ` on ${host}`,
    (from !== undefined || to !== undefined) && ' in this time',
    query !== undefined && ' that match the query',
  ].filter((words) => words !== false);
  if (found === undefined) return `Stored events${where.join('')}`;
  const count = isMore ? `More than ${grouped(found)} events` : counted(found, 'event');
  if (where.length === 0) return found === 0 ? 'No stored events' : `${count} stored`;
  return `${count.charAt(0).toUpperCase()}${count.slice(1)}${where.join('')}`;
}

interface RefusedPlace {
  readonly words: string;
  /** The line of the query that it is about, and the word in it. */
  readonly line?: string;
  readonly range?: readonly [start: number, end: number];
}

const PLACE = /^`(?:query|q)`, line (\d+), column (\d+): /;

/** What the service says of a query (``` `query`, line 1, column 9: … ```), and the place that it names. */
export function refusedAt(message: string, query: string): RefusedPlace {
  const place = PLACE.exec(message);
  const line = query.split('\n')[Number(place?.[1]) - 1];
  if (place === null || line === undefined) return { words: message };
  const start = Math.min(Number(place[2]) - 1, line.length);
  const word = /^\w+|^\S?/.exec(line.slice(start))?.[0] ?? '';
  // At the end of a line there is nothing to mark but the end.
  const isEnd = word === '';
  return {
    words: message.slice(place[0].length),
    line: isEnd ? `${line.slice(0, start)} ` : line,
    range: [start, start + Math.max(1, word.length)],
  };
}
