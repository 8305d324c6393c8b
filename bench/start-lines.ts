/**
 * The start of a process, as the generated lanes of the formats tell of it, each in its own words.
 */
/** What a line tells of, whatever the format. */
export interface Start {
  readonly index: number;
  readonly ms: number;
  /** ISO 8601, of milliseconds. */
  readonly time: string;
  readonly pid: number;
  /** `00` to `39`. */
  readonly host: string;
  readonly executable: string;
  readonly name: string;
  readonly args: readonly string[];
  readonly line: string;
}

export interface FormatLines {
  /** As in `src/format/formats.ts`. */
  readonly format: string;
  readonly system: 'linux' | 'windows';
  readonly json: boolean;
  /** Lines before the others. */
  readonly head?: () => readonly string[];
  readonly write: (start: Start) => string;
}

export const SHA256 = '9f3c51d2a7e84b06c1f5d88e02b7a6430d9e15f7c2b84a6093e7d1f4a58b26c0';
export const MD5 = '4be1c09d73f25a86e0d7b9134c68fa52';
/** Hosts that the lanes tell of. */
export const HOSTS = 40;
export const BASH = '/usr/bin/bash';

export function jsonLines(format: string, system: FormatLines['system'], of: (start: Start) => object): FormatLines {
  return { format, system, json: true, write: (start) => JSON.stringify(of(start)) };
}

export function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
