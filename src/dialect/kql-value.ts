/**
 * Computed values → Kusto.
 *
 * A missing text is "" in Kusto, and functions of it are worth something, so a comparison is joined with `isnotempty` of
 * every text that it needs; numbers that are missing are null. EQL counts a text in UTF-16 units, Kusto in characters.
 * What has no exact counterpart is refused by name: places within texts, numbers read from texts, texts of fractions.
 */
import { all, type Computed, type ComputedCall, type ComputedLanguage } from './computed.ts';
import { kqlString } from './kql-text.ts';

export const KQL_CALLS: Readonly<ComputedLanguage['calls']> = {
  add: infix('+'),
  subtract: infix('-'),
  multiply: infix('*'),
  divide: infix('/'),
  // Kusto's own is never negative.
  modulo: (args) => {
    const [a, b] = args.map(({ text }) => text);
    return all(args, 'number') ? number(`(${a} - ${b} * (${a} / ${b}))`) : undefined;
  },
  'modulo-euclid': infix('%'),
  negate: (args) => (all(args, 'number') ? number(`-(${args[0]?.text})`) : undefined),
  concat: (args) => texts(args.map(asText), (parts) => `strcat(${parts.join(', ')})`),
  text: (args) => texts(args.map(asText), ([text]) => String(text)),
  units: ([value]) =>
    value?.type === 'text'
      ? number(`(strlen(${value.text}) + countof(${value.text}, ${kqlString('[\\x{10000}-\\x{10FFFF}]')}, "regex"))`)
      : undefined,
  length: ([value]) => (value?.type === 'text' ? number(`strlen(${value.text})`) : undefined),
  lower: (args) => texts(args, ([text]) => `tolower(${text})`),
  upper: (args) => texts(args, ([text]) => `toupper(${text})`),
  'starts-with': relation('startswith'),
  'ends-with': relation('endswith'),
  contains: relation('contains'),
};

function infix(operator: string): ComputedCall {
  return (args) =>
    all(args, 'number') ? number(`(${args.map(({ text }) => text).join(` ${operator} `)})`) : undefined;
}

function relation(operator: string): ComputedCall {
  return ([left, right], literals) => {
    const fold = literals[2];
    if (left?.type !== 'text' || right?.type !== 'text' || typeof fold !== 'boolean') return undefined;
    return { text: `(${left.text} ${operator}${fold ? '' : '_cs'} ${right.text})`, type: 'boolean' };
  };
}

function texts(args: readonly Computed[], say: (parts: readonly string[]) => string) {
  return all(args, 'text') ? ({ text: say(args.map(({ text }) => text)), type: 'text' } as const) : undefined;
}

/** Whole numbers are written alike everywhere. */
function asText(value: Computed): Computed {
  return value.type === 'number' ? { ...value, text: `tostring(${value.text})`, type: 'text' } : value;
}

function number(text: string) {
  return { text, type: 'number' as const };
}
