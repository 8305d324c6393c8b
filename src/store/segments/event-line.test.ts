import { expect, test } from 'vitest';
import type { JsonObject } from '../../event/json.ts';
import { newEvent } from '../event.fixture.ts';
import { lineOf } from './event-line.ts';

const irregular = (document: JsonObject) => lineOf(newEvent('a', { document }), 1, 0).irregular;

test.each<[string, JsonObject, readonly string[]]>([
  ['nested', { process: { name: 'a', args: ['b', ['c']] } }, []],
  ['a dotted name', { process: { 'parent.name': 'a' } }, ['*']],
  ['objects in an array', { dns: { answers: [{ data: 'a' }], types: ['x'] }, more: [[{}]] }, ['dns.answers', 'more']],
  ['half a surrogate pair', { message: '\ud800' }, ['*']],
])('says where plain paths do not lead: %s', (_, document, paths) => {
  expect([...irregular(document)].sort()).toEqual([...paths].sort());
});

test('has every value of lists, and the first of further fields', () => {
  const line = lineOf(
    newEvent('a', { document: { event: { type: ['start', 'info'] }, source: { ip: ['10.0.0.1', '::1'], port: 80 } } }),
    1,
    0,
  );
  expect(line).toMatchObject({ 'event.type': ['start', 'info'], 'source.ip': '10.0.0.1', 'source.port': '80' });
  expect(line.more).toEqual(['source.ip=::1']);
});
