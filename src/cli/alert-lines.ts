/**
 * Alerts as people read them in a terminal: what, where, who, how bad, the command line; two lines an alert.
 *
 *   2026-11-22 14:02:11  LOW   web-07  svc-build  python3 -m http.server 8099
 *                        Web Server Spawned via Python · EQL · started by bash · audit.log:812
 *
 * Columns have fixed widths, so alerts can be printed as they are found. Evidence is printed without control characters
 * (`shownText`), so that a log cannot steer the reader's terminal.
 */
import { basename } from 'node:path';
import type { Alert } from '../detect/alert.ts';
import { shownText } from '../diagnostic/shown-text.ts';
import { valuesAt } from '../event/field-path.ts';
import type { JsonObject } from '../event/json.ts';
import type { Severity } from '../rule/rule.ts';
import type { Style } from './terminal.ts';

const TIME = 19;
const SEVERITY = 8;
const HOST = 12;
const USER = 10;
const GAP = '  ';
const LEAST_COMMAND = 30;
const MOST_REFERENCES = 10;
const LONGEST_REFERENCE = 2_000;

export function alertHeading(style: Style): string {
  const names = [
    'When (UTC)'.padEnd(TIME),
    'Severity'.padEnd(SEVERITY),
    'Where'.padEnd(HOST),
    'Who'.padEnd(USER),
    'What',
  ];
  return style.dim(names.join(GAP));
}

/** The lines of one alert; `width` is the terminal's in columns, `Infinity` where there is none. */
export function alertLines(alert: Alert, style: Style, width: number): readonly string[] {
  const event = (alert.events.at(-1) ?? {}) as JsonObject;
  const before = TIME + SEVERITY + HOST + USER + GAP.length * 4;
  const room = Math.max(LEAST_COMMAND, width - before);
  const command = text(event, 'process.command_line') ?? text(event, 'process.executable') ?? alert.reason;
  const first = [
    alert.original_time.slice(0, TIME).replace('T', ' '),
    severityWord(alert.severity, style),
    cell(text(event, 'host.name') ?? '-', HOST),
    cell(text(event, 'user.name') ?? text(event, 'user.id') ?? '-', USER),
    style.bold(shownText(command, room)),
  ].join(GAP);
  const indent = ' '.repeat(TIME + GAP.length);
  return [
    first,
    indent + style.dim(shownText(attribution(alert, event), Math.max(LEAST_COMMAND, width - indent.length))),
  ];
}

/** Where the rule's authors tell more: a line each, whole, since part of an address leads nowhere. */
export function referenceLines(alert: Alert, style: Style): readonly string[] {
  const indent = ' '.repeat(TIME + GAP.length);
  return alert.rule.reference
    .slice(0, MOST_REFERENCES)
    .map((reference) => indent + style.dim(`see ${shownText(reference, LONGEST_REFERENCE)}`));
}

/** The severity as a word of fixed width, in its colour. */
export function severityWord(severity: Severity, style: Style): string {
  const word = (severity === 'informational' ? 'info' : severity).toUpperCase().padEnd(SEVERITY);
  return style.severity(severity, word);
}

function attribution(alert: Alert, event: JsonObject): string {
  const parent = text(event, 'process.parent.name');
  const path = text(event, 'log.file.path');
  const parts = [
    alert.rule.name,
    alert.rule.author.join(', '),
    alert.rule.license,
    parent === undefined ? undefined : `started by ${parent}`,
    path === undefined ? undefined : `${basename(path)} at byte ${text(event, 'log.offset')}`,
    alert.stands_in_for === undefined
      ? undefined
      : `${text(event, 'event.module') ?? 'source'} standing in for an endpoint agent`,
  ];
  return parts.filter((part) => part !== undefined && part !== '').join(' · ');
}

function cell(value: string, width: number): string {
  return shownText(value, width).padEnd(width);
}

function text(document: JsonObject, field: string): string | undefined {
  const first = valuesAt(document, field)[0];
  return first === undefined ? undefined : String(first);
}
