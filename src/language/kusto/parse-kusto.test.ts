import { afterEach, expect, test } from 'vitest';
import { KustoParser, PARSER_LIMITS } from './parse-kusto.ts';

const SCHEMA = { tables: [{ names: ['T'], columns: [{ name: 'Name', type: 'string' as const }] }] };
const parsers: KustoParser[] = [];

function parser(limits: Partial<typeof PARSER_LIMITS> = {}): KustoParser {
  const made = new KustoParser(SCHEMA, { ...PARSER_LIMITS, ...limits });
  parsers.push(made);
  return made;
}

afterEach(() => {
  for (const one of parsers.splice(0)) one.stop();
});

const QUERY = 'T | where Name == "a"';
const SLOW = `T | where ${'('.repeat(1_000)}true${')'.repeat(1_000)}`;

test('the tree is ours, frozen, with places: the shape of Microsoft’s objects that we rely on', async () => {
  const one = parser({ idle: 30 });
  expect(one.running).toBe(false);
  const [result, again] = await Promise.all([one.parse(QUERY), one.parse(QUERY)]);
  expect(one.running).toBe(true);
  expect(again).toEqual(result);
  expect(result).toEqual({
    syntax: {
      lets: [],
      pipeline: {
        kind: 'pipeline',
        source: { kind: 'table', name: 'T', span: { start: 0, end: 1 } },
        operators: [
          {
            kind: 'where',
            condition: {
              kind: 'comparison',
              operator: '==',
              left: { kind: 'column', name: 'Name', type: 'string', span: { start: 10, end: 14 } },
              right: { kind: 'literal', type: 'string', text: 'a', span: { start: 18, end: 21 } },
              span: { start: 10, end: 21 },
            },
            span: { start: 4, end: 21 },
          },
        ],
        span: { start: 0, end: 21 },
      },
      unsupported: [],
    },
    diagnostics: [],
  });
  expect('syntax' in result && Object.isFrozen(result.syntax.pipeline?.operators)).toBe(true);
  await expect.poll(() => one.running, { message: 'an idle thread ends' }).toBe(false);
});

test('a text that takes too long, a parser that does not load', async () => {
  const slow = parser({ text: 1 });
  expect(await slow.parse(SLOW)).toEqual({ failure: 'too-slow' });
  expect(slow.running).toBe(false);
  expect(await parser({ load: 1 }).parse(QUERY)).toMatchObject({ failure: 'unavailable' });
});

test('who gives up ends the work, and the next in line is served', async () => {
  const one = parser();
  const giving = new AbortController();
  const abandoned = one.parse(SLOW, giving.signal);
  const waiting = one.parse(QUERY);
  giving.abort(new Error('enough'));
  await expect(abandoned).rejects.toThrow('enough');
  expect(await waiting).toHaveProperty('syntax');
  await expect(one.parse(QUERY, AbortSignal.abort(new Error('late')))).rejects.toThrow('late');
});
