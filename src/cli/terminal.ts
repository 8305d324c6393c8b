/**
 * How text looks in a terminal: colours where they are wanted, widths, and nothing that could steer the terminal.
 *
 * Colour only adds: everything printed reads the same without it. Off where the stream is no terminal, where `NO_COLOR`
 * is set (no-color.org) or `TERM` is `dumb`; `FORCE_COLOR` turns it on anywhere.
 */
import type { DiagnosticSeverity } from '../diagnostic/diagnostic.ts';
import type { Severity } from '../rule/rule.ts';

type Paint = (text: string) => string;

export interface Style {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly underline: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly blue: Paint;
  readonly magenta: Paint;
  readonly cyan: Paint;
  /** In the colour of an alert's or a finding's severity. */
  readonly severity: (severity: Severity | DiagnosticSeverity, text: string) => string;
}

/** The part of a stream that matters here; `process.stdout` is one. */
export interface TerminalStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

export function style(stream: TerminalStream, environment: Environment = process.env): Style {
  const paint = (open: number, close: number): Paint =>
    wantsColour(stream, environment)
      ? (text) => (text === '' ? '' : `\x1b[${open}m${text}\x1b[${close}m`)
      : (text) => text;
  const [bold, dim, red, yellow, blue] = [paint(1, 22), paint(2, 22), paint(31, 39), paint(33, 39), paint(34, 39)];
  const magenta = paint(35, 39);
  const bySeverity: Readonly<Record<Severity | DiagnosticSeverity, Paint>> = {
    info: blue,
    informational: blue,
    low: paint(36, 39),
    warning: yellow,
    medium: yellow,
    error: (text) => bold(red(text)),
    high: red,
    critical: (text) => bold(magenta(text)),
  };
  return {
    bold,
    dim,
    red,
    yellow,
    blue,
    magenta,
    underline: paint(4, 24),
    green: paint(32, 39),
    cyan: paint(36, 39),
    severity: (severity, text) => bySeverity[severity](text),
  };
}

/** Columns to fill; `Infinity` where the stream is no terminal, so that nothing is cut in a pipe. */
export function widthOf(stream: TerminalStream): number {
  return stream.isTTY === true && stream.columns !== undefined && stream.columns > 0
    ? stream.columns
    : Number.POSITIVE_INFINITY;
}

/**
 * Text of a file or an event as it may be printed: control characters and those that turn the writing direction are
 * shown as `\u{…}`, so that no text moves the cursor, hides a part of itself or rewrites a line above. Line breaks stay.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => `\\u{${(character.codePointAt(0) as number).toString(16)}}`);
}

// C0 but tab and line feed, DEL, C1, line and paragraph separator, directional marks, embeddings, overrides, isolates.
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
const UNPRINTABLE = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

function wantsColour(stream: TerminalStream, environment: Environment): boolean {
  const { FORCE_COLOR: force, NO_COLOR: no, TERM: term } = environment;
  if (force !== undefined && force !== '') return force !== '0' && force !== 'false';
  if (no !== undefined && no !== '') return false;
  return stream.isTTY === true && term !== 'dumb';
}
