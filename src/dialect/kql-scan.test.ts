/**
 * What `scan` is told to remember finds what the rule finds: the query's own lines, run over random events by a small
 * evaluator of the few expressions in them, beside the reference evaluators of windows and sequences.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runs } from '../../test/effort.ts';
import { anyEvents, sequencePlan, sequenceStep } from '../correlate/correlation.fixture.ts';
import type { PlacedEvent } from '../correlate/placed-event.ts';
import { findSequences } from '../correlate/reference.ts';
import { findWindows } from '../correlate/window-reference.ts';
import { NO_SPAN } from '../diagnostic/span.ts';
import type { WindowPlan } from '../plan/plan.ts';
import { evaluate } from '../plan/predicate/evaluate.ts';
import { PLAN_VERSION, type Predicate } from '../plan/predicate/node.ts';
import type { Presence, WindowTest } from '../plan/window.ts';
import { type Scan, scanCount, scanMembers, scanOrder } from './kql-scan.ts';
import { presenceText } from './window-bounds.ts';

const TAGS = ['A', 'B', 'C'] as const;
const RUNS = runs(300);

type Row = Record<string, number | string | boolean | PlacedEvent>;

/** A row for each event and value of its key, with a flag for each predicate; events of no flag are no rows. */
function rowsOf(predicates: readonly Predicate[], events: readonly PlacedEvent[], grouped: boolean): readonly Row[] {
  return events
    .flatMap((placed): readonly Row[] => {
      const flags = predicates.map((predicate) => evaluate(predicate, placed.event));
      if (!flags.includes(true)) return [];
      const row = {
        EventTime: placed.time.ms,
        placed,
        ...Object.fromEntries(flags.map((is, at) => [`IsRule${at + 1}`, is])),
      };
      return grouped ? placed.event.values('k').map((k) => ({ ...row, k: String(k) })) : [row];
    })
    .sort((a, b) => String(a.k).localeCompare(String(b.k)));
}

/** The group and the last event of each row that was found. */
function run({ lines }: Scan, rows: readonly Row[]): readonly string[] {
  let table = rows.map((row) => ({ ...row }));
  for (const line of lines) {
    const [, name = '', extended] = /^\| extend (\w+) = (.*)$/.exec(line) ?? [];
    if (extended !== undefined)
      table = table.map((row, at) => ({ ...row, [name]: worth(extended, row, {}, table, at) }));
    const [, declared, assigned] =
      /^\| scan declare \((.*)\) with \(\n {4}step prior: true =>\n([\s\S]*);\n\)$/.exec(line) ?? [];
    if (declared === undefined || assigned === undefined) continue;
    const defaults = declared.matchAll(/(\w+): \w+(?: = ([^,]+(?:\([^)]*\))?))?(?:, |$)/g);
    let prior: Row = Object.fromEntries(
      [...defaults].map(([, each = '', text = 'NaN']) => [each, worth(text, {}, {})]),
    );
    const assignments = assigned.split(',\n').map((text) => text.trim().split(/ = ([\s\S]*)/) as [string, string]);
    table = table.map((row) => {
      const made = assignments.map(([each, text]) => [each, worth(text, row, prior)]);
      prior = { ...row, ...Object.fromEntries(made) };
      return prior;
    });
  }
  return table
    .flatMap((row) => (row.Found === true ? [`${row.k ?? ''} ${(row.placed as PlacedEvent).arrival}`] : []))
    .sort();
}

function worth(kusto: string, row: Row, prior: Row, table: readonly Row[] = [], at = 0): Row[string] {
  const script = kusto
    .replaceAll(/datetime\([^)]*\)/g, '-1e9')
    .replaceAll(/\b(\d+)ms\b/g, '$1')
    .replaceAll(/\band\b/g, '&&')
    .replaceAll(/\bor\b/g, '||')
    .replaceAll(/\bnot\(/g, '!(');
  const scope: Record<string, unknown> = {
    ...row,
    prior,
    iff: (is: unknown, then: unknown, otherwise: unknown) => (is === true ? then : otherwise),
    toint: Number,
  };
  // `prev(X, n)` takes a column.
  const readied = script.replaceAll(/prev\((\w+)(?:, (\d+))?\)/g, (_, name: string, back = '1') => {
    const value = table[at - Number(back)]?.[name];
    return value === undefined ? 'null' : JSON.stringify(value);
  });
  return new Function(...Object.keys(scope), `return ${readied};`)(...Object.values(scope));
}

