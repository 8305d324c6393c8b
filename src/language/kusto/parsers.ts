/**
 * Parsers, one for each set of tables and functions, and what to say when one fails.
 */
import { createHash } from 'node:crypto';
import { type Diagnostic, diagnose } from '../../diagnostic/diagnostic.ts';
import { NO_SPAN } from '../../diagnostic/span.ts';
import type { Table } from '../../vocabulary/table.ts';
import { KUSTO_THREAD, type KustoFailure, KustoParser } from './parse-kusto.ts';
import type { KustoFunction, KustoSchema } from './schema.ts';

/** UTF-16 units; Sentinel takes queries of up to 10,000. */
export const LONGEST = 65_536;

/** Whether the parser's thread runs: it starts with the first query, and ends when there is none for a while. */
export function isKustoLoaded(): boolean {
  return KUSTO_THREAD.running;
}

/** By what they know, the one that was asked last at the end. */
const PARSERS = new Map<string, KustoParser>();
/** Whose own names have changed so often has parsers of names that are gone. */
const MOST_PARSERS = 8;
const KEYS = new WeakMap<readonly Table[], WeakMap<readonly KustoFunction[], string>>();
const NO_FUNCTIONS: readonly KustoFunction[] = [];

/** The parser of these tables and functions; for lists that say the same, the same one. */
export function parserFor(tables: readonly Table[], functions = NO_FUNCTIONS): KustoParser {
  const keys = KEYS.get(tables) ?? new WeakMap<readonly KustoFunction[], string>();
  KEYS.set(tables, keys);
  const key = keys.get(functions) ?? keyOf(tables, functions);
  keys.set(functions, key);
  const parser = PARSERS.get(key) ?? new KustoParser(schemaOf(tables, functions));
  PARSERS.delete(key);
  PARSERS.set(key, parser);
  const [oldest] = PARSERS.keys();
  if (oldest !== undefined && PARSERS.size > MOST_PARSERS) PARSERS.delete(oldest);
  return parser;
}

function keyOf(tables: readonly Table[], functions: readonly KustoFunction[]): string {
  return createHash('sha256')
    .update(JSON.stringify(schemaOf(tables, functions)))
    .digest('base64');
}

function schemaOf(tables: readonly Table[], functions: readonly KustoFunction[]): KustoSchema {
  return {
    tables: tables.map(({ names, columns, parameters }) => ({
      names,
      columns: columns.map(({ name, type }) => ({ name, type })),
      ...(parameters === undefined ? {} : { parameters }),
    })),
    functions,
  };
}

/** Why a text was not understood at all. */
export function failureDiagnostic(failed: KustoFailure): Diagnostic {
  switch (failed.failure) {
    case 'too-deep':
      return refused('kusto-too-deep', 'The query is nested too deeply.');
    case 'too-large':
      return tooLarge();
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

export function tooLarge(): Diagnostic {
  return refused(
    'kusto-too-deep',
    'The query becomes too large when its functions and names are put together.',
    'Split it, or name fewer tables, columns and functions in one another.',
  );
}

function refused(code: Diagnostic['code'], message: string, hint?: string): Diagnostic {
  return diagnose(code, 'error', message, NO_SPAN, hint);
}
