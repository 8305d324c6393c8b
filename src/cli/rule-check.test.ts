import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkCommand } from './rule-check.ts';

const SOURCE = 'logsource: {product: linux, category: process_creation}';
const RULE = `title: R\nid: 0c9d2f8e-5a0e-4b62-8e0b-7b1c9d1f9a11\n${SOURCE}\ndetection:\n  s: {Image: /bin/a}\n  condition: s\n`;
const CORRELATION =
  'title: C\nid: 5f0c6f1e-7c1d-4b0e-9a44-0d7f4a9d2f11\ncorrelation:\n  type: event_count\n  rules: [0c9d2f8e-5a0e-4b62-8e0b-7b1c9d1f9a11]\n  group-by: [User]\n  timespan: 5m\n  condition: {gte: 2}\n';
const FILTER = `title: F\n${SOURCE}\nfilter:\n  rules: any\n  s: {User: backup}\n  condition: not s\n`;

describe('vedette rule check', () => {
  let folder = '';

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'vedette-check-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  async function lastLine(...documents: readonly string[]): Promise<string | undefined> {
    let out = '';
    const path = join(folder, 'all.yml');
    writeFileSync(path, documents.join('---\n'));
    await checkCommand([path], { json: false, out: { write: (text) => (out += text) } });
    return out.trimEnd().split('\n').at(-1);
  }

  it.each([
    [[RULE], '1 rule checked: nothing to report.'],
    [[RULE, CORRELATION], '1 rule and 1 correlation checked: nothing to report.'],
    [[RULE, CORRELATION, FILTER, FILTER], '1 rule, 1 correlation and 2 filters checked: nothing to report.'],
    [[RULE, CORRELATION.replace('0c9d', '0c9e')], '1 rule and 1 correlation checked: 1 error.'],
    [[RULE, RULE], '2 rules checked: 1 error.'],
    // What the filter is told of once all rules are known does not make it two.
    [[FILTER], '1 filter checked: 1 warning.'],
  ])('counts rules, correlations and filters apart', async (documents, expected) => {
    expect(await lastLine(...documents)).toBe(expected);
  });
});
