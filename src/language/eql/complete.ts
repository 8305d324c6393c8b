/**
 * What may stand at the cursor: categories at the start, fields and functions where a value is expected, operators after
 * one, the values seen in a field behind its operator.
 */

import { knownFieldNames, knownFieldType } from '../field-schema.ts';
import { nameAt, tokensBefore } from './cursor.ts';
import { EQL_FUNCTIONS, signatureOf } from './functions.ts';
import type { Token } from './token.ts';
import { WORDS } from './words.ts';

/** What is known of the events beside the schemas. */
export interface EqlSeen {
  /** Fields that events have. */
  readonly fields?: readonly string[];
  /** Values of fields, likelier ones first. */
  readonly values?: Readonly<Record<string, readonly (string | number | boolean)[]>>;
}

export interface EqlCompletion {
  readonly label: string;
  readonly kind: 'category' | 'field' | 'function' | 'keyword' | 'operator' | 'value';
  /** What replaces the text from `start` to the cursor. */
  readonly insert: string;
  readonly detail?: string;
}

export interface EqlCompletions {
  /** UTF-16 offset from which on the text is replaced. */
  readonly start: number;
  readonly options: readonly EqlCompletion[];
}

/** More than anybody reads. */
const MOST_OPTIONS = 100;
const CATEGORIES: readonly string[] = [
  ...['process', 'file', 'network', 'registry', 'library', 'authentication', 'iam', 'configuration', 'driver', 'web'],
];
const COMPARING: ReadonlySet<string> = new Set(['==', '!=', ':', 'like', 'like~', 'in', 'in~', 'regex', 'regex~']);
const OPERATORS: readonly string[] = ['==', '!=', ':', 'in', 'in~', 'like', 'like~', 'regex', 'regex~'];

export function completeEql(text: string, offset: number, seen: EqlSeen = {}): EqlCompletions {
  const name = nameAt(text, offset);
  const before = tokensBefore(text, name?.start ?? offset);
  const typed = name?.before ?? '';
  const start = name?.start ?? offset;
  const last = before.at(-1);
  // Within a string, or after what is no EQL.
  if (last?.kind === 'error') return inString(text, offset, before.slice(0, -1), last, seen);
  return { start, options: choose(typed, optionsAfter(before, seen)) };
}

function optionsAfter(before: readonly Token[], seen: EqlSeen): Iterable<EqlCompletion> {
  const last = before.at(-1);
  if (last === undefined) return [...categories(), ...words(['any', 'sequence', 'sample'])];
  if (last.text === '[' || last.text === '![') return [...categories(), ...words(['any'])];
  if (last.text === '|') return words(['head', 'tail']);
  if (last.text === 'with') return words(before.some(({ text }) => text === ']') ? ['runs'] : ['maxspan']);
  if (last.text === ']') return words(['by', 'with', 'until']);
  if (last.text === 'sequence' || last.text === 'sample') return words(['by', 'with']);
  const field = comparedField(before);
  if (field !== undefined) return values(field, seen);
  if (isValue(last)) {
    if (before.length === 1) return words(['where']);
    return [...OPERATORS.map(operator), ...words(['and', 'or', 'not'])];
  }
  return last.text === 'by' || isKeyList(before) ? fields(seen) : [...fields(seen), ...functions(), ...words(['not'])];
}

