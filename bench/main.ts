/**
 * `npm run bench`: how fast events are read and rules run, beside the baseline on the same bytes in the same run.
 *
 *   npm run bench [-- --lane ecs] [--rounds 7] [--rules sigma] [--json]
 *
 * Time is the processor time of the thread, so that what else the machine does counts little.
 *
 * Rounds are interleaved (every pass once, then again), the first one only warms up, and the median of the others
 * counts: a machine that is busy for a while slows all passes alike. Compare ratios, not seconds, between machines.
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { LANES, type Lane } from './lanes.ts';
import { openPasses, type Pass, type PassResult } from './passes.ts';
import { openRuleSet } from './rule-sets.ts';

interface Measured extends PassResult {
  readonly lane: string;
  readonly pass: string;
  readonly bytes: number;
  readonly seconds: number;
  readonly eventsPerSecond: number;
  readonly megabytesPerSecond: number;
  /** Of the baseline's speed. */
  readonly ofBaseline: number;
}

const { values } = parseArgs({
  options: {
    lane: { type: 'string', multiple: true },
    rounds: { type: 'string', default: '7' },
    rules: { type: 'string', multiple: true, default: [] },
    json: { type: 'boolean', default: false },
  },
});
const unknown = (values.lane ?? []).filter((name) => !LANES.some((lane) => lane.name === name));
if (unknown.length > 0) {
  console.error(`no lane ${unknown.join(', ')}; there are ${LANES.map(({ name }) => name).join(', ')}`);
  process.exit(64);
}

const sets = await Promise.all(values.rules.map(openRuleSet));
for (const { name, rules, milliseconds } of sets) {
  console.error(`${name}: ${rules} rules, ${Math.round(milliseconds)} ms to build the matcher`);
}
const passes = await openPasses(undefined, sets);
const rows: Measured[] = [];
for (const lane of LANES.filter(({ name }) => values.lane?.includes(name) ?? true)) {
  const bytes = lane.load();
  if (bytes === undefined) console.error(`${lane.name}: not on this machine`);
  else rows.push(...measureLane(lane, bytes, Math.max(1, Number(values.rounds))));
}
const machine = `${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}`;
if (values.json) console.log(JSON.stringify({ machine, rows }, null, 2));
else printTable(machine, rows);

function measureLane(lane: Lane, bytes: Buffer, rounds: number): Measured[] {
  const seconds = new Map<Pass, number[]>(passes.map((pass) => [pass, []]));
  const results = new Map<Pass, PassResult>();
  for (let round = 0; round <= rounds; round += 1) {
    for (const pass of passes) {
      const started = process.threadCpuUsage();
      results.set(pass, pass.run(lane, bytes));
      const { user, system } = process.threadCpuUsage(started);
      if (round > 0) seconds.get(pass)?.push((user + system) / 1e6);
    }
  }
  const medians = passes.map((pass) => median(seconds.get(pass) ?? []));
  return passes.map((pass, index) => {
    const result = results.get(pass) as PassResult;
    const time = medians[index] as number;
    return {
      lane: lane.name,
      pass: pass.name === 'baseline' && !lane.json ? 'baseline (no JSON.parse)' : pass.name,
      bytes: bytes.length,
      ...result,
      seconds: time,
      eventsPerSecond: result.events / time,
      megabytesPerSecond: bytes.length / 1e6 / time,
      ofBaseline: (medians[0] as number) / time,
    };
  });
}

function printTable(machine: string, rows: readonly Measured[]): void {
  console.log(machine);
  console.log(`${'lane'.padEnd(17)}${'pass'.padEnd(25)}    events    alerts   events/s      MB/s   of baseline`);
  for (const row of rows) {
    const columns = [
      row.events.toLocaleString('en-US').padStart(10),
      (row.alerts?.toLocaleString('en-US') ?? '').padStart(10),
      Math.round(row.eventsPerSecond).toLocaleString('en-US').padStart(11),
      row.megabytesPerSecond.toFixed(1).padStart(10),
      row.ofBaseline.toFixed(2).padStart(14),
    ];
    console.log(row.lane.padEnd(17) + row.pass.padEnd(25) + columns.join(''));
    if ((row.rejected ?? 0) > 0) console.log(`  ${row.rejected} lines could not be read`);
  }
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
