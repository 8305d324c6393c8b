/**
 * Matching whole: every lane with every set of rules, each lane with sets of a kind in a process of its own, since V8 compiles code
 * for all that ran before: what is measured after others in one process is off by up to a quarter.
 *
 *   lanes × groups ──a process each, `main.ts --json`──▶ rows ──▶ one table, one history
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { growthOf, type Measured, type Measurement } from './figures.ts';
import type { Lane } from './lanes.ts';
import { hasRuleSet } from './rule-sets.ts';

interface Group {
  readonly sets: readonly string[];
  readonly passes: readonly string[];
}

/** What 500 rules cost hangs on which they are. */
const DRAWS = ['real-500', 'real-500:2', 'real-500:3', 'real-500:4'];
/** The baseline comes first everywhere: what is kept are shares of the one in the same process. */
const GROUPS: readonly Group[] = [
  { sets: ['bundled', 'sigma'], passes: ['decode', 'scan', 'lines', 'fields', 'match', 'rsigma'] },
  { sets: ['elastic'], passes: ['match'] },
  { sets: ['all', ...DRAWS], passes: ['match'] },
  { sets: ['made-500', 'made-50000'], passes: ['match'] },
];
const LANES =
  /^(ecs|audit|corpus-.*|capture-.*|foreign-.*|structured|low-match|raw-windows|file-events|cisco|correlation)$/;
/** The first one or two learn, so that there have to be more of the others. */
const ROUNDS = 6;
const MOST_OUTPUT = 64 * 1024 * 1024;

export function isOfSuite(lane: string): boolean {
  return LANES.test(lane);
}

/**
 * Lanes and sets of rules that are not on this machine are left out.
 * @throws {Error} where a process fails
 */
export function measureSuite(lanes: readonly Lane[], rounds = ROUNDS): Measurement {
  const groups = GROUPS.map((group) => ({ ...group, sets: group.sets.filter(hasRuleSet) }));
  const present = lanes.filter((lane) => {
    const isThere = lane.load() !== undefined;
    if (!isThere) console.error(`${lane.name}: not on this machine`);
    return isThere;
  });
  const parts = present.flatMap(({ name }) =>
    groups.filter(({ sets }) => sets.length > 0).map((group) => measureAlone(name, group, rounds)),
  );
  const rows: Measured[] = [];
  for (const row of parts.flatMap((part) => part.rows)) {
    if (!rows.some(({ lane, pass }) => lane === row.lane && pass === row.pass)) rows.push(row);
  }
  return {
    machine: parts[0]?.machine ?? '',
    rules: Object.assign({}, ...parts.map((part) => part.rules)) as Record<string, number>,
    idle: Object.assign({}, ...parts.map((part) => part.idle)) as Record<string, number>,
    rows,
    growth: parts.flatMap((part) => growthOf(part.rows)),
  };
}

function measureAlone(lane: string, { sets, passes }: Group, rounds: number): Measurement {
  console.error(`${lane}: ${sets.join(', ')}`);
  const flags = [
    ...sets.flatMap((set) => ['--rules', set]),
    ...passes.flatMap((pass) => ['--pass', pass]),
    ...['--lane', lane, '--rounds', String(rounds), '--json'],
  ];
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const run = spawnSync(process.execPath, [main, ...flags], {
    encoding: 'utf8',
    maxBuffer: MOST_OUTPUT,
  });
  if (run.status !== 0) throw new Error(`${lane} with ${sets.join(', ')}: ${run.error?.message ?? run.stderr}`);
  return JSON.parse(run.stdout) as Measurement;
}
