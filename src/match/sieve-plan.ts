/**
 * What to ask of the lines of one shape and log source, to tell that no rule matches.
 *
 *   rules ──fields that are always the same taken out──▶ what is left ──of each “and” the parts hardest to meet──▶ needs
 *   line ──members──▶ needs that are met ──a rule has all of its──▶ read the line, and evaluate those rules
 *
 * A need is a part of a rule's conjunction with its witnesses (`witness.ts`): facts of which one is true wherever the part
 * is. Each rule has up to `LAYERS` needs; a bit for each, by rule, so that all rules are told by a few integers. Rules that have
 * all of theirs are evaluated, of the line as its format reads it: they are few, and all others cannot match.
 */
import { type Event, LOG_SOURCE_FIELDS } from '../event/event.ts';
import { DecodedValues } from '../format/decoded-values.ts';
import type { InputLine, Lesson, SievedLine } from '../format/format.ts';
import { type LineScanner, STRING } from '../format/line-shape.ts';
import type { Changed, Members } from '../format/recorded-json.ts';
import { isTaught } from '../format/taught-fields.ts';
import type { Predicate } from '../plan/predicate/node.ts';
import { type Marks, mark, markNeed } from './byte-marks.ts';
import { type FieldFact, FieldFacts, type NotedLine } from './field-facts.ts';
import type { KeywordFilter, KeywordFilters } from './keyword-filter.ts';
import { KeywordTexts } from './keyword-texts.ts';
import { memberCopies } from './member-copies.ts';
import { type Entry, marksOf, needOf } from './need-entries.ts';
import { type OpenProbe, openProbes } from './open-probes.ts';
import { type OpenRest, taughtAlone } from './open-rest.ts';
import { reduce } from './reduce.ts';
import type { RuleChoice } from './rule-choice.ts';
import { alternativesOf, LAYERS, type Need, needsOf, type RuleNeeds, sharesIn } from './rule-needs.ts';
import type { SieveSwitches } from './sieve-switches.ts';
import { ReadWhenAsked, type SievedParts } from './sieved-line.ts';
import { mayStandIn, StandingKeywords } from './standing-keywords.ts';
import { Verdicts } from './verdicts.ts';
import { EVERYWHERE } from './witness.ts';
import type { Fact, WitnessBook } from './witness-book.ts';

/** Lines that are read to see whether a rule holds of them, and the share that has to match for that not to be worth it. */
const READ_ANYWAY = 64;
const MOST_MATCHED = 0.5;
/** More of them are evaluated without asking of each what is remembered; and of still more the matcher tells. */
const MOST_ASKED = 64;
const MOST_CANDIDATES = 1_024;

/**
 * No rule matches, told by the line's bytes or by reading some of it; or some rule may; or so many may that the matcher tells at
 * once.
 */
export type Told = 'none' | 'none-read' | 'some' | 'many';

export interface SievePlan {
  /** Of the line that was scanned last. */
  tell(scanner: LineScanner<unknown>, line: Uint8Array): Told;
  /**
   * Of a line that was passed over, the text by which alone that was told: the same is told of all of its plan's lines that hold that there.
   * -1 where it is told of all lines; undefined where it takes more.
   */
  passedBy(): number | undefined;
  /** The same line, with the rules that match. */
  sieved(parts: SievedParts): SievedLine;
}

/** How lines of the plan are read, and what is known of them. */
export interface PlannedLines {
  readonly scanner: LineScanner<unknown>;
  readonly members: Members;
  /** Whether their events are made whatever rules say, and may be told more by events before (`taught-fields.ts`). */
  readonly isRead: boolean;
  /** Members of which it is known only that they hold a time. */
  readonly times: ReadonlySet<number>;
  /** @param line the one at hand where it is left out */
  readonly reader: (line?: Uint8Array) => Readers;
  /** The event of a line, with nothing noted. */
  readonly eventOf: (line: InputLine) => Event | undefined;
  /** The event of the line that was scanned last, of which no more is parsed than is asked for, good for as long. */
  readonly viewOf: (line: Uint8Array) => Event | undefined;
  /** Facts that some line showed; those of the line at hand are added. */
  readonly shown: Set<Fact>;
  /** What the plans of these lines hand on. */
  readonly kept: { verdicts: Verdicts | undefined };
  readonly book: WitnessBook;
  readonly filters: KeywordFilters;
  readonly switches: SieveSwitches;
  /** Told when memory was taken, in branches of trees. */
  readonly grew: (branches: number) => void;
}

