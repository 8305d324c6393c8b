/**
 * What happened, in one plain sentence: who, what, where. Made from the event alone, so that it is true whatever rule
 * matched. What a command means is said where it is known (`python-web-server.ts`); otherwise the program is named.
 * Evidence is quoted as it stands, without control characters and cut to a length.
 */
import { shownText } from '../diagnostic/shown-text.ts';
import type { Event } from '../event/event.ts';
import { reachOf } from './bind-address.ts';
import { isPython, parsePythonWebServer } from './python-web-server.ts';

const LONGEST_NAME = 60;
const SHELLS: ReadonlySet<string> = new Set(['sh', 'bash', 'dash', 'zsh', 'ksh', 'csh', 'tcsh', 'fish', 'ash']);

export function describeEvent(event: Event): string {
  const who = event.text('user.name') ?? unnamedUser(event.text('user.id'));
  const host = event.text('host.name');
  const place = host === undefined ? '' : ` on ${shownText(host, LONGEST_NAME)}`;
  if (event.values('event.category').includes('process') && event.values('event.type').includes('start')) {
    return `${shownText(who, LONGEST_NAME)} ${describeStart(event, place)}`;
  }
  const action = event.text('event.action');
  const what = action === undefined ? (event.text('event.category') ?? 'something') : action.replaceAll(/[-_]/g, ' ');
  const name = event.text('process.name');
  return `${capitalise(what)}${name === undefined ? '' : ` by ${name}`} as ${who}${place}`;
}

function describeStart(event: Event, place: string): string {
  const args = event.values('process.args').map(String);
  const name = event.text('process.name') ?? event.text('process.executable') ?? 'a process';
  const server = isPython(name) ? parsePythonWebServer(args) : undefined;
  if (server !== undefined) {
    const folder = server.directory ?? event.text('process.working_directory');
    const serving = folder === undefined ? '' : `, serving ${shownText(folder, LONGEST_NAME)}`;
    return `started a web server${place} ${reached(server.bind)}${serving} on port ${server.port}`;
  }
  const parent = event.text('process.parent.name');
  const from = parent === undefined ? '' : `, started by ${shownText(parent, LONGEST_NAME)}`;
  const isCommand = SHELLS.has(name) && args.some((arg) => /^-[a-z]*c$/.test(arg));
  return `ran ${isCommand ? `a command in ${name}` : shownText(name, LONGEST_NAME)}${place}${from}`;
}

function reached(bind: string | undefined): string {
  const reach = reachOf(bind);
  if (reach === 'everyone') return 'that anyone can reach';
  return reach === 'loopback' ? 'that only this host can reach' : `at ${shownText(bind ?? '', LONGEST_NAME)}`;
}

function unnamedUser(id: string | undefined): string {
  return id === undefined ? 'Someone' : `User ${id}`;
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
