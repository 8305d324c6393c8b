/**
 * A set of addresses and ranges of them, sorted and joined, in typed arrays: 8 bytes a range of IPv4, 32 of IPv6.
 *
 *   10.0.0.1 · 10.0.0.0/8 · 10.0.0.1-10.0.0.9 ──parseRange──▶ [first, last] ──sorted, joined──▶ binary search
 *
 * An IPv4 address mapped into IPv6 counts as the IPv4 address it is, as everywhere in the plan.
 */
import ipaddr from 'ipaddr.js';

/** First and last address, inclusive, of one family. */
export interface AddressRange {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

/** `undefined` where the text is no address, no network and no range whose ends are in order. */
export function parseRange(text: string): AddressRange | undefined {
  const single = parseAddress(text);
  if (single !== undefined) return { family: single.family, first: single.value, last: single.value };
  if (text.includes('/')) return parseNetwork(text);
  const [from, to, ...more] = text.split('-').map((part) => parseAddress(part.trim()));
  if (from === undefined || to === undefined || more.length > 0) return undefined;
  if (from.family !== to.family || from.value > to.value) return undefined;
  return { family: from.family, first: from.value, last: to.value };
}

export interface AddressSet {
  /** Whether the text is an address in it. */
  has(text: string): boolean;
}

export function createAddressSet(ranges: Iterable<AddressRange>): AddressSet {
  const four: AddressRange[] = [];
  const six: AddressRange[] = [];
  for (const range of ranges) (range.family === 4 ? four : six).push(range);
  const fours = joined(four);
  const first4 = Uint32Array.from(fours, ({ first }) => Number(first));
  const last4 = Uint32Array.from(fours, ({ last }) => Number(last));
  const sixes = joined(six);
  // Only the arrays are kept: naming the ranges in `has` would keep all of them.
  const count6 = sixes.length;
  const ends6 = BigUint64Array.from(
    sixes.flatMap(({ first, last }) => [high(first), low(first), high(last), low(last)]),
  );
  return {
    has(text) {
      const quad = parseQuad(text);
      if (quad !== undefined) {
        const at = lastNotAfter(first4.length, (index) => (first4[index] as number) <= quad);
        return at !== -1 && (last4[at] as number) >= quad;
      }
      const address = text.includes(':') ? parseAddress(text) : undefined;
      if (address === undefined) return false;
      const { value, family } = address;
      if (family === 4) {
        const number = Number(value);
        const at = lastNotAfter(first4.length, (index) => (first4[index] as number) <= number);
        return at !== -1 && (last4[at] as number) >= number;
      }
      const end = (at: number) => ((ends6[at] as bigint) << 64n) | (ends6[at + 1] as bigint);
      const at = lastNotAfter(count6, (index) => end(index * 4) <= value);
      return at !== -1 && end(at * 4 + 2) >= value;
    },
  };
}

/** The last of `count` places in order for which `holds`, which holds for all up to some place; -1 for none. */
function lastNotAfter(count: number, holds: (index: number) => boolean): number {
  let low = 0;
  let over = count;
  while (low < over) {
    const middle = (low + over) >>> 1;
    if (holds(middle)) low = middle + 1;
    else over = middle;
  }
  return low - 1;
}

function joined(ranges: AddressRange[]): readonly AddressRange[] {
  ranges.sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
  const result: AddressRange[] = [];
  for (const range of ranges) {
    const before = result.at(-1);
    if (before === undefined || range.first > before.last + 1n) result.push(range);
    else if (range.last > before.last) result[result.length - 1] = { ...before, last: range.last };
  }
  return result;
}

function parseNetwork(text: string): AddressRange | undefined {
  const [base = '', bits = '', ...more] = text.split('/');
  const address = parseAddress(base.trim());
  // Of a mapped address the bits count from the start of the IPv6 one; nobody writes that, so it is refused.
  if (address === undefined || more.length > 0 || (base.includes(':') && address.family === 4)) return undefined;
  const length = address.family === 4 ? 32 : 128;
  if (!/^\d{1,3}$/.test(bits.trim()) || Number(bits) > length) return undefined;
  const host = (1n << BigInt(length - Number(bits))) - 1n;
  return { family: address.family, first: address.value & ~host, last: address.value | host };
}

function parseAddress(text: string): { readonly family: 4 | 6; readonly value: bigint } | undefined {
  const quad = parseQuad(text);
  if (quad !== undefined) return { family: 4, value: BigInt(quad) };
  if (!text.includes(':') || !ipaddr.IPv6.isValid(text)) return undefined;
  const { parts } = ipaddr.IPv6.parse(text.replace(/%.*$/s, ''));
  const value = parts.reduce((sum, part) => (sum << 16n) | BigInt(part), 0n);
  return value >> 32n === 0xffffn ? { family: 4, value: value & 0xffff_ffffn } : { family: 6, value };
}

/** `10.0.0.1` as a number; no other spelling. */
function parseQuad(text: string): number | undefined {
  const [, a, b, c, d] = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text) ?? [];
  if (d === undefined) return undefined;
  let value = 0;
  for (const part of [a, b, c, d] as string[]) {
    if (Number(part) > 255 || (part.length > 1 && part.startsWith('0'))) return undefined;
    value = value * 256 + Number(part);
  }
  return value;
}

const high = (value: bigint) => value >> 64n;
const low = (value: bigint) => value & 0xffff_ffff_ffff_ffffn;