export interface Readers {
  readonly read: () => NotedLine | undefined;
  /** The same line, with other times in it. */
  readonly readAtOtherTime: () => NotedLine | undefined;
  /** The same line, with other values of some members. */
  readonly readChanged: (changed: Changed) => NotedLine | undefined;
}

/** @returns `needed` where lines like it cannot be read apart from others. */
export function planOf(choice: RuleChoice, lines: PlannedLines): SievePlan | 'needed' {
  const { read, readAtOtherTime } = lines.reader();
  const line = read();
  if (line === undefined) return 'needed';
  const { event, recorded } = line;
  for (const field of LOG_SOURCE_FIELDS) event.read(field);
  const decided = recorded.read.filter((member) => !lines.times.has(member));
  const mayBeTaught = lines.isRead ? isTaught : () => false;
  const facts = new FieldFacts(read, readAtOtherTime, new Set(decided), mayBeTaught);
  const left: { readonly rule: number; readonly predicate: Predicate }[] = [];
  for (const rule of choice.openTo(event)) {
    const whole = choice.predicateOf(rule);
    const predicate =
      lines.switches.withoutReducing === true ? whole : reduce(whole, (field) => constantValues(facts.of(field)));
    if (predicate.kind !== 'constant' || predicate.value) left.push({ rule, predicate });
  }
  const shares = sharesIn(facts, lines.shown, lines.book);
  const rules: PlannedRule[] = [];
  for (const { rule, predicate } of left) {
    for (const parts of alternativesOf(predicate)) {
      const needs = needsOf(parts, lines.book, shares);
      if (needs !== 'never') rules.push({ rule, predicate, ...needs });
    }
  }
  return new LinePlan(choice, rules, { facts, lines, decided: new Set(decided) });
}

/** A rule, or one of its alternatives, which follow each other. */
interface PlannedRule extends RuleNeeds {
  readonly rule: number;
  readonly predicate: Predicate;
}

function constantValues(fact: FieldFact) {
  return fact.kind === 'constant' ? fact.values : undefined;
}

class LinePlan implements SievePlan {
  private readonly words: number;
  /** Needs that are met whatever the line holds, as those that rules do not have. */
  private readonly always: Int32Array;
  private readonly met: Int32Array;
  /** Which of the words that have a bit for each rule is looked at first. */
  private likely = 0;
  /** The probe after which the line was passed over. */
  private last = 0;
  private readonly open: readonly Int32Array[];
  private readonly probes: readonly OpenProbe[];
  private readonly keywords: StandingKeywords | undefined;
  /** For keywords, where the format holds a text as a whole. */
  private readonly texts: KeywordTexts | undefined;
  private readonly choice: RuleChoice;
  /** One for each of its alternatives. */
  private readonly rules: readonly number[];
  /** By rule or alternative, how it searches for keywords. */
  private readonly search: readonly Search[];
  /** For keywords, where the format makes words that only the event itself tells. */
  private unread: KeywordFilter | undefined;
  private readonly lines: Pick<PlannedLines, 'eventOf' | 'viewOf'>;
  /** Rules that may hold of the line, in order, and those of them that cannot without a keyword. */
  private readonly candidates: number[] = [];
  private readonly searching: number[] = [];
  /** Candidates that are known to hold, or of which it is known what decides them. */
  private readonly sure = new Map<number, true | OpenRest>();
  /** Whether there is a rule among them that may search the whole event. */
  private searches = false;
  /** Those that were told by no bytes. */
  private readonly searchers: number[] = [];
  private readonly verdicts: Verdicts;
  /** How many rules are not known to hold, of those that may. */
  private unsure = 0;
  /** Whether all candidates are known to hold. */
  private isDecided = false;
  /** The event of the line, where it was made; and whether that was to tell of its words. */
  private view: Event | undefined;
  private isRead = false;
  private read = 0;
  private matched = 0;

