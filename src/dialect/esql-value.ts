/**
 * Computed values → ES|QL, whose functions are null where an argument is, as a plan's are.
 *
 * EQL counts a text in UTF-16 units, ES|QL in characters. What has no exact counterpart is refused by name: places within
 * texts, numbers read from texts, texts of fractions.
 */
import { all, type Computed, type ComputedCall, type ComputedLanguage } from './computed.ts';

/** Java's regular expression for all but characters beyond 16 bits. */
const WITHIN_16_BITS = '"[^\\\\x{10000}-\\\\x{10FFFF}]"';

export const ESQL_CALLS: Readonly<ComputedLanguage['calls']> = {
  add: infix('+'),
  subtract: infix('-'),
  multiply: infix('*'),
  divide: infix('/'),
  modulo: infix('%'),
  negate: (args) => (all(args, 'number') ? { text: `-(${args[0]?.text})`, type: 'number' } : undefined),
  concat: (args) => {
    const parts = args.map(asText);
    if (!all(parts, 'text')) return undefined;
    return { text: parts.length === 1 ? (parts[0]?.text ?? '') : `CONCAT(${textsOf(parts)})`, type: 'text' };
  },
  text: (args) => (all(args.map(asText), 'text') ? { text: textsOf(args.map(asText)), type: 'text' } : undefined),
  units: ([value]) =>
    value?.type === 'text'
      ? { text: `(LENGTH(${value.text}) + LENGTH(REPLACE(${value.text}, ${WITHIN_16_BITS}, "")))`, type: 'number' }
      : undefined,
  length: ([value]) => (value?.type === 'text' ? { text: `LENGTH(${value.text})`, type: 'number' } : undefined),
  lower: ([value]) => (value?.type === 'text' ? { text: `TO_LOWER(${value.text})`, type: 'text' } : undefined),
  upper: ([value]) => (value?.type === 'text' ? { text: `TO_UPPER(${value.text})`, type: 'text' } : undefined),
  'starts-with': relation((text, part) => `STARTS_WITH(${text}, ${part})`),
  'ends-with': relation((text, part) => `ENDS_WITH(${text}, ${part})`),
  contains: relation((text, part) => `(LOCATE(${text}, ${part}) > 0)`),
};

function infix(operator: string): ComputedCall {
  return (args) =>
    all(args, 'number')
      ? { text: `(${args.map(({ text }) => text).join(` ${operator} `)})`, type: 'number' }
      : undefined;
}

function relation(say: (text: string, part: string) => string): ComputedCall {
  return ([text, part], literals) => {
    const fold = literals[2];
    if (text?.type !== 'text' || part?.type !== 'text' || typeof fold !== 'boolean') return undefined;
    const sides = [text.text, part.text].map((side) => (fold ? `TO_LOWER(${side})` : side));
    return { text: say(sides[0] as string, sides[1] as string), type: 'boolean' };
  };
}

/** Whole numbers are written alike everywhere. */
function asText(value: Computed): Computed {
  return value.type === 'number' ? { ...value, text: `TO_STRING(${value.text})`, type: 'text' } : value;
}

function textsOf(args: readonly Computed[]): string {
  return args.map(({ text }) => text).join(', ');
}
