/**
 * What holds for every format that derives its fields: read one by one they are what the whole document holds, and a
 * record whose values are of the wrong kind is read or rejected.
 */
import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import type { Event } from '../src/event/event.ts';
import { jsonAt, scalarsOf } from '../src/event/field-path.ts';
import { isJsonObject, type Json, type JsonObject } from '../src/event/json.ts';
import { ownWords } from './own-words.ts';
import { readEvents } from './read-events.ts';

/** Reads the log twice, field by field in one and as documents in the other, and compares. */
export function expectLazyIsEager(log: string | Uint8Array): void {
  const whole = readEvents(log).events.map((event) => event.document());
  for (const [at, event] of readEvents(log).events.entries()) {
    expectWritten(event);
    const document = whole[at] ?? {};
    for (const path of pathsOf(document)) {
      if (path === 'log' || path.startsWith('log.')) continue;
      const value = jsonAt(document, path);
      // A matcher call for each of thousands of fields would take most of the time.
      if (isDeepStrictEqual(event.json(path), value) && isDeepStrictEqual(event.values(path), scalarsOf(value)))
        continue;
      expect({ path, json: event.json(path), values: event.values(path) }).toEqual({
        path,
        json: value,
        values: scalarsOf(value),
      });
    }
  }
}

const ODD_VALUES: readonly Json[] = [
  null,
  true,
  -1,
  1e300,
  '',
  '-',
  ' ',
  '99999999999999999999999',
  '\\',
  '/',
  '"',
  '2026-13-45T99:99:99Z',
  [],
  {},
  [[null, { a: 1 }]],
  { a: { b: [1, '2'] }, constructor: 1 },
];

/** Puts each odd value in the place of each of the record's own, and reads the result whole, some of it field by field. */
export function expectOddValuesAreRead(record: JsonObject): void {
  for (const [turn, name] of Object.keys(record).entries()) {
    for (const [at, odd] of ODD_VALUES.entries()) {
      const line = JSON.stringify({ ...record, [name]: odd }).replace('{', '{"__proto__":{"polluted":1},');
      const { events, rejects } = readEvents(line);
      if (events.length + rejects.length !== 1) expect.unreachable(line);
      if (at === turn % ODD_VALUES.length) expectLazyIsEager(line);
      else for (const event of events) expectWritten(event);
    }
  }
  expect((Object.prototype as unknown as Record<string, unknown>).polluted).toBeUndefined();
}

function expectWritten(event: Event): void {
  const words = event.words();
  if ((words?.isWritten ?? false) === false) return;
  // Any letter may be escaped: such lines are looked through as what they say.
  const written = Buffer.from(event.raw)
    .toString()
    .replace(/\\(?:u([0-9a-f]{4})|(.))/gis, (all, code?: string, letter?: string) =>
      code === undefined ? (letter === '/' ? '/' : all) : String.fromCharCode(Number.parseInt(code, 16)),
    );
  // What stands before the first value is not looked through.
  const values = written.slice(written.indexOf('":'));
  for (const { field, value } of event.saidScalars()) {
    const [first] = ownWords([value], values, words).unsaid;
    if (first !== undefined) expect.fail(`${event.format} does not say of ${field}: ${first}`);
  }
}

function* pathsOf(value: Json, at = ''): Iterable<string> {
  if (Array.isArray(value)) for (const item of value) yield* pathsOf(item, at);
  if (!isJsonObject(value)) return;
  for (const [name, part] of Object.entries(value)) {
    const path = at === '' ? name : `${at}.${name}`;
    yield path;
    yield* pathsOf(part, path);
  }
}
