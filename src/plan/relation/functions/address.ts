/**
 * IPv4 and IPv6 addresses, alone or with the length of their network (`10.0.0.0/8`).
 *
 * An IPv4 address among IPv6 ones counts as mapped (`::ffff:10.0.0.1`). What is no address gives null (or '').
 * Source: Microsoft's page on each function.
 */
import ipaddr from 'ipaddr.js';
import type { Json } from '../../../event/json.ts';
import type { Cell } from '../cell.ts';
import { arrayOf } from '../cell-number.ts';
import { textOf } from '../cell-text.ts';
import type { ScalarFunction, Signature } from '../function.ts';
import { RelationRefusal } from '../refusal.ts';
import { countAt, longAt, textAt, typeAt } from './arguments.ts';

/** 32 or 128 bits. */
type Width = 32 | 128;

interface Network {
  readonly address: bigint;
  /** Leading bits that count. */
  readonly bits: number;
}

export const ADDRESS_FUNCTIONS: Readonly<Record<string, ScalarFunction>> = {
  parse_ipv4: (args, signature) => {
    const network = read(textAt(args, signature, 0), 32);
    return network === undefined ? null : masked(network, 32);
  },
  parse_ipv4_mask: (args, signature) => {
    const network = withBits(read(textAt(args, signature, 0), 32), countAt(args, signature, 1), 32);
    return network === undefined ? null : masked(network, 32);
  },
  format_ipv4: (args, signature) => {
    const network = networkAt(args, signature);
    return network === undefined ? '' : dotted(masked(network, 32));
  },
  format_ipv4_mask: (args, signature) => {
    const network = networkAt(args, signature);
    return network === undefined ? '' : `${dotted(masked(network, 32))}/${network.bits}`;
  },
  ipv4_netmask_suffix: (args, signature) => {
    const network = read(textAt(args, signature, 0), 32);
    return network === undefined ? null : BigInt(network.bits);
  },
  ipv4_is_private: (args, signature) => {
    const network = read(textAt(args, signature, 0), 32);
    return network === undefined ? null : PRIVATE.some((range) => isWithin(masked(network, 32), range, 32));
  },
  ipv4_range_to_cidr_list: (args, signature) => {
    const [first, last] = [0, 1].map((at) => read(textAt(args, signature, at), 32));
    return first === undefined || last === undefined ? null : networksBetween(first.address, last.address);
  },
  ipv4_compare: compare(32),
  ipv6_compare: compare(128),
  ipv4_is_match: isMatch(32),
  ipv6_is_match: isMatch(128),
  ipv4_is_in_range: isInRange(32),
  ipv6_is_in_range: isInRange(128),
  ipv4_is_in_any_range: isInAnyRange(32),
  ipv6_is_in_any_range: isInAnyRange(128),
  // Of no function of Kusto's: what `ipv4_lookup` and `ipv6_lookup` join by.
  'address-network': (args, signature) => {
    const width = widthAt(args, signature);
    const network = read(textAt(args, signature, 0), width);
    return network === undefined ? '' : networkName(network, width);
  },
  'address-networks': (args, signature) => {
    const width = widthAt(args, signature);
    const text = textAt(args, signature, 0);
    const network = read(text, width);
    if (network === undefined) return [];
    if (text.includes('/'))
      throw new RelationRefusal('Which networks hold a network that is looked for is not known. Look for addresses.');
    return Array.from({ length: network.bits + 1 }, (_, bits) => networkName({ ...network, bits }, width));
  },
  parse_ipv6: (args, signature) => {
    const network = read(textAt(args, signature, 0), 128);
    return network === undefined ? '' : grouped(masked(network, 128));
  },
  parse_ipv6_mask: (args, signature) => {
    const text = textAt(args, signature, 0);
    const bits = countAt(args, signature, 1);
    // The length counts the bits of an IPv6 address, of an IPv4 address too.
    const network = withBits(read(text, 128), bits, 128);
    return network === undefined ? '' : grouped(masked(network, 128));
  },
  has_ipv4: (args, signature) => {
    const wanted = read(textAt(args, signature, 1), 32)?.address;
    return wanted !== undefined && addressesIn(textAt(args, signature, 0)).some((text) => text === dotted(wanted));
  },
  has_any_ipv4: (args, signature) => {
    const found = new Set(addressesIn(textAt(args, signature, 0)));
    return textsFrom(args, signature).some((text) => found.has(text.trim()));
  },
  has_ipv4_prefix: (args, signature) => hasPrefix(textAt(args, signature, 0), textAt(args, signature, 1)),
  has_any_ipv4_prefix: (args, signature) =>
    textsFrom(args, signature).some((prefix) => hasPrefix(textAt(args, signature, 0), prefix)),
};

const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map((text) => read(text, 32) as Network);

