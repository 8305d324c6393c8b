/**
 * From Microsoft's bound tree to ours. The only file besides `bridge.ts` that touches Microsoft's objects; what comes
 * out is plain data that can be sent to another thread.
 *
 *   text ──analyze──▶ bound tree ──by kind──▶ KustoSyntax, and the binder's diagnostics as they are
 *
 * Chains (`a and b and c`, `T | … | …`) nest to the left in Microsoft's tree, one level a link; they are walked in a
 * loop, so that long ones do not count as deep.
 */
import { type Span, spanOf } from '../../diagnostic/span.ts';
import type {
  KustoCall,
  KustoExpression,
  KustoLet,
  KustoOperator,
  KustoPipeline,
  KustoSource,
  KustoSyntax,
  KustoType,
  KustoUnsupported,
  NamedExpression,
} from './ast.ts';
import type { Bridge, BridgeNode } from './bridge.ts';
import { ARITHMETIC, COMPARISONS, MEMBERSHIPS, TEXT_OPERATORS } from './operators.ts';

/** A diagnostic of Microsoft's parser or binder. */
export interface BinderDiagnostic {
  /** `KS142`. */
  readonly code: string;
  readonly severity: string;
  readonly message: string;
  readonly span: Span;
}

export interface ParsedKusto {
  readonly syntax: KustoSyntax;
  readonly diagnostics: readonly BinderDiagnostic[];
}

/** Levels of our tree; the deepest query of Sentinel's 452 has 18. */
const MAX_DEPTH = 200;

/** The query nests deeper than is followed. */
export class TooDeep extends Error {}

/** @throws {TooDeep} or a RangeError for text that nests too deeply; anything else thrown is a bug. */
export function adaptKusto(text: string, bridge: Bridge): ParsedKusto {
  const { root, diagnostics } = bridge.analyze(text);
  return {
    syntax: new Adapter(bridge, text).query(root),
    diagnostics: diagnostics.map(({ Code, Severity, Message, Start, Length }) => ({
      code: Code,
      severity: Severity,
      message: Message,
      span: spanOf(Start, Start + Length),
    })),
  };
}

class Adapter {
  private readonly bridge: Bridge;
  private readonly text: string;
  private depth = 0;

  constructor(bridge: Bridge, text: string) {
    this.bridge = bridge;
    this.text = text;
  }

  query(root: BridgeNode): KustoSyntax {
    const lets: KustoLet[] = [];
    const unsupported: KustoUnsupported[] = [];
    let pipeline: KustoPipeline | undefined;
    for (const statement of this.elements(this.children(root)[1])) {
      const kind = this.kind(statement);
      if (kind === 'LetStatement') {
        lets.push(this.let(statement));
      } else if (kind === 'ExpressionStatement' && pipeline === undefined) {
        pipeline = this.pipeline(this.nodes(statement)[0]);
      } else {
        const what =
          kind === 'ExpressionStatement' ? 'A second query in one text' : `The statement “${this.word(statement)}”`;
        unsupported.push(unsupportedAt(what, this.span(statement)));
      }
    }
    return pipeline === undefined ? { lets, unsupported } : { lets, pipeline, unsupported };
  }

  // --- Statements and operators -----------------------------------------------------------------------------------------

  private let(node: BridgeNode): KustoLet {
    const [name, value] = this.nodes(node);
    const span = this.span(node);
    if (name === undefined || value === undefined) return { name: '', value: { kind: 'broken', span }, span };
    return { name: this.name(name), value: this.letValue(value), span };
  }

  private letValue(node: BridgeNode): KustoExpression | KustoPipeline {
    const kind = this.kind(node);
    if (kind === 'FunctionDeclaration')
      return unsupportedAt('A function of your own (“let f = (…) { … }”)', this.span(node));
    if (kind === 'PipeExpression' || this.isTable(node)) return this.pipeline(node);
    return this.expression(node);
  }

  private isTable(node: BridgeNode): boolean {
    const type = node.ResultType;
    return type !== undefined && type !== null && this.bridge.symbolKindName(type) === 'Table';
  }

  private pipeline(node: BridgeNode | undefined): KustoPipeline {
    const operators: KustoOperator[] = [];
    let at = node;
    while (at !== undefined && this.kind(at) === 'PipeExpression') {
      const [before, operator] = this.nodes(at);
      if (operator !== undefined) operators.push(this.operator(operator));
      at = before;
    }
    const span = node === undefined ? spanOf(0, 0) : this.span(node);
    const source: KustoSource = at === undefined ? { kind: 'broken', span } : this.source(at);
    return { kind: 'pipeline', source, operators: operators.reverse(), span };
  }

