/**
 * A diagnostic seen from outside: which file and rule, and the line and column in the file. This is what
 * `vedette rule check --json` prints, one a line, and what `checkRules` returns.
 */
import type { DiagnosticSeverity } from '../diagnostic/diagnostic.ts';
import type { Position } from '../diagnostic/span.ts';

export interface Finding {
  /** As named on the command line, `-` for standard input; a file of a folder with the folder's name before it. */
  readonly file: string;
  readonly rule: { readonly id?: string; readonly name?: string };
  readonly code: string;
  readonly severity: DiagnosticSeverity;
  readonly message: string;
  readonly hint?: string;
  /** From 1, in the file. */
  readonly line: number;
  readonly column: number;
  /** Just behind the place; the same as the place where a point is meant. */
  readonly end: Position;
}
