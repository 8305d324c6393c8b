/**
 * Records a small data folder as this version makes it, to be kept and opened by every later one.
 *
 *   node tools/record-data-folder.ts NAME      writes test/fixtures/data-folders/NAME.tar.zst and NAME.json
 *
 *   made-up audit log ──service──▶ alerts, events, a sequence half done ──triage, exceptions, lists, rules──▶ backup, digest
 *
 * Record one for each release, and whenever what is kept changes its form; never record one again under the same name.
 */
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Service, startService } from '../src/engine/service.ts';
import { backUp } from '../src/store/backup/back-up.ts';
import { digestOf } from '../test/data-folder-digest.ts';
import { firstExecutionSince, makeAuditTraffic } from '../test/kill/audit-traffic.ts';
import { SEQUENCE_RULE } from '../test/kill/sequence-rule.ts';

const FOLDER = fileURLToPath(new URL('../test/fixtures/data-folders', import.meta.url));
const SEQUENCE_ID = '3f2c8f0e-6d0b-4b6f-9a53-6f3d0c8b7a11';
const SUPPRESSED_ID = '7d0c2f4e-3f0a-4c55-9a67-2b1f5d9e6c40';
/** Alerts once an hour for each host. */
const SUPPRESSED_RULE = `
[metadata]
maturity = "production"

[rule]
author = ["Vedette"]
description = "Listings, told of once an hour."
from = "now-9m"
interval = "5m"
language = "eql"
license = "Apache-2.0"
name = "Listings of a host"
risk_score = 21
rule_id = "${SUPPRESSED_ID}"
severity = "low"
type = "eql"
query = '''
process where event.type == "start" and process.name == "ls"
'''

[rule.alert_suppression]
group_by = ["host.name"]
duration = {value = 1, unit = "h"}
`;
const EXECUTIONS = 400;
const EXECUTIONS_FIRST = 360;
/** Eight lines hold two executions. */
const LINES_FIRST = 4 * EXECUTIONS_FIRST;
const PATIENCE_MS = 60_000;
const DAY_MS = 24 * 3_600_000;

async function record(name: string): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), 'vedette-record-'));
  try {
    const log = join(work, 'audit.log');
    const dataFolder = join(work, 'data');
    const { text, servers } = makeAuditTraffic(EXECUTIONS, firstExecutionSince(Date.now() - DAY_MS));
    writeFileSync(log, '');
    const settings = {
      dataFolder,
      sample: false,
      watch: false,
      follow: [log],
      incidentGapMs: 2 * 3_600_000,
      // So little room that most events move on into segments.
      eventLimits: { keepMs: 30 * DAY_MS, maxBytes: 4 * 1024 ** 2 },
    };
    const service = await startService(settings);
    try {
      await service.addRule([SEQUENCE_ID], SEQUENCE_RULE);
      await service.addRule([SUPPRESSED_ID], SUPPRESSED_RULE);
      await exceptOne(service, portsIn(text)[1] ?? '');
      // The rest begins another log file, so that the first one becomes a segment.
      const rest = text.split('\n').slice(0, LINES_FIRST).join('\n').length + 1;
      const segments = join(dataFolder, 'events', 'segments');
      writeFileSync(log, text.slice(0, rest));
      await until(async () => (await service.events.status()).events >= EXECUTIONS_FIRST - 2);
      appendFileSync(log, text.slice(rest));
      await until(async () => {
        const stored = await service.events.status();
        const bySequence = service.store.alertsByRule().get(SEQUENCE_ID) ?? 0;
        // One of the servers is excepted.
        return stored.events === EXECUTIONS && bySequence >= servers - 1;
      });
      await until(async () => readdirSync(segments).some((file) => file.endsWith('.parquet')));
      await triage(service);
      await run(service);
      await until(async () => (await service.sources()).every(({ events }) => events === EXECUTIONS));
      mkdirSync(FOLDER, { recursive: true });
      const digest = await digestOf(service, `file:${log}`);
      const expected = JSON.stringify({ source: `file:${log}`, ...digest }, undefined, 1);
      writeFileSync(join(FOLDER, `${name}.json`), `${expected}\n`, { flag: 'wx' });
    } finally {
      await service.stop();
    }
    const file = join(FOLDER, `${name}.tar.zst`);
    const { bytes } = await backUp({ dataFolder, file, withEvents: true, version: name, now: new Date() });
    console.log(`${file}: ${bytes} bytes`);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** An exception that removes some of what the bundled rules find, and a list that it could name. */
async function exceptOne(service: Service, port: string): Promise<void> {
  await service.exceptions.addList({ id: 'ports', name: 'Known ports', type: 'keyword' });
  await service.exceptions.changeValues('ports', 'add', [Buffer.from('8000\n9000\n')]);
  await service.exceptions.add(
    {
      id: 'build-server',
      name: 'Build server',
      rules: 'all',
      reason: 'The build serves its results for a moment.',
      condition: {
        kind: 'entries',
        entries: [
          { field: 'host.name', operator: 'is', value: 'web-07' },
          { field: 'process.args', operator: 'is', value: port },
        ],
      },
    },
    'ana',
  );
}

/** Of the web servers in the made-up log. */
function portsIn(text: string): readonly string[] {
  return [...text.matchAll(/ a3="(\d+)"/g)].map(([, port = '']) => port);
}

async function triage(service: Service): Promise<void> {
  const [first, second, third] = service.store.alerts({ limit: 3, sort: 'time' }).alerts;
  const time = new Date().toISOString();
  const ids = [first?.id ?? '', second?.id ?? '', third?.id ?? ''] as const;
  await service.setStatus(ids[0], { status: 'closed', reason: 'false_positive', comment: 'Ours.', by: 'ana', time });
  await service.setStatus(ids[1], { status: 'acknowledged', by: 'ben', time });
  await service.addNote(ids[1], { text: 'Asked the owner.', by: 'ben', time });
  await service.setStep(ids[2], 'Stop the web server', { by: 'ana', time });
  const bundled = service.rules.entries.find(({ added }) => !added);
  if (bundled !== undefined) await service.overlayRule(bundled.document.id, { enabled: false });
}

/** A run by hand, and a gap that is left open. */
async function run(service: Service): Promise<void> {
  await service.requestRun({ from: Date.now() - 2 * DAY_MS, to: Date.now() - 60_000, reason: 'To be recorded.' });
  await service.pauseRule(SEQUENCE_ID, true);
  const { runLog } = service.store;
  await until(async () => runLog.requests().length === 0 && runLog.records().every(({ ended }) => ended !== undefined));
  await service.pauseRule(SEQUENCE_ID, false);
}

async function until(isDone: () => Promise<boolean>): Promise<void> {
  for (let waited = 0; !(await isDone()); waited += 100) {
    if (waited > PATIENCE_MS) throw new Error('the service did not come to an end with the log');
    await sleep(100);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [name] = process.argv.slice(2);
  if (name === undefined) throw new Error('name the recording, such as 0.1.0');
  await record(name);
}
