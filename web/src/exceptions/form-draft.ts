/**
 * An exception while it is written. The form keeps what is typed for every operator and both kinds of condition, so that
 * trying another one loses nothing; what is sent is only what the chosen ones take.
 *
 *   ExceptionDraft ──toForm──▶ FormDraft ──typing──▶ FormDraft ──toDraft──▶ ExceptionDraft
 *
 * What the form does not show (comments, what an import brought) goes through it unchanged.
 */

import type { QueryLanguage } from '../../../src/serve/api.ts';
import type { ExceptionDraft, ExceptionEntry, TimeWindow } from '../../../src/serve/exception-api.ts';

export type Operator = ExceptionEntry['operator'];

export interface FormEntry {
  /** Tells rows apart while others come and go. */
  readonly key: number;
  readonly field: string;
  readonly operator: Operator;
  readonly value: string;
  readonly values: readonly string[];
  readonly list: string;
  readonly ignoreCase: boolean;
  readonly entries: readonly FormEntry[];
}

export interface FormDraft {
  readonly name: string;
  readonly rules: 'all' | readonly string[];
  readonly kind: 'entries' | 'query';
  readonly entries: readonly FormEntry[];
  readonly language: QueryLanguage;
  readonly query: string;
  readonly reason: string;
  readonly enabled: boolean;
  /** ISO 8601; empty for never. */
  readonly expires: string;
  readonly windows: readonly TimeWindow[];
  /** Of a sequence, from 1; empty for any of its events. */
  readonly step: string;
  /** As it came. */
  readonly rest: Partial<ExceptionDraft>;
}

export const OPERATORS: readonly { readonly operator: Operator; readonly words: string }[] = [
  { operator: 'is', words: 'is' },
  { operator: 'is_not', words: 'is not' },
  { operator: 'is_one_of', words: 'is one of' },
  { operator: 'is_not_one_of', words: 'is not one of' },
  { operator: 'matches', words: 'matches' },
  { operator: 'does_not_match', words: 'does not match' },
  { operator: 'exists', words: 'exists' },
  { operator: 'does_not_exist', words: 'does not exist' },
  { operator: 'in_list', words: 'is in list' },
  { operator: 'not_in_list', words: 'is not in list' },
  { operator: 'nested', words: 'has one with' },
];

/** What an operator compares with. */
export type Operand = 'value' | 'values' | 'pattern' | 'list' | 'entries' | 'nothing';

const OPERAND: Readonly<Record<Operator, Operand>> = {
  is: 'value',
  is_not: 'value',
  is_one_of: 'values',
  is_not_one_of: 'values',
  matches: 'pattern',
  does_not_match: 'pattern',
  exists: 'nothing',
  does_not_exist: 'nothing',
  in_list: 'list',
  not_in_list: 'list',
  nested: 'entries',
};

export function operandOf(operator: Operator): Operand {
  return OPERAND[operator];
}

let keys = 0;

export function emptyEntry(field = '', value = ''): FormEntry {
  keys += 1;
  return { key: keys, field, operator: 'is', value, values: [], list: '', ignoreCase: false, entries: [] };
}

/** Another operator, keeping what was typed where both take something alike. */
export function withOperator(entry: FormEntry, operator: Operator): FormEntry {
  const [from, to] = [operandOf(entry.operator), operandOf(operator)];
  const text = from === 'values' ? (entry.values[0] ?? entry.value) : entry.value;
  if (to === 'values' && entry.values.length === 0 && text !== '') return { ...entry, operator, values: [text] };
  if (to === 'entries' && entry.entries.length === 0) return { ...entry, operator, entries: [emptyEntry()] };
  return { ...entry, operator, ...(entry.value === '' ? { value: text } : {}) };
}

export function emptyForm(rules: FormDraft['rules'] = []): FormDraft {
  return toForm({ name: '', rules, condition: { kind: 'entries', entries: [] }, reason: '' });
}

export function toForm(draft: ExceptionDraft): FormDraft {
  const { name, rules, condition, reason, enabled = true, expires = '', windows = [], step, ...rest } = draft;
  const entries = condition.kind === 'entries' ? condition.entries.map(toFormEntry) : [];
  return {
    name,
    rules,
    kind: condition.kind,
    entries: entries.length === 0 ? [emptyEntry()] : entries,
    language: condition.kind === 'query' ? condition.language : 'eql',
    query: condition.kind === 'query' ? condition.query : '',
    reason,
    enabled,
    expires,
    windows,
    step: step === undefined ? '' : String(step),
    rest,
  };
}

export function toDraft(form: FormDraft): ExceptionDraft {
  const { name, rules, reason, enabled, expires, windows, step, rest } = form;
  const condition: ExceptionDraft['condition'] =
    form.kind === 'query'
      ? { kind: 'query', language: form.language, query: form.query }
      : { kind: 'entries', entries: form.entries.map(toEntry) };
  return {
    ...rest,
    name: name.trim(),
    rules,
    condition,
    reason: reason.trim(),
    enabled,
    ...(expires === '' ? {} : { expires }),
    ...(windows.length === 0 ? {} : { windows }),
    ...(step.trim() === '' ? {} : { step: Number(step) }),
  };
}

/** Nothing is written yet that could be judged. */
export function isBlank({ kind, entries, query }: FormDraft): boolean {
  if (kind === 'query') return query.trim() === '';
  return entries.every(({ field, value, values }) => field.trim() === '' && value === '' && values.length === 0);
}

function toFormEntry(entry: ExceptionEntry): FormEntry {
  return {
    ...emptyEntry(entry.field),
    operator: entry.operator,
    ...('value' in entry ? { value: entry.value } : {}),
    ...('values' in entry ? { values: entry.values } : {}),
    ...('list' in entry ? { list: entry.list } : {}),
    ...('entries' in entry ? { entries: entry.entries.map(toFormEntry) } : {}),
    ignoreCase: 'ignore_case' in entry && entry.ignore_case === true,
  };
}

function toEntry(entry: FormEntry): ExceptionEntry {
  const { operator, value, values, list } = entry;
  const field = entry.field.trim();
  const anyCase = entry.ignoreCase ? { ignore_case: true } : {};
  switch (operator) {
    case 'is':
    case 'is_not':
    case 'matches':
    case 'does_not_match':
      return { field, operator, value, ...anyCase };
    case 'is_one_of':
    case 'is_not_one_of':
      return { field, operator, values, ...anyCase };
    case 'in_list':
    case 'not_in_list':
      return { field, operator, list, ...anyCase };
    case 'exists':
    case 'does_not_exist':
      return { field, operator };
    case 'nested':
      return { field, operator, entries: entry.entries.map(toEntry) as NestedEntries };
  }
}

type NestedEntries = Extract<ExceptionEntry, { operator: 'nested' }>['entries'];
