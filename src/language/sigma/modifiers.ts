/**
 * Sigma's value modifiers: what each makes of a value, in the order in which they are written.
 *
 *   YAML scalar ──typed──▶ value ──modifier──▶ values ──modifier──▶ … ──▶ tests (lower-sigma.ts)
 *
 * A value may become several (`base64offset`, `windash`, `expand`); these are alternatives of that one value, also under
 * `all`. Sources: the modifiers appendix of the specification 2.1; where it is silent, pySigma.
 */
import type { DiagnosticCode } from '../../diagnostic/catalogue.ts';
import { isCidr } from '../../plan/predicate/cidr.ts';
import type { FieldRelation, Re2Flags, TimePart, WildcardPattern } from '../../plan/predicate/node.ts';
import { wildcardPattern } from '../../plan/predicate/node.ts';
import { checkRe2 } from '../../plan/re2-regex.ts';
import type { YamlScalar } from '../yaml.ts';
import { base64, base64Offsets, dashVariants, optionDashes, utf16Bytes, utf16WithMark } from './encode.ts';
import { mapText, parsePattern, plainText } from './pattern.ts';

export type SigmaValue =
  | {
      readonly kind: 'text';
      /** As written, before escapes mean anything. */
      readonly raw: string;
      readonly pattern: WildcardPattern;
      /** Whether the text holds one character a byte. */
      readonly isBytes: boolean;
      readonly relation: FieldRelation;
    }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null' }
  | { readonly kind: 'regex'; readonly source: string; readonly flags: Re2Flags }
  | { readonly kind: 'cidr'; readonly network: string }
  | { readonly kind: 'order'; readonly operator: OrderOperator; readonly bound: number }
  | { readonly kind: 'time'; readonly part: TimePart; readonly operator: '==' | OrderOperator; readonly bound: number }
  | { readonly kind: 'exists'; readonly wanted: boolean }
  | { readonly kind: 'field'; readonly name: string; readonly relation: FieldRelation };

export type OrderOperator = '<' | '<=' | '>' | '>=';
type Text = Extract<SigmaValue, { kind: 'text' }>;

/** What is wrong, with the words to say it. */
export class ModifierFault {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly hint: string | undefined;

  constructor(code: DiagnosticCode, message: string, hint?: string) {
    this.code = code;
    this.message = message;
    this.hint = hint;
  }
}

/** Values of placeholders by name, without the percent signs. */
export type Placeholders = ReadonlyMap<string, readonly string[]>;

type Change = (value: SigmaValue, placeholders: Placeholders) => readonly SigmaValue[] | ModifierFault;

/** Modifiers that change how the values of an item are linked or compared, not the values. */
export const ITEM_MODIFIERS = ['all', 'cased', 'neq'] as const;

const RELATION_NAMES = { contains: 'contains', 'starts-with': 'startswith', 'ends-with': 'endswith' } as const;

/** Options written with one value: each has five dashes to choose from, so four already mean 625 texts. */
const MOST_DASHES = 4;
const MOST_EXPANSIONS = 1_000;

export const VALUE_MODIFIERS: ReadonlyMap<string, Change> = new Map<string, Change>([
  ['contains', related('contains')],
  ['startswith', related('starts-with')],
  ['endswith', related('ends-with')],
  ['exists', existence],
  ['re', ofRaw('re', regex)],
  ['i', flag('ignoreCase')],
  ['m', flag('multiline')],
  ['s', flag('dotAll')],
  ['base64', encoded('base64', (text, isBytes) => [base64(text, isBytes)])],
  ['base64offset', encoded('base64offset', base64Offsets)],
  ['utf16le', wide('utf16le', (text) => utf16Bytes(text, 'le'))],
  ['wide', wide('wide', (text) => utf16Bytes(text, 'le'))],
  ['utf16be', wide('utf16be', (text) => utf16Bytes(text, 'be'))],
  ['utf16', wide('utf16', utf16WithMark)],
  ['windash', ofText('windash', dashes)],
  ['expand', ofText('expand', expand)],
  ['cidr', ofRaw('cidr', network)],
  ['fieldref', ofText('fieldref', (text) => [{ kind: 'field', name: text.raw, relation: text.relation }])],
  ['lt', ordered('<')],
  ['lte', ordered('<=')],
  ['gt', ordered('>')],
  ['gte', ordered('>=')],
  ...(['minute', 'hour', 'day', 'week', 'month', 'year'] as const).map((part): [string, Change] => [part, timed(part)]),
]);