/** The values seen in the field, from the quote on. */
function inString(
  text: string,
  offset: number,
  before: readonly Token[],
  string: Token,
  seen: EqlSeen,
): EqlCompletions {
  const field = string.problem?.code === 'eql-string' ? comparedField(before) : undefined;
  const typed = text.slice(string.start, offset).replace(/^"/, '');
  const options = field === undefined ? [] : [...values(field, seen)];
  return { start: string.start, options: choose(typed, options) };
}

/** The field before a comparison that the list of tokens ends in: `f ==`, `f in ("a",`. */
function comparedField(before: readonly Token[]): string | undefined {
  let at = before.length - 1;
  while (at > 0 && /^[(,]$/.test(before[at]?.text ?? '')) at -= before[at]?.text === ',' ? 2 : 1;
  if (!COMPARING.has(before[at]?.text ?? '') || before[at]?.kind === 'string') return undefined;
  at -= before[at - 1]?.text === 'not' ? 2 : 1;
  const parts: string[] = [];
  for (; at >= 0 && isNamePart(before[at]); at -= 1) {
    parts.unshift((before[at] as Token).text);
    if (before[at]?.text !== '.' && before[at - 1]?.text !== '.') break;
  }
  return parts.length === 0 ? undefined : parts.join('');
}

function isNamePart(token: Token | undefined): boolean {
  return token?.kind === 'name' || token?.kind === 'quoted-name' || (token?.kind === 'symbol' && token.text === '.');
}

function isValue({ kind, text }: Token): boolean {
  if (kind === 'keyword') return text === 'true' || text === 'false' || text === 'null' || text === 'any';
  return ['name', 'quoted-name', 'string', 'integer', 'decimal'].includes(kind) || text === ')';
}

/** `by a, b,` */
function isKeyList(before: readonly Token[]): boolean {
  const by = before.findLastIndex(({ kind, text }) => kind === 'keyword' && text === 'by');
  return (
    by !== -1 && before.slice(by + 1).every((token) => isNamePart(token) || token.text === ',' || token.text === '?')
  );
}

/** What begins as typed, then what holds it anywhere. */
function choose(typed: string, options: Iterable<EqlCompletion>): readonly EqlCompletion[] {
  const wanted = typed.toLowerCase();
  const first: EqlCompletion[] = [];
  const other: EqlCompletion[] = [];
  for (const option of options) {
    const label = option.label.toLowerCase();
    if (label.startsWith(wanted)) first.push(option);
    else if (label.includes(wanted)) other.push(option);
    if (first.length >= MOST_OPTIONS) break;
  }
  return [...first, ...other].slice(0, MOST_OPTIONS);
}

function categories(): readonly EqlCompletion[] {
  return CATEGORIES.map((label) => ({ label, kind: 'category', insert: `${label} where ` }));
}

function* fields({ fields = [] }: EqlSeen): Iterable<EqlCompletion> {
  const given = new Set<string>();
  for (const names of [fields, knownFieldNames()]) {
    for (const label of names) {
      if (given.has(label)) continue;
      given.add(label);
      const type = knownFieldType(label);
      yield { label, kind: 'field', insert: quoted(label), ...(type === undefined ? {} : { detail: type }) };
    }
  }
}

/** Parts that are no plain names are quoted. */
function quoted(name: string): string {
  return name
    .split('.')
    .map((part) => (/^[A-Za-z_@]\w*$/.test(part) && !WORDS.has(part) ? part : `\`${part.replaceAll('`', '``')}\``))
    .join('.');
}

function functions(): readonly EqlCompletion[] {
  return EQL_FUNCTIONS.map((each) => ({
    label: each.name,
    kind: 'function',
    insert: `${each.name}(`,
    detail: signatureOf(each),
  }));
}

function values(field: string, { values = {} }: EqlSeen): readonly EqlCompletion[] {
  const seen = Object.hasOwn(values, field) ? (values[field] ?? []) : [];
  return seen.map((value) => ({
    label: String(value),
    kind: 'value',
    insert: typeof value === 'string' ? literal(value) : String(value),
  }));
}

function literal(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t')}"`;
}

function words(labels: readonly string[]): readonly EqlCompletion[] {
  return labels.map((label) => ({ label, kind: 'keyword', insert: label, detail: WORDS.get(label) ?? '' }));
}

function operator(label: string): EqlCompletion {
  return { label, kind: 'operator', insert: label, detail: WORDS.get(label) ?? '' };
}
