/**
 * `npm run bench`: how fast events are read and rules run, beside the baseline on the same bytes in the same run.
 *
 *   npm run bench [-- --lane ecs] [--rounds 7] [--rules sigma] [--json]
 *   npm run bench -- --suite --keep      matching whole: every lane with events of others, every set of rules; into the figures
 *
 * Time is the processor time of the thread, so that what else the machine does counts little.
 *
 * Rounds are interleaved (every pass once, then again), the first one only warms up, and the median of the others
 * counts: a machine that is busy for a while slows all passes alike. Compare ratios, not seconds, between machines.
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { type Growth, growthOf, keepFigures, type Measured } from './figures.ts';
import { LANES, type Lane } from './lanes.ts';
import { candidatesAnEvent, nameOfBaseline, openPasses, type Pass, type PassResult } from './passes.ts';
import { openPeer } from './peer.ts';
import { openRuleSet, type RuleSet } from './rule-sets.ts';
import { threadTime } from './thread-time.ts';

const SUITE = {
  rules: ['bundled', 'sigma', 'elastic', 'all', 'real-500', 'made-500', 'made-50000'],
  lanes: /^(ecs|audit|corpus-.*|capture-.*|foreign-.*|structured|low-match|raw-windows|file-events|cisco|correlation)$/,
  rounds: 2,
};

const { values } = parseArgs({
  options: {
    lane: { type: 'string', multiple: true },
    rounds: { type: 'string' },
    rules: { type: 'string', multiple: true },
    suite: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const unknown = (values.lane ?? []).filter((name) => !LANES.some((lane) => lane.name === name));
if (unknown.length > 0) {
  console.error(`no lane ${unknown.join(', ')}; there are ${LANES.map(({ name }) => name).join(', ')}`);
  process.exit(64);
}
const lanes = LANES.filter(({ name }) => values.lane?.includes(name) ?? (!values.suite || SUITE.lanes.test(name)));
const rounds = Math.max(1, Number(values.rounds ?? (values.suite ? SUITE.rounds : 7)));

const sets: RuleSet[] = [];
for (const name of values.rules ?? (values.suite ? SUITE.rules : [])) {
  try {
    const set = await openRuleSet(name);
    sets.push(set);
    console.error(`${name}: ${set.rules} rules, ${Math.round(set.milliseconds)} ms to build the matcher`);
  } catch (error) {
    if (!values.suite) throw error;
    console.error((error as Error).message);
  }
}
const peer = openPeer(sets.map(({ name }) => name));
const opened = await openPasses(undefined, sets);
const all = opened.filter(({ name }) => !values.suite || name !== 'derive');
const rows: Measured[] = [];
for (const lane of lanes) {
  const bytes = lane.load();
  if (bytes === undefined) console.error(`${lane.name}: not on this machine`);
  else rows.push(...measureLane(lane, bytes));
}
const machine = `${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}`;
const rules = Object.fromEntries(sets.map((set) => [set.name, set.rules]));
const growth = growthOf(rows);
if (values.json) console.log(JSON.stringify({ machine, rules, rows, growth }, null, 2));
else printTable(machine, rows, growth);
if (values.keep) keepFigures({ machine, rules, rows, growth });

function measureLane(lane: Lane, bytes: Buffer): Measured[] {
  const passes = all.filter(({ isOf }) => isOf?.(lane) ?? true);
  const seconds = new Map<Pass, number[]>(passes.map((pass) => [pass, []]));
  const results = new Map<Pass, PassResult>();
  for (let round = 0; round <= rounds; round += 1) {
    for (const pass of passes) {
      const started = threadTime();
      results.set(pass, pass.run(lane, bytes));
      const taken = threadTime() - started;
      if (round > 0) seconds.get(pass)?.push(taken / 1e6);
    }
  }
  const base = median(seconds.get(passes[0] as Pass) ?? []);
  const rowOf = (pass: string, result: PassResult, time: number): Measured => ({
    lane: lane.name,
    pass: pass === 'baseline' ? nameOfBaseline(lane) : pass,
    bytes: bytes.length,
    ...result,
    seconds: time,
    eventsPerSecond: result.events / time,
    megabytesPerSecond: bytes.length / 1e6 / time,
    ofBaseline: base / time,
  });
  const own = passes.map((pass) => {
    const row = rowOf(pass.name, results.get(pass) as PassResult, median(seconds.get(pass) ?? []));
    const set = sets.find(({ name }) => pass.name === `match:${name}`);
    return set === undefined ? row : { ...row, candidates: candidatesAnEvent(lane, bytes, set) };
  });
  if (!lane.json) return own;
  return [
    ...own,
    ...(peer?.measure(bytes, rounds, lane.logsource) ?? []).map((one) => rowOf(one.pass, one.result, one.seconds)),
  ];
}

function printTable(machine: string, rows: readonly Measured[], growth: readonly Growth[]): void {
  console.log(machine);
  console.log(
    `${'lane'.padEnd(18)}${'pass'.padEnd(29)}    events    alerts  candidates   events/s      MB/s   of baseline`,
  );
  for (const row of rows) {
    const columns = [
      row.events.toLocaleString('en-US').padStart(10),
      (row.alerts?.toLocaleString('en-US') ?? '').padStart(10),
      (row.candidates?.toFixed(2) ?? '').padStart(12),
      Math.round(row.eventsPerSecond).toLocaleString('en-US').padStart(11),
      row.megabytesPerSecond.toFixed(1).padStart(10),
      row.ofBaseline.toFixed(2).padStart(14),
    ];
    console.log(row.lane.padEnd(18) + row.pass.padEnd(29) + columns.join(''));
    if ((row.rejected ?? 0) > 0) console.log(`  ${row.rejected} lines could not be read`);
  }
  for (const { many, few, lane, times } of growth) {
    console.log(`${lane}: an event costs ${times.toFixed(2)} times as much with ${many} as with ${few}`);
  }
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
