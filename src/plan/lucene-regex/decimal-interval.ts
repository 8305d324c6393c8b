/**
 * `<n-m>`: the decimal numbers from n to m, as a plain expression.
 *
 * With `digits` above zero the text has exactly that many digits (`<01-12>`); with zero any number of leading zeros
 * is allowed, as in Lucene's `Automata.makeDecimalInterval`.
 */
import { characters, concat, type Regex, repeat, union } from './regex-tree.ts';

const ZERO = 0x30;
const NINE = 0x39;

export function decimalInterval(min: number, max: number, digits: number): Regex {
  if (digits > 0) return between(String(min).padStart(digits, '0'), String(max).padStart(digits, '0'));
  const [low, high] = [String(min), String(max)];
  const byLength: Regex[] = [];
  for (let length = low.length; length <= high.length; length += 1) {
    byLength.push(
      between(
        length === low.length ? low : `1${'0'.repeat(length - 1)}`,
        length === high.length ? high : '9'.repeat(length),
      ),
    );
  }
  return concat([repeat(characters([ZERO, ZERO]), 0, Number.POSITIVE_INFINITY), union(byLength)]);
}

/** Numbers of one length, `low` to `high`: split at the first digit in which they differ. */
function between(low: string, high: string): Regex {
  const [first, last] = [low.charCodeAt(0), high.charCodeAt(0)];
  const rest = low.length - 1;
  if (rest === 0) return characters([first, last]);
  const [lowRest, highRest] = [low.slice(1), high.slice(1)];
  const [zeros, nines] = ['0'.repeat(rest), '9'.repeat(rest)];
  if (lowRest === zeros && highRest === nines) return concat([characters([first, last]), anyDigits(rest)]);
  if (first === last) return concat([characters([first, first]), between(lowRest, highRest)]);
  const parts = [concat([characters([first, first]), between(lowRest, nines)])];
  if (first + 1 < last) parts.push(concat([characters([first + 1, last - 1]), anyDigits(rest)]));
  parts.push(concat([characters([last, last]), between(zeros, highRest)]));
  return union(parts);
}

function anyDigits(count: number): Regex {
  return repeat(characters([ZERO, NINE]), count, count);
}
