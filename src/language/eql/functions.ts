/**
 * The functions of EQL, as Elasticsearch's function reference has them: what they take and give, and as what they run.
 * Names are read in any case; `~` after a name that allows it ignores case.
 */

import type { Span } from '../../diagnostic/span.ts';
import { call, literal, type Value } from '../../plan/predicate/node.ts';

/** What a value is, as far as a function or an operator asks. */
export type ValueType = 'text' | 'number' | 'boolean' | 'ip' | 'date' | 'version' | 'null' | 'unknown';

export interface EqlParameter {
  readonly name: string;
  readonly type: 'text' | 'number' | 'integer' | 'boolean' | 'address' | 'network' | 'any';
  readonly optional?: true;
  /** It may stand any number of times, at least once. */
  readonly rest?: true;
}

export interface EqlFunction {
  readonly name: string;
  readonly tilde: boolean;
  readonly parameters: readonly EqlParameter[];
  readonly returns: 'text' | 'number' | 'boolean';
  /** One sentence: what it gives. */
  readonly doc: string;
  /** Missing optional arguments are left out. */
  readonly lower: (args: readonly Value[], fold: boolean, span: Span) => Value;
}

const TEXT: EqlParameter = { name: 'source', type: 'text' };

export const EQL_FUNCTIONS: readonly EqlFunction[] = [
  arithmetic('add', 'addend', 'addend', 'The sum of two numbers.'),
  {
    name: 'between',
    tilde: true,
    parameters: [
      TEXT,
      { name: 'left', type: 'text' },
      { name: 'right', type: 'text' },
      { name: 'greedy', type: 'boolean', optional: true },
    ],
    returns: 'text',
    doc: 'What stands between two texts; "" where they are not found. With greedy up to the last right one.',
    lower: ([text, left, right, greedy], fold, span) =>
      call('between', [...present(text, left, right), greedy ?? literal(false, span), literal(fold, span)], span),
  },
  {
    name: 'cidrMatch',
    tilde: false,
    parameters: [
      { name: 'address', type: 'address' },
      { name: 'network', type: 'network', rest: true },
    ],
    returns: 'boolean',
    doc: 'Whether an IP address lies in one of the networks, written like "10.0.0.0/8".',
    lower: (args, _, span) => call('in-networks', args, span),
  },
  {
    name: 'concat',
    tilde: false,
    parameters: [{ name: 'value', type: 'any', rest: true }],
    returns: 'text',
    doc: 'The values as texts, one after the other; null if one of them is.',
    lower: (args, _, span) => call('concat', args, span),
  },
  arithmetic('divide', 'dividend', 'divisor', 'The quotient of two numbers; of whole numbers without its fraction.'),
  textTest('endsWith', 'ends-with', 'Whether a text ends with another.'),
  {
    name: 'indexOf',
    tilde: true,
    parameters: [TEXT, { name: 'substring', type: 'text' }, { name: 'start', type: 'integer', optional: true }],
    returns: 'number',
    doc: 'Where a text first stands in another, from 0; null where it does not.',
    lower: ([text, part, start], fold, span) =>
      call('position', [...present(text, part), orElse(start, 0, span), literal(fold, span)], span),
  },
  {
    name: 'length',
    tilde: false,
    parameters: [{ name: 'text', type: 'text' }],
    returns: 'number',
    doc: 'How many characters a text has.',
    lower: (args, _, span) => call('units', args, span),
  },
  arithmetic('modulo', 'dividend', 'divisor', 'The remainder of a division, with the sign of the dividend.'),
  arithmetic('multiply', 'factor', 'factor', 'The product of two numbers.'),
  {
    name: 'number',
    tilde: false,
    parameters: [
      { name: 'text', type: 'text' },
      { name: 'base', type: 'integer', optional: true },
    ],
    returns: 'number',
    doc: 'The number that a text says, of base 10, or 16 after 0x, unless a base is given.',
    lower: ([text, base], _, span) => call('number', [...present(text), base ?? literal(null, span)], span),
  },
  textTest('startsWith', 'starts-with', 'Whether a text begins with another.'),
  {
    name: 'string',
    tilde: false,
    parameters: [{ name: 'value', type: 'any' }],
    returns: 'text',
    doc: 'The value as a text.',
    lower: (args, _, span) => call('text', args, span),
  },
  textTest('stringContains', 'contains', 'Whether a text stands in another.'),
  {
    name: 'substring',
    tilde: false,
    parameters: [TEXT, { name: 'start', type: 'integer' }, { name: 'end', type: 'integer', optional: true }],
    returns: 'text',
    doc: 'A part of a text, from a place up to before another, or to the end; negative places count from the end.',
    lower: ([text, start, end], _, span) =>
      call('substring', [...present(text, start), end ?? literal(null, span)], span),
  },
  arithmetic('subtract', 'minuend', 'subtrahend', 'The difference of two numbers.'),
];

