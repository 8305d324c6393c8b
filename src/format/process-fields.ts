/**
 * Fields of a process that several formats compute alike, as Elastic Defend does.
 */
import type { JsonObject } from '../event/json.ts';

/** What stands after the last slash. */
export function basename(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Arguments joined by one space, quoting nothing: what Elastic Defend's `process.command_line` holds on Linux. */
export function commandLine(args: readonly string[]): string {
  return args.join(' ');
}

/**
 * The controlling terminal as ECS has it, by its device number (Linux devices.txt): `pts0` and `pts/0` are 136:0, `tty1`
 * is 4:1, `ttyS0` 4:64. `undefined` without one, or for a name of no known number.
 */
export function terminal(name: string | undefined): JsonObject | undefined {
  const match = /^(?:\/dev\/)?(pts\/?|ttyS|tty)(\d{1,4})$/.exec(name ?? '');
  if (match === null) return undefined;
  const number = Number(match[2]);
  const device = match[1]?.startsWith('pts')
    ? { major: 136 + Math.floor(number / 256), minor: number % 256 }
    : { major: 4, minor: match[1] === 'ttyS' ? 64 + number : number };
  return { char_device: device };
}
