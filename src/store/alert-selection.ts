/**
 * What a query asks for, checked, as a condition in SQL.
 *
 *   AlertQuery ──selectAlerts──▶ AlertSelection {filter, search, after, order, limit, from, to}
 *                             └─▶ QueryProblem {parameter, message, hint}
 *
 * Every value is a bound parameter. What is wrong in a query is the asker's, so it comes back as a value; whoever asks
 * the store itself has checked before.
 */
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { positionAt } from '../diagnostic/span.ts';
import { parseTime } from '../event/time.ts';
import { isFieldSearch, searchByFields } from './alert-kuery.ts';
import {
  ALERT_SORTS,
  type AlertOrder,
  type AlertSort,
  behind,
  type OrderKey,
  orderOf,
  readCursor,
} from './alert-order.ts';
import type { AlertQuery } from './alert-query.ts';
import { foldForSearch, SEVERITIES, STATUSES } from './alert-row.ts';

export const MAX_PAGE = 500;
const DEFAULT_PAGE = 100;
const DEFAULT_STATUS = 'open,acknowledged';
/** A search of more words than a person types only costs time. */
const MAX_WORDS = 16;

/** As a condition on alerts: those that are shown unless somebody asks for building blocks. */
export const NO_BLOCKS = 'seq NOT IN (SELECT seq FROM building_block)';

export interface QueryProblem {
  readonly parameter: keyof AlertQuery;
  /** One sentence: what is wrong, naming the parameter and the value. */
  readonly message: string;
  /** What is accepted. */
  readonly hint: string;
}

export interface Condition {
  /** Joined with AND; empty selects everything. */
  readonly clauses: readonly string[];
  readonly parameters: readonly (string | number)[];
}

export interface AlertSelection {
  /** Everything but the time range, the search and the cursor. */
  readonly filter: Condition;
  readonly search: AlertSearch | undefined;
  /** Only the rows behind the cursor; counts leave it out. */
  readonly after: Condition;
  readonly order: AlertOrder;
  readonly limit: number;
  /** Epoch milliseconds; inclusive. */
  readonly from: number | undefined;
  /** Exclusive. */
  readonly to: number | undefined;
  /** Groups by process instead of single alerts. */
  readonly isFolded: boolean;
}

/**
 * The words of a search, folded as the stored texts are. The full-text index holds every run of three characters, so
 * it answers exactly for a word of three or more, as a phrase; shorter words are looked for in the texts.
 */
export interface AlertSearch {
  /** A query for FTS5; absent where every word is short. */
  readonly match?: string;
  readonly short: readonly string[];
}

export function isProblem(result: AlertSelection | QueryProblem): result is QueryProblem {
  return 'parameter' in result;
}

