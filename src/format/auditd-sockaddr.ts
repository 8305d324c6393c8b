/**
 * The address in a SOCKADDR record: `saddr` is the kernel's `struct sockaddr` in hexadecimal.
 *
 *   0200 0050 A9FEA9FE …  →  ipv4, port 80, 169.254.169.254
 *
 * The family is in the machine's byte order (little-endian but on s390x), port and address in the network's. What is
 * neither IP nor a local socket keeps its bytes (`saddr`) beside the family, as go-libaudit gives it.
 */
import ipaddr from 'ipaddr.js';

export interface SocketAddress {
  /** `ipv4`, `ipv6`, `unix`, `netlink`, …; the number as text where it has no name here. */
  readonly family: string;
  readonly addr?: string;
  readonly port?: number;
  /** Of a local socket; `@` stands for the NUL that an abstract name begins with. */
  readonly path?: string;
  readonly saddr?: string;
}

const FAMILIES: Readonly<Record<number, string>> = { 1: 'unix', 2: 'ipv4', 10: 'ipv6', 16: 'netlink' };

/** `undefined` where the text is no hexadecimal of at least a family. */
export function parseSocketAddress(saddr: string, bigEndian: boolean): SocketAddress | undefined {
  if (saddr.length < 4 || saddr.length > 1024 || !/^(?:[0-9A-Fa-f]{2})+$/.test(saddr)) return undefined;
  const bytes = Buffer.from(saddr, 'hex');
  const number = bigEndian ? bytes.readUInt16BE(0) : bytes.readUInt16LE(0);
  const family = FAMILIES[number] ?? String(number);
  if (family === 'unix') return { family, path: pathOf(bytes.subarray(2)) };
  const address = family === 'ipv4' ? bytes.subarray(4, 8) : bytes.subarray(8, 24);
  if ((family === 'ipv4' && address.length === 4) || (family === 'ipv6' && address.length === 16)) {
    return { family, addr: addressText(address), port: bytes.readUInt16BE(2) };
  }
  return { family, saddr };
}

function addressText(bytes: Uint8Array): string {
  const address = ipaddr.fromByteArray([...bytes]);
  return (
    address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() ? address.toIPv4Address() : address
  ).toString();
}

function pathOf(bytes: Buffer): string {
  const abstract = bytes[0] === 0 && bytes.length > 1;
  const name = bytes.subarray(abstract ? 1 : 0);
  const end = name.indexOf(0);
  return (abstract ? '@' : '') + name.subarray(0, end === -1 ? name.length : end).toString('utf8');
}
