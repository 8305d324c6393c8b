/**
 * An exception's condition in a rule language: one condition over one event, by the front ends that rules go through.
 *
 * The parsed fields (`parsed-fields.ts`) are read under their names in EQL, Sigma and kuery; in Kusto, where a query names a
 * table's columns, as columns of the process tables: `PythonWebServerReach`, `PythonWebServerPort`, `ScriptPath`, …
 */
import { type Diagnostic, diagnose, hasErrors } from '../../diagnostic/diagnostic.ts';
import { NO_SPAN } from '../../diagnostic/span.ts';
import { ecsFieldType } from '../../event/ecs-fields.ts';
import { compileEql } from '../../language/eql/eql.ts';
import { kueryFieldType } from '../../language/kuery/fields.ts';
import { compileKuery } from '../../language/kuery/kuery.ts';
import { compileKusto } from '../../language/kusto/kusto.ts';
import type { Compiled } from '../../language/language.ts';
import { compileLucene } from '../../language/lucene/lucene.ts';
import { compileSigma } from '../../language/sigma/sigma.ts';
import type { Predicate } from '../../plan/predicate/node.ts';
import { ASIM_TABLES } from '../../vocabulary/asim.ts';
import type { Table } from '../../vocabulary/table.ts';
import type { ExceptionCondition } from '../exception.ts';
import { PARSED_FIELDS, parsedFieldType } from './parsed-fields.ts';

export interface CompiledQuery {
  /** Absent exactly when a diagnostic is an error. */
  readonly predicate?: Predicate;
  /** Spans are in the query. */
  readonly diagnostics: readonly Diagnostic[];
}

type Query = Extract<ExceptionCondition, { kind: 'query' }>;

/** Whatever the text is, the answer is a value. */
export async function compileQuery({ language, query }: Pick<Query, 'language' | 'query'>): Promise<CompiledQuery> {
  const compiled = await compileIn(language, query);
  const diagnostics = [...compiled.diagnostics];
  const { plan, output } = compiled;
  if (plan !== undefined && (plan.kind !== 'event' || (plan.pipes ?? []).length > 0)) {
    diagnostics.push(
      refuse(
        'An exception’s query is about one event; this one relates several.',
        'Name the step of the sequence instead.',
      ),
    );
  } else if (output?.count !== undefined || output?.take !== undefined) {
    diagnostics.push(
      refuse('An exception’s query can neither count events nor take some of them.', 'End it after where.'),
    );
  }
  if (compiled.idle !== undefined) diagnostics.push(diagnose('exception-query-idle', 'warning', compiled.idle));
  if (plan?.kind !== 'event' || hasErrors(diagnostics)) return { diagnostics };
  return { predicate: plan.predicate, diagnostics };
}

function compileIn(language: Query['language'], query: string): Compiled | Promise<Compiled> {
  switch (language) {
    case 'eql':
      return compileEql(query, { fieldType: (name) => parsedFieldType(name) ?? ecsFieldType(name) });
    case 'sigma':
      return compileSigma(query);
    case 'kuery':
      return compileKuery(query, { fieldType: (name) => parsedFieldType(name) ?? kueryFieldType(name) });
    case 'lucene':
      return compileLucene(query, { fieldType: (name) => parsedFieldType(name) ?? kueryFieldType(name) });
    case 'kusto':
      return MENTIONS_PARSED.test(query) ? compileKusto(query, { tables: parsedTables() }) : compileKusto(query);
  }
}

const KUSTO_COLUMNS: readonly (readonly [column: string, field: string])[] = PARSED_FIELDS.map(({ name }) => [
  name
    .split(/[._]/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join(''),
  name,
]);
const MENTIONS_PARSED = new RegExp(`\\b(?:${KUSTO_COLUMNS.map(([column]) => column).join('|')})\\b`);

let tables: readonly Table[] | undefined;

/** A parser of their own is started for them, so only queries that need them use them. */
function parsedTables(): readonly Table[] {
  tables ??= ASIM_TABLES.map((table) => ({
    ...table,
    columns: [
      ...table.columns,
      ...KUSTO_COLUMNS.map(([name, field]) => ({
        name,
        type: parsedFieldType(field) === 'long' ? ('long' as const) : ('string' as const),
        fields: [field],
      })),
    ],
  }));
  return tables;
}

function refuse(message: string, hint: string): Diagnostic {
  return diagnose('exception-query-kind', 'error', message, NO_SPAN, hint);
}
