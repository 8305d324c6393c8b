/**
 * The values of one field of the current event, read once, and what is known of each value.
 *
 *   event ──values──▶ seen before: what rules made of it then      (most values come again and again)
 *                     new: nothing yet
 *
 * Whether a clause holds of a value, and which rules it is a witness of, depends on nothing but the value, so that it is worked
 * out once a value and not once an event. What is remembered is bounded in number and in length, and nothing is remembered
 * for fields whose values hardly ever come again: then it costs more than it saves.
 */
import type { Event } from '../event/event.ts';
import type { Scalar, Values } from '../event/field-path.ts';
import type { CaseFold } from '../plan/predicate/node.ts';
import { foldCase } from '../plan/predicate/scalar.ts';
import type { RuleNumbers } from './field-index.ts';

/** Counts events, so that what was remembered of the last one need not be cleared. */
export interface EventClock {
  now: number;
}

/** Values remembered of one field, in two generations of half as many each. */
const REMEMBERED = 4096;
/** Hashing a long text for the look-up costs as much as searching it, and long ones seldom come again. */
const LONGEST_REMEMBERED = 512;
/** Look-ups after which it is decided whether remembering pays, and the share of hits from which it does. */
const TRIAL = 4096;
const LEAST_HITS = 0.2;
/** Look-ups that go unremembered before the next trial. */
const PAUSE = 65_536;

const NOTHING_KNOWN = new Uint32Array(0);
/** Of 32 bits, two for each clause: whether it was asked, and whether it holds. */
const [CLAUSES_A_WORD, WORD_BITS] = [16, 4];
const [ASKED, HOLDS] = [1, 2];

/** What is known of one value of a field. */
export class KnownValue {
  readonly value: Scalar;
  /** Whether it is remembered: otherwise what is known of it is of no use any more. */
  readonly isKept: boolean;
  /** By number of index, the rules that it is a witness of there. */
  readonly rules: (RuleNumbers | undefined)[] = [];
  private answers: Uint32Array = NOTHING_KNOWN;
  private ascii: string | undefined;
  private unicode: string | undefined;

  constructor(value: Scalar, isKept: boolean) {
    this.value = value;
    this.isKept = isKept;
  }

  /** Whether the clause of this number holds; `undefined` where it was not asked yet. */
  answer(clause: number): boolean | undefined {
    const word = clause >>> WORD_BITS;
    if (word >= this.answers.length) return undefined;
    const bits = (this.answers[word] as number) >>> (2 * (clause & (CLAUSES_A_WORD - 1)));
    return (bits & ASKED) === 0 ? undefined : (bits & HOLDS) !== 0;
  }

  note(clause: number, holds: boolean): boolean {
    const word = clause >>> WORD_BITS;
    if (word >= this.answers.length) {
      const answers = new Uint32Array(word + 1);
      answers.set(this.answers);
      this.answers = answers;
    }
    const bits = (holds ? ASKED | HOLDS : ASKED) << (2 * (clause & (CLAUSES_A_WORD - 1)));
    this.answers[word] = (this.answers[word] as number) | bits;
    return holds;
  }

  /** As text under a fold. */
  text(fold: CaseFold): string {
    if (fold === 'unicode') {
      this.unicode ??= foldCase(String(this.value), fold);
      return this.unicode;
    }
    if (fold === 'none') return String(this.value);
    this.ascii ??= foldCase(String(this.value), fold);
    return this.ascii;
  }
}

const NO_VALUES: readonly KnownValue[] = [];

export class FieldValues {
  readonly name: string;
  private readonly clock: EventClock;
  private readAt = -1;
  private read: readonly KnownValue[] = NO_VALUES;
  /** Of the event, where it has just one value, as nearly all have. */
  private readonly single: KnownValue[] = [];
  private clauses = 0;
  private indices = 0;
  private young = new Map<Scalar, KnownValue>();
  private old = new Map<Scalar, KnownValue>();
  private asked = 0;
  private hits = 0;
  private pausing = 0;

  constructor(name: string, clock: EventClock, remembers: boolean) {
    this.name = name;
    this.clock = clock;
    this.pausing = remembers ? 0 : Number.POSITIVE_INFINITY;
  }

  of(event: Event): readonly KnownValue[] {
    if (this.readAt !== this.clock.now) {
      this.readAt = this.clock.now;
      this.read = this.known(event.read(this.name));
    }
    return this.read;
  }

  /** What is known of a value that the field has, or might have. */
  knownValue(value: Scalar): KnownValue {
    if (typeof value === 'string' && value.length > LONGEST_REMEMBERED) return new KnownValue(value, false);
    if (this.pausing > 0) {
      this.pausing -= 1;
      return new KnownValue(value, false);
    }
    this.asked += 1;
    let known = this.young.get(value);
    if (known !== undefined) {
      this.hits += 1;
      return known;
    }
    known = this.old.get(value);
    if (known !== undefined) this.hits += 1;
    else known = new KnownValue(value, true);
    this.remember(known);
    return known;
  }

  /** A number for a clause over the field, to note its answers under. */
  addClause(): number {
    this.clauses += 1;
    return this.clauses - 1;
  }

  /** A number for an index of the field's values. */
  addIndex(): number {
    this.indices += 1;
    return this.indices - 1;
  }

  private known(values: Values): readonly KnownValue[] {
    if (values.length === 0) return NO_VALUES;
    if (values.length > 1) return values.map((value) => this.knownValue(value));
    this.single[0] = this.knownValue(values[0] as Scalar);
    return this.single;
  }

  private remember(known: KnownValue): void {
    this.young.set(known.value, known);
    if (this.young.size >= REMEMBERED / 2) [this.old, this.young] = [this.young, new Map()];
    if (this.asked < TRIAL) return;
    if (this.hits < this.asked * LEAST_HITS) {
      this.pausing = PAUSE;
      this.young = new Map();
      this.old = new Map();
    }
    this.asked = 0;
    this.hits = 0;
  }
}
