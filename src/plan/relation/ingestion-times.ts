/**
 * `ingestion_time()`: when a row came into its table. It is a column of every table that no text names, which rows keep
 * through operators that keep rows; made up rows (`summarize`, `print`) have none, and it is null there.
 *
 *   … | project A | where ingestion_time() > t ──▶ the hidden column is let through below, and left out above
 *
 * What several rows become one row of (`join`, `mv-apply` over a group, …) is told by name instead of guessed.
 *
 * Source: Microsoft's page of the function.
 */
import type { Span } from '../../diagnostic/span.ts';
import type { Filter, Project, Relation, RelationColumn, Scalar, Shared } from './node.ts';

/** Called so by no text: names in brackets hold no control character. */
export const INGESTION_COLUMN = '\u0001ingestion_time';

const COLUMN: RelationColumn = Object.freeze({ name: INGESTION_COLUMN, type: 'datetime' });

/** @returns the relation with the column where it is asked for; or the operator above which it is and cannot be */
export function withIngestionTimes(
  relation: Relation,
): { readonly relation: Relation } | { readonly beyond: string; readonly span: Span } {
  const span = firstAsked(relation);
  if (span === undefined) return { relation };
  const through = new Through();
  const made = through.exactly(relation);
  return through.beyond === undefined ? { relation: made } : { beyond: through.beyond, span };
}

