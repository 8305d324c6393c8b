/**
 * Exceptions as Elastic's NDJSON, as Kibana imports it: each list followed by its items, then a summary.
 *
 *   exceptions ──by list──▶ header line · item lines … ──▶ summary, which names what was left out and why
 *
 * What came from Elastic and was not changed is written word for word, list by list; what was changed, with its new
 * parts. Exceptions made here go into one list for each set of rules, which says in `meta` which rules they are. Left
 * out is what Elastic has no words for, and what Elastic would apply more widely than it is meant: what is turned off,
 * holds in time windows only, or is about one step of a sequence.
 */
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { isJsonObject, type JsonObject } from '../../event/json.ts';
import type { Exception, ExceptionEntry, ValueListType } from '../exception.ts';
import { writeElasticEntry } from './elastic-entry.ts';
import { commentsOf, elasticListKey, readElasticCondition } from './elastic-list.ts';

export interface ElasticExport {
  /** NDJSON, with a line break at its end. */
  readonly text: string;
  readonly leftOut: readonly { readonly id: string; readonly name: string; readonly reason: string }[];
}

/** @param typeOf the type of a value list; none where there is no such list */
export function writeElasticExceptions(
  exceptions: readonly Exception[],
  typeOf: (list: string) => ValueListType | undefined,
): ElasticExport {
  const leftOut: ElasticExport['leftOut'][number][] = [];
  const lists = new Map<string, { readonly header: JsonObject; readonly items: JsonObject[] }>();
  for (const exception of exceptions) {
    const list = listOf(exception);
    const item = itemOf(exception, list, typeOf);
    if (typeof item === 'string') leftOut.push({ id: exception.id, name: exception.name, reason: item });
    else {
      const key = `${elasticListKey(list)} ${rulesIn(list)}`;
      const group = lists.get(key) ?? { header: list, items: [] };
      group.items.push(item);
      lists.set(key, group);
    }
  }
  const groups = [...lists.values()];
  const lines = [...groups.flatMap(({ header, items }) => [header, ...items]), summaryOf(groups, leftOut)];
  return { text: lines.map((line) => `${JSON.stringify(line)}\n`).join(''), leftOut };
}

function itemOf(
  exception: Exception,
  list: JsonObject,
  typeOf: (list: string) => ValueListType | undefined,
): JsonObject | string {
  const { condition } = exception;
  if (!exception.enabled) return 'It is turned off, and Elastic would apply it.';
  if (exception.windows !== undefined) return 'It holds in time windows only, and Elastic would always apply it.';
  if (exception.step !== undefined) return 'It is about one step of a sequence, and Elastic asks every event.';
  if (condition.kind === 'query') return 'Its condition is a query, which Elastic’s exceptions cannot hold.';
  const original = originalOf(exception).item ?? {};
  const conditions = sameCondition(original, exception) ? {} : entriesOf(condition.entries, typeOf, original);
  if (typeof conditions === 'string') return conditions;
  const changed: Record<string, unknown> = { ...conditions };
  const set = (key: string, value: unknown, was: unknown) => {
    if (!isDeepStrictEqual(value, was)) changed[key] = value;
  };
  set('name', exception.name, original.name || original.item_id);
  set('description', exception.reason, original.description ?? '');
  set('expire_time', exception.expires, original.expire_time ?? undefined);
  const comments = exception.comments ?? [];
  if (!isDeepStrictEqual(comments, commentsOf(original))) {
    changed.comments = comments.map(({ text, author, time }) => ({
      comment: text,
      created_at: time,
      created_by: author,
    }));
  }
  if (original.item_id !== undefined) return { ...original, ...changed } as JsonObject;
  return {
    comments: [],
    created_at: exception.created,
    created_by: exception.author,
    description: exception.reason,
    item_id: exception.id,
    list_id: list.list_id,
    name: exception.name,
    namespace_type: list.namespace_type,
    os_types: [],
    tags: [],
    type: 'simple',
    updated_at: exception.updated,
    updated_by: exception.author,
    ...changed,
  } as JsonObject;
}

function entriesOf(
  entries: readonly ExceptionEntry[],
  typeOf: (list: string) => ValueListType | undefined,
  original: JsonObject,
): { readonly entries: readonly JsonObject[]; readonly os_types?: readonly never[] } | string {
  const written: JsonObject[] = [];
  for (const [index, entry] of entries.entries()) {
    const one = writeElasticEntry(entry, typeOf);
    if ('refused' in one) return `Entry ${index + 1} ${one.refused as string}.`;
    written.push(one);
  }
  // The operating systems stand among the entries then.
  return original.os_types === undefined ? { entries: written } : { entries: written, os_types: [] };
}

function sameCondition(original: JsonObject, { condition }: Exception): boolean {
  const read = readElasticCondition(original);
  return typeof read !== 'string' && isDeepStrictEqual(read.condition, condition);
}

/** The list of an exception: the one it came in, where it belongs to the same rules, or one for its rules. */
function listOf(exception: Exception): JsonObject {
  const { list, item } = originalOf(exception);
  if (list !== undefined) return withRules(list, exception.rules);
  if (item !== undefined) {
    const header = { ...blankList(), list_id: item.list_id, name: item.list_id, namespace_type: item.namespace_type };
    return withRules(header as JsonObject, exception.rules);
  }
  const rules = exception.rules === 'all' ? 'every rule' : exception.rules.join(', ');
  const digest = createHash('sha256').update(JSON.stringify(exception.rules)).digest('hex').slice(0, 12);
  const name = `Vedette: ${rules.length > 80 ? `${rules.slice(0, 80)}…` : rules}`;
  const description = 'Exceptions made in Vedette. Add the list to the rules it is for.';
  return withRules({ ...blankList(), list_id: `vedette-${digest}`, name, description }, exception.rules);
}

function blankList(): JsonObject {
  return {
    description: '',
    immutable: false,
    namespace_type: 'single',
    os_types: [],
    tags: [],
    type: 'detection',
    version: 1,
  };
}

function withRules(list: JsonObject, rules: Exception['rules']): JsonObject {
  if (rules.length === 0) return list;
  const meta = isJsonObject(list.meta) ? list.meta : {};
  const ours = isJsonObject(meta.vedette) ? meta.vedette : {};
  return { ...list, meta: { ...meta, vedette: { ...ours, rules } } };
}

function rulesIn(list: JsonObject): string {
  return JSON.stringify(isJsonObject(list.meta) ? (list.meta.vedette ?? null) : null);
}

function originalOf({ extra }: Exception): { readonly list?: JsonObject; readonly item?: JsonObject } {
  const { list, item } = isJsonObject(extra?.elastic) ? extra.elastic : {};
  return { ...(isJsonObject(list) ? { list } : {}), ...(isJsonObject(item) ? { item } : {}) };
}

function summaryOf(
  groups: readonly { readonly items: readonly JsonObject[] }[],
  leftOut: ElasticExport['leftOut'],
): JsonObject {
  return {
    exported_exception_list_count: groups.length,
    exported_exception_list_item_count: groups.reduce((sum, { items }) => sum + items.length, 0),
    missing_exception_list_item_count: leftOut.length,
    missing_exception_list_items: leftOut.map(({ id, reason }) => ({ item_id: id, reason })),
    missing_exception_lists: [],
    missing_exception_lists_count: 0,
  };
}
