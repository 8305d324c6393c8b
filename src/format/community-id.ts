/**
 * Community ID (version 1, seed 0): one id for a network flow, whichever end reports it.
 */
import { createHash } from 'node:crypto';
import ipaddr from 'ipaddr.js';

const PROTOCOLS: Readonly<Record<string, number>> = { tcp: 6, udp: 17, sctp: 132 };

/** `undefined` for a transport without ports, or addresses that are none. */
export function communityId(
  transport: string | undefined,
  one: { readonly ip: string; readonly port: number },
  other: { readonly ip: string; readonly port: number },
): string | undefined {
  const protocol = Object.hasOwn(PROTOCOLS, transport ?? '') ? PROTOCOLS[transport ?? ''] : undefined;
  if (protocol === undefined || !ipaddr.isValid(one.ip) || !ipaddr.isValid(other.ip)) return undefined;
  const ends = [one, other].map(({ ip, port }) =>
    Buffer.from([...ipaddr.parse(ip).toByteArray(), (port >> 8) & 0xff, port & 0xff]),
  ) as [Buffer, Buffer];
  ends.sort(Buffer.compare);
  const [low, high] = ends;
  const seed = Buffer.alloc(2);
  const bytes = [
    seed,
    low.subarray(0, -2),
    high.subarray(0, -2),
    Buffer.from([protocol, 0]),
    low.subarray(-2),
    high.subarray(-2),
  ];
  return `1:${createHash('sha1').update(Buffer.concat(bytes)).digest('base64')}`;
}
