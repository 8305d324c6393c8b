/**
 * What it takes until something happens: help is printed, the first alert is told, thousands of rules are ready; and how
 * long matching stands still where one rule of ten thousand changes.
 *
 *   node bench/start.ts [--runs 5] [--only help,alert,sigma,event,change] [--json]
 *
 * Of what `node tools/setup.mjs bundle` made of the sources, where they are as they were; `program` says whether.
 * Each run is a process of its own: with nothing kept at all (`first`), with what that kept (`again`, medians), and with
 * compiled code but no rules (`rulesAnew`). Told are milliseconds until there is something to read and until the end,
 * milliseconds of processor time, and the most memory. On a busy machine only processor time says much. All Sigma rules are
 * measured where the corpora are: until an empty log is through, and until a process start is.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { RuleMatcher } from '../src/engine/rule-matcher.ts';
import { documentSource, Event } from '../src/event/event.ts';
import { eventPlan } from '../src/plan/plan.ts';
import type { LoadedRule } from '../src/rule/inspect.ts';
import type { RuleDocument } from '../src/rule/rule.ts';
import { FORMAT_LANES, generateFormat } from './generate-formats.ts';
import { madeRules } from './made-rules.ts';
import { threadTime } from './thread-time.ts';

interface Run {
  /** Milliseconds until standard output had something, or until the end where it had nothing. */
  readonly first: number;
  readonly wall: number;
  readonly cpu: number;
  /** MiB. */
  readonly peak: number;
}

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Says at the end what the process took: the parent cannot know once it is gone. */
const TELLING = `data:text/javascript,import{writeSync}from'node:fs';import{isMainThread}from'node:worker_threads';if(isMainThread)process.on('exit',()=>{const{user,system}=process.cpuUsage();writeSync(3,JSON.stringify({cpu:(user+system)/1000,peak:process.resourceUsage().maxRSS/1024}))})`;

async function run(args: readonly string[], cache: string): Promise<Run> {
  const began = performance.now();
  // As `./vedette` starts it.
  const flags = ['--max-semi-space-size=4', '--import', TELLING, join(ROOT, 'bin/vedette.js')];
  const child = spawn(process.execPath, [...flags, ...args], {
    stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
    env: { ...process.env, XDG_CACHE_HOME: cache },
  });
  const told = text(child.stdio[3] as Readable);
  let first: number | undefined;
  child.stdout?.on('data', () => {
    first ??= performance.now() - began;
  });
  await once(child, 'close');
  const wall = performance.now() - began;
  return { first: first ?? wall, wall, ...(JSON.parse(await told) as Pick<Run, 'cpu' | 'peak'>) };
}

/** Of the first run with an empty cache, and the medians of those after it. */
async function measure(args: readonly string[], runs: number) {
  const cache = mkdtempSync(join(tmpdir(), 'vedette-start-'));
  try {
    const cold = await run(args, cache);
    const warm: Run[] = [];
    for (let at = 0; at < runs; at += 1) warm.push(await run(args, cache));
    // Compiled code is there, rules are not.
    const [home = ''] = readdirSync(cache);
    rmSync(join(cache, home, 'rules'), { recursive: true, force: true });
    return { first: rounded(cold), again: rounded(medians(warm)), rulesAnew: rounded(await run(args, cache)) };
  } finally {
    rmSync(cache, { recursive: true });
  }
}

function medians(runs: readonly Run[]): Run {
  const of = (key: keyof Run) => median(runs.map((one) => one[key]));
  return { first: of('first'), wall: of('wall'), cpu: of('cpu'), peak: of('peak') };
}

function rounded({ first, wall, cpu, peak }: Run): Run {
  return { first: Math.round(first), wall: Math.round(wall), cpu: Math.round(cpu), peak: Math.round(peak) };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/** Milliseconds of processor time from one event to the next where a rule has changed between them. */
function measureChanges(count: number, changes: number) {
  const rules = madeRules(count).map(({ predicate }, at) => ruleOf(at, predicate));
  const event = (): Event =>
    new Event({
      time: { ms: 0, ticks: 0 },
      source: documentSource({ 'event.category': 'process', 'process.executable': 'C:\\Windows\\System32\\cmd.exe' }),
      raw: new Uint8Array(),
      format: 'bench',
      dataStreams: [],
    });
  let matcher = new RuleMatcher(rules);
  matcher.match(event(), () => {});
  const took: number[] = [];
  const changed = madeRules(changes);
  for (const [at, { predicate }] of changed.entries()) {
    rules[(at * 7919) % count] = ruleOf(count + at, predicate);
    const next = event();
    const before = threadTime();
    matcher = new RuleMatcher(rules, matcher);
    matcher.match(next, () => {});
    took.push((threadTime() - before) / 1000);
  }
  took.sort((a, b) => a - b);
  const at = (share: number) => Number((took[Math.floor((took.length - 1) * share)] as number).toFixed(2));
  return { rules: count, changes, median: at(0.5), p99: at(0.99), most: at(1) };
}

function ruleOf(number: number, predicate: Parameters<typeof eventPlan>[0]): LoadedRule {
  const document = { id: `made-${number}`, indexPatterns: [] as readonly string[] } as RuleDocument;
  return { document, plan: eventPlan(predicate) };
}

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '5' }, only: { type: 'string' }, json: { type: 'boolean' } },
});
const runs = Number(values.runs);
const folder = mkdtempSync(join(tmpdir(), 'vedette-start-logs-'));
const [empty, started] = [join(folder, 'empty.log'), join(folder, 'start.ndjson')];
writeFileSync(empty, '');
const sysmon = FORMAT_LANES.find(({ format }) => format === 'windows-flat');
if (sysmon !== undefined) writeFileSync(started, generateFormat(sysmon, 1));
const corpora = resolve(ROOT, process.env.VEDETTE_CORPORA ?? '../shared/corpora', 'sigma');
const sigma = existsSync(corpora)
  ? readdirSync(corpora).flatMap((name) => (/^rules/.test(name) ? [join(corpora, name)] : []))
  : undefined;
const scan = ['scan', '--no-progress'];
const starts: Record<string, readonly string[]> = {
  help: ['--help'],
  alert: [...scan, '--json', join(ROOT, 'sample')],
  ...(sigma === undefined
    ? {}
    : { sigma: [...scan, empty, '--rules', ...sigma], event: [...scan, started, '--rules', ...sigma] }),
};
const isWanted = (name: string): boolean => values.only === undefined || values.only.split(',').includes(name);
const measured: ({ readonly what: string; readonly run: string } & Run)[] = [];
for (const [what, args] of Object.entries(starts)) {
  if (!isWanted(what)) continue;
  for (const [kind, one] of Object.entries(await measure(args, runs))) measured.push({ what, run: kind, ...one });
}
const { isAsMade } = await import(new URL('../tools/source-stamps.mjs', import.meta.url).href);
const results = {
  program: isAsMade(ROOT, join(ROOT, 'bundle')) ? 'bundle' : 'sources',
  machine: `${availableParallelism()} threads, load ${loadavg()[0]?.toFixed(1)}, Node ${process.version}`,
  starts: measured,
  ...(isWanted('change') ? { change: measureChanges(10_000, 300) } : {}),
};
rmSync(folder, { recursive: true });
if (values.json === true) process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
else {
  process.stdout.write(`${results.machine}, ${results.program}\n`);
  if (results.starts.length > 0) console.table(results.starts);
  const { change } = results;
  if (change !== undefined)
    process.stdout.write(
      `one of ${change.rules} rules changes, ms: median ${change.median}, 99 % ${change.p99}, most ${change.most}\n`,
    );
}