  constructor(
    choice: RuleChoice,
    rules: readonly PlannedRule[],
    { facts, lines, decided }: { facts: FieldFacts; lines: PlannedLines; decided: ReadonlySet<number> },
  ) {
    lines.kept.verdicts ??= new Verdicts(choice, lines, decided);
    this.verdicts = lines.kept.verdicts;
    this.choice = choice;
    this.rules = rules.map(({ rule }) => rule);
    this.search = rules.map(({ needs }) => searchIn(needs));
    this.lines = lines;
    this.words = Math.ceil(rules.length / 32);
    // After the needs, by rule, whether it cannot be true.
    this.always = new Int32Array(this.words * (LAYERS + 1));
    this.met = new Int32Array(this.words * (LAYERS + 1));
    const byField = new Map<string, Entry[]>();
    for (const [rule, { needs }] of rules.entries()) {
      for (let layer = 0; layer < LAYERS; layer += 1) {
        const need = layer * this.words * 32 + rule;
        const witnesses = needs[layer];
        if (witnesses === undefined) markNeed(need, this.always);
        for (const { field, text } of witnesses ?? []) {
          const ofField = byField.get(field);
          if (ofField === undefined) byField.set(field, [[text, need]]);
          else ofField.push([text, need]);
        }
      }
    }
    const searched = byField.get(EVERYWHERE) ?? [];
    this.texts = this.openTexts(searched, rules, facts, lines);
    this.keywords = this.texts === undefined ? this.openKeywords(searched, facts, lines) : undefined;
    byField.delete(EVERYWHERE);
    const refuters = this.refutersIn(lines.switches.withoutRefuters === true ? [] : rules);
    const viewOf = (line: Uint8Array) => this.viewOf(line);
    const opened = openProbes(byField, refuters, { facts, lines, always: this.always, viewOf });
    const costs = new Map(opened.map(({ probe }) => [probe, probe.costOf(lines.scanner)]));
    opened.sort((a, b) => (costs.get(a.probe) ?? 0) - (costs.get(b.probe) ?? 0));
    this.probes = opened;
    this.open = this.openAfter(opened.map(({ marks }) => marks));
  }

  private refutersIn(rules: readonly PlannedRule[]): ReadonlyMap<string, readonly Entry[]> {
    const byField = new Map<string, Entry[]>();
    for (const [rule, { refuters }] of rules.entries()) {
      for (const { field, text } of refuters) {
        const ofField = byField.get(field) ?? [];
        byField.set(field, ofField);
        ofField.push([text, LAYERS * this.words * 32 + rule]);
      }
    }
    return byField;
  }

  /** By number of probe, what the later ones may meet. */
  private openAfter(ofProbes: readonly Marks[]): readonly Int32Array[] {
    const open = new Int32Array(this.met.length);
    const after: Int32Array[] = [];
    for (const marks of ofProbes.toReversed()) {
      after.unshift(open.slice());
      mark(marks, open);
    }
    return after;
  }

  tell(scanner: LineScanner<unknown>, line: Uint8Array): Told {
    // No rule may match: there is nothing that was told of the line before.
    if (this.words === 0) return 'none';
    const { met, probes, keywords } = this;
    // Each of these is a call, even of what is empty.
    if (this.candidates.length > 0) this.candidates.length = 0;
    if (this.searching.length > 0) this.searching.length = 0;
    if (this.sure.size > 0) this.sure.clear();
    this.isDecided = true;
    this.view = undefined;
    this.isRead = false;
    setAll(met, this.always);
    keywords?.meet(scanner, met);
    this.texts?.meet(scanner, met);
    for (let at = 0; at < probes.length; at += 1) {
      const { probe, marks } = probes[at] as OpenProbe;
      // What it cannot tell may all be met.
      if (!probe.meet(scanner, line, met)) mark(marks, met);
      if (this.isSomeMet(this.open[at] as Int32Array)) continue;
      this.last = at;
      return 'none';
    }
    this.last = probes.length;
    this.collect();
    const { candidates } = this;
    if (candidates.length > MOST_CANDIDATES) return 'many';
    if (this.unsure > this.searchers.length && candidates.length <= MOST_ASKED) this.decide(scanner, line);
    if (this.searching.length > 0) this.addSearching(scanner, line);
    if (candidates.length === 0) return this.isRead ? 'none-read' : 'none';
    return this.isDecided || this.someHolds(line) ? 'some' : 'none-read';
  }

  passedBy(): number | undefined {
    if (this.words === 0) return -1;
    const member = this.last === 0 && !this.keywords && !this.texts ? this.probes[0]?.probe.onlyText : undefined;
    return member === -1 ? undefined : member;
  }

  /** Leaves out candidates that lines with these values are known not to match. */
  private decide(scanner: LineScanner<unknown>, line: Uint8Array): void {
    const { candidates, verdicts } = this;
    let kept = 0;
    let undecided = 0;
    for (let at = 0; at < candidates.length; at += 1) {
      const rule = candidates[at] as number;
      // Of what searches the event, each line says something else.
      const isSought = this.searchers.includes(rule);
      const holds = isSought ? undefined : (this.texts?.holds(rule) ?? verdicts.of(rule, scanner, line));
      if (holds === false) continue;
      if (holds !== true) undecided += 1;
      if (holds !== undefined) this.sure.set(rule, holds);
      candidates[kept] = rule;
      kept += 1;
    }
    candidates.length = kept;
    this.isDecided = undecided === 0;
  }

