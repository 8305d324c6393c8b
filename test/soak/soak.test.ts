/**
 * The service under steady load for a long time: every alert is there once, and memory stays flat.
 *
 * VEDETTE_SOAK_SECONDS says how long it is fed.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openStateStore } from '../../src/store/open-state-store.ts';
import { makeAuditTraffic } from '../kill/audit-traffic.ts';
import { requireLinux } from '../requirement.ts';

const SECONDS = Number(process.env.VEDETTE_SOAK_SECONDS ?? 600);
/** Executions appended at once, several times a second. */
const PORTION = 400;
const EVERY_MS = 200;
/** The first part warms up: code is compiled, caches fill. */
const WARM_UP = 0.3;
/** What resident memory may grow by after that, in bytes. */
const MOST_GROWTH = 80 * 1024 * 1024;

/** How long the service may take to read what was written last. */
const CATCH_UP_MS = 120_000;

const entry = fileURLToPath(new URL('../../bin/vedette.js', import.meta.url));
/** One rule, so that each web server is one alert. */
const rules = fileURLToPath(new URL('../../rules/elastic', import.meta.url));

it(
  `keeps up for ${SECONDS} s without growing`,
  async (context) => {
    requireLinux(context);
    const folder = mkdtempSync(join(tmpdir(), 'vedette-soak-'));
    const [data, log] = [join(folder, 'data'), join(folder, 'audit.log')];
    writeFileSync(log, '');
    const args = [
      'start',
      '--data',
      data,
      '--port',
      '0',
      '--no-watch',
      '--no-sample',
      '--follow',
      log,
      '--rules',
      rules,
    ];
    const service = spawn(process.execPath, [entry, ...args], { stdio: 'ignore' });
    try {
      const resident: number[] = [];
      let executions = 0;
      let servers = 0;
      for (const started = Date.now(); Date.now() - started < SECONDS * 1000; await sleep(EVERY_MS)) {
        const portion = makeAuditTraffic(PORTION, executions);
        appendFileSync(log, portion.text);
        executions += PORTION;
        servers += portion.servers;
        if (Date.now() - started > SECONDS * 1000 * WARM_UP) resident.push(residentBytes(service.pid as number));
      }
      for (let waited = 0; alertsIn(data) < servers && waited < CATCH_UP_MS; waited += 1_000) await sleep(1_000);
      const first = median(resident.slice(0, Math.ceil(resident.length / 4)));
      const last = median(resident.slice(-Math.ceil(resident.length / 4)));
      console.log(`${executions} executions, ${servers} alerts, resident ${mega(first)} then ${mega(last)} MB`);
      const ended = once(service, 'exit');
      service.kill('SIGTERM');
      await ended;
      expect(alertsIn(data)).toBe(servers);
      expect(last - first).toBeLessThan(MOST_GROWTH);
    } finally {
      service.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    }
  },
  (SECONDS + 60) * 1000 + CATCH_UP_MS,
);

function alertsIn(data: string): number {
  const store = openStateStore(data, { readOnly: true });
  try {
    return store.counts().open;
  } finally {
    store.close();
  }
}

function residentBytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) * 1024;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function mega(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(0);
}
