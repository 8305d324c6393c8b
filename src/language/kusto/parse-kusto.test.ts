import { afterEach, expect, test } from 'vitest';
import { KustoParser, KustoThread, PARSER_LIMITS } from './parse-kusto.ts';

const SCHEMA = { tables: [{ names: ['T'], columns: [{ name: 'Name', type: 'string' as const }] }] };
const threads: KustoThread[] = [];

function thread(limits: Partial<typeof PARSER_LIMITS> = {}): KustoThread {
  const made = new KustoThread({ ...PARSER_LIMITS, ...limits });
  threads.push(made);
  return made;
}

afterEach(() => {
  for (const one of threads.splice(0)) one.stop();
});

const QUERY = 'T | where Name == "a"';
const SLOW = `T | where ${'('.repeat(1_000)}true${')'.repeat(1_000)}`;

test('the tree is ours, frozen, with places: the shape of Microsoft’s objects that we rely on', async () => {
  const one = new KustoParser(SCHEMA);
  const [result, again] = await Promise.all([one.parse(QUERY), one.parse(QUERY)]);
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
});

test('a text that takes too long, a parser that does not load', async () => {
  const slow = thread({ text: 1 });
  expect(await new KustoParser(SCHEMA, slow).parse(SLOW)).toEqual({ failure: 'too-slow' });
  expect(slow.running).toBe(false);
  const loading = thread({ load: 1 });
  expect(await new KustoParser(SCHEMA, loading).parse(QUERY)).toMatchObject({ failure: 'unavailable' });
});

/** Each table has twice the columns of the one before. */
const WIDER = `let a0 = T; ${Array.from({ length: 30 }, (_, at) => `let a${at + 1} = a${at} | join a${at} on Name;`).join(' ')} a30`;

test('a text that takes long lets others pass, and is given up when it has taken too long', async () => {
  const one = new KustoParser(SCHEMA, thread({ text: 600, patience: 100 }));
  const order: string[] = [];
  const long = one.bind(WIDER, []).then((result) => {
    order.push('long');
    return result;
  });
  const short = one.bind(QUERY, []).then((result) => {
    order.push('short');
    return result;
  });
  expect(await short).toHaveProperty('statements');
  expect(await long).toMatchObject({ failure: expect.stringMatching(/^too-(slow|large)$/) });
  expect(order).toEqual(['short', 'long']);
});

test('a table that is united with itself many times is understood', async () => {
  const doubled = Array.from({ length: 60 }, (_, at) => `let a${at + 1} = union a${at}, a${at};`).join(' ');
  const bound = await new KustoParser(SCHEMA).bind(`let a0 = T; ${doubled} a60 | project Name`, []);
  expect(bound).toHaveProperty('diagnostics', []);
});

test('who gives up ends the work, and the next in line is served by a thread that ends when it idles', async () => {
  const idling = thread({ idle: 30 });
  const one = new KustoParser(SCHEMA, idling);
  expect(idling.running).toBe(false);
  const giving = new AbortController();
  const abandoned = one.parse(SLOW, giving.signal);
  const waiting = one.parse(QUERY);
  giving.abort(new Error('enough'));
  await expect(abandoned).rejects.toThrow('enough');
  expect(await waiting).toHaveProperty('syntax');
  expect(idling.running).toBe(true);
  await expect.poll(() => idling.running, { message: 'an idle thread ends' }).toBe(false);
  await expect(one.parse(QUERY, AbortSignal.abort(new Error('late')))).rejects.toThrow('late');
});

test('one thread knows many schemas apart, and those it was made to forget when they are asked about again', async () => {
  const numbers = Array.from({ length: 10 }, (_, number) => number);
  const of = (number: number) =>
    new KustoParser({ tables: [{ names: [`T${number}`], columns: [{ name: 'Name', type: 'string' }] }] });
  const parsers = numbers.map(of);
  const bound = async (parser: KustoParser | undefined, number: number) =>
    (await parser?.bind(`T${number} | count`, [])) as { readonly diagnostics: readonly unknown[] };
  for (const round of [1, 2])
    for (const number of numbers) {
      expect((await bound(parsers[number], number)).diagnostics, `round ${round}`).toEqual([]);
      expect((await bound(parsers[number], (number + 1) % 10)).diagnostics).toHaveLength(1);
    }
});
