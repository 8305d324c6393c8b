/**
 * What emitters have in common: a piece of query text that knows how tightly it binds, and the problems met on the way.
 *
 *   predicate ──a dialect's visitor──▶ Said ──joined with and, or, not──▶ Said ──▶ query text
 *
 * A compound inside another compound is put into parentheses, whatever a dialect's precedence is: nobody has to know it,
 * and a query reads the way its rule is built. Every refusal is collected, not only the first; text that holds one is
 * thrown away.
 */
import type { DiagnosticCode } from '../diagnostic/catalogue.ts';
import { type Diagnostic, diagnose, hasErrors } from '../diagnostic/diagnostic.ts';
import type { Span } from '../diagnostic/span.ts';

export interface Said {
  readonly text: string;
  /** Whether it needs parentheses inside another compound. */
  readonly compound: boolean;
}

/** A query in the target's language, or why there is none. */
export interface Emission {
  /** Absent exactly when `diagnostics` holds an error. */
  readonly query?: string;
  /** Errors for what the target cannot say, notes for what a reader of the query should know. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Longer queries are refused: no target takes them. */
const LONGEST_QUERY = 1_000_000;

export const clause = (text: string): Said => ({ text, compound: false });

/** The parts with the operator between them; the part itself where there is one. */
export function joined(parts: readonly Said[], operator: string, none: string): Said {
  if (parts.length === 0) return clause(none);
  if (parts.length === 1) return parts[0] as Said;
  return { text: parts.map(enclosed).join(` ${operator} `), compound: true };
}

export function enclosed({ text, compound }: Said): string {
  return compound ? `(${text})` : text;
}

/** A list of distinct problems. */
export class Refusals {
  private readonly found = new Map<string, Diagnostic>();

  /** Stands in the text for what cannot be said. */
  refuse(code: DiagnosticCode, message: string, span: Span, hint?: string): Said {
    this.add(diagnose(code, 'error', message, span, hint));
    return clause('');
  }

  note(code: DiagnosticCode, message: string, span: Span, hint?: string): void {
    this.add(diagnose(code, 'info', message, span, hint));
  }

  emission(query: string, span: Span): Emission {
    if (query.length > LONGEST_QUERY) this.refuse('convert-too-large', 'The query becomes too long.', span);
    const diagnostics = [...this.found.values()];
    return hasErrors(diagnostics) ? { diagnostics } : { query, diagnostics };
  }

  private add(diagnostic: Diagnostic): void {
    const key = `${diagnostic.code} ${diagnostic.message}`;
    if (!this.found.has(key)) this.found.set(key, diagnostic);
  }
}

/** Text for a message: short, on one line. */
export function shown(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > 40 ? `${line.slice(0, 40)}…` : line;
}
