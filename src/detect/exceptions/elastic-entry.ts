/**
 * One entry of an Elastic exception item, and back.
 *
 *   {field, operator, type, value | list | entries} ──readElasticEntry──▶ ExceptionEntry ──writeElasticEntry──▶ the same
 *
 * Two things are said otherwise here than there. In Elastic's wildcards a backslash escapes (`C:\\Temp\\*`), here it is
 * a backslash. And what Elastic compares without regard to case by naming a field's `.caseless` twin is here the field
 * itself with `ignore_case`. Semantics: docs-content, “Add and manage exceptions”, and the list API's schema.
 */
import { ecsFieldType } from '../../event/ecs-fields.ts';
import { isJsonObject, type JsonObject } from '../../event/json.ts';
import type { ExceptionEntry, NestedEntry, ValueListType } from '../exception.ts';
import { VALUE_LIST_TYPES } from '../exception.ts';

export interface NamedList {
  readonly id: string;
  readonly type: ValueListType;
}

export interface ReadEntry {
  readonly entry: ExceptionEntry;
  /** The value list that it names, with the type that Elastic gives with it. */
  readonly list?: NamedList;
  /** What a reader should know of how it was understood. */
  readonly note?: string;
}

export interface Refusal {
  /** A sentence without its full stop, to be put behind the entry's name. */
  readonly refused: string;
}

const CASELESS = '.caseless';
const TEXT = '.text';

/** Never throws, whatever the value is. */
export function readElasticEntry(given: unknown): ReadEntry | Refusal {
  if (!isJsonObject(given)) return { refused: 'is no object' };
  const { type, operator } = given;
  const named = fieldOf(given.field);
  if ('refused' in named) return named;
  if (type === 'nested') return readNested(named.field, given.entries);
  if (operator !== 'included' && operator !== 'excluded') {
    return { refused: `has the operator ${shown(operator)}, which is neither included nor excluded` };
  }
  const included = operator === 'included';
  const { field, fold } = named;
  switch (type) {
    case 'match': {
      const value = textOf(given.value);
      if (value === undefined) return { refused: `has the value ${shown(given.value)}, which is no text` };
      return { entry: { field, operator: included ? 'is' : 'is_not', value, ...fold } };
    }
    case 'match_any': {
      const values = Array.isArray(given.value) ? given.value.map(textOf) : [];
      if (values.length === 0 || values.includes(undefined)) return { refused: 'has no list of texts as its value' };
      const operator = included ? 'is_one_of' : 'is_not_one_of';
      return { entry: { field, operator, values: values as string[], ...fold } };
    }
    case 'exists':
      return { entry: { field, operator: included ? 'exists' : 'does_not_exist' } };
    case 'wildcard':
      return readWildcard(field, included, given.value, fold);
    case 'list':
      return readList(field, included, given.list, fold);
    default:
      return { refused: `is of the type ${shown(type)}; known are match, match_any, exists, list, wildcard, nested` };
  }
}

/** An entry as Elastic has it, or why Elastic cannot. @param typeOf the type of a value list, where it is known */
export function writeElasticEntry(
  entry: ExceptionEntry,
  typeOf: (list: string) => ValueListType | undefined,
): JsonObject | Refusal {
  switch (entry.operator) {
    case 'is':
    case 'is_not':
      return { field: caseField(entry), operator: signOf(entry.operator), type: 'match', value: entry.value };
    case 'is_one_of':
    case 'is_not_one_of':
      return { field: caseField(entry), operator: signOf(entry.operator), type: 'match_any', value: entry.values };
    case 'exists':
    case 'does_not_exist':
      return { field: entry.field, operator: signOf(entry.operator), type: 'exists' };
    case 'matches':
    case 'does_not_match': {
      const value = entry.value.replaceAll('\\', '\\\\');
      return { field: caseField(entry), operator: signOf(entry.operator), type: 'wildcard', value };
    }
    case 'in_list':
    case 'not_in_list': {
      const type = typeOf(entry.list);
      if (type === undefined) return { refused: `names the value list ${shown(entry.list)}, which is not here` };
      if (type === 'wildcard') return { refused: 'names a value list of wildcards, which Elastic does not have' };
      const list = { id: entry.list, type };
      return { field: caseField(entry), list, operator: signOf(entry.operator), type: 'list' };
    }
    case 'nested': {
      const entries: JsonObject[] = [];
      for (const below of entry.entries) {
        const written = writeElasticEntry(below, typeOf);
        if ('refused' in written) return written as Refusal;
        entries.push(written);
      }
      return { entries, field: entry.field, type: 'nested' };
    }
  }
}

