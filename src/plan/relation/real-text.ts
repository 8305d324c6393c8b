/**
 * Reals and integers as text, as Kusto writes and reads them.
 *
 * The engine writes a real by Grisu2 without its last correction: the digits of the upper end of the interval that
 * reads back as the same number, cut as soon as what is left lies within. So 0.1+0.2 is `0.30000000000000007`, and a
 * whole number ends in `.0`. Recorded answers have these; the algorithm is Loitsch's ("Printing Floating-Point Numbers
 * Quickly and Accurately with Integers", 2010), done here with exact integers.
 */

/** `1.5`, `100000000000.0`, `1e-7`, `inf`, `NaN`. */
export function realText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  if (value === 0) return `${sign}0.0`;
  const { digits, exponent } = shortestDigits(Math.abs(value));
  return sign + placePoint(digits, exponent);
}

/** Of the last bit of 53, in last bits of 64. */
const QUARTER = 512n;

/** The number is 0.digits × 10^exponent. */
function shortestDigits(value: number): { readonly digits: string; readonly exponent: number } {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  const field = bits.getBigUint64(0);
  const biased = Number((field >> 52n) & 0x7ffn);
  const fraction = field & 0xfffffffffffffn;
  const mantissa = biased === 0 ? fraction : fraction | 0x10000000000000n;
  const power = Math.max(biased, 1) - 1075;
  // Below a power of two the neighbour is half as far.
  const lower = fraction === 0n && biased > 1 ? 1n : 2n;
  // The upper end of the interval and its width, in quarters of the last bit; Grisu takes a bit of its own, the 64th,
  // from either end.
  let upper = (4n * mantissa + 2n) * QUARTER - 1n;
  let width = (2n + lower) * QUARTER - 2n;
  let scale = QUARTER;
  if (power >= 2) {
    upper <<= BigInt(power - 2);
    width <<= BigInt(power - 2);
  } else {
    scale <<= BigInt(2 - power);
  }
  let exponent = Math.floor(Math.log10(value)) + 1;
  if (exponent > 0) scale *= 10n ** BigInt(exponent);
  else {
    upper *= 10n ** BigInt(-exponent);
    width *= 10n ** BigInt(-exponent);
  }
  while (upper >= scale) {
    scale *= 10n;
    exponent += 1;
  }
  while (upper * 10n < scale) {
    upper *= 10n;
    width *= 10n;
    exponent -= 1;
  }
  let digits = '';
  let rest = upper;
  while (digits.length < 20) {
    rest *= 10n;
    width *= 10n;
    digits += String(rest / scale);
    rest %= scale;
    if (rest <= width) break;
  }
  return { digits, exponent };
}

function placePoint(digits: string, exponent: number): string {
  if (digits.length <= exponent && exponent <= 21) return `${digits.padEnd(exponent, '0')}.0`;
  if (exponent > 0 && exponent <= 21) return `${digits.slice(0, exponent)}.${digits.slice(exponent)}`;
  if (exponent > -6 && exponent <= 0) return `0.${'0'.repeat(-exponent)}${digits}`;
  return `${digits.length === 1 ? digits : `${digits[0]}.${digits.slice(1)}`}e${exponent - 1}`;
}

const SPECIAL: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  NaN: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  Inf: Number.POSITIVE_INFINITY,
  infinity: Number.POSITIVE_INFINITY,
  Infinity: Number.POSITIVE_INFINITY,
};

/** Blanks around it are passed over; the specials are read as the engine does (`INF` is none). */
export function readReal(text: string): number | null {
  const trimmed = text.trim();
  if (trimmed.length > 400) return null;
  const [, sign, special] = /^([+-]?)([a-zA-Z]+)$/.exec(trimmed) ?? [];
  if (special !== undefined) {
    const value = SPECIAL[special];
    return value === undefined ? null : sign === '-' ? -value : value;
  }
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(trimmed) ? Number(trimmed) : null;
}

/** Decimal or, with `0x`, hexadecimal digits; null where `bits` do not hold it. */
export function readInteger(text: string, bits: 32 | 64): bigint | null {
  const [, sign = '', digits = ''] = /^\s*([+-]?)(\d+|0[xX][0-9a-fA-F]+)\s*$/.exec(text) ?? [];
  if (digits === '' || digits.length > 400) return null;
  const value = sign === '-' ? -BigInt(digits) : BigInt(digits);
  return BigInt.asIntN(bits, value) === value ? value : null;
}
