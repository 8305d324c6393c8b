/**
 * What is wrong with the meaning of a query, collected: every problem once, in the order in which they are met.
 */
import type { DiagnosticCode } from '../../diagnostic/catalogue.ts';
import { type Diagnostic, type DiagnosticSeverity, diagnose } from '../../diagnostic/diagnostic.ts';
import { shownText } from '../../diagnostic/shown-text.ts';
import type { Span } from '../../diagnostic/span.ts';
import { constant, type FieldType, type Predicate } from '../../plan/predicate/node.ts';
import { type KueryLiteral, literalText } from './ast.ts';
import type { KueryField } from './fields.ts';

/** Names for which a near one is looked for, some milliseconds each. Nobody misspells more in one query. */
const MOST_SUGGESTIONS = 20;
const LONGEST_SHOWN = 40;

const EXPECTED: Readonly<Partial<Record<FieldType, { readonly what: string; readonly hint: string }>>> = {
  long: { what: 'a number', hint: 'write a number' },
  double: { what: 'a number', hint: 'write a number' },
  boolean: { what: 'true or false', hint: 'write true or false' },
  date: { what: 'a date', hint: 'write "2024-05-01T10:00:00Z", a part of it, or "now-1d"' },
  ip: { what: 'an IP address', hint: 'write an address, or a network: "10.0.0.0/8"' },
};

export class Problems {
  readonly diagnostics: Diagnostic[] = [];
  private readonly reported = new Set<string>();
  private readonly unknownFields = new Set<string>();

  /** An error; the predicate stands in for what could not be lowered. */
  report(code: DiagnosticCode, span: Span, message: string, hint?: string): Predicate {
    this.add(code, 'error', span, message, hint);
    return constant(false, span);
  }

  warn(code: DiagnosticCode, span: Span, message: string, hint?: string): void {
    this.add(code, 'warning', span, message, hint);
  }

  inform(code: DiagnosticCode, span: Span, message: string, hint: string): void {
    this.add(code, 'info', span, message, hint);
  }

  /** The value can be none of the field's. */
  wrongType({ ref }: KueryField, value: KueryLiteral): Predicate {
    const { what = 'of another type', hint } = EXPECTED[ref.type] ?? {};
    const shown = shownText(literalText(value), LONGEST_SHOWN);
    return this.report('kuery-type', value.span, `${ref.name} is ${what}, and “${shown}” is none.`, hint);
  }

  noPatterns({ ref }: KueryField, value: KueryLiteral): Predicate {
    const message = `Wildcards match texts, and ${ref.name} is of type ${ref.type}.`;
    const hint = ref.type === 'ip' ? 'write a network: "10.0.0.0/8"' : `compare it: ${ref.name} >= …`;
    return this.report('kuery-type', value.span, message, hint);
  }

  /** A field that no schema has. */
  unknownField({ ref, problem }: KueryField, span: Span): void {
    if (this.unknownFields.has(ref.name)) return;
    const found = problem?.(this.unknownFields.size < MOST_SUGGESTIONS);
    this.unknownFields.add(ref.name);
    if (found !== undefined) this.add('kuery-field-unknown', found.severity, span, found.message, found.hint);
  }

  private add(code: DiagnosticCode, severity: DiagnosticSeverity, span: Span, message: string, hint?: string): void {
    const key = `${code} ${span.start} ${span.end}`;
    if (this.reported.has(key)) return;
    this.reported.add(key);
    this.diagnostics.push(diagnose(code, severity, message, span, hint));
  }
}