/** A value as it stands in the YAML, before any modifier. */
export function sigmaValue({ value }: YamlScalar): SigmaValue {
  if (value === null) return { kind: 'null' };
  if (typeof value === 'number') return { kind: 'number', value };
  if (typeof value === 'boolean') return { kind: 'boolean', value };
  return textValue(value, parsePattern(value));
}

/** Applies one modifier, a key of `VALUE_MODIFIERS`, to one value. */
export function applyModifier(
  name: string,
  value: SigmaValue,
  placeholders: Placeholders,
): readonly SigmaValue[] | ModifierFault {
  const change = VALUE_MODIFIERS.get(name);
  if (change === undefined) throw new Error(`no value modifier: ${name}`);
  return change(value, placeholders);
}

function textValue(raw: string, pattern: WildcardPattern): Text {
  return { kind: 'text', raw, pattern, isBytes: false, relation: 'equals' };
}

/** Numbers are texts to modifiers of texts: `CommandLine|contains: 8080`. */
function asText(value: SigmaValue): Text | undefined {
  if (value.kind === 'text') return value;
  return value.kind === 'number' ? textValue(String(value.value), parsePattern(String(value.value))) : undefined;
}

function ofText(
  name: string,
  change: (value: Text, placeholders: Placeholders) => readonly SigmaValue[] | ModifierFault,
): Change {
  return (value, placeholders) => {
    const text = asText(value);
    return text === undefined ? mismatch(name, 'a text', value) : change(text, placeholders);
  };
}

/** For modifiers that take the text as written: nothing may have been made of it before. */
function ofRaw(name: string, change: (raw: string) => readonly SigmaValue[] | ModifierFault): Change {
  return ofText(name, (text) =>
    text.relation === 'equals' && !text.isBytes
      ? change(text.raw)
      : new ModifierFault('sigma-modifier-combination', `${name} must be the first modifier of its value.`),
  );
}

function related(relation: Exclude<FieldRelation, 'equals'>): Change {
  const name = RELATION_NAMES[relation];
  return (value) => {
    if (value.kind === 'regex') {
      const hint = 'A regular expression is searched for anywhere; anchor it with ^ and $.';
      return new ModifierFault('sigma-modifier-combination', `re and ${name} do not go together.`, hint);
    }
    if (value.kind === 'field') {
      return value.relation === 'equals' ? [{ ...value, relation }] : exclusive(name);
    }
    const text = asText(value);
    if (text === undefined) return mismatch(name, 'a text', value);
    return text.relation === 'equals' ? [{ ...text, relation }] : exclusive(name);
  };
}

function exclusive(name: string): ModifierFault {
  const message = `Only one of contains, startswith and endswith can be given, so ${name} is one too many.`;
  return new ModifierFault('sigma-modifier-combination', message);
}

function existence(value: SigmaValue): readonly SigmaValue[] | ModifierFault {
  return value.kind === 'boolean'
    ? [{ kind: 'exists', wanted: value.value }]
    : mismatch('exists', 'true or false', value);
}

function regex(raw: string): readonly SigmaValue[] | ModifierFault {
  const fault = checkRe2(raw);
  if (fault === undefined) {
    return [{ kind: 'regex', source: raw, flags: { ignoreCase: false, multiline: false, dotAll: false } }];
  }
  const hint = 'Sigma has . ^ $ * + ? {n,m} [a-z] [^a-z] | ( ); look-around and back-references are not part of it.';
  return new ModifierFault('sigma-regex', `The regular expression cannot be read: ${fault.message}.`, hint);
}

function flag(name: keyof Re2Flags): Change {
  return (value) =>
    value.kind === 'regex'
      ? [{ ...value, flags: { ...value.flags, [name]: true } }]
      : new ModifierFault('sigma-modifier-combination', 'i, m and s belong to a regular expression: re|i.');
}

function encoded(name: string, encode: (text: string, isBytes: boolean) => readonly string[]): Change {
  return ofText(name, (value) => {
    const plain = plainText(value.pattern);
    if (value.relation !== 'equals') {
      return new ModifierFault(
        'sigma-modifier-combination',
        `${name} belongs before contains, startswith and endswith.`,
      );
    }
    if (plain === undefined) {
      const message = `${name} cannot encode a wildcard.`;
      return new ModifierFault('sigma-modifier-value', message, 'Write \\* or \\? for the plain character.');
    }
    return encode(plain, value.isBytes).map((text) => textValue(text, wildcardPattern([{ text }])));
  });
}

