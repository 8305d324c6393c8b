/**
 * The probes of a plan: how each field that its rules ask for is told of a line.
 *
 *   field ──what it is in these lines──▶ always the same: nothing to ask
 *                                    ├─▶ the text, or the number, of members: their bytes
 *                                    └─▶ made of members: remembered by those, else read
 */
import type { Copies, Event } from '../event/event.ts';
import { type LineShape, STRING } from '../format/line-shape.ts';
import { type Marks, markNeed } from './byte-marks.ts';
import type { FieldFact, FieldFacts } from './field-facts.ts';
import { CopyProbe, MadeProbe, type Probe } from './line-probe.ts';
import { memberCopies } from './member-copies.ts';
import { type Entry, inCopied, isNumberEntry, isSought, marksOf, needOf, needsIn } from './need-entries.ts';
import { NumberProbe } from './number-probe.ts';
import type { PlannedLines } from './sieve-plan.ts';
import type { SieveSwitches } from './sieve-switches.ts';
import { TextLineProbe } from './text-line-probe.ts';

export interface OpenProbe {
  readonly probe: Probe;
  /** All that it may meet. */
  readonly marks: Marks;
}

/** By field, what rules ask of it. */
type Asked = ReadonlyMap<string, readonly Entry[]>;

interface ProbedPlan {
  readonly facts: FieldFacts;
  readonly lines: PlannedLines;
  /** What each line meets; what is met whatever these lines hold is added. */
  readonly always: Int32Array;
  /** The event of the line that was scanned last. */
  readonly viewOf: (line: Uint8Array) => Event | undefined;
}

/** Members that fields are copies of, which are looked for at once. */
interface Copied {
  readonly members: readonly LineShape<unknown>[];
  readonly entries: Entry[];
}

/** @param refuters facts of which none is true where a rule is */
export function openProbes(byField: Asked, refuters: Asked, plan: ProbedPlan): OpenProbe[] {
  const { facts, lines, always } = plan;
  const opened: OpenProbe[] = [];
  const byMembers = new Map<string, Copied>();
  for (const [field, entries] of byField) {
    const fact = askedAs(facts.of(field), lines.switches);
    if (fact.kind === 'unknown' || (fact.kind === 'constant' && fact.values.length > 0)) {
      for (const [, need] of entries) markNeed(need, always);
    }
    if (fact.kind === 'unknown' || fact.kind === 'constant') continue;
    const copies = fact.kind === 'copy' ? fact.copies : undefined;
    if (copies !== undefined && isCopied(copies, entries, plan, byMembers)) continue;
    const probe = copies && probeOfParts(copies, entries, plan);
    opened.push(open(probe ?? madeProbe(field, entries, plan), entries, lines));
  }
  const byMember = refutersByMember(refuters, plan);
  for (const [key, { members, entries }] of byMembers) {
    const needs = needsIn([...entries, ...(byMember.get(key) ?? [])], lines.book);
    opened.push(open(new CopyProbe(members, needs, always, lines.switches), entries, lines));
  }
  return opened;
}

function open(probe: Probe, entries: readonly Entry[], { book }: PlannedLines): OpenProbe {
  return { probe, marks: marksOf(entries.map(needOf), book) };
}

/** Adds what is asked of the field to what is asked of the members that it is a copy of, if that is all that it is. */
function isCopied(
  copies: Copies,
  entries: readonly Entry[],
  { lines }: ProbedPlan,
  byMembers: Map<string, Copied>,
): boolean {
  const members = memberCopies(copies.names, lines.members);
  if (copies.isNumber === true || copies.lines !== undefined || members === undefined) return false;
  const own = entries.map((entry) => inCopied(entry, copies, lines.book));
  const key = members.map(({ number }) => number).join();
  const others = byMembers.get(key);
  if (others === undefined) byMembers.set(key, { members, entries: [...own] });
  else others.entries.push(...own);
  return true;
}

/** Of a field that is a number written in the line, or a line of a text in it. */
function probeOfParts(copies: Copies, entries: readonly Entry[], { lines, always }: ProbedPlan): Probe | undefined {
  const { switches, members } = lines;
  const whole = memberCopies(copies.names, members);
  if (copies.isNumber === true && whole !== undefined && entries.every(isNumberEntry))
    return new NumberProbe(whole, needsIn(entries, lines.book), always);
  const texts = copies.lines && memberCopies(copies.lines.of, members);
  const isLines = whole?.length === 0 && switches.withoutTextLines !== true;
  if (copies.lines === undefined || !isLines || texts?.every(isText) !== true) return undefined;
  return new TextLineProbe(texts, copies.lines.names, needsIn(entries, lines.book), { size: always.length, switches });
}

function madeProbe(field: string, entries: readonly Entry[], { facts, lines, always, viewOf }: ProbedPlan): Probe {
  const { grew, switches } = lines;
  return new MadeProbe(
    needsIn(entries, lines.book),
    { size: always.length, grew, switches },
    (line) => {
      const { read, readAtOtherTime } = lines.reader(line);
      return facts.valuesIn(read, readAtOtherTime, field);
    },
    (line) => facts.valuesOf(viewOf(line), field),
  );
}

/** By the number of the one member that a field is. */
function refutersByMember(refuters: Asked, { facts, lines }: ProbedPlan): ReadonlyMap<string, readonly Entry[]> {
  const byMember = new Map<string, Entry[]>();
  for (const [field, entries] of refuters) {
    const fact = facts.of(field);
    if (fact.kind !== 'copy' || fact.member === undefined) continue;
    const members = memberCopies(fact.copies.names, lines.members) ?? [];
    // One member, which no other may stand in for: what stands there is the value.
    if (members.length !== 1 || members[0]?.number !== fact.member || members[0].kind !== STRING) continue;
    byMember.set(`${fact.member}`, [...(byMember.get(`${fact.member}`) ?? []), ...entries.filter(isSought)]);
  }
  return byMember;
}

/** What is not told so, where that is left out, is told in the next best way. */
function askedAs(fact: FieldFact, { withoutCopies, withoutNumbers, withoutMade }: SieveSwitches): FieldFact {
  const isLeftOut = withoutCopies || (withoutNumbers && fact.kind === 'copy' && fact.copies.isNumber);
  const isMade = fact.kind === 'made' || (fact.kind === 'copy' && isLeftOut === true);
  if (!isMade) return fact;
  return { kind: withoutMade === true ? 'unknown' : 'made' };
}

function isText({ kind }: LineShape<unknown>): boolean {
  return kind === STRING;
}