  private source(node: BridgeNode): KustoSource {
    const span = this.span(node);
    const kind = this.kind(node);
    if (kind === 'ParenthesizedExpression') return this.source(this.inner(node));
    if (kind === 'NameReference') return this.namedSource(node, span);
    if (kind === 'FunctionCallExpression') {
      const [callee, list] = this.nodes(node);
      const args = this.elements(this.nodes(list)[0]);
      const name = callee === undefined ? '' : this.name(callee);
      if (callee === undefined || !this.isTable(node)) return { kind: 'broken', span };
      if (args.length === 0) return this.namedSource(callee, span);
      return unsupportedAt(`Giving ${name} parameters`, this.span(list as BridgeNode));
    }
    return unsupportedAt(this.describe(node), span);
  }

  private namedSource(node: BridgeNode, span: Span): KustoSource {
    const symbol = node.ReferencedSymbol;
    if (symbol === undefined || symbol === null) return { kind: 'broken', span };
    const kind = this.bridge.symbolKindName(symbol);
    if (kind === 'Variable') return { kind: 'variable', name: symbol.Name, span };
    return { kind: 'table', name: symbol.Name, span };
  }

  private operator(node: BridgeNode): KustoOperator {
    const span = this.span(node);
    const parts = this.nodes(node);
    switch (this.kind(node)) {
      case 'FilterOperator': {
        const condition = parts.find((part) => this.kind(part) !== 'List');
        return condition === undefined
          ? { kind: 'broken', span }
          : { kind: 'where', condition: this.expression(condition), span };
      }
      case 'ExtendOperator':
        return { kind: 'extend', columns: this.columns(parts[0]), span };
      case 'ProjectOperator': {
        const names = node.ResultType?.Columns;
        return {
          kind: 'project',
          columns: this.columns(parts[0], names && this.bridge.list(names).map((column) => column.Name)),
          span,
        };
      }
      case 'TakeOperator': {
        const count = parts.find((part) => this.kind(part) !== 'List');
        return count === undefined ? { kind: 'broken', span } : { kind: 'take', count: this.expression(count), span };
      }
      case 'CountOperator':
        return parts.length === 0 ? { kind: 'count', name: 'Count', span } : unsupportedAt('“count as”', span);
      case 'BadQueryOperator':
        return { kind: 'broken', span };
      default:
        return unsupportedAt(`The operator “${this.word(node)}”`, this.wordSpan(node));
    }
  }

  /** @param names of the operator's result, in order, where each column of it comes from one expression */
  private columns(list: BridgeNode | undefined, names?: readonly string[]): NamedExpression[] {
    return this.elements(list).map((node, index) => {
      const span = this.span(node);
      if (this.kind(node) === 'SimpleNamedExpression') {
        const [name, value] = this.nodes(node);
        if (name === undefined || value === undefined) return { name: '', expression: { kind: 'broken', span }, span };
        return { name: this.name(name), expression: this.expression(value), span };
      }
      const expression = this.expression(node);
      const own = expression.kind === 'column' ? expression.name : names?.[index];
      if (own !== undefined) return { name: own, expression, span };
      return { name: '', expression: unsupportedAt('A column without a name (write “name = …”)', span), span };
    });
  }

  // --- Expressions ------------------------------------------------------------------------------------------------------

  private expression(node: BridgeNode): KustoExpression {
    if (this.depth >= MAX_DEPTH) throw new TooDeep();
    this.depth += 1;
    try {
      return this.expressionByKind(node);
    } finally {
      this.depth -= 1;
    }
  }

