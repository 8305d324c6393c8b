/**
 * From Microsoft's bound tree to `bound.ts`, for queries over tables. With `adapter.ts` and `bridge.ts` the only file
 * that touches Microsoft's objects.
 *
 * A called function comes with the tree that the binder made of its body for this call; where the body stands in the
 * query's text, its places are moved there. The number of nodes is limited, because functions that call functions
 * multiply.
 */
import { type Span, spanOf } from '../../diagnostic/span.ts';
import { type BinderDiagnostic, TooDeep } from './adapter.ts';
import type { BoundColumn, BoundNode, BoundParameter, Expansion } from './bound.ts';
import type { Bridge, BridgeDiagnostic, BridgeNode, BridgeTable } from './bridge.ts';

/** A query's tree; `undefined` where the text holds none. */
export interface BoundQuery {
  readonly statements: readonly BoundNode[];
  readonly diagnostics: readonly BinderDiagnostic[];
}

/** Text that the binder is to see at an offset of the query (the columns that a plugin gives); in order. */
export interface Insertion {
  readonly at: number;
  readonly text: string;
}

/** The tree, with its functions put in, is larger than is followed. */
export class TooLarge extends Error {}

/** Nested levels, chains not counted. */
const MAX_DEPTH = 300;
/** A query of 65,536 characters without functions has some 60,000. */
const MAX_NODES = 200_000;
/** Of one table: joins of joins double them. Kusto advises against more than some hundred. */
const MAX_COLUMNS = 10_000;

/** @throws {TooDeep | TooLarge} or a RangeError for text that is too much; anything else thrown is a bug. */
export function adaptBound(text: string, bridge: Bridge, insertions: readonly Insertion[] = []): BoundQuery {
  const { root, diagnostics } = bridge.analyzeTables(inserted(text, insertions));
  const original = (at: number) => originalOffset(at, insertions);
  const adapter = new BoundAdapter(bridge, original);
  const own = diagnostics.map((each) => binderDiagnostic(each, spanOf(original(each.Start), original(endOf(each)))));
  return { statements: adapter.statements(root), diagnostics: [...own, ...adapter.inCalls] };
}

function binderDiagnostic({ Code, Severity, Message }: BridgeDiagnostic, span: Span): BinderDiagnostic {
  return { code: Code, severity: Severity, message: Message, span };
}

function endOf({ Start, Length }: BridgeDiagnostic): number {
  return Start + Length;
}

function inserted(text: string, insertions: readonly Insertion[]): string {
  return insertions.reduceRight((whole, { at, text: more }) => whole.slice(0, at) + more + whole.slice(at), text);
}

function originalOffset(at: number, insertions: readonly Insertion[]): number {
  let before = 0;
  for (const insertion of insertions) {
    const start = insertion.at + before;
    if (at <= start) break;
    if (at <= start + insertion.text.length) return insertion.at;
    before += insertion.text.length;
  }
  return at - before;
}

/** A function may be called thousands of times. */
const MOST_IN_CALLS = 100;

/** How places of one of the binder's trees become places of the text. */
type Placing = { readonly shift: number } | { readonly fixed: Span };

type Writable = { -readonly [Key in keyof BoundNode]: BoundNode[Key] } & { readonly parts: Record<string, BoundNode> };

const UNBOUND: Readonly<Record<string, string>> = {
  BooleanLiteralExpression: 'bool',
  DateTimeLiteralExpression: 'datetime',
  DecimalLiteralExpression: 'decimal',
  DynamicExpression: 'dynamic',
  GuidLiteralExpression: 'guid',
  IntLiteralExpression: 'int',
  LongLiteralExpression: 'long',
  NullLiteralExpression: 'null',
  RealLiteralExpression: 'real',
  StringLiteralExpression: 'string',
  TimespanLiteralExpression: 'timespan',
};

class BoundAdapter {
  /** Mistakes that functions' bodies have with the arguments of a call. */
  readonly inCalls: BinderDiagnostic[] = [];
  private readonly bridge: Bridge;
  private readonly original: (at: number) => number;
  private readonly placings = new Map<BridgeNode, Placing>();
  private readonly columnLists = new Map<object, readonly BoundColumn[]>();
  private placing: Placing = { shift: 0 };
  private depth = 0;
  private nodes = 0;

  constructor(bridge: Bridge, original: (at: number) => number) {
    this.bridge = bridge;
    this.original = original;
  }

