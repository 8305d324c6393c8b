/**
 * What may stand at the cursor: fields where a condition begins, operators after a field, the values seen in a field
 * behind its operator, `and` and `or` after a condition.
 */
import { knownFieldNames } from '../field-schema.ts';
import { kueryFieldType } from './fields.ts';
import type { Token } from './token.ts';
import { tokenizeKuery } from './tokenize.ts';
import { WORDS } from './words.ts';

/** What is known of the events beside the schemas. */
export interface KuerySeen {
  /** Fields that events have. */
  readonly fields?: readonly string[];
  /** Values of fields, likelier ones first. */
  readonly values?: Readonly<Record<string, readonly (string | number | boolean)[]>>;
}

export interface KueryCompletion {
  readonly label: string;
  readonly kind: 'field' | 'operator' | 'keyword' | 'value';
  /** What replaces the text from `start` to the cursor. */
  readonly insert: string;
  readonly detail?: string;
}

export interface KueryCompletions {
  /** UTF-16 offset from which on the text is replaced. */
  readonly start: number;
  readonly options: readonly KueryCompletion[];
}

/** More than anybody reads. */
const MOST_OPTIONS = 100;

export function completeKuery(text: string, offset: number, seen: KuerySeen = {}): KueryCompletions {
  const tokens = tokenizeKuery(text.slice(0, offset)).filter(({ kind }) => kind !== 'end');
  const last = tokens.at(-1);
  const isTyped = last !== undefined && last.end === offset && last.kind !== 'symbol' && last.kind !== 'string';
  // A quote that is not closed yet.
  const isOpen = last?.kind === 'error' && text.charAt(last.start) === '"';
  const start = isTyped || isOpen ? last.start : offset;
  const before = isTyped || isOpen ? tokens.slice(0, -1) : tokens;
  const typed = text.slice(start, offset).replace(/^"/, '');
  return { start, options: choose(typed, optionsAfter(before, seen, start < offset)) };
}

function optionsAfter(before: readonly Token[], seen: KuerySeen, isTyping: boolean): Iterable<KueryCompletion> {
  const last = before.at(-1);
  const field = fieldOfValue(before);
  if (field !== undefined) return [...values(field, seen), ...words(['*'])];
  if (last === undefined || last.kind === 'keyword' || last.text === '(' || last.text === '{') {
    return [...fields(seen), ...words(['not'])];
  }
  const isName = last.kind === 'word' && !isTyping && !isValue(before, before.length - 1);
  return words(isName ? [':', '>=', '<=', '>', '<', 'and', 'or'] : ['and', 'or']);
}

/** The field whose value comes next: `f:`, `f: (a or`, `f >=`. */
function fieldOfValue(before: readonly Token[]): string | undefined {
  let at = before.length - 1;
  for (let depth = 0; at >= 0; at -= 1) {
    const { kind, text } = before[at] as Token;
    if (kind === 'symbol' && text === ')') depth += 1;
    else if (kind === 'symbol' && text === '(') {
      if (depth > 0) depth -= 1;
    } else if (depth === 0 && kind === 'symbol') break;
    else if (depth === 0 && at === before.length - 1 && kind !== 'keyword') return undefined;
  }
  const operator = before[at];
  if (operator === undefined || !/^[:<>]/.test(operator.text)) return undefined;
  const rest = before.slice(at + 1);
  const open = rest.filter(({ text, kind }) => kind === 'symbol' && text === '(').length;
  const closed = rest.filter(({ text, kind }) => kind === 'symbol' && text === ')').length;
  if (rest.length > 0 && open <= closed) return undefined;
  return before[at - 1]?.text;
}

function isValue(tokens: readonly Token[], at: number): boolean {
  return tokens[at - 1]?.kind === 'symbol' && /^[:<>]/.test(tokens[at - 1]?.text ?? '');
}

/** What begins as typed, then what holds it anywhere. */
function choose(typed: string, options: Iterable<KueryCompletion>): readonly KueryCompletion[] {
  const wanted = typed.toLowerCase();
  const first: KueryCompletion[] = [];
  const other: KueryCompletion[] = [];
  for (const option of options) {
    const label = option.label.toLowerCase();
    if (label.startsWith(wanted)) first.push(option);
    else if (label.includes(wanted)) other.push(option);
    if (first.length >= MOST_OPTIONS) break;
  }
  return [...first, ...other].slice(0, MOST_OPTIONS);
}

function* fields({ fields = [] }: KuerySeen): Iterable<KueryCompletion> {
  const given = new Set<string>();
  for (const names of [fields, knownFieldNames()]) {
    for (const label of names) {
      if (given.has(label)) continue;
      given.add(label);
      const type = kueryFieldType(label);
      yield { label, kind: 'field', insert: `${escaped(label)}: `, ...(type === undefined ? {} : { detail: type }) };
    }
  }
}

function escaped(name: string): string {
  return name.replace(/[\\():<>"*{}]/g, '\\$&');
}

function values(field: string, { values = {} }: KuerySeen): readonly KueryCompletion[] {
  const seen = Object.hasOwn(values, field) ? (values[field] ?? []) : [];
  return seen.map((value) => ({ label: String(value), kind: 'value', insert: literal(value) }));
}

function literal(value: string | number | boolean): string {
  if (typeof value !== 'string') return String(value);
  const text = value.replace(/[\\"]/g, '\\$&');
  return `"${text.replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t')}"`;
}

function words(labels: readonly string[]): readonly KueryCompletion[] {
  return labels.map((label) => ({
    label,
    kind: /^\w/.test(label) ? 'keyword' : 'operator',
    insert: label,
    detail: WORDS.get(label) ?? '',
  }));
}
