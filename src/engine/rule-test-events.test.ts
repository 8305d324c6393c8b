import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import type { Event } from '../event/event.ts';
import { readTestEvents, splitObjects } from './rule-test-events.ts';

const folder = mkdtempSync(join(tmpdir(), 'vedette-test-events-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function read(events: readonly (string | { readonly [name: string]: string })[], files: readonly string[] = []) {
  const found: Event[] = [];
  const problems = await readTestEvents({ events, files }, (event) => found.push(event));
  return { names: found.map((event) => event.text('process.name')), times: found.map(({ time }) => time.ms), problems };
}

it('takes objects however they stand', () => {
  const parts = ['{"a": "}{\\""}', '{\n  "b": {"c": []}\n}'];
  expect(splitObjects(parts.join('\n'))).toEqual(parts);
  expect(splitObjects(parts.join(''))).toEqual(parts);
  expect(splitObjects(`[${parts.join(', ')}]\n`)).toEqual(parts);
  expect(splitObjects('{"a": 1} x {"b"')).toEqual(['{"a": 1}', 'x', '{"b"']);
  expect(splitObjects('')).toEqual([]);
});

it('gives every object back, whatever it holds', () => {
  fc.assert(
    fc.property(fc.array(fc.dictionary(fc.string(), fc.jsonValue())), fc.constantFrom(0, 2), (objects, indent) => {
      const texts = objects.map((object) => JSON.stringify(object, undefined, indent));
      expect(splitObjects(texts.join('\n'))).toEqual(texts);
    }),
  );
});

it('reads inline records, files of lines and files of objects, in that order, at times that do not change', async () => {
  const object = { 'process.name': 'a' };
  const [lines, objects] = [join(folder, 'a.log'), join(folder, 'b.json')];
  writeFileSync(lines, '{"process.name": "c"}\n{"process.name": "d"}\n');
  writeFileSync(objects, '\ufeff[{"process.name": "e"},\n{"process.name": "f"}]');
  const first = await read([object, '{"process.name": "b"}\n\n'], [lines, objects]);
  expect(first).toMatchObject({ names: ['a', 'b', 'c', 'd', 'e', 'f'], problems: [] });
  expect(first.times).toEqual([1, 2, 3, 4, 5, 6].map((second) => Date.UTC(2026, 0, 1, 0, 0, second)));
});

it('tells what it cannot read', async () => {
  const bad = join(folder, 'bad.json');
  writeFileSync(bad, '{"a": 1}\nnothing');
  const { problems } = await read(['{"a"'], [bad, join(folder, 'none.json'), join(folder, 'none.log')]);
  expect(problems).toEqual([
    expect.stringMatching(/^Record 1 cannot be read: The line starts as JSON/),
    'bad.json, record 2 cannot be read: No format recognises the line.',
    expect.stringMatching(/^There is no file .*none\.json\.$/),
    expect.stringMatching(/none\.log/),
  ]);
});