  statements(root: BridgeNode): readonly BoundNode[] {
    this.placings.set(this.rootOf(root), this.placing);
    return this.children(root).flatMap(([name, child]) => (name === 'Statements' ? this.elements(child) : []));
  }

  private node(node: BridgeNode): BoundNode {
    this.nodes += 1;
    if (this.nodes > MAX_NODES) throw new TooLarge();
    if (this.depth >= MAX_DEPTH) throw new TooDeep();
    this.depth += 1;
    try {
      return this.byKind(node, this.bridge.kindName(node));
    } finally {
      this.depth -= 1;
    }
  }

  private byKind(node: BridgeNode, kind: string): BoundNode {
    if (kind === 'ParenthesizedExpression') {
      const inner = this.children(node).find(([name]) => name === 'Expression')?.[1];
      if (inner !== undefined) return this.node(inner);
    }
    const made = this.described(node, kind);
    if (kind === 'PipeExpression') return this.pipeline(node, made);
    if (kind === 'AndExpression' || kind === 'OrExpression') return this.chain(node, kind, made);
    if (/LiteralExpression$/.test(kind) && kind !== 'TypeOfLiteralExpression') return made;
    for (const [name, child] of this.children(node)) {
      const childKind = this.bridge.kindName(child);
      if (childKind === 'List') made.parts[name] = this.list(child);
      else if (/Keyword$/.test(childKind)) made.parts[name] = this.keyword(child, childKind);
      else if (!/Token$|Name$/.test(childKind) || childKind === 'BracketedName') made.parts[name] = this.node(child);
      else if (childKind === 'WildcardedName') made.isWildcard = true;
    }
    return made;
  }

  private described(node: BridgeNode, kind: string): Writable {
    const made: Writable = { kind, span: this.span(node), parts: {} };
    const type = node.ResultType;
    if (type !== undefined && type !== null) {
      const typeKind = this.bridge.symbolKindName(type);
      if (typeKind === 'Table' || typeKind === 'Tuple') made.columns = this.columns(type);
      if (typeKind === 'Table') {
        made.isTable = true;
        if (type.IsOpen === true) made.isOpen = true;
      } else made.type = typeKind === 'Tuple' ? 'tuple' : typeKind === 'Error' ? 'unknown' : type.Name;
    }
    // Defaults are not bound.
    if (made.type === undefined && made.isTable !== true && UNBOUND[kind] !== undefined) made.type = UNBOUND[kind];
    const symbol = node.ReferencedSymbol;
    if (symbol !== undefined && symbol !== null) {
      made.symbol = { kind: this.bridge.symbolKindName(symbol), name: symbol.Name };
      const expansion = this.expansion(node, made.span);
      if (expansion !== undefined) made.expansion = expansion;
    }
    const text = this.textOf(node, kind);
    if (text !== undefined) made.text = text;
    if (made.type !== undefined && /(?:Expression|Reference)$/.test(kind)) {
      const name = this.bridge.resultName(node);
      if (name !== undefined) made.resultName = name;
    }
    return made;
  }

  private textOf(node: BridgeNode, kind: string): string | undefined {
    if (kind === 'StringLiteralExpression' || kind === 'CompoundStringLiteralExpression')
      return String(node.LiteralValue ?? '');
    if (/LiteralExpression$/.test(kind) || kind === 'PrimitiveTypeExpression' || kind === 'OptionValueClause')
      return this.tokenText(node);
    if (kind === 'JsonPair') {
      const name = this.children(node).find(([part]) => part === 'Name')?.[1];
      return name === undefined ? '' : String(name.LiteralValue ?? name.ValueText ?? name.Text ?? '');
    }
    return node.SimpleName ?? undefined;
  }

  private tokenText(node: BridgeNode): string {
    const first = this.children(node).find(([name]) => name !== '')?.[1] ?? this.children(node)[0]?.[1];
    return first?.Text ?? node.LiteralValue?.toString() ?? '';
  }

  private keyword(node: BridgeNode, kind: string): BoundNode {
    return { kind, span: this.span(node), text: node.Text ?? '', parts: {} };
  }

  /** `T | a | b` nests to the left, one level a link. */
  private pipeline(node: BridgeNode, made: Writable): BoundNode {
    const operators: BridgeNode[] = [];
    let at: BridgeNode | undefined = node;
    while (at !== undefined && this.bridge.kindName(at) === 'PipeExpression') {
      const parts: ReadonlyMap<string, BridgeNode> = new Map(this.children(at));
      const operator = parts.get('Operator');
      if (operator !== undefined) operators.push(operator);
      at = parts.get('Expression');
    }
    made.kind = 'Pipeline';
    if (at !== undefined) made.parts.Source = this.node(at);
    made.items = operators.reverse().map((operator) => this.node(operator));
    return made;
  }

