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
import { ASIM_TABLES } from '../../vocabulary/asim.ts';
import type { Table } from '../../vocabulary/table.ts';
import type { Compiled } from '../language.ts';
import { supportedFunctions } from './functions.ts';
import { knownQuery } from './known-queries.ts';
import { TICKS_PER_MS } from './literal.ts';
import { lowerKusto } from './lower-kusto.ts';
import { type KustoFailure, KustoParser } from './parse-kusto.ts';
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

/** UTF-16 units; Sentinel takes queries of up to 10,000. */
const LONGEST = 65_536;

/**
 * Compiles one query over one table. Whatever the text is, the answer is a value.
 * @throws the signal's reason when the caller gives up.
 */
export async function compileKusto(text: string, options: KustoOptions = {}): Promise<Compiled<EventPlan>> {
  const tables = options.tables ?? ASIM_TABLES;
  if (text.length > LONGEST) return refuse('kusto-too-long', `The query is longer than ${LONGEST} characters.`);
  const usual = options.parse !== 'always' && options.tables === undefined && options.now === undefined;
  const known = usual ? knownQuery(text) : undefined;
  if (known !== undefined) return known;
  const parsed = await parserFor(tables).parse(text, options.signal);
  if ('failure' in parsed) return refuseFailure(parsed);
  const problems = new Problems();
  addBinderProblems(problems, text, parsed, {
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

/** Whether a parser's thread runs: it starts with the first query, and ends when there is none for a while. */
export function isKustoLoaded(): boolean {
  return [...RUNNING].some((parser) => parser.running);
}

const PARSERS = new WeakMap<readonly Table[], KustoParser>();
const RUNNING = new Set<KustoParser>();

function parserFor(tables: readonly Table[]): KustoParser {
  const known = PARSERS.get(tables);
  if (known !== undefined) return known;
  const schema = {
    tables: tables.map(({ names, columns, parameters }) => ({
      names,
      columns: columns.map(({ name, type }) => ({ name, type })),
      ...(parameters === undefined ? {} : { parameters }),
    })),
  };
  const parser = new KustoParser(schema);
  PARSERS.set(tables, parser);
  RUNNING.add(parser);
  return parser;
}

function refuse(code: Diagnostic['code'], message: string, hint?: string): Compiled<EventPlan> {
  return { diagnostics: [diagnose(code, 'error', message, spanOf(0, 0), hint)] };
}

function refuseFailure(failed: KustoFailure): Compiled<EventPlan> {
  switch (failed.failure) {
    case 'too-deep':
      return refuse('kusto-too-deep', 'The query is nested too deeply.');
    case 'too-slow':
      return refuse('kusto-too-slow', 'The query takes too long to understand.', 'Split it, or shorten its lists.');
    case 'unavailable':
      return refuse(
        'kusto-parser',
        `Kusto’s parser cannot be started: ${failed.message}.`,
        'Install Vedette’s packages again.',
      );
    case 'broken':
      return refuse('kusto-parser', `Kusto’s parser failed on this query: ${failed.message}.`);
  }
}