  private expressionByKind(node: BridgeNode): KustoExpression {
    const kind = this.kind(node);
    const span = this.span(node);
    const comparison = COMPARISONS[kind];
    if (comparison !== undefined)
      return this.binary(node, (left, right) => ({ kind: 'comparison', operator: comparison, left, right, span }));
    const arithmetic = ARITHMETIC[kind];
    if (arithmetic !== undefined) {
      const type = this.type(node);
      return this.binary(node, (left, right) => ({
        kind: 'arithmetic',
        operator: arithmetic,
        left,
        right,
        type,
        span,
      }));
    }
    const text = TEXT_OPERATORS[kind];
    if (text !== undefined)
      return this.binary(node, (left, right) => ({ kind: 'text-match', ...text, left, right, span }));
    if (MEMBERSHIPS[kind] !== undefined) return this.membership(node, kind);
    switch (kind) {
      case 'ParenthesizedExpression':
        return this.expression(this.inner(node));
      case 'AndExpression':
      case 'OrExpression':
        return this.chain(node, kind);
      case 'BetweenExpression':
      case 'NotBetweenExpression':
        return this.between(node, kind === 'NotBetweenExpression');
      case 'UnaryMinusExpression':
      case 'UnaryPlusExpression': {
        const [operand] = this.nodes(node);
        const operator = kind === 'UnaryMinusExpression' ? '-' : '+';
        if (operand === undefined) return { kind: 'broken', span };
        return { kind: 'unary', operator, operand: this.expression(operand), type: this.type(node), span };
      }
      case 'NameReference':
        return this.nameReference(node, span);
      case 'FunctionCallExpression':
        return this.call(node, span);
      case 'PathExpression': {
        const [operand, selector] = this.nodes(node);
        if (operand === undefined || selector === undefined || this.kind(selector) !== 'NameReference')
          return unsupportedAt(this.describe(node), span);
        const what = this.describe(node);
        return { kind: 'path', operand: this.expression(operand), name: this.name(selector), what, span };
      }
      case 'DynamicExpression':
        return this.dynamic(node, span);
      case 'StringLiteralExpression':
      case 'CompoundStringLiteralExpression':
        return { kind: 'literal', type: 'string', text: String(node.LiteralValue ?? ''), span };
      default:
        if (/LiteralExpression$/.test(kind))
          return { kind: 'literal', type: this.type(node), text: this.written(span), span };
        return this.isBroken(node) ? { kind: 'broken', span } : unsupportedAt(this.describe(node), span);
    }
  }

  private binary(
    node: BridgeNode,
    make: (left: KustoExpression, right: KustoExpression) => KustoExpression,
  ): KustoExpression {
    const [left, right] = this.nodes(node);
    if (left === undefined || right === undefined) return { kind: 'broken', span: this.span(node) };
    return make(this.expression(left), this.expression(right));
  }

  private chain(node: BridgeNode, kind: 'AndExpression' | 'OrExpression'): KustoExpression {
    const operands: KustoExpression[] = [];
    let at: BridgeNode | undefined = node;
    while (at !== undefined && this.kind(at) === kind) {
      const [left, right] = this.nodes(at);
      if (right !== undefined) operands.push(this.expression(right));
      at = left;
    }
    if (at !== undefined) operands.push(this.expression(at));
    const operator = kind === 'AndExpression' ? 'and' : 'or';
    return { kind: 'logical', operator, operands: operands.reverse(), span: this.span(node) };
  }

  private membership(node: BridgeNode, kind: string): KustoExpression {
    const [operand, list] = this.nodes(node);
    const span = this.span(node);
    const operator = MEMBERSHIPS[kind];
    if (operand === undefined || list === undefined || operator === undefined) return { kind: 'broken', span };
    const items = this.elements(this.nodes(list)[0]);
    return {
      kind: 'membership',
      ...operator,
      operand: this.expression(operand),
      items: items.map((item) => this.expression(item)),
      span,
    };
  }

  private between(node: BridgeNode, negated: boolean): KustoExpression {
    const [operand, couple] = this.nodes(node);
    const [low, high] = couple === undefined ? [] : this.nodes(couple);
    const span = this.span(node);
    if (operand === undefined || low === undefined || high === undefined) return { kind: 'broken', span };
    return {
      kind: 'between',
      negated,
      operand: this.expression(operand),
      low: this.expression(low),
      high: this.expression(high),
      span,
    };
  }

  private nameReference(node: BridgeNode, span: Span): KustoExpression {
    const symbol = node.ReferencedSymbol;
    if (symbol === undefined || symbol === null) return { kind: 'broken', span };
    switch (this.bridge.symbolKindName(symbol)) {
      case 'Column':
        return { kind: 'column', name: symbol.Name, type: this.type(node), span };
      case 'Variable':
        return { kind: 'variable', name: symbol.Name, span };
      default:
        return unsupportedAt(this.describe(node), span);
    }
  }

  private call(node: BridgeNode, span: Span): KustoExpression {
    const [callee, list] = this.nodes(node);
    if (callee === undefined || list === undefined) return { kind: 'broken', span };
    const symbol = node.ReferencedSymbol;
    if (symbol === undefined || symbol === null) return { kind: 'broken', span };
    const args = this.elements(this.nodes(list)[0]).map((arg) => this.expression(arg));
    const call: KustoCall = {
      kind: 'call',
      name: symbol.Name,
      nameSpan: this.span(callee),
      args,
      type: this.type(node),
      span,
    };
    return call;
  }

