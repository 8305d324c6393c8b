/**
 * Kusto's front end: query text → plan and output, or diagnostics that say what is wrong, where, and what to write.
 *
 *   text ──parser's thread──▶ syntax tree ──lower──▶ plan, output
 *
 * Asynchronous, because the parser lives in a thread that is started when the first query comes.
 */
import { type Diagnostic, diagnose, hasErrors } from '../../diagnostic/diagnostic.ts';
import { spanOf } from '../../diagnostic/span.ts';
import { type EventPlan, eventPlan } from '../../plan/plan.ts';
import { TICKS_PER_MS } from '../../plan/relation/time-text.ts';
import { KUSTO_TABLES } from '../../vocabulary/kusto-tables.ts';
import type { Table } from '../../vocabulary/table.ts';
import type { Compiled } from '../language.ts';
import { supportedFunctions } from './functions.ts';
import { knownQuery } from './known-queries.ts';
import { lowerKusto } from './lower-kusto.ts';
import { failureDiagnostic, LONGEST, parserFor } from './parsers.ts';
import { addBinderProblems, Problems } from './problems.ts';

export interface KustoOptions {
  /** The tables a query may name; ASIM's by default. */
  readonly tables?: readonly Table[];
  /** Epoch milliseconds that `now()` gives, for a query that is run once. Without it the time of each event is now. */
  readonly now?: number;
  /** Whether queries whose plans are at hand are parsed all the same; `when-unknown` by default. */
  readonly parse?: 'always' | 'when-unknown';
  /** Gives up: ends the parser's work at once. */
  readonly signal?: AbortSignal;
}

/**
 * Compiles one query over one table. Whatever the text is, the answer is a value.
 * @throws the signal's reason when the caller gives up.
 */
export async function compileKusto(text: string, options: KustoOptions = {}): Promise<Compiled<EventPlan>> {
  const tables = options.tables ?? KUSTO_TABLES;
  if (text.length > LONGEST) return refuse('kusto-too-long', `The query is longer than ${LONGEST} characters.`);
  const usual = options.parse !== 'always' && options.tables === undefined && options.now === undefined;
  const known = usual ? knownQuery(text) : undefined;
  if (known !== undefined) return known;
  const parsed = await parserFor(tables).parse(text, options.signal);
  if ('failure' in parsed) return { diagnostics: [failureDiagnostic(parsed)] };
  const problems = new Problems();
  const sources = [parsed.syntax.pipeline, ...parsed.syntax.lets.map(({ value }) => value)].flatMap((each) =>
    each?.kind === 'pipeline' ? [each.source.span] : [],
  );
  addBinderProblems(problems, text, parsed.diagnostics, sources, {
    tables: tables.flatMap(({ names }) => names),
    columns: tables.flatMap(({ columns }) => columns.map(({ name }) => name)),
    functions: supportedFunctions(),
  });
  const now = options.now === undefined ? undefined : BigInt(Math.trunc(options.now)) * TICKS_PER_MS;
  const lowered = lowerKusto(parsed.syntax, tables, now, problems);
  const diagnostics = problems.diagnostics;
  if (hasErrors(diagnostics)) return { diagnostics };
  if (lowered === undefined)
    return refuse(
      'kusto-syntax',
      'The text holds no query.',
      'Write for example: imProcessCreate | where TargetProcessName endswith "/python3"',
    );
  return { plan: eventPlan(lowered.predicate), output: lowered.output, diagnostics };
}

function refuse(code: Diagnostic['code'], message: string, hint?: string): Compiled<EventPlan> {
  return { diagnostics: [diagnose(code, 'error', message, spanOf(0, 0), hint)] };
}
