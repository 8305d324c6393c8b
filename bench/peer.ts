/**
 * rsigma beside us, where it is on the path (`cargo install --locked rsigma`): the same lines and the same rules of SigmaHQ, in a
 * process of its own.
 *
 *   lane's bytes ──a file──▶ rsigma engine eval ──processor time of the whole process less that for one line──▶ a row
 *
 * Its processor time counts all its threads, reading its rules is taken out, and what it prints goes into a file. It evaluates
 * rules for other products and services, too, unless it is told where events come from; so it runs with its several flags.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PassResult } from './passes.ts';

interface PeerRow {
  readonly pass: string;
  readonly result: PassResult;
  readonly seconds: number;
}

interface Peer {
  /** @param logsource of all of the lane's events, where that is known */
  measure(bytes: Buffer, rounds: number, logsource?: string): readonly PeerRow[];
}

const NEWLINE = 10;
const PROGRAM = 'rsigma';

/** Absent where it is not installed, or the rules of SigmaHQ are not asked for. */
export function openPeer(sets: readonly string[]): Peer | undefined {
  if (!sets.includes('sigma') || spawnSync(PROGRAM, ['--version']).status !== 0) return undefined;
  const root = fileURLToPath(new URL('..', import.meta.url));
  const rules = resolve(root, process.env.VEDETTE_CORPORA ?? '../shared/corpora', 'sigma/rules');
  return { measure: (bytes, rounds, logsource) => measure(rules, bytes, rounds, logsource) };
}

function measure(rules: string, bytes: Buffer, rounds: number, logsource: string | undefined): readonly PeerRow[] {
  const folder = mkdtempSync(join(tmpdir(), 'vedette-bench-peer-'));
  try {
    const [all, one] = [join(folder, 'all.ndjson'), join(folder, 'one.ndjson')];
    writeFileSync(all, bytes);
    writeFileSync(one, bytes.subarray(0, bytes.indexOf(NEWLINE) + 1));
    const source = logsource === undefined ? [] : ['--event-logsource', logsource];
    const flags: Readonly<Record<string, readonly string[]>> = {
      rsigma: [],
      'rsigma routed': ['--logsource-routing', ...source],
      'rsigma routed, bloom': ['--logsource-routing', ...source, '--bloom-prefilter'],
    };
    const events = bytes.toString('latin1').trimEnd().split('\n').length;
    return Object.entries(flags).map(([pass, given]): PeerRow => {
      const run = (file: string) => evaluate(rules, file, given, join(folder, 'out'));
      const times = Array.from({ length: rounds }, () => {
        const load = run(one);
        return run(all) - load;
      }).sort((a, b) => a - b);
      const matches = readFileSync(join(folder, 'out'), 'latin1').split('\n').length - 1;
      return { pass, result: { events, alerts: matches }, seconds: times[Math.floor(times.length / 2)] ?? Number.NaN };
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @returns seconds of processor time of the whole process */
function evaluate(rules: string, file: string, flags: readonly string[], out: string): number {
  const words = [
    'engine',
    'eval',
    '-r',
    rules,
    '-e',
    `@${file}`,
    '--input-format',
    'json',
    '--output-format',
    'ndjson',
  ];
  const script = 'out=$1; shift; "$@" > "$out" 2> /dev/null; times';
  const told = execFileSync('sh', ['-c', script, 'sh', out, PROGRAM, ...words, ...flags], { encoding: 'utf8' });
  // The second line is of the processes that the shell waited for: user, then system.
  const times = [...(told.trim().split('\n').at(-1) ?? '').matchAll(/(\d+)m([\d.]+)s/g)];
  return times.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0);
}
