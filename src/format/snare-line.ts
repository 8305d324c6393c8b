/**
 * A line of syslog that is a record of Snare's, of which each part is read when it is asked for (`snare-shapes.ts` tells where they stand).
 */
import {
  COLUMN_OF,
  DATA,
  FIRST_OF_REST,
  MOST_COLUMNS,
  PLAIN,
  SNARE_SIGN,
  type SnareText,
  splitSnare,
} from './snare-parts.ts';
import { type SyslogLine, splitSyslog } from './syslog-line.ts';
import { HOST, PRIORITY, SYSLOG_PARTS, TIMESTAMP } from './syslog-parts.ts';

/**
 * @param member that holds the text
 * @param parts names of those that there are
 */
export function snareLineOf(member: string, parts: readonly string[], read: (part: string) => string): SyslogLine {
  const names = new Set(parts);
  const ask = (part: string) => (names.has(part) ? read(part) : undefined);
  return {
    get timestamp() {
      return ask(SYSLOG_PARTS[TIMESTAMP]);
    },
    get host() {
      return ask(SYSLOG_PARTS[HOST]);
    },
    message: '',
    snare: snareTextOf(member, parts, ask),
  };
}

function snareTextOf(member: string, parts: readonly string[], ask: (part: string) => string | undefined): SnareText {
  const column = (number: number) => {
    const text = ask(`${COLUMN_OF}${number}`);
    return number < PLAIN ? text?.trim() : text;
  };
  return {
    column,
    get rest() {
      const rest = Array.from({ length: MOST_COLUMNS - FIRST_OF_REST }, (_, at) => column(FIRST_OF_REST + at));
      return rest.filter((text) => text !== undefined);
    },
    datum: (name) => ask(DATA + name),
    get names() {
      return parts.filter((part) => part.startsWith(DATA)).map((part) => part.slice(DATA.length));
    },
    isTimed: true,
    member,
  };
}

/** The parts of such a line's text, by name; `undefined` where they are not told. */
export function splitSnareLine(text: string): ReadonlyMap<string, string> | undefined {
  // As JSON writes it where all escapes are needed.
  const written = JSON.stringify(text).slice(1, -1);
  const sign = written.indexOf(SNARE_SIGN);
  const record = sign === -1 ? undefined : splitSnare(written.slice(sign));
  // The header is told the same before any word that is no tag.
  const header = record && splitSyslog(`${written.slice(0, sign)}x`);
  if (record === undefined || header === undefined) return undefined;
  const found = new Map<string, string>();
  const has = (part: number) => (header.parts & (1 << part)) !== 0;
  if (has(PRIORITY)) found.set(SYSLOG_PARTS[PRIORITY], String(header.priority));
  if (has(TIMESTAMP)) found.set(SYSLOG_PARTS[TIMESTAMP], header.timestamp);
  if (has(HOST)) found.set(SYSLOG_PARTS[HOST], header.host as string);
  for (const { name, start, end } of [...record.parts, ...(record.text === undefined ? [] : [record.text])]) {
    found.set(name, JSON.parse(`"${written.slice(sign + start, sign + end)}"`) as string);
  }
  return found;
}