/**
 * Elastic's pattern without its escapes. A backslash before anything but `\`, `*` and `?` shows that the author meant
 * backslashes as such (a Windows path pasted as it is): Elastic drops each of them, so that the pattern never held.
 */
function readWildcard(field: string, included: boolean, given: unknown, fold: Fold): ReadEntry | Refusal {
  if (typeof given !== 'string' || given === '') return { refused: `has the value ${shown(given)}, which is no text` };
  const operator = included ? 'matches' : 'does_not_match';
  if (/^(?:\\[\\*?]|[^\\])*$/.test(given)) {
    const parts = given.match(/\\.|[^\\]/gsu) ?? [];
    const literal = parts.some((part) => part === '\\*' || part === '\\?');
    const wild = parts.some((part) => part === '*' || part === '?');
    const value = parts.map((part) => (part.startsWith('\\') ? part.slice(1) : part)).join('');
    if (!literal) return { entry: { field, operator, value, ...fold } };
    if (!wild) return { entry: { field, operator: included ? 'is' : 'is_not', value, ...fold } };
    return { refused: `has ${shown(given)}, where a * or ? stands for itself beside others that are wildcards` };
  }
  const note =
    `The pattern ${shown(given)} of ${field} is taken with its backslashes as they stand; ` +
    'Elastic drops single ones, so there it never held for a path.';
  return { entry: { field, operator, value: given, ...fold }, note };
}

function readList(field: string, included: boolean, given: unknown, fold: Fold): ReadEntry | Refusal {
  const { id, type } = isJsonObject(given) ? given : {};
  if (typeof id !== 'string' || id === '') return { refused: 'names no value list' };
  const known = VALUE_LIST_TYPES.find((name) => name === type);
  if (known === undefined) {
    const names = VALUE_LIST_TYPES.join(', ');
    return { refused: `names a value list of the type ${shown(type)}; lists are of the types ${names}` };
  }
  return {
    entry: { field, operator: included ? 'in_list' : 'not_in_list', list: id, ...fold },
    list: { id, type: known },
  };
}

function readNested(field: string, given: unknown): ReadEntry | Refusal {
  if (!Array.isArray(given) || given.length === 0) return { refused: 'is nested and has no entries' };
  const entries: PlainEntry[] = [];
  const notes: string[] = [];
  for (const one of given) {
    const read = readElasticEntry(one);
    if ('refused' in read) return { refused: `is nested, and an entry in it ${read.refused}` };
    const { entry } = read;
    if (!isPlain(entry)) return { refused: 'is nested, and within it can be neither value lists nor further nesting' };
    entries.push(entry);
    if (read.note !== undefined) notes.push(read.note);
  }
  return {
    entry: { field, operator: 'nested', entries },
    ...(notes.length === 0 ? {} : { note: notes.join(' ') }),
  };
}

type PlainEntry = NestedEntry['entries'][number];

function isPlain(entry: ExceptionEntry): entry is PlainEntry {
  return entry.operator !== 'nested' && !('list' in entry);
}

interface Fold {
  readonly ignore_case?: true;
}

function fieldOf(given: unknown): { readonly field: string; readonly fold: Fold } | Refusal {
  if (typeof given !== 'string' || given.trim() === '') return { refused: 'names no field' };
  if (ecsFieldType(given) !== undefined) return { field: given, fold: {} };
  if (given.endsWith(CASELESS)) return { field: given.slice(0, -CASELESS.length), fold: { ignore_case: true } };
  if (given.endsWith(TEXT) && ecsFieldType(given.slice(0, -TEXT.length)) !== undefined) {
    return {
      refused: `asks for words within ${given.slice(0, -TEXT.length)}; write the field without .text, and wildcards`,
    };
  }
  return { field: given, fold: {} };
}

function caseField(entry: { readonly field: string; readonly ignore_case?: boolean }): string {
  return entry.ignore_case === true ? `${entry.field}${CASELESS}` : entry.field;
}

const NEGATED = new Set(['is_not', 'is_not_one_of', 'does_not_exist', 'does_not_match', 'not_in_list']);

function signOf(operator: ExceptionEntry['operator']): 'included' | 'excluded' {
  return NEGATED.has(operator) ? 'excluded' : 'included';
}

/** Elastic's form writes texts; an API client may have sent a number or a boolean, which Elasticsearch reads alike. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