  /** `dynamic(…)`: a list of scalars, or one scalar. */
  private dynamic(node: BridgeNode, span: Span): KustoExpression {
    const [value] = this.nodes(node).filter((part) => !this.isToken(part));
    if (value === undefined) return { kind: 'broken', span };
    if (this.kind(value) === 'JsonArrayExpression') {
      const items = this.elements(this.nodes(value)[0]).map((item) => this.expression(item));
      return { kind: 'array', items, span };
    }
    if (/^(String|Long|Real|Boolean)LiteralExpression$/.test(this.kind(value))) return this.expression(value);
    return unsupportedAt('A dynamic value that is no list', span);
  }

  // --- Microsoft's tree -------------------------------------------------------------------------------------------------

  private kind(node: BridgeNode): string {
    return this.bridge.kindName(node);
  }

  private isToken(node: BridgeNode): boolean {
    return /(Token|Keyword)$/.test(this.kind(node));
  }

  private children(node: BridgeNode | undefined): readonly BridgeNode[] {
    if (node === undefined) return [];
    const found: BridgeNode[] = [];
    for (let index = 0; index < node.ChildCount; index += 1) {
      const child = node.GetChild(index);
      if (child !== null && child !== undefined) found.push(child);
    }
    return found;
  }

  /** The children without tokens; an error node has none of what is missing. */
  private nodes(node: BridgeNode | undefined): readonly BridgeNode[] {
    return this.children(node).filter((child) => !this.isToken(child));
  }

  /** The elements of a list with separators. */
  private elements(list: BridgeNode | undefined): readonly BridgeNode[] {
    return this.nodes(list).flatMap((element) => {
      if (this.kind(element) !== 'SeparatedElement') return [element];
      const [node] = this.nodes(element);
      return node === undefined ? [] : [node];
    });
  }

  private inner(node: BridgeNode): BridgeNode {
    return this.nodes(node)[0] ?? node;
  }

  private name(node: BridgeNode): string {
    return node.SimpleName ?? this.written(this.span(node));
  }

  private type(node: BridgeNode): KustoType {
    const name = node.ResultType?.Name ?? '';
    return (TYPES as ReadonlySet<string>).has(name) ? (name as KustoType) : 'unknown';
  }

  private isBroken(node: BridgeNode): boolean {
    const type = node.ResultType;
    return (
      this.span(node).start === this.span(node).end ||
      (type !== undefined && type !== null && this.bridge.symbolKindName(type) === 'Error')
    );
  }

  private span(node: BridgeNode): Span {
    return { start: node.TextStart, end: Math.max(node.TextStart, node.End) };
  }

  private written(span: Span): string {
    return this.text.slice(span.start, span.end);
  }

  private word(node: BridgeNode): string {
    return this.written(this.wordSpan(node));
  }

  private wordSpan(node: BridgeNode): Span {
    const first = this.children(node)[0];
    return first === undefined ? this.span(node) : this.span(first);
  }

  private describe(node: BridgeNode): string {
    const kind = this.kind(node);
    const known = DESCRIPTIONS[kind];
    const shown = this.written(this.span(node)).replace(/\s+/g, ' ');
    const cut = shown.length > 40 ? `${shown.slice(0, 40)}…` : shown;
    return known === undefined ? `“${cut}”` : `${known} (“${cut}”)`;
  }
}

const TYPES: ReadonlySet<KustoType> = new Set<KustoType>([
  'bool',
  'datetime',
  'decimal',
  'dynamic',
  'guid',
  'int',
  'long',
  'real',
  'string',
  'timespan',
]);

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  AtExpression: 'A reference to another place',
  DataTableExpression: 'A table written in the query',
  ElementExpression: 'An element of a dynamic value',
  ExternalDataExpression: 'Data from elsewhere',
  FindOperator: 'A search over tables',
  MaterializeExpression: 'A materialized table',
  PathExpression: 'A path into a dynamic value',
  PrintOperator: 'A query without a table',
  RangeOperator: 'A table of a range',
  SearchOperator: 'A search over tables',
  StarExpression: 'A search over all columns',
  ToScalarExpression: 'A query inside an expression',
  UnionOperator: 'Several tables together',
};

function unsupportedAt(what: string, span: Span): KustoUnsupported {
  return { kind: 'unsupported', what, span };
}