  private chain(node: BridgeNode, kind: string, made: Writable): BoundNode {
    const operands: BridgeNode[] = [];
    let at: BridgeNode | undefined = node;
    while (at !== undefined && this.bridge.kindName(at) === kind) {
      const parts: ReadonlyMap<string, BridgeNode> = new Map(this.children(at));
      const right = parts.get('Right');
      if (right !== undefined) operands.push(right);
      at = parts.get('Left');
    }
    if (at !== undefined) operands.push(at);
    made.items = operands.reverse().map((operand) => this.node(operand));
    return made;
  }

  private list(node: BridgeNode): BoundNode {
    return { kind: 'List', span: this.span(node), parts: {}, items: this.elements(node) };
  }

  private elements(list: BridgeNode): readonly BoundNode[] {
    return this.children(list).flatMap(([, element]) => {
      const kind = this.bridge.kindName(element);
      if (kind === 'SeparatedElement') {
        const inner = this.children(element)[0]?.[1];
        return inner === undefined ? [] : [this.node(inner)];
      }
      return /Token$/.test(kind) ? [] : [this.node(element)];
    });
  }

  private expansion(node: BridgeNode, span: Span): Expansion | undefined {
    const kind = this.bridge.kindName(node);
    if (kind !== 'FunctionCallExpression' && kind !== 'NameReference') return undefined;
    const called = this.bridge.called(node);
    if (called === undefined) return undefined;
    const parameters = called.parameters.map(
      ({ name, isTable, type, defaultValue }): BoundParameter => ({
        name,
        isTable,
        type,
        ...(defaultValue === undefined ? {} : { default: this.placed({ fixed: span }, defaultValue) }),
      }),
    );
    if (called.isSchemaTable) return { parameters };
    const { body, declaration } = called;
    const outer = declaration === undefined ? undefined : this.placings.get(this.rootOf(declaration));
    const placing: Placing =
      declaration === undefined || outer === undefined || 'fixed' in outer
        ? { fixed: span }
        : { shift: outer.shift + declaration.TextStart - body.TextStart };
    this.placings.set(this.rootOf(body), placing);
    for (const each of called.diagnostics) {
      if (each.Severity !== 'Error' || this.inCalls.length >= MOST_IN_CALLS) continue;
      // Unlike the body's nodes these have places of the text that it is declared in.
      const inText = 'fixed' in placing ? placing : { shift: 0 };
      this.inCalls.push(binderDiagnostic(each, this.placedSpan(inText, each.Start, endOf(each))));
    }
    return { parameters, body: this.placed(placing, body) };
  }

  private placed(placing: Placing, node: BridgeNode): BoundNode {
    const outer = this.placing;
    this.placing = placing;
    const made = this.node(node);
    this.placing = outer;
    return made;
  }

  private rootOf(node: BridgeNode): BridgeNode {
    return node.Root ?? node;
  }

  private columns(type: BridgeTable): readonly BoundColumn[] {
    const known = this.columnLists.get(type);
    if (known !== undefined) return known;
    if ((type.Columns?.Count ?? 0) > MAX_COLUMNS) throw new TooLarge();
    const columns =
      type.Columns === undefined
        ? []
        : this.bridge.list(type.Columns).map(({ Name, Type }) => ({ name: Name, type: Type?.Name ?? 'unknown' }));
    this.columnLists.set(type, columns);
    return columns;
  }

  private children(node: BridgeNode): readonly (readonly [string, BridgeNode])[] {
    const found: (readonly [string, BridgeNode])[] = [];
    for (let index = 0; index < node.ChildCount; index += 1) {
      const child = node.GetChild(index);
      if (child !== null && child !== undefined) found.push([node.GetName(index) ?? '', child]);
    }
    return found;
  }

  private span(node: BridgeNode): Span {
    return this.placedSpan(this.placing, node.TextStart, node.End);
  }

  private placedSpan(placing: Placing, from: number, to: number): Span {
    if ('fixed' in placing) return placing.fixed;
    const start = this.original(from + placing.shift);
    return { start, end: Math.max(start, this.original(to + placing.shift)) };
  }
}