/** Functions of the classic EQL, or of earlier versions of Elasticsearch, with what there is instead. */
const GONE: ReadonlyMap<string, string> = new Map([
  ['wildcard', 'write field like ("a*", "b*"), or : to ignore case'],
  ['match', 'write field regex ("…", "…"), or regex~ to ignore case'],
  ['matchlite', 'write field regex ("…", "…"), or regex~ to ignore case'],
  ['cardinality', 'count outside of the query'],
  ['arraycontains', 'write field == "…": a condition holds if it holds for any value'],
  ['arraysearch', 'a condition on a field holds if it holds for any of its values'],
  ['arraycount', 'a condition on a field holds if it holds for any of its values'],
  ['safe', 'leave it out: a condition on what is missing is false'],
]);

const BY_LOWER_NAME = new Map(EQL_FUNCTIONS.map((entry) => [entry.name.toLowerCase(), entry]));

export function eqlFunction(name: string): EqlFunction | undefined {
  return BY_LOWER_NAME.get(name.toLowerCase());
}

/** What to write instead of a function that Elasticsearch's EQL has no more, or never had. */
export function replacementOf(name: string): string | undefined {
  return GONE.get(name.toLowerCase());
}

/** Whether a value of this type is what the parameter takes; null always is. */
export function takes({ type: wanted }: EqlParameter, given: ValueType): boolean {
  if (given === 'null' || given === 'unknown' || wanted === 'any') return true;
  switch (wanted) {
    case 'text':
    case 'network':
      return given === 'text';
    case 'number':
    case 'integer':
      return given === 'number';
    case 'boolean':
      return given === 'boolean';
    case 'address':
      return given === 'ip';
  }
}

/** `startsWith~(source, substring)`, optional arguments in brackets. */
export function signatureOf({ name, tilde, parameters }: EqlFunction): string {
  const shown = parameters.map(({ name, optional, rest }) => (optional ? `[${name}]` : rest ? `${name}, …` : name));
  return `${name}${tilde ? '[~]' : ''}(${shown.join(', ')})`;
}

function arithmetic(
  name: 'add' | 'subtract' | 'multiply' | 'divide' | 'modulo',
  left: string,
  right: string,
  doc: string,
): EqlFunction {
  return {
    name,
    tilde: false,
    parameters: [
      { name: left, type: 'number' },
      { name: right, type: 'number' },
    ],
    returns: 'number',
    doc,
    lower: (args, _, span) => call(name, args, span),
  };
}

function textTest(name: string, runs: 'starts-with' | 'ends-with' | 'contains', doc: string): EqlFunction {
  return {
    name,
    tilde: true,
    parameters: [TEXT, { name: 'substring', type: 'text' }],
    returns: 'boolean',
    doc,
    lower: (args, fold, span) => call(runs, [...args, literal(fold, span)], span),
  };
}

function present(...args: readonly (Value | undefined)[]): readonly Value[] {
  return args.filter((arg) => arg !== undefined);
}

/** Elasticsearch takes a start of null for none. */
function orElse(value: Value | undefined, otherwise: number, span: Span): Value {
  const instead = literal(otherwise, span);
  return value === undefined ? instead : call('coalesce', [value, instead], span);
}
