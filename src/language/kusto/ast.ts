/**
 * The syntax tree of Kusto as far as Vedette runs it: plain, frozen data with places, free of the parser it came from.
 *
 *   text ──Microsoft's parser and binder, in a worker──▶ adapter ──▶ this tree ──lower──▶ plan
 *
 * Names are already resolved: a column is one of the table (or made by `extend`), a variable is one of `let`. What the
 * tree has no word for is an `unsupported` node that says what stands there, so that it is refused by name and place.
 */
import type { Span } from '../../diagnostic/span.ts';

/** The scalar types of Kusto; `unknown` after an error and for what the binder cannot say. */
export type KustoType =
  | 'bool'
  | 'datetime'
  | 'decimal'
  | 'dynamic'
  | 'guid'
  | 'int'
  | 'long'
  | 'real'
  | 'string'
  | 'timespan'
  | 'unknown';

/** The text between quotes, unescaped; of every other type the literal as written (`datetime(2024-01-31)`, `0x1F`). */
export interface KustoLiteral {
  readonly kind: 'literal';
  readonly type: KustoType;
  readonly text: string;
  readonly span: Span;
}

/** `dynamic([…])` of scalars. */
export interface KustoArray {
  readonly kind: 'array';
  readonly items: readonly KustoExpression[];
  readonly span: Span;
}

export interface KustoColumn {
  readonly kind: 'column';
  readonly name: string;
  readonly type: KustoType;
  readonly span: Span;
}

/** A name that `let` gave. */
export interface KustoVariable {
  readonly kind: 'variable';
  readonly name: string;
  readonly span: Span;
}

export interface KustoCall {
  readonly kind: 'call';
  readonly name: string;
  readonly nameSpan: Span;
  readonly args: readonly KustoExpression[];
  readonly type: KustoType;
  readonly span: Span;
}

/** `operand.name`, of a dynamic value. */
export interface KustoPath {
  readonly kind: 'path';
  readonly operand: KustoExpression;
  readonly name: string;
  /** For a path that leads nowhere, as the start of a sentence. */
  readonly what: string;
  readonly span: Span;
}

export interface KustoUnary {
  readonly kind: 'unary';
  readonly operator: '-' | '+';
  readonly operand: KustoExpression;
  readonly type: KustoType;
  readonly span: Span;
}

export interface KustoArithmetic {
  readonly kind: 'arithmetic';
  readonly operator: '+' | '-' | '*' | '/' | '%';
  readonly left: KustoExpression;
  readonly right: KustoExpression;
  readonly type: KustoType;
  readonly span: Span;
}

export type ComparisonOperator = '==' | '!=' | '<' | '<=' | '>' | '>=';

export interface KustoComparison {
  readonly kind: 'comparison';
  readonly operator: ComparisonOperator;
  readonly left: KustoExpression;
  readonly right: KustoExpression;
  readonly span: Span;
}

/** What a text is asked for; `equals` is `=~`, `==` is a comparison. */
export type TextRelation =
  | 'equals'
  | 'contains'
  | 'startswith'
  | 'endswith'
  | 'has'
  | 'hasprefix'
  | 'hassuffix'
  | 'regex';

/** A text against a text: every string operator. */
export interface KustoTextMatch {
  readonly kind: 'text-match';
  readonly relation: TextRelation;
  readonly negated: boolean;
  readonly caseSensitive: boolean;
  /** As Kusto writes it: `!contains_cs`. */
  readonly operator: string;
  readonly left: KustoExpression;
  readonly right: KustoExpression;
  readonly span: Span;
}

/** A value against a list: `in`, `in~`, `!in`, `!in~`, `has_any`, `has_all`. */
export interface KustoMembership {
  readonly kind: 'membership';
  readonly relation: 'in' | 'has_any' | 'has_all';
  readonly negated: boolean;
  readonly caseSensitive: boolean;
  readonly operand: KustoExpression;
  readonly items: readonly KustoExpression[];
  readonly span: Span;
}

export interface KustoBetween {
  readonly kind: 'between';
  readonly negated: boolean;
  readonly operand: KustoExpression;
  readonly low: KustoExpression;
  readonly high: KustoExpression;
  readonly span: Span;
}

/** A chain of one operator. */
export interface KustoLogical {
  readonly kind: 'logical';
  readonly operator: 'and' | 'or';
  readonly operands: readonly KustoExpression[];
  readonly span: Span;
}

/** Something of Kusto that Vedette does not run. */
export interface KustoUnsupported {
  readonly kind: 'unsupported';
  /** As the start of a sentence: `A path into a dynamic value (“a.b”)`. */
  readonly what: string;
  readonly span: Span;
}

/** What the binder could not make sense of; its diagnostic says so. */
export interface KustoBroken {
  readonly kind: 'broken';
  readonly span: Span;
}

export type KustoExpression =
  | KustoLiteral
  | KustoArray
  | KustoColumn
  | KustoVariable
  | KustoCall
  | KustoPath
  | KustoUnary
  | KustoArithmetic
  | KustoComparison
  | KustoTextMatch
  | KustoMembership
  | KustoBetween
  | KustoLogical
  | KustoUnsupported
  | KustoBroken;

/** `name = expression`; a bare column has its own name. */
export interface NamedExpression {
  readonly name: string;
  readonly expression: KustoExpression;
  readonly span: Span;
}

export type KustoOperator =
  | { readonly kind: 'where'; readonly condition: KustoExpression; readonly span: Span }
  | { readonly kind: 'extend'; readonly columns: readonly NamedExpression[]; readonly span: Span }
  | { readonly kind: 'project'; readonly columns: readonly NamedExpression[]; readonly span: Span }
  | { readonly kind: 'take'; readonly count: KustoExpression; readonly span: Span }
  | { readonly kind: 'count'; readonly name: string; readonly span: Span }
  | KustoUnsupported
  | KustoBroken;

export type KustoSource =
  /** A table, or a function without arguments that gives one. */
  | { readonly kind: 'table'; readonly name: string; readonly span: Span }
  | KustoVariable
  | KustoUnsupported
  | KustoBroken;

/** `source | operator | …` */
export interface KustoPipeline {
  readonly kind: 'pipeline';
  readonly source: KustoSource;
  readonly operators: readonly KustoOperator[];
  readonly span: Span;
}

export interface KustoLet {
  readonly name: string;
  readonly value: KustoExpression | KustoPipeline;
  readonly span: Span;
}

/** A whole query: `let` statements and one pipeline. */
export interface KustoSyntax {
  readonly lets: readonly KustoLet[];
  /** Absent where the text holds no query. */
  readonly pipeline?: KustoPipeline;
  /** Statements that Vedette does not run. */
  readonly unsupported: readonly KustoUnsupported[];
}
