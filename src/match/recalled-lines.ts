/**
 * Lines that are passed over as lines before were, since they are the same wherever it counts: told at once, without any step between.
 *
 *   shape ──members that tell the parts of the text, the log source and what is noted: all within what they held before──▶ what is known
 *         ──value by which alone it was told that no rule matches: one that told it before──▶ passed over
 *
 * Sound because each step between looks at these members alone: within the ranges, the same is found (`text-parts.ts`, `decision-tree.ts`),
 * and what plans and notes are asked by a value's number is what they found of the same bytes.
 */
import type { LineScanner, LineShape } from '../format/line-shape.ts';
import type { TextParts, ToldText } from '../format/text-parts.ts';
import { NO_RECORD, type ValueRange } from '../format/value-ranges.ts';
import type { NotedAlike, ProcessNotes } from './process-notes.ts';
import type { SievePlan } from './sieve-plan.ts';

/** Ways to be known again, of a shape. */
const MOST_OF_SHAPE = 24;
/** To learn something takes as long as so many lines save that are known by it. */
const [LINES_FOR_WAY, LINES_FOR_VALUE] = [32, 8];
const FIRST_LINES = 16 * LINES_FOR_WAY;
/** Lines of a shape that may not be known, beyond those that were. */
const MOST_MISSES = 128;

/** A line that was passed over, and how. */
export interface PassedSo<S> {
  readonly of: S;
  readonly plan: SievePlan;
  /** What its members hold that tell its log source. */
  readonly rangesOf: () => readonly ValueRange[] | undefined;
  /** Absent where it tells the table of processes nothing. */
  readonly notes: Pick<ProcessNotes, 'alike' | 'ofAlike'> | undefined;
}

/** Lines alike. */
export interface Recalled<S> extends PassedSo<S> {
  readonly text: ToldText;
  readonly noted: NotedAlike | undefined;
  /** By whose value it is told that no rule matches; -1 where that is known. */
  readonly member: number;
}

/** Of a shape. */
interface Known<S> {
  /** Of the memory where ranges are. */
  readonly book: object;
  first: number;
  /** How many lines more may not be known before all this is given up. */
  left: number;
  /** By number, from 1. */
  readonly ways: (Recalled<S> | undefined)[];
}

export class RecalledLines<T, S> {
  private readonly scanner: LineScanner<T>;
  private readonly texts: Pick<TextParts<T>, 'toldOf' | 'isTold'>;
  private readonly byShape = new WeakMap<LineShape<T>, Known<S>>();
  private lastShape: LineShape<T> | undefined;
  private last: Known<S> | undefined;
  /** The way that the line at hand goes, where only a value is not known. */
  private found: Recalled<S> | undefined;
  private readonly passed = new WeakMap<SievePlan, PassedValues>();
  private lastPlan: SievePlan | undefined;
  private lastPassed: PassedValues | undefined;
  /** How many lines would pay for what was learned. */
  private left: number;

  constructor(scanner: LineScanner<T>, texts: Pick<TextParts<T>, 'toldOf' | 'isTold'>, isOff = false) {
    this.scanner = scanner;
    this.texts = texts;
    this.left = isOff ? Number.NEGATIVE_INFINITY : FIRST_LINES;
  }

  /** What is known of the line that was scanned last: no rule matches. @param shape that the scan told */
  find(shape: LineShape<T>): Recalled<S> | undefined {
    this.found = undefined;
    const known = this.knownOf(shape);
    if (known === undefined) return undefined;
    const { scanner } = this;
    const { ranges } = scanner;
    if (known.book !== ranges.book) return undefined;
    const way = known.ways[ranges.first(known.first)];
    if (way !== undefined && this.texts.isTold(scanner, way.text)) {
      this.found = way;
      const { member, plan } = way;
      if (member === -1 || this.passedBy(plan).has(scanner.valueOf(member), scanner.values.generation)) {
        this.left += 1;
        if (known.left < MOST_MISSES) known.left += 1;
        return way;
      }
    }
    known.left -= 1;
    if (known.left === 0) this.forget(shape);
    return undefined;
  }