function windowPlan(test: WindowTest, members: readonly string[], timespan: number, grouped: boolean): WindowPlan {
  const steps = members.map((tag) => sequenceStep(tag, []));
  const key = { kind: 'field', name: 'k', fields: [{ name: 'k', type: 'keyword' }] } as const;
  return {
    kind: 'window',
    version: PLAN_VERSION,
    steps,
    window: {
      members: members.map((name, step) => ({
        name,
        from: { kind: 'step', step },
        keys: grouped ? [key] : [],
        values: [],
      })),
      timespan,
      test,
      groupBy: grouped ? ['k'] : [],
      span: NO_SPAN,
    },
    pipes: [],
  };
}

function expectSame(plan: WindowPlan, scan: Scan, events: readonly PlacedEvent[], grouped: boolean): void {
  const found = findWindows(plan, events).map(
    ({ key, events: own }) => `${key.values[0] ?? ''} ${own.at(-1)?.arrival}`,
  );
  const predicates = plan.steps.map(({ predicate }) => predicate);
  expect(run(scan, rowsOf(predicates, events, grouped))).toEqual([...found].sort());
}

const members = fc.array(fc.constantFrom(...TAGS), { minLength: 2, maxLength: 3 });
const timespan = fc.nat({ max: 10 });

it('counts events as a window does', () => {
  fc.assert(
    fc.property(
      anyEvents,
      fc.integer({ min: 1, max: 4 }),
      members,
      timespan,
      fc.boolean(),
      (events, least, tags, ms, grouped) => {
        const plan = windowPlan({ kind: 'event-count', bounds: [{ operator: '>=', value: least }] }, tags, ms, grouped);
        expectSame(plan, scanCount(least, grouped ? ['k'] : [], `${ms}ms`), events, grouped);
      },
    ),
    { numRuns: RUNS },
  );
});

it('looks for rules in any order as a window does', () => {
  fc.assert(
    fc.property(
      anyEvents,
      fc.integer({ min: 1, max: 3 }),
      members,
      timespan,
      fc.boolean(),
      (events, least, tags, ms, grouped) => {
        const plan = windowPlan(
          { kind: 'member-count', bounds: [{ operator: '>=', value: least }] },
          tags,
          ms,
          grouped,
        );
        expectSame(plan, scanMembers(tags.length, { least }, grouped ? ['k'] : [], `${ms}ms`), events, grouped);
      },
    ),
    { numRuns: RUNS },
  );
});

it('looks for the rules that a condition names as a window does', () => {
  const condition = fc.letrec<{ node: Presence }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 2 },
      fc.nat({ max: 2 }).map((member): Presence => ({ kind: 'member', member })),
      fc
        .tuple(fc.constantFrom('and' as const, 'or' as const), fc.tuple(tie('node'), tie('node')))
        .map(([kind, children]): Presence => ({ kind, children })),
    ),
  })).node;
  fc.assert(
    fc.property(anyEvents, condition, timespan, (events, wanted, ms) => {
      const plan = windowPlan({ kind: 'presence', condition: wanted }, TAGS, ms, true);
      const words = { and: 'and', or: 'or', not: (text: string) => `not(${text})` };
      const found = (recent: (member: number) => string) => presenceText(wanted, words, recent);
      expectSame(plan, scanMembers(TAGS.length, { condition: found }, ['k'], `${ms}ms`), events, true);
    }),
    { numRuns: RUNS },
  );
});

it('looks for rules in order as a window does', () => {
  fc.assert(
    fc.property(anyEvents, members, timespan, fc.boolean(), (events, tags, ms, grouped) => {
      const options = {
        steps: tags.length,
        groups: grouped ? ['k'] : [],
        timespan: `${ms}ms`,
        until: false,
        whole: true,
      };
      expectSame(windowPlan({ kind: 'in-order' }, tags, ms, grouped), scanOrder(options), events, grouped);
    }),
    { numRuns: RUNS },
  );
});

it('looks for sequences as EQL does', () => {
  const until = fc.option(fc.constantFrom(...TAGS), { nil: undefined });
  const maxspan = fc.option(timespan, { nil: undefined });
  fc.assert(
    fc.property(anyEvents, members, maxspan, until, (events, tags, ms, end) => {
      const plan = sequencePlan(
        `${tags.join(' ')}${end === undefined ? '' : ` until ${end}`}${ms === undefined ? '' : ` maxspan ${ms}`} by k`,
      );
      const timespan = ms === undefined ? undefined : `${ms}ms`;
      const options = { steps: tags.length, groups: ['k'], timespan, until: end !== undefined, whole: false };
      const steps = [...plan.steps, ...(plan.until === undefined ? [] : [plan.until])];
      const found = findSequences(plan, events).map(({ key, events: own }) => `${key[0]} ${own.at(-1)?.arrival}`);
      const rows = rowsOf(
        steps.map(({ predicate }) => predicate),
        events,
        true,
      );
      expect(run(scanOrder(options), rows)).toEqual([...found].sort());
    }),
    { numRuns: RUNS },
  );
});
