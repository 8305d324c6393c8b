/**
 * Rules whose log source no format serves yet: they are counted, cost nothing, and still match a document that names their
 * source as Elastic's integrations do.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { compileSigma } from '../language/sigma/sigma.ts';
import { GateClauses, isOpen } from '../match/gate.ts';
import { participants } from '../plan/plan.ts';
import { scan } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'vedette-idle-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const rule = (source: string) =>
  `title: T\nid: ${source.replaceAll(/\W+/g, '-')}\nlevel: low\nlogsource: {${source}}\ndetection: {s: {eventtype|contains: delete}, condition: s}\n`;

it('an idle rule is looked at only where an event names its log source', () => {
  const sources = ['product: acme, service: door', 'product: linux, service: acme', 'category: acme'];
  for (const source of [...sources, 'product: windows, category: acme']) {
    const { plan, idle } = compileSigma(rule(source));
    expect(idle).toMatch(/^No format gives/);
    const gates = new GateClauses(['event.module', 'event.dataset', 'event.category']);
    const gate = gates.gateOf(participants(plan as NonNullable<typeof plan>).predicate);
    expect(gates.clauses.length).toBeGreaterThan(0);
    expect(isOpen(gate, new Uint8Array(gates.clauses.length))).toBe(false);
  }
});

it('a scan counts idle rules, and runs them on documents that name their source', async () => {
  const [rules, logs] = [join(folder, 'acme.yml'), join(folder, 'acme.ndjson')];
  writeFileSync(rules, rule('product: acme, service: door'));
  const event = { module: 'acme', dataset: 'acme.door' };
  const documents = [{ event, eventtype: 'policy.delete' }, { eventtype: 'policy.delete' }];
  writeFileSync(
    logs,
    documents.map((one) => JSON.stringify({ '@timestamp': '2026-01-01T00:00:00Z', ...one })).join('\n'),
  );
  const run = scan({ rules: [rules], logs: [logs] });
  expect(await run.alerts()).toHaveLength(1);
  expect(await run.summary).toMatchObject({ rules: 1, idle: 1 });
});
