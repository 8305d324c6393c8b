/**
 * The parsers that run, one for each set of tables and functions, and what to say when one fails.
 */
import { type Diagnostic, diagnose } from '../../diagnostic/diagnostic.ts';
import { NO_SPAN } from '../../diagnostic/span.ts';
import type { Table } from '../../vocabulary/table.ts';
import { type KustoFailure, KustoParser } from './parse-kusto.ts';
import type { KustoFunction } from './schema.ts';

/** UTF-16 units; Sentinel takes queries of up to 10,000. */
export const LONGEST = 65_536;

/** Whether a parser's thread runs: it starts with the first query, and ends when there is none for a while. */
export function isKustoLoaded(): boolean {
  return [...RUNNING].some((parser) => parser.running);
}

const PARSERS = new WeakMap<readonly Table[], WeakMap<readonly KustoFunction[], KustoParser>>();
const NO_FUNCTIONS: readonly KustoFunction[] = [];
const RUNNING = new Set<KustoParser>();

/** The parser of these very tables and functions; asked again with the same lists, the same one. */
export function parserFor(tables: readonly Table[], functions = NO_FUNCTIONS): KustoParser {
  const ofTables = PARSERS.get(tables) ?? new WeakMap<readonly KustoFunction[], KustoParser>();
  PARSERS.set(tables, ofTables);
  const known = ofTables.get(functions);
  if (known !== undefined) return known;
  const schema = {
    tables: tables.map(({ names, columns, parameters }) => ({
      names,
      columns: columns.map(({ name, type }) => ({ name, type })),
      ...(parameters === undefined ? {} : { parameters }),
    })),
    functions,
  };
  const parser = new KustoParser(schema);
  ofTables.set(functions, parser);
  RUNNING.add(parser);
  return parser;
}

/** Why a text was not understood at all. */
export function failureDiagnostic(failed: KustoFailure): Diagnostic {
  switch (failed.failure) {
    case 'too-deep':
      return refused('kusto-too-deep', 'The query is nested too deeply.');
    case 'too-slow':
      return refused('kusto-too-slow', 'The query takes too long to understand.', 'Split it, or shorten its lists.');
    case 'unavailable':
      return refused(
        'kusto-parser',
        `Kusto’s parser cannot be started: ${failed.message}.`,
        'Install Vedette’s packages again.',
      );
    case 'broken':
      return refused('kusto-parser', `Kusto’s parser failed on this query: ${failed.message}.`);
  }
}

function refused(code: Diagnostic['code'], message: string, hint?: string): Diagnostic {
  return diagnose(code, 'error', message, NO_SPAN, hint);
}