  /** Whether it is worth learning now of a line that was passed over by the plan, which looked at none after it. */
  takesMore(plan: SievePlan): boolean {
    return this.left > 0 && plan.passedBy() !== undefined;
  }

  /** The line that was scanned last was passed over by its bytes. */
  learn(shape: LineShape<T>, line: PassedSo<S>): void {
    const member = line.plan.passedBy();
    if (member === undefined) return;
    const { found } = this;
    if (found === undefined || found.plan !== line.plan) this.addWay(shape, line, member);
    else {
      this.left -= LINES_FOR_VALUE;
      this.addValue(line.plan, member);
      line.notes?.alike(this.scanner);
    }
  }

  private addWay(shape: LineShape<T>, { of, plan, notes, rangesOf }: PassedSo<S>, member: number): void {
    this.left -= LINES_FOR_WAY;
    const { scanner } = this;
    const { ranges } = scanner;
    const text = this.texts.toldOf(scanner, shape);
    const noted = notes?.alike(scanner);
    const source = rangesOf();
    if (text === undefined || source === undefined || (notes !== undefined && noted === undefined)) return;
    const held = [...text.ranges, ...source, ...(noted?.host.ranges ?? []), ...(noted?.teller.ranges ?? [])];
    const asked = [member, ...(noted === undefined ? [] : [noted.host.member, noted.teller.member, ...noted.members])];
    // Of others it takes more than the scan to tell where they are.
    if (![...held.map((one) => one.member), ...asked].every((one) => one < text.told)) return;
    this.addValue(plan, member);
    const before = this.knownOf(shape);
    const isGood = before !== undefined && before.book === ranges.book && before.ways.length <= MOST_OF_SHAPE;
    let known: Known<S> = isGood ? before : nothingKnown(ranges.book, 1);
    const record = ranges.add(held, known.ways.length, known.first);
    if (record === -1) return;
    if (known.book !== ranges.book) known = nothingKnown(ranges.book, known.ways.length);
    known.first = record;
    known.ways.push({ of, plan, notes, rangesOf, text, noted, member });
    this.byShape.set(shape, known);
    this.lastShape = shape;
    this.last = known;
  }

  private forget(shape: LineShape<T>): void {
    this.byShape.delete(shape);
    this.last = undefined;
  }

  private addValue(plan: SievePlan, member: number): void {
    if (member === -1) return;
    const number = this.scanner.addValueOf(member);
    if (number !== -1) this.passedBy(plan).add(number, this.scanner.values.generation);
  }

  private passedBy(plan: SievePlan): PassedValues {
    if (plan === this.lastPlan && this.lastPassed !== undefined) return this.lastPassed;
    const passed = this.passed.get(plan) ?? new PassedValues();
    this.passed.set(plan, passed);
    this.lastPlan = plan;
    this.lastPassed = passed;
    return passed;
  }

  private knownOf(shape: LineShape<T>): Known<S> | undefined {
    if (shape === this.lastShape) return this.last;
    this.lastShape = shape;
    this.last = this.byShape.get(shape);
    return this.last;
  }
}

/** @param before numbers of ways that there are no more */
function nothingKnown<S>(book: object, before: number): Known<S> {
  return { book, first: NO_RECORD, left: MOST_MISSES, ways: new Array<undefined>(before).fill(undefined) };
}

/** By number, values by each of which alone it was told that no rule matches. */
class PassedValues {
  private are = new Uint8Array(FIRST_VALUES);
  /** Of their numbers. */
  private generation = 0;

  has(value: number, generation: number): boolean {
    return generation === this.generation && value < this.are.length && this.are[value] === 1;
  }

  add(value: number, generation: number): void {
    if (generation !== this.generation) this.are.fill(0);
    this.generation = generation;
    if (value >= this.are.length) {
      const { are } = this;
      this.are = new Uint8Array(2 * value);
      this.are.set(are);
    }
    this.are[value] = 1;
  }
}

const FIRST_VALUES = 64;
