/**
 * Upper and lower case of every code point: what DuckDB folds otherwise than the reference is never left to DuckDB.
 */
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { NO_SPAN } from '../../diagnostic/span.ts';
import { emitScalar } from '../../dialect/duckdb/emit-scalar.ts';
import type { HostFunction } from '../../dialect/duckdb/host-function.ts';
import { isLoweredOddly } from '../../dialect/duckdb/letters.ts';
import { SCALAR_FUNCTIONS } from '../../plan/relation/functions/index.ts';
import type { FunctionCell, Scalar } from '../../plan/relation/node.ts';
import { registerHosts } from './host-functions.ts';

const LAST = 0x10ffff;

/** Those that some side changes; the mark of byte order, which is lost on the way out of DuckDB, has no case. */
const CHANGED = `SELECT chr(i::INT) AS c0 FROM range(1, ${LAST + 1}) AS r(i)
  WHERE i NOT BETWEEN 55296 AND 57343 AND i <> 65279`;

test('the case of every code point is the reference’s', async () => {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  try {
    const connection = await instance.connect();
    const hosts = new Map<string, HostFunction>();
    const emitted = ['tolower', 'toupper'].map((name) => emitScalar(call(name, [column()]), scopeOf(hosts)));
    await registerHosts(instance, connection, hosts);
    const sql = `SELECT c0, lower(c0), ${emitted.join(', ')} FROM (${CHANGED})
      WHERE strlen(c0) = 1 OR lower(c0) <> c0 OR upper(c0) <> c0 OR c0 IN (SELECT unnest(${listOf(changedHere())}))`;
    const rows = (await connection.runAndReadAll(sql)).getRows() as string[][];
    expect(rows.length).toBeGreaterThan(2_000);
    const differing = rows.filter(([point = '', , lower, upper]) => {
      const reference = (name: string) => SCALAR_FUNCTIONS[name]?.([point], { args: ['string'], result: 'string' });
      return lower !== reference('tolower') || upper !== reference('toupper');
    });
    expect(differing).toEqual([]);
    // Texts without these letters are given to DuckDB's `lower` as they are.
    const unnoted = rows.filter(([point = '', plain, lower]) => plain !== lower && !isLoweredOddly(point));
    expect(unnoted).toEqual([]);
    // What folds otherwise folds to and from nothing that is compared in DuckDB, but for i, which is looked at again.
    const odd = rows.filter(([point = '', lower]) => lower !== point.toLowerCase());
    expect(odd.length).toBeGreaterThan(10);
    const letters = odd.flatMap(([point = '', lower = '']) => [...point, ...lower, ...point.toLowerCase()]);
    for (const letter of new Set(letters.filter((one) => one !== 'i'))) {
      const called = new Map<string, HostFunction>();
      emitScalar(call('=~', [column(), text(letter)]), scopeOf(called));
      expect(called.size, letter).toBe(1);
    }
  } finally {
    instance.closeSync();
  }
});

function changedHere(): readonly string[] {
  const found: string[] = [];
  for (let code = 1; code <= LAST; code += 1) {
    if (code >= 0xd800 && code < 0xe000) continue;
    const point = String.fromCodePoint(code);
    if (point.toLowerCase() !== point || point.toUpperCase() !== point) found.push(point);
  }
  return found;
}

function listOf(points: readonly string[]): string {
  return `[${points.map((point) => `'${point}'`).join(', ')}]`;
}

function scopeOf(hosts: Map<string, HostFunction>) {
  const firstColumn = () => {
    throw new Error('no query');
  };
  return { column: (name: string) => name, forms: new Map(), now: 0n, hosts, firstColumn };
}

function column(): Scalar {
  return { kind: 'column', name: 'c0', type: 'string', span: NO_SPAN };
}

function text(value: string): Scalar {
  return { kind: 'constant', type: 'string', value, span: NO_SPAN };
}

function call(name: string, args: readonly Scalar[]): FunctionCell {
  const type = name === '=~' ? 'bool' : 'string';
  return { kind: 'call', function: name, args, type, nameSpan: NO_SPAN, span: NO_SPAN };
}
