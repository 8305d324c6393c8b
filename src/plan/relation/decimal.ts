/**
 * Exact decimal numbers as text, to 34 significant digits: Kusto's `decimal` (IEEE 754 decimal128).
 */

interface Decimal {
  /** The number is unscaled × 10^-scale. */
  readonly unscaled: bigint;
  readonly scale: number;
}

const DIGITS = 34;
const MOST_SCALE = 6_144;

/** The decimal that a text names, written plainly; null where it names none. */
export function readDecimal(text: string): string | null {
  const value = parse(text.trim());
  return value === undefined ? null : print(value);
}

export function addDecimals(a: string, b: string): string | null {
  return combine(a, b, ({ unscaled: x, scale }, { unscaled: y }) => rounded(x + y, scale));
}

export function subtractDecimals(a: string, b: string): string | null {
  return combine(a, b, ({ unscaled: x, scale }, { unscaled: y }) => rounded(x - y, scale));
}

export function multiplyDecimals(a: string, b: string): string | null {
  const [x, y] = [parse(a), parse(b)];
  return x === undefined || y === undefined ? null : print(rounded(x.unscaled * y.unscaled, x.scale + y.scale));
}

/** Null for a division by zero. */
export function divideDecimals(a: string, b: string): string | null {
  return combine(a, b, ({ unscaled: x }, { unscaled: y }) => {
    if (y === 0n) return undefined;
    const shift = Math.max(0, DIGITS + digitsOf(y) - digitsOf(x) + 1);
    const { unscaled, scale } = rounded((x * 10n ** BigInt(shift)) / y, shift);
    return trimmed(unscaled, scale);
  });
}

/** Never negative, as `%` of the other numbers. */
export function remainderOfDecimals(a: string, b: string): string | null {
  return combine(a, b, ({ unscaled: x, scale }, { unscaled: y }) => {
    if (y === 0n) return undefined;
    const size = y < 0n ? -y : y;
    return { unscaled: ((x % size) + size) % size, scale };
  });
}

/** The greatest multiple of `size` that is not above `a`; null where `size` is not positive. */
export function floorDecimal(a: string, size: string): string | null {
  return combine(a, size, ({ unscaled: x, scale }, { unscaled: y }) => {
    if (y <= 0n) return undefined;
    return { unscaled: x - (((x % y) + y) % y), scale };
  });
}

export function negateDecimal(a: string): string {
  return subtractDecimals('0', a) ?? a;
}

/** Negative, zero or positive. */
export function compareDecimals(a: string, b: string): number {
  const [x, y] = aligned(parse(a) ?? ZERO, parse(b) ?? ZERO);
  return x.unscaled < y.unscaled ? -1 : x.unscaled > y.unscaled ? 1 : 0;
}

/** Towards zero. */
export function truncateDecimal(a: string): bigint {
  const { unscaled, scale } = parse(a) ?? ZERO;
  return scale > 0 ? unscaled / 10n ** BigInt(scale) : unscaled * 10n ** BigInt(-scale);
}

/** Without zeros at its end: equal numbers have equal keys. */
export function decimalKey(a: string): string {
  const { unscaled, scale } = parse(a) ?? ZERO;
  return print(trimmed(unscaled, scale));
}

/** A text that stands among others of its kind as the number does among numbers. */
export function decimalPlace(a: string): string {
  const { unscaled, scale } = parse(a) ?? ZERO;
  if (unscaled === 0n) return '1';
  const size = String(unscaled < 0n ? -unscaled : unscaled);
  // The power of ten of the first digit, then the digits; of what is below zero both turned around.
  const power = size.length - scale + MOST_SCALE + 1_000;
  const digits = size.replace(/0+$/, '');
  if (unscaled > 0n) return `2${String(power).padStart(6, '0')}${digits}`;
  const turned = [...`${String(power).padStart(6, '0')}${digits}`].map((digit) => 9 - Number(digit)).join('');
  return `0${turned}:`;
}

const ZERO: Decimal = { unscaled: 0n, scale: 0 };

function parse(text: string): Decimal | undefined {
  if (text.length > 400) return undefined;
  const [, sign, whole, fraction = '', alone = '', exponent = '0'] =
    /^([+-]?)(?:(\d+)\.?(\d*)|\.(\d+))(?:[eE]([+-]?\d{1,5}))?$/.exec(text) ?? [];
  if (sign === undefined) return undefined;
  const digits = fraction + alone;
  const scale = digits.length - Number(exponent);
  if (Math.abs(scale) > MOST_SCALE) return undefined;
  const size = BigInt((whole ?? '') + digits);
  const unscaled = sign === '-' ? -size : size;
  return scale < 0 ? { unscaled: unscaled * 10n ** BigInt(-scale), scale: 0 } : { unscaled, scale };
}

function print({ unscaled, scale }: Decimal): string {
  if (scale === 0) return String(unscaled);
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function combine(a: string, b: string, make: (x: Decimal, y: Decimal) => Decimal | undefined): string | null {
  const [left, right] = [parse(a), parse(b)];
  if (left === undefined || right === undefined) return null;
  const made = make(...aligned(left, right));
  return made === undefined ? null : print(made);
}

function aligned(a: Decimal, b: Decimal): readonly [Decimal, Decimal] {
  const scale = Math.max(a.scale, b.scale);
  const at = (value: Decimal): Decimal => ({ unscaled: value.unscaled * 10n ** BigInt(scale - value.scale), scale });
  return [at(a), at(b)];
}

/** To 34 digits, half to even; digits before the point are kept. */
function rounded(unscaled: bigint, scale: number): Decimal {
  const excess = Math.min(scale, digitsOf(unscaled) - DIGITS);
  if (excess <= 0) return { unscaled, scale };
  const unit = 10n ** BigInt(excess);
  const size = unscaled < 0n ? -unscaled : unscaled;
  const twice = (size % unit) * 2n;
  const up = twice > unit || (twice === unit && (size / unit) % 2n === 1n);
  const made = size / unit + (up ? 1n : 0n);
  return { unscaled: unscaled < 0n ? -made : made, scale: scale - excess };
}

function trimmed(unscaled: bigint, scale: number): Decimal {
  let [digits, places] = [unscaled, scale];
  while (places > 0 && digits % 10n === 0n) {
    digits /= 10n;
    places -= 1;
  }
  return { unscaled: digits, scale: places };
}

function digitsOf(value: bigint): number {
  return String(value < 0n ? -value : value).length;
}