  sieved(parts: SievedParts): SievedLine {
    const { bytes } = parts.input;
    const view = () => this.viewOf(bytes);
    return new ReadWhenAsked(parts, this.lines.eventOf, view, (...asked) => this.holding(bytes, ...asked));
  }

  private holding(line: Uint8Array, eventOf: () => Event, lesson: () => Lesson | undefined): readonly number[] {
    const { candidates, verdicts, choice } = this;
    if (this.isDecided || candidates.length === 0) return candidates;
    const known = this.knownOf(lesson());
    if (!known.includes(undefined)) return candidates.filter((_, at) => known[at]);
    const view = this.viewOf(line);
    choice.begin(this.texts?.toldSearch);
    const told = candidates.map((rule, at) => known[at] ?? (view && verdicts.told.holds(rule, view)));
    if (!told.includes(undefined)) return candidates.filter((_, at) => told[at]);
    const event = eventOf();
    choice.begin(this.texts?.toldSearch);
    return candidates.filter((rule, at) => told[at] ?? choice.holds(rule, event));
  }

  /** Of each candidate, whether it holds, where what is remembered tells. */
  private knownOf(lesson: Lesson | undefined): readonly (boolean | undefined)[] {
    const { candidates, choice, sure } = this;
    let names: ReadonlySet<string> | undefined;
    let taught: Event | undefined;
    choice.begin();
    return candidates.map((rule) => {
      const known = sure.get(rule);
      if (typeof known !== 'object') return known;
      // Mostly nothing is known of the parent.
      names ??= lesson?.names() ?? NOTHING_TAUGHT;
      if (!knowsOne(names, known.fields)) return known.bare;
      taught ??= taughtAlone(lesson?.teaching());
      return known.holds(taught);
    });
  }

  /** Whether one of the candidates holds of the line; taken for true where that is so often, or dear to tell. */
  private someHolds(line: Uint8Array): boolean {
    if (this.searches || this.sure.size > 0 || (this.read >= READ_ANYWAY && this.matched > this.read * MOST_MATCHED))
      return true;
    const { candidates, verdicts, choice } = this;
    const event = this.viewOf(line);
    if (event === undefined) return true;
    choice.begin(this.texts?.toldSearch);
    let isOpen = false;
    let holds = false;
    for (let at = 0; at < candidates.length && !holds; at += 1) {
      const told = verdicts.told.holds(candidates[at] as number, event);
      if (told === undefined) isOpen = true;
      else holds = told;
    }
    if (isOpen && !holds) return true;
    this.read += 1;
    if (holds) this.matched += 1;
    return holds;
  }

  private viewOf(line: Uint8Array): Event | undefined {
    this.view ??= this.lines.viewOf(line);
    return this.view;
  }

  /** Takes rules that cannot hold without a keyword for candidates, where one may stand in the event. */
  private addSearching(scanner: LineScanner<unknown>, line: Uint8Array): void {
    const { unread, candidates, choice, verdicts } = this;
    let { searching } = this;
    if (unread !== undefined && !mayStandIn(unread, scanner)) {
      this.isRead = true;
      const own = this.viewOf(line)?.words();
      if (own !== undefined && unread.isApartButUnquoted(own)) return;
    }
    const view = this.viewOf(line);
    choice.begin(this.texts?.toldSearch);
    if (view !== undefined && choice.tellsWords(view)) {
      this.isRead = true;
      searching = searching.filter((rule) => verdicts.told.holds(rule, view) !== false);
      if (searching.length === 0) return;
    }
    for (const rule of searching) if (!candidates.includes(rule)) candidates.push(rule);
    candidates.sort((a, b) => a - b);
    this.searches = true;
    this.isDecided = false;
  }

  private collect(): void {
    const { met, words, candidates, searching, rules, search, texts } = this;
    if (this.searchers.length > 0) this.searchers.length = 0;
    this.unsure = 0;
    const refuted = LAYERS * words;
    for (let at = 0; at < words; at += 1) {
      let bits = (met[at] as number) & ~(met[at + refuted] as number);
      for (let next = at + words; next < refuted; next += words) bits &= met[next] as number;
      for (; bits !== 0; bits &= bits - 1) {
        const number = at * 32 + 31 - Math.clz32(bits & -bits);
        const rule = rules[number] as number;
        const known = texts?.holds(rule);
        if (known === false) continue;
        if (known === true) {
          addLast(rule, candidates);
          continue;
        }
        this.unsure += 1;
        const searched = search[number];
        addLast(rule, searched === 'all' && this.unread !== undefined ? searching : candidates);
        if (searched === 'some' || (searched === 'all' && this.unread === undefined)) this.searchers.push(rule);
      }
    }
    this.searches = this.searchers.length > 0;
    this.isDecided = this.unsure === 0;
  }