function read(text: string, width: Width): Network | undefined {
  const [host = '', length, ...more] = text.trim().split('/');
  if (more.length > 0 || text.length > 100) return undefined;
  const isFour = ipaddr.IPv4.isValidFourPartDecimal(host);
  if (!isFour && (width === 32 || !ipaddr.IPv6.isValid(host) || host.includes('%'))) return undefined;
  const most = isFour ? 32 : 128;
  if (length !== undefined && !/^\d{1,3}$/.test(length)) return undefined;
  const bits = length === undefined ? most : Number(length);
  if (bits > most) return undefined;
  const value = ipaddr
    .parse(host)
    .toByteArray()
    .reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  if (isFour && width === 128) return { address: (0xffffn << 32n) | value, bits: bits + 96 };
  return { address: value, bits };
}

function widthAt(args: readonly Cell[], signature: Signature): Width {
  return countAt(args, signature, 1) === 128 ? 128 : 32;
}

/** The same for every spelling of a network. */
function networkName(network: Network, width: Width): string {
  return `${masked(network, width)}/${network.bits}`;
}

function withBits(network: Network | undefined, bits: number | null, width: Width): Network | undefined {
  if (network === undefined || bits === null || bits < 0 || bits > width) return undefined;
  return { ...network, bits: Math.min(network.bits, bits) };
}

function masked({ address, bits }: Network, width: Width): bigint {
  const rest = BigInt(width - bits);
  return (address >> rest) << rest;
}

/** The network of a text or a number, at most as long as the second argument says. */
function networkAt(args: readonly Cell[], signature: Signature): Network | undefined {
  const [cell = null] = args;
  const isText = typeof cell === 'string';
  const value = isText ? null : longAt(args, signature, 0);
  const network = isText
    ? read(cell, 32)
    : value === null || value < 0n || value > 0xffffffffn
      ? undefined
      : { address: value, bits: 32 };
  return args.length > 1 ? withBits(network, countAt(args, signature, 1), 32) : network;
}

function dotted(address: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (address >> shift) & 0xffn).join('.');
}

function grouped(address: bigint): string {
  return (address.toString(16).padStart(32, '0').match(/.{4}/g) ?? []).join(':');
}

/** Only the bits that count in both, and that the third argument counts. */
function compare(width: Width): ScalarFunction {
  return (args, signature) => {
    const [a, b] = [read(textAt(args, signature, 0), width), read(textAt(args, signature, 1), width)];
    const most = args.length > 2 ? countAt(args, signature, 2) : width;
    if (a === undefined || b === undefined || most === null || most < 0 || most > width) return null;
    const bits = Math.min(a.bits, b.bits, most);
    const [x, y] = [masked({ ...a, bits }, width), masked({ ...b, bits }, width)];
    return x < y ? -1n : x > y ? 1n : 0n;
  };
}

function isMatch(width: Width): ScalarFunction {
  const order = compare(width);
  return (args, signature) => {
    const made = order(args, signature);
    return made === null ? null : made === 0n;
  };
}

function isWithin(address: bigint, range: Network, width: Width): boolean {
  return masked({ address, bits: range.bits }, width) === masked(range, width);
}

function isInRange(width: Width): ScalarFunction {
  return (args, signature) => {
    const [address, range] = [read(textAt(args, signature, 0), width), read(textAt(args, signature, 1), width)];
    return address === undefined || range === undefined ? null : isWithin(masked(address, width), range, width);
  };
}

/** Ranges that are none are passed over. */
function isInAnyRange(width: Width): ScalarFunction {
  return (args, signature) => {
    const address = read(textAt(args, signature, 0), width);
    if (address === undefined) return null;
    const ranges = textsFrom(args, signature).map((text) => read(text, width));
    return ranges.some((range) => range !== undefined && isWithin(masked(address, width), range, width));
  };
}

/** The arguments behind the first, of an array each element. */
function textsFrom(args: readonly Cell[], signature: Signature): string[] {
  return args.slice(1).flatMap((cell, at) => {
    const items: readonly Json[] | null = arrayOf(cell);
    return items === null ? [textOf(cell, typeAt(signature, at + 1))] : items.map((item) => textOf(item, 'dynamic'));
  });
}

/** Addresses that stand between what is neither letter nor digit. */
function addressesIn(text: string): string[] {
  const found = text.matchAll(/(?<![\p{L}\p{N}.])\d{1,3}(?:\.\d{1,3}){3}(?![\p{L}\p{N}])/gu);
  return [...found].map(([address]) => address).filter((address) => ipaddr.IPv4.isValidFourPartDecimal(address));
}

function hasPrefix(text: string, prefix: string): boolean {
  const isWhole = ipaddr.IPv4.isValidFourPartDecimal(prefix);
  if (!isWhole && !/^(?:\d{1,3}\.){1,3}$/.test(prefix)) return false;
  return addressesIn(text).some((address) => (isWhole ? address === prefix : address.startsWith(prefix)));
}

/** The fewest networks that cover the addresses from the first to the last. */
function networksBetween(first: bigint, last: bigint): Json {
  const networks: string[] = [];
  let at = first;
  while (at <= last) {
    let bits = 32;
    while (bits > 0) {
      const size = 1n << BigInt(33 - bits);
      if (at % size !== 0n || at + size - 1n > last) break;
      bits -= 1;
    }
    networks.push(`${dotted(at)}/${bits}`);
    at += 1n << BigInt(32 - bits);
  }
  return networks;
}
