/**
 * What a user got wrong, as a value: a code that stands once in the catalogue, a severity, a sentence in the words of
 * the user's language, the place, and what would be accepted. Exceptions are for our own bugs.
 */
import type { DiagnosticCode } from './catalogue.ts';
import { NO_SPAN, type Span } from './span.ts';

export type DiagnosticSeverity = 'error' | 'warning' | 'info';

export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: DiagnosticSeverity;
  /** One sentence: what is wrong, naming the thing. */
  readonly message: string;
  /** In the text that was parsed; `NO_SPAN` when the whole text is meant. */
  readonly span: Span;
  /** What would be accepted, or what to do. */
  readonly hint?: string;
}

export function diagnose(
  code: DiagnosticCode,
  severity: DiagnosticSeverity,
  message: string,
  span: Span = NO_SPAN,
  hint?: string,
): Diagnostic {
  return Object.freeze(
    hint === undefined ? { code, severity, message, span } : { code, severity, message, span, hint },
  );
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error');
}