  /** Whether some rule has all it needs, with what is open yet. */
  private isSomeMet(open: Int32Array): boolean {
    // Where there was one after the probe before, there mostly is one yet.
    if (this.isSomeMetAt(this.likely, open)) return true;
    for (let at = 0; at < this.words; at += 1) {
      if (!this.isSomeMetAt(at, open)) continue;
      this.likely = at;
      return true;
    }
    return false;
  }

  private isSomeMetAt(at: number, open: Int32Array): boolean {
    const { met, words } = this;
    const refuted = LAYERS * words;
    let rules = ((met[at] as number) | (open[at] as number)) & ~(met[at + refuted] as number);
    for (let next = at + words; next < refuted; next += words) {
      rules &= (met[next] as number) | (open[next] as number);
    }
    return rules !== 0;
  }

  private openTexts(entries: readonly Entry[], rules: readonly PlannedRule[], facts: FieldFacts, lines: PlannedLines) {
    const own = entries.length === 0 ? undefined : facts.words();
    if (own === undefined || lines.switches.withoutKeywordTexts === true) return undefined;
    const holder = own.whole === undefined ? undefined : memberCopies([own.whole], lines.members)?.[0];
    const member = holder?.kind === STRING ? holder : undefined;
    if (member === undefined && (own.isWritten ?? false) === false) return undefined;
    const filter = lines.filters.of(entries.map(([text]) => text?.literal));
    const isApart = filter.isApartOfAll(own);
    const decoded = own.encoding && DecodedValues.of(lines.members, own.encoding);
    if (own.encoding !== undefined && decoded === undefined) return undefined;
    const texts = new KeywordTexts(member, own, (scanner) => !isApart || mayStandIn(filter, scanner), decoded);
    for (const [rule, predicate] of new Map(rules.map(({ rule, predicate }) => [rule, predicate])))
      texts.addRule(rule, predicate);
    const needs = new Map<number, number[]>();
    for (const [text, need] of entries) {
      const number = text === undefined ? undefined : texts.numberOfPart(text.literal.text);
      if (number === undefined) markNeed(need, this.always);
      else needs.set(number, [...(needs.get(number) ?? []), need]);
    }
    const all = marksOf(entries.map(needOf), lines.book);
    texts.close(new Map([...needs].map(([number, ofText]) => [number, marksOf(ofText, lines.book)])), all);
    return texts;
  }

  private openKeywords(entries: readonly Entry[], facts: FieldFacts, lines: PlannedLines) {
    if (entries.length === 0) return undefined;
    const filter = lines.filters.of(entries.map(([text]) => text?.literal));
    const isOff = lines.switches.withoutKeywordFilter === true;
    const own = isOff ? undefined : facts.words();
    if (own !== undefined && filter.isApartOfAll(own)) {
      return new StandingKeywords(filter, entries, lines);
    }
    for (const [, need] of entries) markNeed(need, this.always);
    if (!isOff) this.unread = filter;
    return undefined;
  }
}

const NOTHING_TAUGHT: ReadonlySet<string> = new Set();

function knowsOne(names: ReadonlySet<string>, fields: readonly string[]): boolean {
  for (let at = 0; at < fields.length; at += 1) if (names.has(fields[at] as string)) return true;
  return false;
}

/** As `set` of few numbers, which takes less than to call that. */
function setAll(to: Int32Array, from: Int32Array): void {
  if (from.length > FEW) to.set(from);
  else for (let at = 0; at < from.length; at += 1) to[at] = from[at] as number;
}

const FEW = 32;

/** Alternatives of a rule follow each other. */
function addLast(rule: number, rules: number[]): void {
  if (rules.at(-1) !== rule) rules.push(rule);
}

/** Whether a rule cannot hold without a keyword, or without a keyword or something else. */
type Search = 'all' | 'some' | undefined;

function searchIn(needs: readonly Need[]): Search {
  if (needs.some((facts) => facts.every(isSearch))) return 'all';
  return needs.some((facts) => facts.some(isSearch)) ? 'some' : undefined;
}

function isSearch({ field }: Fact): boolean {
  return field === EVERYWHERE;
}
