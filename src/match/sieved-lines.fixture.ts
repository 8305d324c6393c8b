/**
 * Lines read with a sieve and without it: what rules find, what the stream counts, and what the table of processes knows afterwards.
 */
import fc from 'fast-check';
import type { Event } from '../event/event.ts';
import type { FormatSettings } from '../format/format.ts';
import { ProcessTable } from '../format/process-table.ts';
import { openStream } from '../format/stream.ts';
import { evaluate } from '../plan/predicate/evaluate.ts';
import type { LineSieve } from './line-sieve.ts';
import type { MatcherRule } from './matcher.ts';
import type { SieveSwitches } from './sieve-switches.ts';
import { bytesOf, spoiling } from './spoiled-lines.fixture.ts';

export const settings: FormatSettings = { standsInForEndpoint: true, now: () => 0, hostName: 'here' };

const EACH: Readonly<Record<keyof SieveSwitches, true>> = {
  withoutRoutes: true,
  withoutTimes: true,
  withoutRecall: true,
  withoutRuns: true,
  withoutTextParts: true,
  withoutSnare: true,
  withoutForms: true,
  withoutMadeLines: true,
  withoutReducing: true,
  withoutCopies: true,
  withoutTextLines: true,
  withoutNumbers: true,
  withoutMade: true,
  withoutRefuters: true,
  withoutKeywordFilter: true,
  withoutKeywordTexts: true,
  withoutFewTexts: true,
  withoutUsualWay: true,
  withoutMemory: true,
  withoutVerdicts: true,
  withoutRests: true,
  withoutToldRules: true,
  withoutNotes: true,
  withoutViews: true,
  isHasty: true,
};
/** Each step left out in turn. */
export const EACH_SWITCH: readonly SieveSwitches[] = Object.keys(EACH).map((name) => ({ [name]: true }));
/** Nothing left out, and in turn so many steps, others each time. */
export function someSwitches(count: number): readonly SieveSwitches[] {
  return [
    {},
    ...fc
      .sample(fc.shuffledSubarray([...EACH_SWITCH], { minLength: EACH_SWITCH.length }), 1)
      .flat()
      .slice(0, count),
  ];
}
const names = Object.keys(EACH) as readonly (keyof SieveSwitches)[];

/** Nothing left out, one step, some, or nearly all: the steps after one often make good what that has lost. */
export const switches: fc.Arbitrary<SieveSwitches> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<SieveSwitches>({}) },
  { weight: 3, arbitrary: fc.constantFrom(...EACH_SWITCH) },
  { weight: 3, arbitrary: fc.subarray([...names]).map(withoutAll) },
  {
    weight: 3,
    arbitrary: fc
      .subarray([...names], { minLength: 1, maxLength: 3 })
      .map((some) => withoutAll(names.filter((name) => !some.includes(name)))),
  },
);

function withoutAll(some: readonly (keyof SieveSwitches)[]): SieveSwitches {
  return Object.fromEntries(some.map((name) => [name, true]));
}

const LINES_OF_BLOCK = 5;
/** The longest line of a test, and some. */
const ROOM = 65_536;

/**
 * What the rules find in the lines, and what the stream counts, with a sieve or without.
 * @param isTold whether the table of processes is told of events, and teaches them
 */
export function found(lines: readonly string[], rules: readonly MatcherRule[], sieve?: LineSieve, isTold = true) {
  const processes = new ProcessTable();
  let handed = 0;
  const matches: string[] = [];
  let passed = 0;
  let noted = 0;
  let rejected = 0;
  let unrouted = 0;
  const over: number[] = [];
  let current = 0;
  const events: string[] = [];
  const match = (event: Event, rule: number) =>
    matches.push(`${event.origin?.line} ${rule} ${event.text('process.parent.executable')}`);
  const matched = (event: Event, count: number) => {
    if (count > 0) events.push(JSON.stringify(event.sharedDocument()));
  };
  const stream = openStream(
    // What a run learns of names is kept for its settings.
    { ...settings },
    {
      sieved: (line) => {
        handed += 1;
        if (line.isUnrouted) unrouted += 1;
        // Some ask for the event before they ask which rules hold, or what it is taught.
        if (handed % 3 === 0) line.event();
        if (isTold) processes.sieved(line);
        const found = line.matching();
        // The event that is made of it, too.
        const event = line.event();
        for (const rule of found) match(event, rule);
        matched(event, found.length);
      },
      event: (event) => {
        if (isTold) processes.observe(event);
        if (event.dataStreams.length === 0) unrouted += 1;
        let found = 0;
        for (const [rule, { predicate, reads }] of rules.entries()) {
          if (!reads(event.dataStreams) || !evaluate(predicate, event)) continue;
          match(event, rule);
          found += 1;
        }
        matched(event, found);
      },
      reject: () => {
        rejected += 1;
      },
      passed: ({ note, isUnrouted }) => {
        passed += 1;
        over.push(current);
        current += 1;
        if (isUnrouted) unrouted += 1;
        if (note === undefined) return;
        noted += 1;
        processes.note(note);
      },
    },
    sieve && spoiling(sieve),
  );
  const room = Buffer.alloc(ROOM);
  for (let at = 0; at < lines.length; ) {
    // Some at a time, of which the last is cut.
    const some = lines.slice(at, at + LINES_OF_BLOCK).join('\n');
    current = at;
    const block = { bytes: bytesOf(room, some) };
    const before = stream.passedOver;
    const end = stream.passOver(block, 0);
    const count = stream.passedOver - before;
    const over = lines.slice(at, at + count).map((line) => `${line}\n`);
    if (Buffer.byteLength(over.join('')) !== end) throw new Error('lines that were passed over leave a gap');
    at += count;
    current = at;
    stream.line({ bytes: bytesOf(room, lines[at] as string), origin: { path: 'log', offset: at, line: at + 1 } });
    at += 1;
  }
  stream.end();
  return {
    told: { matches, events, rejected, unrouted, formats: [...stream.formats] },
    passed,
    over,
    noted,
    handed,
    processes,
  };
}

/** What the table would tell of each line now, and teach children that start now. */
export function known(processes: ProcessTable, lines: readonly string[], children: readonly string[]) {
  const told: unknown[] = [];
  const read = (text: string, tell: (event: Event) => unknown) => {
    const stream = openStream(settings, {
      event: (event) => told.push(tell(event)),
      reject: () => {},
      passed: () => {},
    });
    stream.line({ bytes: Buffer.from(text), origin: { path: 'log', offset: 0, line: 1 } });
    stream.end();
  };
  for (const line of lines) read(line, (event) => processes.ancestry(event));
  for (const child of children) {
    read(child, (event) => {
      processes.observe(event);
      return [event.document(), processes.ancestry(event)];
    });
  }
  return told;
}
