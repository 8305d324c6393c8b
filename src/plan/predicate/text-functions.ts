/**
 * Functions over texts, as Elasticsearch's EQL computes them (`expression/function/scalar/string/*Processor`): places
 * and lengths are counted in UTF-16 units, as Java does; a last argument `true` ignores case, in any alphabet.
 *
 * `replace`, `slice`, `length` and `index-of`, which Kusto has, count code points and stand in `functions.ts`.
 */
import { compileCidr, isCidr } from './cidr.ts';
import type { FunctionEntry } from './functions.ts';
import type { FunctionName, LiteralValue } from './node.ts';

type TextFunction =
  | 'between'
  | 'contains'
  | 'ends-with'
  | 'in-networks'
  | 'is-null'
  | 'number'
  | 'position'
  | 'starts-with'
  | 'substring'
  | 'units';

export const TEXT_FUNCTIONS: Readonly<Record<TextFunction & FunctionName, FunctionEntry>> = {
  /** (text, left, right, greedy, fold): what stands between; the whole text where a mark is empty, '' for none. */
  between: {
    arity: [5, 5],
    evaluate: ([text, left, right, greedy, fold]) =>
      between(String(text), String(left), String(right), greedy === true, fold === true),
  },
  'starts-with': test((text, part) => text.startsWith(part)),
  'ends-with': test((text, part) => text.endsWith(part)),
  contains: test((text, part) => text.includes(part)),
  /** (address, network …) */
  'in-networks': {
    arity: [2, Number.POSITIVE_INFINITY],
    evaluate: ([address, ...networks]) => networks.some((network) => inNetwork(String(address), String(network))),
  },
  'is-null': { arity: [1, 1], takesNull: true, evaluate: ([value]) => (value as LiteralValue) === null },
  /** (text, base): null where the text is no number of that base. A base of null is 10, or 16 after `0x`. */
  number: {
    arity: [2, 2],
    takesNull: true,
    evaluate: ([text, base]) => ((text as LiteralValue) === null ? null : toNumber(String(text), base as LiteralValue)),
  },
  /** (text, part, start, fold): where the part first stands from `start` on; null where it does not. */
  position: {
    arity: [4, 4],
    evaluate: ([text, part, start, fold]) => {
      const at = folded(text, fold).indexOf(folded(part, fold), Number(start));
      return at === -1 ? null : at;
    },
  },
  /** (text, start, end): negative places count from the end; out of range is cut; an end of null is the text's. */
  substring: {
    arity: [3, 3],
    takesNull: true,
    evaluate: ([text, start, end]) => {
      if ((text as LiteralValue) === null) return null;
      if ((start as LiteralValue) === null) return String(text);
      return String(text).slice(Number(start), (end as LiteralValue) === null ? undefined : Number(end));
    },
  },
  units: { arity: [1, 1], evaluate: ([text]) => String(text).length },
};

function test(holds: (text: string, part: string) => boolean): FunctionEntry {
  return { arity: [3, 3], evaluate: ([text, part, fold]) => holds(folded(text, fold), folded(part, fold)) };
}

function folded(text: LiteralValue | undefined, fold: LiteralValue | undefined): string {
  return fold === true ? String(text).toLowerCase() : String(text);
}

function between(text: string, left: string, right: string, greedy: boolean, fold: boolean): string {
  if (text === '' || left === '' || right === '') return text;
  const [within, first, last] = [folded(text, fold), folded(left, fold), folded(right, fold)];
  const at = within.indexOf(first);
  if (at === -1) return '';
  const start = at + first.length;
  const end = greedy ? within.lastIndexOf(last) : within.indexOf(last, start);
  return end < start ? '' : text.slice(start, end);
}

function inNetwork(address: string, network: string): boolean {
  return isCidr(network) && compileCidr(network)(address);
}

function toNumber(text: string, base: LiteralValue): LiteralValue {
  const hexadecimal = text.startsWith('0x');
  const radix = base === null ? (hexadecimal ? 16 : 10) : Number(base);
  if (radix === 10) return decimal(text);
  return integerOf(hexadecimal && radix === 16 ? text.slice(2) : text, radix);
}

function decimal(text: string): LiteralValue {
  if (/^[+-]?\d{1,18}$/.test(text)) return integerOf(text, 10);
  if (text.length > 400 || !/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text.trim())) return null;
  const value = Number(text);
  if (!Number.isFinite(value)) return null;
  // Whole, but floating: with its point, so that arithmetic goes on in fractions.
  return Number.isSafeInteger(value) ? `${value}.0` : value;
}

/** Beyond 2^53 as decimal text; null where a digit is none of the base, or 64 bits do not hold it. */
function integerOf(text: string, radix: number): LiteralValue {
  const [, sign = '', digits = ''] = /^([+-]?)([0-9a-z]{1,64})$/i.exec(text) ?? [];
  if (digits === '' || !(radix >= 2 && radix <= 36)) return null;
  let value = 0n;
  for (const digit of digits) {
    const worth = Number.parseInt(digit, radix);
    if (Number.isNaN(worth)) return null;
    value = value * BigInt(radix) + BigInt(worth);
  }
  if (sign === '-') value = -value;
  if (BigInt.asIntN(64, value) !== value) return null;
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}
