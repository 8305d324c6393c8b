/**
 * What reading an audit log of any size takes of memory: resident memory of the command, over time.
 *
 *   node bench/memory.ts [--gigabytes 4]
 *
 *   generated log ──pipe──▶ vedette scan -         never on a disk
 *                 └─file──▶ vedette events FILE    half as much, in a temporary folder
 *
 * The log goes on from block to block as a real one does: time, serial numbers and arguments are new in each; in each an
 * event's other records never come, and now and then a line is longer than any that is read.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { generateAuditLog } from './generate.ts';
import { residentMebibytes } from './process-usage.ts';

export interface MemoryOfRun {
  readonly command: string;
  readonly bytes: number;
  readonly seconds: number;
  readonly events: number;
  readonly rejected: number;
  /** Resident memory in MiB: the most ever, and the medians of the second quarter of the run and of the last. */
  readonly peak: number;
  readonly early: number;
  readonly late: number;
}

const GIGABYTE = 1e9;
const MEBIBYTE = 1024 * 1024;
const BLOCK_EVENTS = 10_000;
const SAMPLE_MS = 250;
/** Blocks between two lines that are too long. */
const TOO_LONG_EVERY = 20;
const TOO_LONG = `${'x'.repeat(10 * MEBIBYTE)}\n`;
const ENTRY = fileURLToPath(new URL('../bin/vedette.js', import.meta.url));

/** Scans so many bytes from a pipe, and looks at the events of half as many in a file. */
export async function measureMemory(bytes: number): Promise<readonly MemoryOfRun[]> {
  const scanned = await run(['scan', '-', '--json', '--no-progress'], bytes, (stdin) => writeLog(stdin, bytes));
  const folder = mkdtempSync(join(tmpdir(), 'vedette-memory-'));
  try {
    const path = join(folder, 'audit.log');
    await writeLog(createWriteStream(path), bytes / 2);
    return [scanned, await run(['events', path, '--json'], bytes / 2, async (stdin) => void stdin.end())];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function run(args: string[], bytes: number, feed: (stdin: Writable) => Promise<void>): Promise<MemoryOfRun> {
  const started = performance.now();
  const child = spawn(process.execPath, [ENTRY, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  const exited = once(child, 'exit');
  const resident: number[] = [];
  const sampling = setInterval(() => resident.push(residentMebibytes(child.pid as number)), SAMPLE_MS);
  let peak = 0;
  const peaking = setInterval(() => {
    peak = Math.max(peak, residentMebibytes(child.pid as number, 'VmHWM') || 0);
  }, SAMPLE_MS);
  // Alerts are many; the report is what comes last.
  const tails = [child.stdout, child.stderr].map(tailOf);
  await feed(child.stdin);
  await exited;
  clearInterval(sampling);
  clearInterval(peaking);
  const { events, rejected } = reportIn(await Promise.all(tails));
  const quarter = Math.ceil(resident.length / 4);
  return {
    command: `vedette ${args[0]} ${args[1] === '-' ? '-' : 'FILE'}`,
    bytes,
    seconds: Math.round((performance.now() - started) / 1000),
    events,
    rejected,
    peak: Math.round(peak),
    early: median(resident.slice(quarter, 2 * quarter)),
    late: median(resident.slice(-quarter)),
  };
}

/** Writes blocks until there are so many bytes, as fast as they are taken, and ends the stream. */
async function writeLog(to: Writable, bytes: number): Promise<void> {
  const block = generateAuditLog(BLOCK_EVENTS).toString();
  const orphan = 'type=SYSCALL msg=audit(1768435200.000:1): arch=c000003e syscall=59 success=yes pid=77 exe="/bin/x"\n';
  let written = 0;
  for (let number = 0; written < bytes; number += 1) {
    const text = laterBlock(block + orphan, number) + (number % TOO_LONG_EVERY === 0 ? TOO_LONG : '');
    written += Buffer.byteLength(text);
    if (!to.write(text)) await once(to, 'drain');
  }
  to.end();
  await once(to, 'finish');
}

/** The same commands later, under other serial numbers and with other arguments. */
function laterBlock(block: string, number: number): string {
  const [seconds, serials] = [number * 120, number * BLOCK_EVENTS];
  return block
    .replace(/audit\((\d+)(\.\d+):(\d+)\)/g, (_, second: string, fraction: string, serial: string) => {
      return `audit(${Number(second) + seconds}${fraction}:${Number(serial) + serials})`;
    })
    .replaceAll('"invoices"', `"invoices-${number}"`);
}

/** The last lines of a stream, read to its end. */
async function tailOf(stream: NodeJS.ReadableStream): Promise<string> {
  let tail = '';
  for await (const chunk of stream) tail = (tail + String(chunk)).slice(-64 * 1024);
  return tail;
}

/** From the report as JSON on standard output, or the one for people on standard error. */
function reportIn([out = '', error = '']: readonly string[]): { readonly events: number; readonly rejected: number } {
  if (out.startsWith('{"files":')) {
    const { events, rejects } = JSON.parse(out) as { events: number; rejects: { total: number } };
    return { events, rejected: rejects.total };
  }
  const number = (pattern: RegExp) => Number((pattern.exec(error)?.[1] ?? '0').replaceAll(',', ''));
  return { events: number(/ in ([\d,]+) events/), rejected: number(/not read +([\d,]+) line/) };
}

function median(values: readonly number[]): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  return Math.round(sorted[Math.floor(sorted.length / 2)] ?? Number.NaN);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { gigabytes: { type: 'string', default: '4' } } });
  const runs = await measureMemory(Number(values.gigabytes) * GIGABYTE);
  const machine = `${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}`;
  console.log(JSON.stringify({ machine, runs }, null, 2));
}
