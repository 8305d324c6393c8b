/**
 * What further threads do for a scan of captures under SigmaHQ's rules: time, processor time of each thread, memory.
 *
 *   node bench/threads.ts [--megabytes 1000] [--threads 1,2,3]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { LANES } from './lanes.ts';
import { processorSeconds, residentMebibytes } from './process-usage.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const RULES = resolve(ROOT, process.env.VEDETTE_CORPORA ?? '../shared/corpora', 'sigma/rules');
const SAMPLE_MS = 50;

const { values } = parseArgs({
  options: { megabytes: { type: 'string', default: '1000' }, threads: { type: 'string', default: '1,2,3' } },
});
const folder = mkdtempSync(join(tmpdir(), 'vedette-threads-'));
try {
  const file = join(folder, 'captures.ndjson');
  const captures = LANES.filter(({ name }) => name.startsWith('capture-')).flatMap(({ load }) => load() ?? []);
  if (captures.length === 0) throw new Error('the captures are not on this machine');
  const all = Buffer.concat(captures);
  for (let size = 0; size < Number(values.megabytes) * 1e6; size += all.length) appendFileSync(file, all);
  await measure(file, 1);
  for (const threads of values.threads.split(',')) console.log(JSON.stringify(await measure(file, Number(threads))));
} finally {
  rmSync(folder, { recursive: true });
}

async function measure(file: string, threads: number) {
  const began = performance.now();
  const flags = ['--max-semi-space-size=4', join(ROOT, 'bin/vedette.js'), 'scan', file, '--rules', RULES];
  const child = spawn(process.execPath, [...flags, '--no-progress', '--threads', String(threads)], { stdio: 'ignore' });
  const cpu = new Map<string, number>();
  let peak = 0;
  const sampling = setInterval(() => {
    peak = Math.max(peak, residentMebibytes(child.pid as number, 'VmHWM') || 0);
    try {
      // What a thread has taken is told while it is there.
      for (const [name, taken] of processorSeconds(child.pid as number))
        cpu.set(name, Math.max(taken, cpu.get(name) ?? 0));
    } catch {
      // It has ended between two looks.
    }
  }, SAMPLE_MS);
  await once(child, 'exit');
  clearInterval(sampling);
  const seconds = (performance.now() - began) / 1000;
  return { threads, seconds: Number(seconds.toFixed(2)), peak: Math.round(peak), cpu: Object.fromEntries(cpu) };
}
