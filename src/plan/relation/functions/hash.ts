/**
 * Hashes: of a text its UTF-8 bytes, of another value its bytes as the engine holds them.
 *
 * `hash` is xxHash64 (Collet, "xxHash fast digest algorithm") as a signed long. Its values for a text and a datetime are
 * those of Microsoft's page.
 */
import { createHash } from 'node:crypto';
import type { Cell } from '../cell.ts';
import { jsonText, textOf } from '../cell-text.ts';
import type { ScalarFunction, Signature } from '../function.ts';
import { FIRST_TICK } from '../time-text.ts';
import { longAt, typeAt } from './arguments.ts';

export const HASH_FUNCTIONS: Readonly<Record<string, ScalarFunction>> = {
  hash: xxhash,
  hash_xxhash64: xxhash,
  hash_md5: digest('md5'),
  hash_sha1: digest('sha1'),
  hash_sha256: digest('sha256'),
};

function digest(algorithm: string): ScalarFunction {
  return ([cell = null], signature) =>
    cell === null
      ? ''
      : createHash(algorithm)
          .update(textOf(cell, typeAt(signature, 0)))
          .digest('hex');
}

function xxhash(args: readonly Cell[], signature: Signature): bigint | null {
  const [cell = null] = args;
  if (cell === null) return null;
  const value = BigInt.asIntN(64, xxHash64(bytesOf(cell, typeAt(signature, 0))));
  const mod = args.length > 1 ? longAt(args, signature, 1) : null;
  if (args.length < 2) return value;
  if (mod === null || mod <= 0n) return null;
  return ((value % mod) + mod) % mod;
}

function bytesOf(cell: Cell, type: Signature['result']): Buffer {
  const made = Buffer.alloc(type === 'int' ? 4 : 8);
  if (typeof cell === 'bigint') {
    if (type === 'int') made.writeInt32LE(Number(BigInt.asIntN(32, cell)));
    else made.writeBigInt64LE(type === 'datetime' ? cell - FIRST_TICK : cell);
    return made;
  }
  if (typeof cell === 'number' && type !== 'dynamic') {
    made.writeDoubleLE(cell);
    return made;
  }
  if (typeof cell === 'boolean' && type !== 'dynamic') return Buffer.from([cell ? 1 : 0]);
  return Buffer.from(typeof cell === 'string' ? cell : jsonText(cell));
}

const P1 = 0x9e3779b185ebca87n;
const P2 = 0xc2b2ae3d27d4eb4fn;
const P3 = 0x165667b19e3779f9n;
const P4 = 0x85ebca77c2b2ae63n;
const P5 = 0x27d4eb2f165667c5n;

const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);
const rotate = (value: bigint, by: bigint): bigint => u64((value << by) | (value >> (64n - by)));
const round = (sum: bigint, input: bigint): bigint => u64(rotate(u64(sum + input * P2), 31n) * P1);

function xxHash64(bytes: Buffer): bigint {
  let at = 0;
  let hash: bigint;
  if (bytes.length >= 32) {
    const lanes = [u64(P1 + P2), P2, 0n, u64(-P1)];
    for (; at + 32 <= bytes.length; at += 32) {
      for (let lane = 0; lane < 4; lane += 1) {
        lanes[lane] = round(lanes[lane] as bigint, bytes.readBigUInt64LE(at + 8 * lane));
      }
    }
    const [a = 0n, b = 0n, c = 0n, d = 0n] = lanes;
    hash = u64(rotate(a, 1n) + rotate(b, 7n) + rotate(c, 12n) + rotate(d, 18n));
    for (const lane of lanes) hash = u64((hash ^ round(0n, lane)) * P1 + P4);
  } else hash = P5;
  hash = u64(hash + BigInt(bytes.length));
  for (; at + 8 <= bytes.length; at += 8) {
    hash = u64(rotate(hash ^ round(0n, bytes.readBigUInt64LE(at)), 27n) * P1 + P4);
  }
  if (at + 4 <= bytes.length) {
    hash = u64(rotate(hash ^ u64(BigInt(bytes.readUInt32LE(at)) * P1), 23n) * P2 + P3);
    at += 4;
  }
  for (; at < bytes.length; at += 1) hash = u64(rotate(hash ^ u64(BigInt(bytes[at] ?? 0) * P5), 11n) * P1);
  hash = u64((hash ^ (hash >> 33n)) * P2);
  hash = u64((hash ^ (hash >> 29n)) * P3);
  return hash ^ (hash >> 32n);
}