export function selectAlerts(query: AlertQuery): AlertSelection | QueryProblem {
  const clauses: string[] = [];
  const parameters: (string | number)[] = [];
  const add = (clause: string, ...values: (string | number)[]): void => {
    clauses.push(clause);
    parameters.push(...values);
  };

  const byFields = query.q !== undefined && isFieldSearch(query.q) ? searchByFields(query.q, Date.now()) : undefined;
  if (byFields !== undefined && 'code' in byFields) return inPlace(byFields, query.q ?? '');
  const statuses = query.status ?? (byFields?.namesStatus ? STATUSES.join() : DEFAULT_STATUS);
  for (const [parameter, names] of [
    ['status', STATUSES],
    ['severity', SEVERITIES],
  ] as const) {
    const ranks = ranksOf(parameter === 'status' ? statuses : (query.severity ?? names.join()), names);
    if (typeof ranks === 'string') return unknownName(parameter, ranks, names);
    if (ranks.length < names.length) add(`${parameter} IN (${ranks.join()})`);
  }

  const blocks = query.building_block ?? 'false';
  if (blocks === 'false') add(NO_BLOCKS);
  else if (blocks === 'true') add('seq IN (SELECT seq FROM building_block)');
  else if (blocks !== 'any') return unknownName('building_block', blocks, ['false', 'true', 'any']);
  if (query.rule !== undefined) add('rule_id = ?', query.rule);
  if (query.host !== undefined) add('host = ?', query.host);
  if (query.user !== undefined) add('user = ?', query.user);
  // Said twice, because only then the index over processes that are known is used.
  if (query.process !== undefined) add("entity = ? AND entity <> ''", query.process);
  if (query.incident !== undefined) {
    if (!/^\d{1,15}$/.test(query.incident)) {
      const message = `\`incident\` is no incident's id: ${JSON.stringify(query.incident)}.`;
      return { parameter: 'incident', message, hint: 'The `incident` of an alert, or the `id` of an incident.' };
    }
    const id = Number(query.incident);
    add('incident = coalesce((SELECT target FROM incident_joined WHERE id = ?), ?)', id, id);
  }
  if (query.fold !== undefined && query.fold !== 'process') return unknownName('fold', query.fold, ['process']);

  const from = boundOf(query.from);
  const to = boundOf(query.to);
  if (from === null) return badTime('from', query.from);
  if (to === null) return badTime('to', query.to);
  if (from !== undefined && to !== undefined && from >= to) {
    const message = `\`from\` (${query.from}) is not before \`to\` (${query.to}).`;
    return { parameter: 'from', message, hint: '`from` is inclusive, `to` exclusive.' };
  }

  if (byFields !== undefined) add(byFields.sql, ...byFields.parameters);
  const words = byFields === undefined ? wordsOf(query.q ?? '') : [];
  if (words.length > MAX_WORDS) {
    const message = `\`q\` has ${words.length} words.`;
    return { parameter: 'q', message, hint: `At most ${MAX_WORDS} words are searched for.` };
  }

  const sort = query.sort ?? '-time';
  if (!(ALERT_SORTS as readonly string[]).includes(sort)) return unknownName('sort', sort, ALERT_SORTS);
  const limit = query.limit ?? DEFAULT_PAGE;
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE) {
    return { parameter: 'limit', message: `\`limit\` is ${limit}.`, hint: `A whole number from 1 to ${MAX_PAGE}.` };
  }
  const order = orderOf(sort as AlertSort);
  const key = query.cursor === undefined ? undefined : readCursor(order, query.cursor);
  if (query.cursor !== undefined && key === undefined) {
    const message = '`cursor` is not the `next` of a page with this `sort`.';
    return { parameter: 'cursor', message, hint: 'Pass on `next` as it came, with the same `sort`, or leave it out.' };
  }
  const search = searchOf(words);
  const isFolded = query.fold !== undefined;
  return { filter: { clauses, parameters }, search, after: afterOf(order, key), order, limit, from, to, isFolded };
}

/** The place is told as the places of queries are everywhere: from 1. */
function inPlace({ message, hint, span }: Diagnostic, text: string): QueryProblem {
  const { line, column } = positionAt(text, span.start);
  const place = `\`q\`, line ${line}, column ${column}: ${message}`;
  return { parameter: 'q', message: place, hint: hint ?? 'field: value, or words to look for' };
}

function searchOf(words: readonly string[]): AlertSearch | undefined {
  if (words.length === 0) return undefined;
  const isShort = (word: string): boolean => [...word].length < 3;
  const phrases = words.filter((word) => !isShort(word)).map((word) => `"${word.replaceAll('"', '""')}"`);
  const short = words.filter(isShort);
  return phrases.length === 0 ? { short } : { match: phrases.join(' AND '), short };
}

function afterOf(order: AlertOrder, key: OrderKey | undefined): Condition {
  if (key === undefined) return { clauses: [], parameters: [] };
  const { sql, parameters } = behind(order, key);
  return { clauses: [sql], parameters };
}

/** The ranks of comma-separated names in rising order, or the first name that is unknown. */
function ranksOf(text: string, names: readonly string[]): readonly number[] | string {
  const ranks = new Set<number>();
  for (const part of text.split(',')) {
    const rank = names.indexOf(part.trim());
    if (rank === -1) return part;
    ranks.add(rank);
  }
  return [...ranks].sort();
}

function unknownName(parameter: keyof AlertQuery, name: string, names: readonly string[]): QueryProblem {
  const message = `\`${parameter}\` does not know ${JSON.stringify(name)}.`;
  return { parameter, message, hint: `Accepted: ${names.join(', ')}.` };
}

/** `null` when the text is no time. */
function boundOf(text: string | undefined): number | undefined | null {
  return text === undefined ? undefined : (parseTime(text)?.ms ?? null);
}

function badTime(parameter: 'from' | 'to', text: string | undefined): QueryProblem {
  const hint = 'ISO 8601, for example 2026-01-31T12:00:00Z or 2026-01-31; in a URL a + is written %2B.';
  return { parameter, message: `\`${parameter}\` is not a time: ${JSON.stringify(text)}.`, hint };
}

function wordsOf(text: string): readonly string[] {
  return [
    ...new Set(
      foldForSearch(text)
        .split(/\s+/u)
        .filter((word) => word !== ''),
    ),
  ];
}
