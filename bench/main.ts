/**
 * `npm run bench`: how fast events are read and rules run, beside the baseline on the same bytes in the same run.
 *
 *   npm run bench [-- --lane ecs] [--rounds 7] [--rules sigma] [--json]
 *   npm run bench -- --pass baseline --pass match --rules all          these alone, by how their names begin
 *   npm run bench -- --suite --keep      matching whole (`suite.ts`); into the figures
 *
 * Time is the processor time of the thread, so that what else the machine does counts little.
 *
 * Rounds are interleaved (every pass once, then again), the first one only warms up, and the median of the others
 * counts: a machine that is busy for a while slows all passes alike. Compare ratios, not seconds, between machines.
 */
import { parseArgs } from 'node:util';
import { keepFigures, type Measurement } from './figures.ts';
import { LANES } from './lanes.ts';
import { measure } from './measure.ts';
import { hasRuleSet, RULE_SETS } from './rule-sets.ts';
import { isOfSuite, measureSuite } from './suite.ts';

const ROUNDS = 7;

const { values } = parseArgs({
  options: {
    lane: { type: 'string', multiple: true },
    rounds: { type: 'string' },
    rules: { type: 'string', multiple: true },
    pass: { type: 'string', multiple: true },
    suite: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
for (const name of values.lane ?? []) {
  if (!LANES.some((lane) => lane.name === name))
    refuse(`no lane ${name}; there are ${LANES.map((lane) => lane.name).join(', ')}`);
}
for (const name of values.rules ?? []) if (!hasRuleSet(name)) refuse(`no rules ${name} here; there are ${RULE_SETS}`);
const lanes = LANES.filter(({ name }) => values.lane?.includes(name) ?? (!values.suite || isOfSuite(name)));
const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
if (rounds !== undefined && !(rounds >= 1)) refuse(`--rounds ${values.rounds}: a number from 1`);
const measured = values.suite
  ? measureSuite(lanes, rounds)
  : await measure(lanes, {
      sets: values.rules ?? [],
      rounds: rounds ?? ROUNDS,
      ...(values.pass === undefined ? {} : { passes: values.pass }),
    });
if (values.json) console.log(JSON.stringify(measured, null, 2));
else printTable(measured);
if (values.keep) keepFigures(measured);

function refuse(message: string): never {
  console.error(message);
  process.exit(64);
}

function printTable({ machine, rows, growth }: Measurement): void {
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
