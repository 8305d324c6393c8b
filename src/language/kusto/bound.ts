/**
 * Microsoft's bound tree of a query over tables as plain data: what kinds of nodes there are and how their parts are
 * called is Microsoft's, their objects are not. It can be sent to another thread.
 *
 *   text ──parse, bind, in a worker──▶ adapt-bound ──▶ this tree ──lower (table/)──▶ TablePlan
 *
 * The tree is smaller than Microsoft's: separators, punctuation and parentheses are gone, chains of `|`, `and` and
 * `or` are one node with items. Functions that the query calls stand at their calls as they are there (`expansion`),
 * with the types of these arguments; their places are those of the text where it has them, else of the call.
 */
import type { Span } from '../../diagnostic/span.ts';

export interface BoundColumn {
  readonly name: string;
  /** Kusto's name of the type; `unknown` where the binder cannot say. */
  readonly type: string;
}

export interface BoundSymbol {
  /** `Column`, `Table`, `Variable`, `Function`, `Parameter`, … */
  readonly kind: string;
  readonly name: string;
}

export interface BoundParameter {
  readonly name: string;
  readonly isTable: boolean;
  readonly type: string;
  readonly default?: BoundNode;
}

export interface Expansion {
  readonly parameters: readonly BoundParameter[];
  /** `FunctionBody`; absent for a table of the schema that takes parameters. */
  readonly body?: BoundNode;
}

export interface BoundNode {
  /** Microsoft's `SyntaxKind`; besides `Pipeline` (`Source`, the operators as items). */
  readonly kind: string;
  readonly span: Span;
  /** Of a scalar, `tuple` of several values (`arg_max`). */
  readonly type?: string;
  /** Of a table, of a tuple. */
  readonly columns?: readonly BoundColumn[];
  readonly isTable?: boolean;
  /** A table whose columns are not all known. */
  readonly isOpen?: boolean;
  readonly symbol?: BoundSymbol;
  /** Of a name, a keyword, a JSON key; of a literal its text, without quotes. */
  readonly text?: string;
  /** A name with `*` in it. */
  readonly isWildcard?: boolean;
  /** What a column is called that this expression gives. */
  readonly resultName?: string;
  readonly parts: Readonly<Record<string, BoundNode>>;
  readonly items?: readonly BoundNode[];
  readonly expansion?: Expansion;
}

/** The items of a list that stands in a part; none where it is absent. */
export function itemsOf(node: BoundNode | undefined, part: string): readonly BoundNode[] {
  return node?.parts[part]?.items ?? [];
}

/** Whether a name is declared or used as a pattern that this name follows. */
export function matchesWildcard(pattern: string, name: string): boolean {
  if (!pattern.includes('*')) return pattern === name;
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop() ?? '';
  if (!name.startsWith(first)) return false;
  let at = first.length;
  for (const piece of rest) {
    const found = name.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
}
