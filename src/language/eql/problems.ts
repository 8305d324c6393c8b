/**
 * What is wrong with the meaning of a query, collected: every problem once, in the order in which they are met.
 */
import type { DiagnosticCode } from '../../diagnostic/catalogue.ts';
import { type Diagnostic, type DiagnosticSeverity, diagnose } from '../../diagnostic/diagnostic.ts';
import { nearestName } from '../../diagnostic/nearest.ts';
import type { Span } from '../../diagnostic/span.ts';
import { constant, type Predicate } from '../../plan/predicate/node.ts';
import { childrenOf, type EqlCall, type EqlExpression } from './ast.ts';
import type { Constant } from './constants.ts';
import { eqlFunction, eqlFunctionNames } from './functions.ts';

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

  wildcardInEquals(wanted: Constant, node: EqlExpression): void {
    if (wanted.type !== 'string' || !String(wanted.value).includes('*')) return;
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

  /** Every function call in a node. */
  calls(node: EqlExpression): Predicate {
    if (node.kind === 'call') this.call(node);
    for (const child of childrenOf(node)) this.calls(child);
    return constant(false, node.span);
  }

  private call(node: EqlCall): void {
    const known = eqlFunction(node.name);
    const shown = `${node.name}${node.insensitive ? '~' : ''}`;
    if (known === undefined) {
      const near = nearestName(node.name, eqlFunctionNames());
      const hint = near === undefined ? `there are ${eqlFunctionNames().join(', ')}` : `did you mean ${near}?`;
      this.report('eql-function-unknown', node.nameSpan, `EQL has no function “${shown}”.`, hint);
    } else if (node.insensitive && !known.tilde) {
      const message = `The function “${known.name}” has no form with ~.`;
      this.report('eql-function-unknown', node.nameSpan, message, `write ${known.name}`);
    } else {
      const message = `The function “${shown}” is not supported yet.`;
      const hint = 'like, : and regex do the work of many text functions';
      this.report('eql-function-unsupported', node.nameSpan, message, hint);
    }
  }

  // A node may be lowered more than once (conditions as operands); it is reported once.
  private add(code: DiagnosticCode, severity: DiagnosticSeverity, span: Span, message: string, hint?: string): void {
    const key = `${code} ${span.start} ${span.end}`;
    if (this.reported.has(key)) return;
    this.reported.add(key);
    this.diagnostics.push(diagnose(code, severity, message, span, hint));
  }
}

export function hasCalls(node: EqlExpression): boolean {
  return node.kind === 'call' || childrenOf(node).some(hasCalls);
}