function wide(name: string, encode: (text: string) => string): Change {
  return ofText(name, (value) => {
    if (value.isBytes) {
      return new ModifierFault('sigma-modifier-combination', `${name} comes after another utf16 modifier.`);
    }
    return [{ ...value, pattern: mapText(value.pattern, encode), isBytes: true }];
  });
}

function dashes(value: Text): readonly SigmaValue[] | ModifierFault {
  const count = value.pattern.reduce(
    (sum, part) => sum + (typeof part === 'object' ? optionDashes(part.text).length : 0),
    0,
  );
  if (count > MOST_DASHES) {
    const message = `windash on a text with ${count} options would be ${5 ** count} texts; at most ${MOST_DASHES} can be given.`;
    return new ModifierFault(
      'sigma-too-large',
      message,
      'Split the text, and link the parts with contains|all|windash.',
    );
  }
  let patterns: WildcardPattern[] = [[]];
  for (const part of value.pattern) {
    const choices = typeof part === 'object' ? dashVariants(part.text).map((text) => ({ text })) : [part];
    patterns = patterns.flatMap((pattern) => choices.map((choice) => [...pattern, choice]));
  }
  return patterns.map((pattern) => ({ ...value, pattern: wildcardPattern(pattern) }));
}

/** Splits at placeholders: odd parts are names. `\%` is a plain percent sign. */
export const PLACEHOLDER = /(?<!\\)%([^%\s\\]+)%/;

function expand(value: Text, placeholders: Placeholders): readonly SigmaValue[] | ModifierFault {
  const parts = value.raw.split(PLACEHOLDER);
  const unknown = [...new Set(parts.filter((part, index) => index % 2 === 1 && !placeholders.has(part)))];
  if (unknown.length > 0) return unresolved(unknown);
  let texts = [''];
  for (const [index, part] of parts.entries()) {
    if (index % 2 === 0) {
      texts = texts.map((text) => text + part.replaceAll('\\%', '%'));
      continue;
    }
    const values = placeholders.get(part) ?? [];
    if (texts.length * values.length > MOST_EXPANSIONS) {
      return new ModifierFault('sigma-too-large', `The placeholders make more than ${MOST_EXPANSIONS} texts.`);
    }
    texts = texts.flatMap((text) => values.map((one) => text + one));
  }
  return texts.map((text) => ({ ...value, raw: text, pattern: parsePattern(text) }));
}

function unresolved(names: readonly string[]): ModifierFault {
  const listed = names.map((name) => `%${short(name)}%`).join(', ');
  const message =
    names.length === 1 ? `The placeholder ${listed} has no values.` : `The placeholders ${listed} have no values.`;
  const hint = `Give values with --placeholder ${short(names[0] ?? '')}=…, a file (--placeholders), or a pipeline (vars, value_placeholders); or write them here, without expand.`;
  return new ModifierFault('sigma-placeholder', message, hint);
}

function network(raw: string): readonly SigmaValue[] | ModifierFault {
  const text = raw.trim();
  const whole = text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`;
  if (isCidr(whole)) return [{ kind: 'cidr', network: whole }];
  const message = `“${short(raw)}” is no network.`;
  return new ModifierFault('sigma-modifier-value', message, 'A network looks like 10.0.0.0/8 or fe80::/10.');
}

function ordered(operator: OrderOperator): Change {
  return (value) => {
    if (value.kind === 'number') return [{ kind: 'order', operator, bound: value.value }];
    if (value.kind === 'time' && value.operator === '==') return [{ ...value, operator }];
    return mismatch('The comparison', 'a number, without quotes', value);
  };
}

function timed(part: TimePart): Change {
  return (value) => {
    if (value.kind === 'number') return [{ kind: 'time', part, operator: '==', bound: value.value }];
    if (value.kind === 'order') return [{ ...value, kind: 'time', part }];
    return mismatch(part, 'a number, without quotes', value);
  };
}

const KINDS: Readonly<Record<SigmaValue['kind'], string>> = {
  text: 'a text',
  number: 'a number',
  boolean: 'true or false',
  null: 'null',
  regex: 'a regular expression',
  cidr: 'a network',
  order: 'a comparison',
  time: 'a part of a time',
  exists: 'a test of existence',
  field: 'a field',
};

function mismatch(name: string, wanted: string, value: SigmaValue): ModifierFault {
  const made = ['regex', 'cidr', 'order', 'time', 'exists', 'field'].includes(value.kind);
  const code = made ? 'sigma-modifier-combination' : 'sigma-modifier-value';
  return new ModifierFault(code, `${name} takes ${wanted}, not ${KINDS[value.kind]}.`);
}

function short(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
