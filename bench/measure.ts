/**
 * Lanes measured in this process: every pass once, then again, the first time only to warm up; the median of the others counts.
 *
 *   lane's bytes ──each pass, so many rounds──▶ seconds ──▶ rows, each with its share of the baseline's speed
 */
import { cpus } from 'node:os';
import { growthOf, type Measured, type Measurement } from './figures.ts';
import type { Lane } from './lanes.ts';
import { candidatesAnEvent, nameOfBaseline, openPasses, type Pass, type PassResult } from './passes.ts';
import { openPeer } from './peer.ts';
import { openRuleSet, type RuleSet } from './rule-sets.ts';
import { threadTime } from './thread-time.ts';

export interface Wanted {
  /** Names of sets of rules. */
  readonly sets: readonly string[];
  /** How the names of passes begin; absent for all. The baseline is always one. */
  readonly passes?: readonly string[];
  readonly rounds: number;
}

/** @throws {Error} where there is no such set of rules on this machine; a lane that is not there is left out. */
export async function measure(lanes: readonly Lane[], wanted: Wanted): Promise<Measurement> {
  const sets: RuleSet[] = [];
  for (const name of wanted.sets) {
    const set = await openRuleSet(name);
    sets.push(set);
    console.error(
      `${name}: ${set.rules} rules, ${set.idle} of them idle, ${Math.round(set.milliseconds)} ms to build the matcher`,
    );
  }
  const isWanted = (pass: string) => wanted.passes?.some((start) => pass.startsWith(start)) ?? true;
  const passes = (await openPasses(undefined, sets)).filter(({ name }) => name === 'baseline' || isWanted(name));
  const peer = isWanted('rsigma') ? openPeer(wanted.sets) : undefined;
  const rows: Measured[] = [];
  for (const lane of lanes) {
    const bytes = lane.load();
    if (bytes === undefined) {
      console.error(`${lane.name}: not on this machine`);
      continue;
    }
    const own = passes.filter(({ isOf }) => isOf?.(lane) ?? true);
    rows.push(...measurePasses(lane, bytes, own, wanted.rounds).map((row) => withCandidates(row, lane, bytes, sets)));
    const base = rows.find((row) => row.lane === lane.name)?.seconds ?? Number.NaN;
    for (const { pass, result, seconds } of (lane.json && peer?.measure(bytes, wanted.rounds, lane.logsource)) || []) {
      rows.push(rowOf(lane, bytes, pass, result, seconds, base));
    }
  }
  return {
    machine: `${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}`,
    rules: Object.fromEntries(sets.map((set) => [set.name, set.rules])),
    idle: Object.fromEntries(sets.map((set) => [set.name, set.idle])),
    rows,
    growth: growthOf(rows),
  };
}

/** @param passes the baseline first */
function measurePasses(lane: Lane, bytes: Buffer, passes: readonly Pass[], rounds: number): readonly Measured[] {
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
  return passes.map((pass) =>
    rowOf(lane, bytes, pass.name, results.get(pass) as PassResult, median(seconds.get(pass) ?? []), base),
  );
}

function rowOf(lane: Lane, bytes: Buffer, pass: string, result: PassResult, seconds: number, base: number): Measured {
  return {
    lane: lane.name,
    pass: pass === 'baseline' ? nameOfBaseline(lane) : pass,
    bytes: bytes.length,
    ...result,
    seconds,
    eventsPerSecond: result.events / seconds,
    megabytesPerSecond: bytes.length / 1e6 / seconds,
    ofBaseline: base / seconds,
  };
}

function withCandidates(row: Measured, lane: Lane, bytes: Buffer, sets: readonly RuleSet[]): Measured {
  const set = sets.find(({ name }) => row.pass === `match:${name}`);
  return set === undefined ? row : { ...row, candidates: candidatesAnEvent(lane, bytes, set) };
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
