/**
 * An event as one line in a terminal: when, where, who, what.
 */
import { shownText } from '../diagnostic/shown-text.ts';
import type { Event } from '../event/event.ts';
import { formatTime } from '../event/time.ts';
import type { Style } from './terminal.ts';

const TIME = 19;
const HOST = 12;
const USER = 10;
const GAP = '  ';
const LEAST = 30;

export function eventHeading(style: Style): string {
  return style.dim(['When (UTC)'.padEnd(TIME), 'Where'.padEnd(HOST), 'Who'.padEnd(USER), 'What'].join(GAP));
}

export function eventLine(event: Event, style: Style, width: number): string {
  const what =
    event.text('process.command_line') ??
    [event.text('event.action'), event.text('process.executable') ?? event.text('process.name')].join(' ');
  const room = Math.max(LEAST, width - TIME - HOST - USER - GAP.length * 3);
  return [
    formatTime(event.time).slice(0, TIME).replace('T', ' '),
    shownText(event.text('host.name') ?? '-', HOST).padEnd(HOST),
    shownText(event.text('user.name') ?? event.text('user.id') ?? '-', USER).padEnd(USER),
    style.bold(shownText(what, room)),
  ].join(GAP);
}
