/**
 * A diagnostic for people at a terminal: what is wrong, where (the line with a caret under the place), what to write.
 *
 *   error: “=” does not compare in EQL [eql-syntax]
 *     1 | process where process.name = "bash"
 *       |                            ^
 *     hint: write ==
 */
import type { Diagnostic, DiagnosticSeverity } from './diagnostic.ts';
import { positionAt } from './span.ts';

export interface RenderOptions {
  readonly color: boolean;
  /** Added to the line numbers, for a text that stands inside a file. */
  readonly lineOffset?: number;
}

/** Characters of a long line that are shown around the place. */
const WINDOW = 120;

const COLORS: Readonly<Record<DiagnosticSeverity, string>> = { error: '31', warning: '33', info: '36' };

/** Several lines without a line end after the last. The text's control characters are made harmless. */
export function renderDiagnostic(text: string, diagnostic: Diagnostic, options: RenderOptions): string {
  const paint = (code: string, words: string) => (options.color ? `\u001b[${code}m${words}\u001b[0m` : words);
  const severity = paint(`1;${COLORS[diagnostic.severity]}`, diagnostic.severity);
  const lines = [`${severity}: ${harmless(diagnostic.message)} ${paint('2', `[${diagnostic.code}]`)}`];
  if (text !== '') {
    const { line, shown, before, marked } = excerpt(text, diagnostic.span.start, diagnostic.span.end);
    const number = String(line + (options.lineOffset ?? 0));
    const indent = [...before].map((character) => (character === '\t' ? '\t' : ' ')).join('');
    lines.push(`  ${paint('2', `${number} |`)} ${shown}`);
    lines.push(
      `  ${paint('2', `${' '.repeat(number.length)} |`)} ${indent}${paint(COLORS[diagnostic.severity], '^'.repeat(marked))}`,
    );
  }
  if (diagnostic.hint !== undefined) lines.push(`  ${paint('1', 'hint:')} ${harmless(diagnostic.hint)}`);
  return lines.join('\n');
}

function excerpt(text: string, start: number, end: number) {
  const from = Math.min(start, text.length);
  const lineStart = text.lastIndexOf('\n', from - 1) + 1;
  const newline = text.indexOf('\n', from);
  const lineEnd = newline === -1 ? text.length : newline;
  const cutStart = Math.max(lineStart, from - WINDOW / 2);
  const cutEnd = Math.min(lineEnd, cutStart + WINDOW);
  const before = `${cutStart > lineStart ? '…' : ''}${harmless(text.slice(cutStart, from))}`;
  const after = `${harmless(text.slice(from, cutEnd))}${cutEnd < lineEnd ? '…' : ''}`;
  const marked = Math.max(1, [...text.slice(from, Math.min(end, cutEnd))].length);
  return { line: positionAt(text, from).line, shown: before + after, before, marked };
}

function harmless(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a terminal
  return text.replace(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '�');
}
