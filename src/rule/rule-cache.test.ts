import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Inspection } from './inspect.ts';
import { bundledRulesFolder, inspectRules } from './load.ts';
import { openRuleCache } from './rule-cache.ts';

const sigma = (id: string, value = 'x', more = '') =>
  `title: Rule ${id}\nid: ${id}\nstatus: test\nlogsource:\n  category: process_creation\n  product: windows\ndetection:\n  sel:\n    Image|endswith: '\\${value}.exe'\n  condition: sel\n${more}`;
const correlation =
  'title: Many\nid: many\ncorrelation:\n  type: event_count\n  rules: [a]\n  group-by: [User]\n  timespan: 5m\n  condition:\n    gte: 3\n';
const filter =
  'title: Not ours\nid: filter\nlogsource:\n  category: process_creation\n  product: windows\nfilter:\n  rules: [b]\n  selection:\n    User: ours\n  condition: not selection\n';

describe('rules from a cache', () => {
  let folder = '';
  let rules = '';
  const put = (name: string, text: string) => writeFileSync(join(rules, name), text);
  /** Reads as a process of its own would; @returns what came of it, and which files were taken from the cache */
  const read = async (meaning = '') => {
    const cache = openRuleCache({ folder: join(folder, 'cache'), paths: [rules] });
    cache.inspections.begin(meaning);
    const taken: string[] = [];
    const find = cache.inspections.find.bind(cache.inspections);
    cache.inspections.find = (known, filters) => {
      const found = find(known, filters);
      if (found?.[0] !== undefined) taken.push(found[0].file.slice(rules.length + 1));
      return found;
    };
    const inspections: Inspection[] = [];
    for await (const one of inspectRules([rules], { cache: cache.inspections })) inspections.push(one);
    cache.save();
    return { inspections: inspections.map(comparable), taken };
  };
  /** As if nobody had written to the files for an hour. */
  const age = () => vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 3_600_000);
  /** Until the clock of the file system has gone on since the file was written. */
  const tick = (file: string) => {
    const [probe, { ctimeMs }] = [join(folder, 'probe'), statSync(file)];
    do writeFileSync(probe, '');
    while (statSync(probe).ctimeMs === ctimeMs);
  };
  const files = () => readdirSync(join(folder, 'cache')).filter((name) => name.endsWith('.rules'));
  const cacheFile = () => join(folder, 'cache', files()[0] ?? '');

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'vedette-rule-cache-'));
    rules = join(folder, 'rules');
    mkdirSync(rules);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    rmSync(folder, { recursive: true });
  });

  it('is what reading anew gives', async () => {
    put('a.yml', sigma('a'));
    put('b.yml', `${sigma('b')}level: ${'é'}\n`);
    put('two.yml', `${sigma('c')}---\n${sigma('d')}`);
    put('many.yml', correlation);
    put('wrong.yml', 'title: x\ndetection: 1\n');
    const cold = await read();
    const cached = await read();
    expect(cold.taken).toEqual([]);
    expect(cached.taken).toEqual(['a.yml', 'b.yml', 'two.yml', 'wrong.yml']);
    expect(cached.inspections).toEqual(cold.inspections);
    expect(cold.inspections.filter(({ rule }) => rule !== undefined)).toHaveLength(4);
  });

  it('is what reading anew gives of the bundled rules', async () => {
    rules = bundledRulesFolder();
    const cold = await read();
    const cached = await read();
    expect(cached.taken.length).toBeGreaterThan(3);
    expect(cached.inspections).toEqual(cold.inspections);
  });

  it('keeps places: what is asked of one later is found in the text', async () => {
    put('a.yml', sigma('a'));
    put('b.yml', sigma('a'));
    const [cold, cached] = [await read(), await read()];
    expect(cached.taken).toHaveLength(2);
    const duplicate = (of: typeof cold) =>
      of.inspections.flatMap(({ findings }) => findings).find(({ code }) => code === 'rule-id-duplicate');
    expect(duplicate(cached)).toMatchObject({ line: 2 });
    expect(duplicate(cached)).toEqual(duplicate(cold));
  });

  it('reads a changed file anew, and the others not', async () => {
    put('a.yml', sigma('a'));
    put('b.yml', sigma('b'));
    await read();
    put('b.yml', sigma('b', 'y'));
    const { taken, inspections } = await read();
    expect(taken).toEqual(['a.yml']);
    expect(JSON.stringify(inspections[1])).toContain('y.exe');
    expect((await read()).taken).toEqual(['a.yml', 'b.yml']);
  });

  it('does not read a file again that nobody has written to since it was read', async () => {
    put('a.yml', sigma('a'));
    put('page.md', 'no rule');
    age();
    const cold = await read();
    const texts: string[] = [];
    const decode = vi.spyOn(TextDecoder.prototype, 'decode').mockImplementation((bytes) => {
      texts.push(String(bytes));
      return Buffer.from(bytes as Uint8Array).toString();
    });
    const cached = await read();
    decode.mockRestore();
    expect(texts).toEqual([]);
    expect(cached).toEqual({ inspections: cold.inspections, taken: ['a.yml'] });
  });

  it.each<[string, (file: string, text: string) => void]>([
    [
      'was put in its place',
      (file, text) => {
        writeFileSync(`${file}.new`, text);
        renameSync(`${file}.new`, file);
      },
    ],
    ['was written to', (file, text) => writeFileSync(file, text)],
  ])('sees what %s, though its size and time are what they were', async (_, change) => {
    put('a.yml', sigma('a', 'x'));
    age();
    const file = join(rules, 'a.yml');
    const { mtime } = statSync(file);
    await read();
    tick(file);
    change(file, sigma('a', 'y'));
    utimesSync(file, mtime, mtime);
    expect(JSON.stringify((await read()).inspections)).toContain('y.exe');
  });

  it('reads a file again that was written to a moment before it was read', async () => {
    put('a.yml', sigma('a', 'x'));
    const { mtimeMs } = statSync(join(rules, 'a.yml'));
    vi.spyOn(Date, 'now').mockReturnValue(mtimeMs + 1);
    await read();
    const cache = openRuleCache({ folder: join(folder, 'cache'), paths: [rules] });
    cache.inspections.begin('');
    const { size, ctimeMs, ino } = statSync(join(rules, 'a.yml'));
    expect(cache.inspections.byStamp(join(rules, 'a.yml'), { size, mtimeMs, ctimeMs, ino })).toBeUndefined();
    expect(cache.inspections.has(join(rules, 'a.yml'))).toBe(true);
  });

  it('reads a rule anew that a filter is for now', async () => {
    put('a.yml', sigma('a'));
    put('b.yml', sigma('b'));
    await read();
    put('filter.yml', filter);
    const { taken, inspections } = await read();
    expect(taken).not.toContain('b.yml');
    expect(inspections.find(({ document }) => document?.id === 'b')?.document?.filters).toEqual(['Not ours']);
  });

  it('reads all anew where rules are changed by something else', async () => {
    put('a.yml', sigma('a'));
    await read('one');
    expect((await read('other')).taken).toEqual([]);
    expect((await read('other')).taken).toEqual(['a.yml']);
  });

  it.each<[string, (bytes: Buffer) => Uint8Array]>([
    ['is cut', (bytes) => bytes.subarray(0, bytes.length - 1)],
    ['is empty', () => Buffer.alloc(0)],
    ['has another byte', (bytes) => Buffer.from(bytes.map((byte, at) => (at === bytes.length - 9 ? byte ^ 1 : byte)))],
    ['was written by another version', (bytes) => Buffer.from(bytes.toString().replace('rules ', 'rules 0'))],
    ['is something else', () => Buffer.from('{}')],
  ])('counts as none where the file %s', async (_, change) => {
    put('a.yml', sigma('a'));
    const cold = await read();
    tick(cacheFile());
    writeFileSync(cacheFile(), change(readFileSync(cacheFile())));
    const { taken, inspections } = await read();
    expect(taken).toEqual([]);
    expect(inspections).toEqual(cold.inspections);
    expect((await read()).taken).toEqual(['a.yml']);
  });

  it('is read where nothing tells that it is as it was written, or something else does', async () => {
    put('a.yml', sigma('a'));
    const cold = await read();
    const stamp = cacheFile().replace('.rules', '.stamp');
    writeFileSync(stamp, 'other');
    expect(await read()).toEqual({ inspections: cold.inspections, taken: ['a.yml'] });
    rmSync(stamp);
    expect(await read()).toEqual({ inspections: cold.inspections, taken: ['a.yml'] });
  });

  it('gives what it held when it was read, though another was put in its place since', async () => {
    put('a.yml', sigma('a', 'x'));
    const cold = await read();
    const cache = openRuleCache({ folder: join(folder, 'cache'), paths: [rules] });
    cache.inspections.begin('');
    const text = sigma('a', 'x');
    put('a.yml', sigma('a', 'a-longer-value'));
    await read();
    const known = cache.inspections.byText(join(rules, 'a.yml'), text);
    expect(known?.inspections.map(comparable)).toEqual(cold.inspections);
  });

  it('counts as none where others may write it', async () => {
    put('a.yml', sigma('a'));
    await read();
    chmodSync(cacheFile(), 0o666);
    expect((await read()).taken).toEqual([]);
  });

  it('is whole where several processes keep one at the same time', async () => {
    put('a.yml', sigma('a'));
    put('b.yml', sigma('b'));
    const caches = Array.from({ length: 3 }, () => openRuleCache({ folder: join(folder, 'cache'), paths: [rules] }));
    for (const { inspections } of caches) inspections.begin('');
    await Promise.all(
      caches.map(async ({ inspections, save }) => {
        for await (const _ of inspectRules([rules], { cache: inspections }));
        save();
      }),
    );
    expect(files()).toHaveLength(1);
    expect((await read()).taken).toEqual(['a.yml', 'b.yml']);
  });

  it('does without where it cannot be kept', async () => {
    put('a.yml', sigma('a'));
    writeFileSync(join(folder, 'cache'), 'no folder');
    expect((await read()).inspections).toHaveLength(1);
  });

  it('keeps few sets of rules', async () => {
    const all = rules;
    for (let at = 0; at < 10; at += 1) {
      rules = join(all, String(at));
      mkdirSync(rules);
      put('a.yml', sigma('a'));
      await read();
    }
    expect(files()).toHaveLength(8);
  });
});

/** All but functions, of which places are asked; what is known beside a document and a plan follows from them. */
function comparable({ file, text, kind, document, rule, findings, locate, correlate }: Inspection) {
  const own = rule && { ...rule, head: undefined, outline: undefined };
  return { file, text, kind, document, rule: own, findings, place: locate?.value(['id']), isCorrelation: !!correlate };
}
