/**
 * One event as it came and as it is in ECS: side by side where the terminal is wide enough, else one above the other.
 *
 *   audit.log:812, at byte 93120 · auditd · logs-auditd_manager.auditd-vedette
 *   As received                                 │ In ECS
 *   type=SYSCALL msg=audit(1700000000.123:77):  │ event.action   exec, executed
 *   arch=c000003e …                             │ process.pid    1005
 *
 * Both are printed without control characters, so that a log cannot steer the reader's terminal.
 */
import type { Event } from '../event/event.ts';
import { isJsonObject, type Json, parseJson } from '../event/json.ts';
import { printable, type Style } from './terminal.ts';

/** Below this, the two stand one above the other. */
const SIDE_BY_SIDE = 110;
const GAP = ' │ ';
/** So much of the raw bytes is shown. */
const LONGEST_RAW = 64 * 1024;
const LONGEST_VALUE = 4_000;

/** `width` is the terminal's in columns, `Infinity` where there is none. */
export function eventShowLines(event: Event, raw: Uint8Array, style: Style, width: number): readonly string[] {
  const sideBySide = width >= SIDE_BY_SIDE && Number.isFinite(width);
  const left = sideBySide ? Math.floor((width - GAP.length) * 0.45) : width;
  const right = sideBySide ? width - GAP.length - left : width;
  const received = rawLines(raw).flatMap((line) => wrapped(line, left));
  const ecs = ecsLines(event, right, style);
  const head = [style.bold(heading(event)), ''];
  if (!sideBySide) return [...head, style.bold('As received'), ...received, '', style.bold('In ECS'), ...ecs];
  const rows = [`${style.bold('As received'.padEnd(left))}${style.dim(GAP)}${style.bold('In ECS')}`];
  for (let at = 0; at < Math.max(received.length, ecs.length); at += 1) {
    rows.push(`${padded(received[at] ?? '', left)}${style.dim(GAP)}${ecs[at] ?? ''}`.trimEnd());
  }
  return [...head, ...rows];
}

function heading({ origin, format, dataStreams, standsInFor }: Event): string {
  const place =
    origin === undefined ? 'an event' : `${printable(origin.path)}:${origin.line}, at byte ${origin.offset}`;
  const streams = dataStreams.map(
    (stream) => `${printable(stream)}${standsInFor.includes(stream) ? ' (standing in for an endpoint agent)' : ''}`,
  );
  return [place, format, streams.length === 0 ? 'of no known data stream' : streams.join(', ')].join(' · ');
}

/** JSON with a key a line; other text as it came. */
function rawLines(raw: Uint8Array): readonly string[] {
  const text = Buffer.from(raw.subarray(0, LONGEST_RAW)).toString('utf8');
  const cut =
    raw.length > LONGEST_RAW ? [`… and ${(raw.length - LONGEST_RAW).toLocaleString('en-US')} bytes more`] : [];
  return [...(indentedJson(text) ?? text).split('\n'), ...cut].map((line) => printable(line.replaceAll('\t', '    ')));
}

function indentedJson(text: string): string | undefined {
  try {
    const value = parseJson(text);
    return isJsonObject(value) ? JSON.stringify(value, undefined, 2) : undefined;
  } catch {
    return undefined;
  }
}

/** Fields by name, their values beside or, where they are long, below. */
function ecsLines(event: Event, width: number, style: Style): string[] {
  const fields: (readonly [string, string])[] = [];
  collect(event.document(), '', fields);
  fields.sort(([a], [b]) => order(a) - order(b) || (a < b ? -1 : 1));
  const nameWidth = Math.min(34, Math.max(0, ...fields.map(([name]) => name.length)));
  const room = Math.max(20, width - nameWidth - 2);
  return fields.flatMap(([name, value]) => {
    const [first = '', ...rest] = wrapped(printable(value.slice(0, LONGEST_VALUE)).replaceAll('\n', '⏎'), room);
    const indent = ' '.repeat(nameWidth + 2);
    const continued = rest.map((line) => indent + line);
    return name.length > nameWidth
      ? [style.dim(printable(name)), indent + first, ...continued]
      : [`${style.dim(printable(name).padEnd(nameWidth))}  ${first}`, ...continued];
  });
}

/** What happened and the process first; where it was read and the vendor's own fields last. */
function order(field: string): number {
  const root = field.split('.')[0] as string;
  if (root === '@timestamp' || root === 'message') return 0;
  const known = ['event', 'host', 'user', 'process', 'file', 'source', 'destination', 'network'].indexOf(root);
  if (known !== -1) return 1 + known;
  return LAST.has(root) ? 20 : 10;
}

const LAST: ReadonlySet<string> = new Set(['auditd', 'crowdstrike', 'falco', 'journald', 'log', 'ocsf', 'winlog']);

function collect(value: Json, field: string, found: (readonly [string, string])[]): void {
  if (Array.isArray(value)) {
    const items = value as readonly Json[];
    if (items.some((item) => typeof item === 'object' && item !== null)) {
      for (const [at, item] of items.entries()) collect(item, `${field}[${at}]`, found);
    } else {
      found.push([field, items.map((item) => JSON.stringify(item)).join(', ')]);
    }
  } else if (isJsonObject(value)) {
    for (const [name, part] of Object.entries(value)) collect(part, field === '' ? name : `${field}.${name}`, found);
  } else {
    found.push([field, String(value)]);
  }
}

/** Broken into lines of so many code points, at a space where there is one near the end. */
function wrapped(text: string, width: number): string[] {
  if (!Number.isFinite(width) || text.length <= width) return [text];
  const points = [...text];
  const lines: string[] = [];
  for (let at = 0; at < points.length; ) {
    const end = Math.min(points.length, at + width);
    const space = end === points.length ? -1 : points.lastIndexOf(' ', end);
    const stop = space > at + width / 2 ? space : end;
    lines.push(points.slice(at, stop).join(''));
    at = stop + (points[stop] === ' ' ? 1 : 0);
  }
  return lines;
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - [...text].length));
}
