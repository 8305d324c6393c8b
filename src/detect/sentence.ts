/**
 * What happened, in one plain sentence: who, what, where. Made from the event alone, so that it is true whatever rule
 * matched. Evidence is quoted as it stands; control characters are shown as a space and long commands are cut.
 */
import type { Event } from '../event/event.ts';

const LONGEST_COMMAND = 160;

export function describeEvent(event: Event): string {
  const who = event.text('user.name') ?? unnamedUser(event.text('user.id'));
  const where = event.text('host.name');
  const place = where === undefined ? '' : ` on ${where}`;
  const parent = event.text('process.parent.name');
  const from = parent === undefined ? '' : `, started by ${parent}`;
  if (event.values('event.category').includes('process') && event.values('event.type').includes('start')) {
    return `${who} ran ${whatRan(event)}${place}${from}`;
  }
  const action = event.text('event.action');
  const what = action === undefined ? (event.text('event.category') ?? 'something') : action.replaceAll(/[-_]/g, ' ');
  const name = event.text('process.name');
  return `${capitalise(what)}${name === undefined ? '' : ` by ${name}`} as ${who}${place}`;
}

/** The command line without control characters, cut with an ellipsis. */
export function shownCommand(commandLine: string, longest = LONGEST_COMMAND): string {
  const oneLine = commandLine.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim();
  const points = [...oneLine.slice(0, longest * 2)];
  return points.length > longest ? `${points.slice(0, longest - 1).join('')}…` : oneLine;
}

function whatRan(event: Event): string {
  const commandLine =
    event.text('process.command_line') ?? event.text('process.executable') ?? event.text('process.name');
  return commandLine === undefined ? 'a process' : `“${shownCommand(commandLine)}”`;
}

function unnamedUser(id: string | undefined): string {
  return id === undefined ? 'Someone' : `User ${id}`;
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
