/**
 * A diagnostic seen from outside: which file and rule, and the line and column in the file. This is what
 * `vedette rule check --json` prints, one a line, and what `checkRules` returns.
 */
import { type Diagnostic, type DiagnosticSeverity, diagnose } from '../diagnostic/diagnostic.ts';
import { type Position, positionAt } from '../diagnostic/span.ts';

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

/** A file of nothing but mistakes must not cost time and memory without end. */
const MOST_FINDINGS = 200;

/** @param rule as far as known */
export function toFindings(
  diagnostics: readonly Diagnostic[],
  text: string,
  file: string,
  rule: { readonly id?: string; readonly name?: string },
): readonly Finding[] {
  const about: Finding['rule'] = {
    ...(rule.id === undefined ? {} : { id: rule.id }),
    ...(rule.name === undefined ? {} : { name: rule.name }),
  };
  const shown = [...diagnostics];
  if (shown.length > MOST_FINDINGS) {
    // Errors first: they are what keeps the rule from running.
    shown.sort((a, b) => Number(b.severity === 'error') - Number(a.severity === 'error'));
    const message = `Only ${MOST_FINDINGS} findings of this file are shown.`;
    shown.splice(MOST_FINDINGS, Number.POSITIVE_INFINITY, diagnose('rule-findings-cut', 'warning', message));
  }
  return shown
    .sort((a, b) => a.span.start - b.span.start)
    .map(({ code, severity, message, hint, span }) => ({
      file,
      rule: about,
      code,
      severity,
      message,
      ...(hint === undefined ? {} : { hint }),
      ...positionAt(text, span.start),
      end: positionAt(text, span.end),
    }));
}
