/** The live loop where the machine does not keep up. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { loadRules } from '../rule/load.ts';
import { Detector, LATENESS_MS, MemoryLedger } from './detector.ts';
import { type LiveInput, LiveLoop, type LiveStore } from './live-loop.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'vedette-loop-'));
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

const RULE = `
[metadata]
maturity = "production"
[rule]
author = ["Vedette"]
description = "A test."
from = "now-9m"
interval = "5m"
language = "eql"
license = "Apache-2.0"
name = "Server, then a listing"
risk_score = 21
rule_id = "server-then-listing"
severity = "low"
type = "eql"
query = '''
sequence by host.name with maxspan=20s
  [process where process.name == "python3"]
  [process where process.name == "ls"]
'''
`;

const START = Date.UTC(2026, 0, 1);

function lineOf(seconds: number, name: string): string {
  return JSON.stringify({
    '@timestamp': new Date(START + seconds * 1_000).toISOString(),
    ecs: { version: '8.17.0' },
    event: {
      id: `${seconds}`,
      category: ['process'],
      type: ['start'],
      module: 'endpoint',
      dataset: 'endpoint.events.process',
    },
    data_stream: { type: 'logs', dataset: 'endpoint.events.process', namespace: 'default' },
    host: { name: 'web-07' },
    process: { name, pid: 100 + seconds },
  });
}

/** Delivers a log that lies there whole, so many lines before anything else has its turn. */
function backlog(lines: readonly string[], now = () => START): LiveInput {
  return {
    name: 'backlog',
    kind: 'file',
    sample: false,
    settings: { standsInForEndpoint: true, now },
    async run({ deliver }) {
      for (const [number, text] of lines.entries()) {
        await deliver({ bytes: Buffer.from(text), origin: { path: 'backlog', offset: number, line: number + 1 } });
      }
    },
    position: () => undefined,
  };
}

/** Nothing is kept but what has alerted. */
function storeOver(ledger: MemoryLedger): LiveStore {
  return {
    position: () => undefined,
    hasAlert: (id) => ledger.hasAlert(id),
    runCounters: (ruleId, slot) => ledger.runCounters(ruleId, slot),
    suppressionWindow: (...asked) => ledger.suppressionWindow(...asked),
    isSuppressed: (id) => ledger.isSuppressed(id),
    commit: (commit) => ledger.record(commit),
  };
}

describe('the live loop', () => {
  /** `steps` are what the clock shows meanwhile, in milliseconds; between two the loop has its turns. */
  it.each([
    ['stood still', [60_000]],
    ['waited for the disk while the loop ran on', Array.from({ length: 20 }, () => 900)],
  ])('takes what lies unread for in time, however long a commit %s', async (_, steps) => {
    writeFileSync(join(FOLDER, 'rule.toml'), RULE);
    const { rules } = await loadRules([join(FOLDER, 'rule.toml')]);
    // Two thousand lines make a batch; its commit falls between the server and the listing.
    const lines = [
      ...Array.from({ length: 1_999 }, (_, number) => lineOf(number, 'cat')),
      lineOf(1_999, 'python3'),
      lineOf(2_001, 'ls'),
      lineOf(2_003, 'ls'),
    ];
    let clock = START + 86_400_000;
    const now = () => clock;
    const ledger = new MemoryLedger();
    const store = storeOver(ledger);
    const detector = new Detector({ rules, now, lateness: LATENESS_MS });
    const recorder = {
      hasWaiting: false,
      add: () => {},
      flush: async () => {
        for (const step of steps) {
          clock += step;
          if (steps.length > 1) await sleep(110);
        }
        return true;
      },
    };
    const loop = new LiveLoop({ store, detector, recorder, now, onCreated: () => {} });
    await loop.run([backlog(lines)]);
    detector.end();
    const { alerts } = detector.drain(ledger);
    expect(alerts.map(({ alert }) => (Date.parse(alert.original_time) - START) / 1_000)).toEqual([2_001]);
    expect(loop.status().counters).toMatchObject({ late: 0, events: lines.length });
  });

  it('keeps the lines of a record together that a commit falls between, however busy the machine', async () => {
    const head = 'msg=audit(1767225600.000:7):';
    const record = [
      `type=SYSCALL ${head} arch=c000003e syscall=59 success=yes exit=0 ppid=1 pid=9 uid=0 comm="ls" exe="/usr/bin/ls"`,
      `type=EXECVE ${head} argc=1 a0="ls"`,
      `type=PROCTITLE ${head} proctitle="ls"`,
    ];
    const lines = [...Array.from({ length: 1_999 }, (_, number) => lineOf(number, 'cat')), ...record];
    let clock = START;
    const now = () => clock;
    const recorder = {
      hasWaiting: false,
      add: () => {},
      // Less than a standstill, and more than a record is waited for.
      flush: async () => {
        for (const step of [450, 450]) {
          clock += step;
          await sleep(110);
        }
        return true;
      },
    };
    const detector = new Detector({ rules: [], now, lateness: LATENESS_MS });
    const store = storeOver(new MemoryLedger());
    const loop = new LiveLoop({ store, detector, recorder, now, onCreated: () => {} });
    await loop.run([backlog(lines, now)]);
    expect(loop.status().counters).toMatchObject({ events: 2_000, rejected: 0 });
  });
});
