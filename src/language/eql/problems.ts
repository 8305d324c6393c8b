/**
 * What is wrong with the meaning of a query, collected: every problem once, in the order in which they are met.
 */
import type { DiagnosticCode } from '../../diagnostic/catalogue.ts';
import { type Diagnostic, type DiagnosticSeverity, diagnose } from '../../diagnostic/diagnostic.ts';
import { nearestName } from '../../diagnostic/nearest.ts';
import type { Span } from '../../diagnostic/span.ts';
import { constant, type Predicate } from '../../plan/predicate/node.ts';
import type { FieldProblem } from '../field-schema.ts';
import type { EqlCall, EqlExpression } from './ast.ts';
import type { Constant } from './constants.ts';
import { EQL_FUNCTIONS, replacementOf } from './functions.ts';

export class Problems {
  readonly diagnostics: Diagnostic[] = [];
  private readonly reported = new Set<string>();

  /** An error; the predicate stands in for what could not be lowered. */
  report(code: DiagnosticCode, span: Span, message: string, hint?: string): Predicate {
    this.add(code, 'error', span, message, hint);
    return constant(false, span);
  }

  warn(code: DiagnosticCode, span: Span, message: string, hint: string): void {
    this.add(code, 'warning', span, message, hint);
  }

  inform(code: DiagnosticCode, span: Span, message: string, hint: string): void {
    this.add(code, 'info', span, message, hint);
  }

  wildcardInEquals(wanted: Constant, node: EqlExpression): void {
    if (wanted.type !== 'string' || !String(wanted.value).includes('*') || PLAIN_STAR.test(String(wanted.value)))
      return;
    const message = 'The * stands for itself here, not for any text.';
    this.warn('eql-wildcard-in-equals', node.span, message, 'write like, or : to ignore case');
  }

  fieldComparison(span: Span, operator: string): Predicate {
    return this.report(
      'eql-field-comparison',
      span,
      `“${operator}” compares with a value, and Elasticsearch’s EQL does not compare two fields.`,
      'a text is quoted: "…"',
    );
  }

  neverComparable(span: Span, given: string, wanted: string): void {
    const hint = given === 'number' ? 'write it without quotes, or string(…) == "…"' : 'number(…) reads a text as one';
    this.warn('eql-type', span, `This never holds: a ${given} is not compared with a ${wanted}.`, hint);
  }

  unknownFunction(node: EqlCall): void {
    const shown = `${node.name}${node.insensitive ? '~' : ''}`;
    const names = EQL_FUNCTIONS.map(({ name }) => name);
    const instead = replacementOf(node.name);
    const near = nearestName(node.name, names);
    const hint = instead ?? (near === undefined ? `there are ${names.join(', ')}` : `did you mean ${near}?`);
    this.report('eql-function-unknown', node.nameSpan, `EQL has no function “${shown}”.`, hint);
  }

  /** A field that no schema has: how it is read follows from what it is compared with. */
  unknownField(
    span: Span,
    { severity, message, hint }: FieldProblem,
    beside: readonly { readonly type: string }[],
  ): void {
    const [first, ...others] = beside.map(({ type }) => type).filter((type) => type !== 'null');
    const type = first !== undefined && others.every((other) => other === first) ? READ_AS[first] : undefined;
    const read = severity === 'warning' && type !== undefined ? ` It is read as ${type}.` : '';
    this.add('eql-field-unknown', severity, span, message + read, hint);
  }

  // A node may be lowered more than once (conditions as operands); it is reported once.
  private add(code: DiagnosticCode, severity: DiagnosticSeverity, span: Span, message: string, hint?: string): void {
    const key = `${code} ${span.start} ${span.end}`;
    if (this.reported.has(key)) return;
    this.reported.add(key);
    this.diagnostics.push(diagnose(code, severity, message, span, hint));
  }
}

/** Windows’ own stars: any server of a share (`\\\\*\\ADMIN$`), and everything as the value of an option (`/text:*`). */
const PLAIN_STAR = /^\\\\\*\\[^*]*$|^\/[A-Za-z]+:\*$/;

const READ_AS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
};