/** Where something within asks for the column. What stands in the plan several times is looked at once. */
function firstAsked(part: unknown, seen: Set<object> = new Set()): Span | undefined {
  if (typeof part !== 'object' || part === null || seen.has(part)) return undefined;
  seen.add(part);
  const { kind, name, span } = part as { readonly kind?: unknown; readonly name?: unknown; readonly span: Span };
  if (kind === 'column') return name === INGESTION_COLUMN ? span : undefined;
  if (kind === 'constant' || kind === 'inline') return undefined;
  for (const [key, value] of Object.entries(part)) {
    const found = PLAIN.has(key) ? undefined : firstAsked(value, seen);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether the operator's own expressions do; what relations they hold ask for themselves. */
function asksItself(node: Relation): boolean {
  return Object.entries(node).some(([key, value]) => !PLAIN.has(key) && !INPUTS.has(key) && inExpression(value));
}

function inExpression(part: unknown): boolean {
  if (typeof part !== 'object' || part === null) return false;
  const { kind, name } = part as { readonly kind?: unknown; readonly name?: unknown };
  if (kind === 'column') return name === INGESTION_COLUMN;
  if (kind === 'constant' || kind === 'query') return false;
  return Object.entries(part).some(([key, value]) => !PLAIN.has(key) && key !== 'relation' && inExpression(value));
}

const PLAIN: ReadonlySet<string> = new Set(['columns', 'from', 'kind', 'nameSpan', 'rows', 'span', 'type']);
const INPUTS: ReadonlySet<string> = new Set(['input', 'inputs', 'left', 'right', 'relation', 'body', 'expand']);

class Through {
  /** The operator that hides it. */
  beyond: string | undefined;
  private readonly shared = new Map<string, Shared>();

  /** The relation with the columns that it has. */
  exactly(node: Relation): Relation {
    const made = this.walked(node, false);
    return made.columns.some(({ name }) => name === INGESTION_COLUMN) ? without(made, node.columns) : made;
  }

  /** With the column after its own. */
  private carrying(node: Relation): Relation {
    const made = this.walked(node, true);
    return made.columns.some(({ name }) => name === INGESTION_COLUMN) ? made : withNull(made);
  }

  private walked(node: Relation, isWanted: boolean): Relation {
    const inside = this.expressions(node);
    const isNeeded = isWanted || asksItself(node);
    const input = (one: Relation) => (isNeeded ? this.carrying(one) : this.exactly(one));
    switch (inside.kind) {
      case 'scan-table':
        return isWanted ? { ...inside, columns: [...inside.columns, COLUMN] } : inside;
      case 'filter':
      case 'sort':
      case 'take': {
        const below = input(inside.input);
        return { ...inside, input: below, columns: below.columns } as Filter;
      }
      case 'project':
        return this.project({ ...inside, input: input(inside.input) }, isWanted);
      case 'parse':
      case 'parse-kv':
      case 'expand':
        return {
          ...inside,
          input: input(inside.input),
          columns: isNeeded ? [...inside.columns, COLUMN] : inside.columns,
        };
      case 'union':
        return {
          ...inside,
          inputs: inside.inputs.map((one) => (isWanted ? this.carrying(one) : this.exactly(one))),
          columns: isWanted ? [...inside.columns, COLUMN] : inside.columns,
        };
      case 'summarize':
      case 'make-series':
      case 'distinct':
        return { ...inside, input: asksItself(node) ? this.carrying(inside.input) : this.exactly(inside.input) };
      case 'shared':
        return this.once(inside);
      case 'external':
      case 'inline':
      case 'range':
        return inside;
      case 'group':
        if (isWanted) this.beyond ??= 'partition or mv-apply';
        return inside;
      case 'join':
        if (isNeeded) this.beyond ??= 'join';
        return { ...inside, left: this.exactly(inside.left), right: this.exactly(inside.right) };
      case 'apply': {
        if (isNeeded) this.beyond ??= 'mv-apply';
        const expand = { ...inside.expand, input: this.exactly(inside.expand.input) };
        return { ...inside, expand, body: this.exactly(inside.body) };
      }
      case 'partition':
        if (isNeeded) this.beyond ??= 'partition';
        return { ...inside, input: this.exactly(inside.input), body: this.exactly(inside.body) };
      case 'evaluate':
      case 'scan-steps':
      case 'top-nested':
        if (isNeeded) this.beyond ??= NAMES[inside.kind];
        return { ...inside, input: this.exactly(inside.input) };
    }
  }

  private project(node: Project, isWanted: boolean): Project {
    if (!isWanted) return node;
    return {
      ...node,
      values: [...node.values, { name: INGESTION_COLUMN, value: { kind: 'column', ...COLUMN, span: node.span } }],
      columns: [...node.columns, COLUMN],
    };
  }

  /** Computed once, and so the same for who asks for the column and who does not. */
  private once(node: Shared): Shared {
    const known = this.shared.get(node.id);
    if (known !== undefined) return known;
    const relation = this.carrying(node.relation);
    const made = { ...node, relation, columns: relation.columns };
    this.shared.set(node.id, made);
    return made;
  }

  /** The node with the queries within its expressions seen to, each by itself. */
  private expressions(node: Relation): Relation {
    const walk = (part: unknown): unknown => {
      if (Array.isArray(part)) return part.map(walk);
      if (typeof part !== 'object' || part === null) return part;
      const { kind } = part as { readonly kind?: unknown };
      if (kind === 'constant' || kind === 'column') return part;
      const entries = Object.entries(part).map(([key, value]) => {
        if (key === 'relation' && (kind === 'query' || kind === 'in-query')) return [key, this.exactly(value)];
        return [key, PLAIN.has(key) ? value : walk(value)];
      });
      return Object.fromEntries(entries);
    };
    const entries = Object.entries(node).map(([key, value]) => [
      key,
      PLAIN.has(key) || INPUTS.has(key) ? value : walk(value),
    ]);
    return Object.fromEntries(entries) as Relation;
  }
}

const NAMES = { evaluate: 'evaluate', 'scan-steps': 'scan', 'top-nested': 'top-nested' } as const;

function without(input: Relation, columns: readonly RelationColumn[]): Project {
  const { span } = input;
  const values = columns.map(({ name, type }) => ({ name, value: { kind: 'column', name, type, span } as const }));
  return { kind: 'project', input, values, columns, span };
}

/** Rows that came into no table. */
function withNull(input: Relation): Project {
  const { columns, span } = input;
  const nothing: Scalar = { kind: 'constant', type: 'datetime', value: null, span };
  const own = columns.map(({ name, type }) => ({ name, value: { kind: 'column', name, type, span } as const }));
  return {
    kind: 'project',
    input,
    values: [...own, { name: INGESTION_COLUMN, value: nothing }],
    columns: [...columns, COLUMN],
    span,
  };
}
