/**
 * A real shipper, rsyslog, sends a log that grows and is rotated over `_bulk`, to a service that is stopped and started in the
 * middle: its lines are stored once each. Skipped where there is no rsyslog with its module for Elasticsearch.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { requireRsyslog } from '../requirement.ts';

const LINES = 200;
const entry = fileURLToPath(new URL('../../bin/vedette.js', import.meta.url));

/**
 * The id of a line is its place in the log and how it begins, so that one which is sent again is known again, and one that
 * stands there after the log was rotated is not taken for it.
 */
function configuration(folder: string, port: string): string {
  return `
module(load="imfile" mode="polling" pollingInterval="1")
module(load="omelasticsearch")
global(workDirectory="${folder}")
template(name="document" type="list" option.jsonf="on") {
  property(outname="@timestamp" name="timegenerated" dateFormat="rfc3339" format="jsonf")
  property(outname="host" name="hostname" format="jsonf")
  property(outname="message" name="rawmsg" format="jsonf")
}
template(name="place" type="string" string="%hostname%:%$!metadata!filename%:%$!metadata!fileoffset%:%rawmsg:1:64:json%")
input(type="imfile" file="${join(folder, 'auth.log')}" tag="auth" ruleset="ship" addMetadata="on")
ruleset(name="ship") {
  action(type="omelasticsearch" server="127.0.0.1" serverport="${port}" uid="rsyslog" pwd="secret"
    template="document" searchIndex="rsyslog" searchType="" bulkmode="on" bulkid="place" dynbulkid="on"
    writeoperation="create" retryfailures="on" errorfile="${join(folder, 'errors')}"
    action.resumeRetryCount="-1" action.resumeInterval="1" queue.type="linkedList" queue.dequeueBatchSize="50")
}
`;
}

async function start(data: string, port: string): Promise<{ readonly child: ChildProcess; readonly address: string }> {
  const flags = ['--data', data, '--port', port, '--no-watch', '--no-sample', '--ingest-token', 'secret'];
  const child = spawn(process.execPath, [entry, 'start', ...flags], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout as NodeJS.EventEmitter, 'data');
  const { address } = JSON.parse(readFileSync(join(data, 'service.json'), 'utf8')) as { address: string };
  return { child, address };
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

function linesFrom(first: number): string {
  const [, month, day] = new Date().toDateString().split(' ');
  return Array.from({ length: LINES }, (_, number) => {
    const line = first + number;
    return `${month} ${String(Number(day)).padStart(2)} 00:00:0${line % 10} web-1 sshd[${line}]: "\\\\x" Failed password for eve from 192.0.2.1 port ${line} ssh2\n`;
  }).join('');
}

it('rsyslog loses and repeats no line over a stop of the service and a rotation', {
  timeout: 900_000,
}, async (context) => {
  const rsyslogd = requireRsyslog(context);
  const folder = mkdtempSync(join(tmpdir(), 'vedette-rsyslog-'));
  const log = join(folder, 'auth.log');
  const data = join(folder, 'data');
  let service = await start(data, '0');
  const { port } = new URL(service.address);
  writeFileSync(log, linesFrom(0));
  writeFileSync(join(folder, 'rsyslog.conf'), configuration(folder, port));
  const flags = ['-n', '-iNONE', '-f', join(folder, 'rsyslog.conf')];
  const shipper = spawn(rsyslogd, flags, { stdio: 'inherit' });
  const stored = async () => {
    const response = await fetch(`${service.address}/api/status`);
    return ((await response.json()) as { events?: { events: number } }).events?.events ?? 0;
  };
  try {
    await expect.poll(stored, { timeout: 180_000 }).toBe(LINES);
    await stop(service.child);
    appendFileSync(log, linesFrom(LINES));
    // It has found out that nobody answers by the time that the service is there again.
    service = await start(data, port);
    appendFileSync(log, linesFrom(2 * LINES));
    await expect.poll(stored, { timeout: 180_000 }).toBe(3 * LINES);
    renameSync(log, `${log}.1`);
    writeFileSync(log, linesFrom(3 * LINES));
    await expect.poll(stored, { timeout: 180_000 }).toBe(4 * LINES);
    const response = await fetch(`${service.address}/api/sources`);
    const [source] = (await response.json()) as { name: string; formats: { top: { name: string }[] } }[];
    expect(source).toMatchObject({ name: 'bulk:other', rejected: 0, formats: { top: [{ name: 'syslog' }] } });
  } finally {
    await Promise.all([stop(shipper), stop(service.child)]);
    rmSync(folder, { recursive: true, force: true });
  }
});
