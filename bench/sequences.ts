/**
 * `node bench/sequences.ts`: what sequences cost, and that the cost is linear and the memory flat.
 *
 *   events made on the way ──matcher──▶ steps ──correlator (ten seconds of lateness)──▶ matches
 *
 * Each case runs in growing sizes; the time for one event must not grow with them. `--json` prints the figures of
 * `docs/figures/sequences.json`; `--events` makes the largest size smaller for a quick look.
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { stepPredicates } from '../src/correlate/correlation.ts';
import { Correlator } from '../src/correlate/correlator.ts';
import { documentSource, Event } from '../src/event/event.ts';
import { compileEql } from '../src/language/eql/eql.ts';
import { compileMatcher } from '../src/match/matcher.ts';
import { type SeededRandom, seededRandom } from './seeded-random.ts';

interface Case {
  readonly name: string;
  readonly query: string;
  /** Different join keys at a time. */
  readonly keys: number;
  /** The keys of an hour ago do not come back. */
  readonly fresh?: true;
}

interface Measured {
  readonly case: string;
  readonly events: number;
  readonly matches: number;
  readonly microsecondsPerEvent: number;
  readonly openKeys: number;
  readonly heapMegabytes: number;
}

const KEYS = 1_000;
/** As long as an event of an endpoint agent is. */
const RAW = new Uint8Array(1_000);
const CATEGORIES = ['process', 'network', 'file'];
const CASES: readonly Case[] = [
  {
    name: 'two events',
    query: 'sequence by user.id with maxspan=1m [process where true] [network where true]',
    keys: KEYS,
  },
  {
    name: 'four events, until',
    query: `sequence by user.id with maxspan=1h [process where true] [network where true] [file where true]
      [network where true] until [process where process.name == "exit"]`,
    keys: KEYS,
  },
  {
    name: 'missing event at the end',
    query: 'sequence by user.id with maxspan=1m [process where true] ![network where true]',
    keys: KEYS,
  },
  {
    name: 'one key, all candidates',
    query: 'sequence with maxspan=1d [process where true] [process where true] [file where process.name == "exit"]',
    keys: 1,
  },
  {
    name: 'every event a new key',
    query: 'sequence by user.id with maxspan=1m [process where true] [network where true]',
    keys: Number.POSITIVE_INFINITY,
    fresh: true,
  },
  {
    name: 'sample',
    query: 'sample by user.id [process where true] [network where true] [file where true]',
    keys: KEYS,
  },
];

const { values } = parseArgs({
  options: { events: { type: 'string', default: '1000000' }, json: { type: 'boolean', default: false } },
});
const most = Number(values.events);
const rows = CASES.flatMap((each) => [most / 4, most / 2, most].map((events) => measure(each, events)));
const machine = `${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}`;
if (values.json) console.log(JSON.stringify({ machine, rows }, null, 2));
else {
  console.log(machine);
  console.table(rows);
}

function measure(each: Case, count: number): Measured {
  const { plan } = compileEql(each.query);
  if (plan === undefined || plan.kind === 'event') throw new Error(`${each.name} does not compile`);
  let matches = 0;
  const correlator = new Correlator({
    plans: [{ name: each.name, plan, span: 60_000 }],
    found: () => {
      matches += 1;
    },
    lateness: 10_000,
  });
  const matcher = compileMatcher(stepPredicates(plan).map((predicate) => ({ predicate, reads: () => true })));
  const random = seededRandom(1);
  let openKeys = 0;
  let heap = 0;
  const started = performance.now();
  for (let at = 0; at < count; at += 1) {
    // A thousand events a second, none more than five seconds late.
    const now = at;
    const event = makeEvent(at, now - random.below(5_000), each, random);
    const steps: number[] = [];
    matcher.match(event, (step) => steps.push(step));
    correlator.observe(event, steps.length === 0 ? [] : [{ plan: 0, steps }], now);
    if (at % 100 === 0) correlator.advance(now);
    if (at % 5_000 === 0) {
      openKeys = Math.max(openKeys, correlator.status.plans[0]?.keys ?? 0);
      heap = Math.max(heap, process.memoryUsage().heapUsed);
    }
  }
  correlator.end();
  const seconds = (performance.now() - started) / 1_000;
  return {
    case: each.name,
    events: count,
    matches,
    microsecondsPerEvent: Math.round((seconds / count) * 1e8) / 100,
    openKeys,
    heapMegabytes: Math.round(heap / 1e6),
  };
}

function makeEvent(at: number, time: number, { keys, fresh }: Case, random: SeededRandom): Event {
  const key = fresh === true ? at : random.below(keys);
  const document = {
    event: { category: [random.pick(CATEGORIES)] },
    user: { id: `u${key}` },
    process: { name: random.below(100) === 0 ? 'exit' : 'ls', command_line: 'ls -la /srv/data' },
    host: { name: 'web-1' },
  };
  return new Event({
    time: { ms: time, ticks: 0 },
    source: documentSource(document),
    raw: RAW,
    format: 'bench',
    dataStreams: [],
  });
}
