/**
 * Which rules an event's log source leaves.
 *
 *   rules ──gate, data streams──▶ groups        event ──values of the log source's fields──▶ rules of the open groups
 *
 * And which of some rules hold of an event, for who knows that no other can.
 */
import type { Event } from '../event/event.ts';
import { LOG_SOURCE_FIELDS } from '../event/event.ts';
import type { Values } from '../event/field-path.ts';
import type { Predicate } from '../plan/predicate/node.ts';
import { compilePredicate, createClauses, type ToldSearch } from './compile.ts';
import { type Gate, GateClauses, gateKey, isOpen } from './gate.ts';
import type { MatcherRule } from './matcher.ts';

export type Holds = ReturnType<typeof compilePredicate>;

interface Group {
  readonly gate: Gate;
  readonly reads: MatcherRule['reads'];
  /** Their numbers. */
  readonly rules: number[];
}

interface Groups {
  readonly groups: readonly Group[];
  /** What is asked of the fields of the log source, by the number of the clause. */
  readonly tests: readonly FieldTests[];
  readonly clauses: number;
}

interface FieldTests {
  readonly field: string;
  readonly over: ReturnType<GateClauses['over']>;
  /** By its values, as JSON, the numbers of those that are true of them. */
  readonly known: Map<string, readonly number[]>;
}

/** Log sources whose rules are remembered. */
const MOST_OPENED = 1_024;

export class RuleChoice {
  private readonly rules: readonly MatcherRule[];
  private readonly routing: readonly string[];
  private made: Groups | undefined;
  /** By what an event says of its log source, the rules that this leaves. */
  private readonly opened = new Map<string, readonly number[]>();

  private readonly clauses = createClauses();
  private readonly compiled: (Holds | undefined)[];

  /** @param withoutRoutes for tests: every rule that reads the data streams is left */
  constructor(rules: readonly MatcherRule[], withoutRoutes = false) {
    this.rules = rules;
    this.routing = withoutRoutes ? [] : LOG_SOURCE_FIELDS;
    this.compiled = new Array<Holds | undefined>(rules.length);
  }

  predicateOf(rule: number): Predicate {
    return (this.rules[rule] as MatcherRule).predicate;
  }

  /**
   * Another event is asked about: what was found of the one before counts no more.
   * @param told what searches for keywords find in it, where that is known
   */
  begin(told?: ToldSearch): void {
    this.clauses.next();
    this.clauses.search.told = told;
  }

  /** Of an event that was begun: whether it is told in a fraction of the time which words it holds. */
  tellsWords(event: Event): boolean {
    return this.clauses.texts?.tells(event) === true;
  }

  /** Of an event that was begun. */
  holds(rule: number, event: Event): boolean {
    let holds = this.compiled[rule];
    if (holds === undefined) {
      holds = this.compile(this.predicateOf(rule));
      this.compiled[rule] = holds;
    }
    return holds(event);
  }

  /** Shares with the rules what it has in common with them. */
  compile(predicate: Predicate): Holds {
    return compilePredicate(predicate, this.clauses);
  }

  /** Their numbers, in order. */
  openTo(event: Event): readonly number[] {
    this.made ??= groupRules(this.rules, this.routing);
    const { tests } = this.made;
    const values = tests.map(({ field }) => event.read(field));
    const key = JSON.stringify([event.dataStreams, values]);
    let open = this.opened.get(key);
    if (open === undefined) {
      open = this.find(this.made, values, event.dataStreams);
      if (this.opened.size >= MOST_OPENED) this.opened.clear();
      this.opened.set(key, open);
    }
    return open;
  }

  private find({ groups, tests, clauses }: Groups, values: readonly Values[], dataStreams: Event['dataStreams']) {
    const holds = new Uint8Array(clauses);
    for (const [at, test] of tests.entries())
      for (const number of truthsOf(test, values[at] as Values)) holds[number] = 1;
    return groups
      .flatMap(({ gate, reads, rules }) => (isOpen(gate, holds) && reads(dataStreams) ? rules : []))
      .sort((a, b) => a - b);
  }
}

function groupRules(rules: readonly MatcherRule[], routing: readonly string[]): Groups {
  const gates = new GateClauses(routing);
  const byReads = new Map<MatcherRule['reads'], Map<string, Group>>();
  for (const [number, rule] of rules.entries()) {
    const gate = gates.gateOf(rule.outline ?? rule.predicate);
    const byGate = byReads.get(rule.reads) ?? new Map<string, Group>();
    byReads.set(rule.reads, byGate);
    const key = gateKey(gate);
    const group = byGate.get(key);
    if (group === undefined) byGate.set(key, { gate, reads: rule.reads, rules: [number] });
    else group.rules.push(number);
  }
  const tests = [...gates.fields].map((field) => ({ field, over: gates.over(field), known: new Map() }));
  return {
    groups: [...byReads.values()].flatMap((byGate) => [...byGate.values()]),
    tests,
    clauses: gates.clauses.length,
  };
}

/** Log sources differ in few fields. */
function truthsOf({ over, known }: FieldTests, values: Values): readonly number[] {
  const key = JSON.stringify(values);
  let truths = known.get(key);
  if (truths === undefined) {
    truths = over.flatMap(([number, passes]) => (passes(values) ? [number] : []));
    if (known.size >= MOST_OPENED) known.clear();
    known.set(key, truths);
  }
  return truths;
}
