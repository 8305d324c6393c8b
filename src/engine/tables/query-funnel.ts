/**
 * How many rows come through each operator of a query: where they are lost when a rule finds nothing.
 *
 *   source ─rows─▶ operator ─rows─▶ … ─rows─▶ answer        (of a join its left side)
 *
 * Each number is an answer of its own: the query up to there, counted.
 */
import { type Diagnostic, diagnose } from '../../diagnostic/diagnostic.ts';
import type { Relation, RelationColumn, TablePlan } from '../../plan/relation/node.ts';
import { withGivenRows } from './given-tables.ts';
import { compileTableQuery, type RangeReader, runPlanOverStore, type TableQueryOptions } from './run-query.ts';
import { TableRefusal } from './run-table.ts';

export interface FunnelStep {
  /** The operator as it is written, in one line. */
  readonly text: string;
  readonly rows: number;
}

export interface QueryFunnel {
  /** From the source on. */
  readonly steps: readonly FunnelStep[];
  readonly diagnostics: readonly Diagnostic[];
}

/** More are no chain that a person reads. */
const MOST_STEPS = 40;
const LONGEST_TEXT = 120;
const COUNT: readonly RelationColumn[] = [{ name: 'Count', type: 'long' }];

/** Without the last steps where the columns of a plugin follow from the rows. @throws as `runPlanOverStore` */
export async function queryFunnel(
  text: string,
  options: TableQueryOptions & { readonly store: RangeReader },
): Promise<QueryFunnel> {
  const { plan, unsettled, diagnostics } = await compileTableQuery(text, options);
  const root = plan?.relation ?? unsettled?.input;
  if (root === undefined) return { steps: [], diagnostics };
  const steps: FunnelStep[] = [];
  try {
    for (const node of chainOf(await withGivenRows(root, options.given ?? [])).slice(-MOST_STEPS)) {
      const { rows } = await runPlanOverStore(counting(node), options);
      steps.push({ text: written(node, text), rows: Number(rows[0]?.[0] ?? 0) });
    }
  } catch (error) {
    if (!(error instanceof TableRefusal)) throw error;
    return { steps, diagnostics: [...diagnostics, diagnose(error.code, 'error', error.message)] };
  }
  return { steps, diagnostics };
}

/** Operators that may change how many rows there are, the source first. */
function chainOf(root: Relation): readonly Relation[] {
  const chain: Relation[] = [];
  for (let node: Relation | undefined = root; node !== undefined; node = inputOf(node)) {
    if (!KEEPING.has(node.kind)) chain.unshift(node);
  }
  return chain;
}

/** These give a row for each. */
const KEEPING: ReadonlySet<Relation['kind']> = new Set(['project', 'shared', 'sort', 'parse-kv']);

function inputOf(node: Relation): Relation | undefined {
  switch (node.kind) {
    case 'shared':
      return node.relation;
    case 'join':
      return node.left;
    case 'apply':
      return node.expand.input;
    default:
      return 'input' in node ? node.input : undefined;
  }
}

function counting(input: Relation): TablePlan {
  const { span } = input;
  const aggregates = [{ function: 'count', args: [], columns: COUNT, span }];
  const relation: Relation = { kind: 'summarize', input, keys: [], aggregates, columns: COUNT, span };
  return { kind: 'table', version: 1, relation, isOrdered: false };
}

/** Of a function of one's own there is no place in the text; then what kind of operator it is. */
function written({ span, kind }: Relation, text: string): string {
  const line = text.slice(span.start, span.end).replaceAll(/\s+/g, ' ').trim();
  return line === '' ? kind : line.length > LONGEST_TEXT ? `${line.slice(0, LONGEST_TEXT)}…` : line;
}
