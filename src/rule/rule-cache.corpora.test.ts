/** Others' rules from the cache are what they are cold: a part of each form, evenly taken. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parsePlainYaml } from '../language/plain-yaml.ts';
import { parseAnyYaml } from '../language/yaml.ts';
import type { Inspection } from './inspect.ts';
import { inspectText } from './inspect.ts';
import { InspectionCache } from './inspection-cache.ts';
import { decodeInspections, encodeInspections } from './inspection-file.ts';
import { SigmaFilters } from './sigma-filters.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const corpora = resolve(root, process.env.VEDETTE_CORPORA ?? '../shared/corpora');
const STEP = 25;

describe.skipIf(!existsSync(join(corpora, 'sigma')))('rules of others', () => {
  const some = (pattern: string) =>
    globSync(join(corpora, pattern))
      .sort()
      .filter((_, at) => at % STEP === 0);

  it.each([['sigma/rules*/**/*.yml'], ['elastic/rules/**/*.toml']])('%s come from a cache as they were', (pattern) => {
    const cache = new InspectionCache();
    const filters = new SigmaFilters();
    cache.begin('');
    const texts = new Map(some(pattern).map((file) => [file, readFileSync(file, 'utf8')]));
    for (const [file, text] of texts) {
      const inspections = inspectText(text, file, { filters });
      cache.keep(file, { file, text }, inspections, { filters, holdsFilters: false });
    }
    const { index, bodies: parts } = encodeInspections(cache.last.known);
    const bodies = Buffer.concat(parts);
    const restored = decodeInspections(index, (start, length) => bodies.subarray(start, start + length));
    expect(restored.size).toBe(texts.size);
    for (const file of texts.keys()) {
      const [warm, cold] = [restored.get(file)?.known, cache.last.known.get(file)?.known];
      expect(warm?.text).toBe(cold?.text);
      expect(warm?.inspections.map(data)).toEqual(cold?.inspections.map(data));
    }
  });

  it('are nearly all read by the plain reader, as the library reads them', () => {
    const texts = some('sigma/rules*/**/*.yml').map((file) => readFileSync(file, 'utf8'));
    const plain = texts.filter((text) => {
      const read = parsePlainYaml(text);
      if (read !== undefined) expect([read]).toEqual(parseAnyYaml(text));
      return read !== undefined;
    });
    expect(plain.length).toBeGreaterThan(texts.length * 0.98);
  });
});

/** What is known beside a document and a plan follows from them. */
function data({ file, text, kind, document, rule, findings }: Inspection) {
  return { file, text, kind, document, findings, rule: rule && { ...rule, head: undefined, outline: undefined } };
}
