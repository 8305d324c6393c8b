/**
 * Which literals of searches for keywords may stand in an event, told by few texts in which all its values do (`Event.texts`), or by
 * all of them at once.
 *
 *   search ──a literal for each alternative──▶ numbers      event ──its texts, in one pass for all searches──▶ literals that stand there
 *
 * Sound because a value that passes a search holds one of its literals (`literal.ts`), wherever in a text the value stands. Several
 * values stand in one text, so that a literal may stand there and in no value.
 */
import type { Event } from '../event/event.ts';
import type { PredicateOf } from '../plan/predicate/node.ts';
import type { EventClock } from './field-values.ts';
import { GRAM, GramIndex } from './gram-index.ts';
import { type Literal, literalsOfTest, searchedForm } from './literal.ts';
import { searchesTaught } from './witness.ts';

export class StandingTexts {
  private readonly clock: EventClock;
  private readonly literals: Literal[] = [];
  /** Looked for when they are asked about: mostly beside longer ones that stand nowhere. Their numbers are negative. */
  private readonly short: string[] = [];
  private readonly numbers = new Map<string, number>();
  /** Made anew when literals have been added: each search adds its own when it is made, which is once. */
  private index: GramIndex | undefined;
  private readonly hits: number[] = [];
  private stands = new Uint8Array(0);
  private searchedAt = -1;
  private askedAt = -1;
  private texts: readonly string[] | undefined;
  private searched = '';

  constructor(clock: EventClock) {
    this.clock = clock;
  }

  /** @returns undefined where nothing can be said of a value that passes */
  literalsOf(node: PredicateOf<'match-anywhere'>): readonly number[] | undefined {
    const literals = searchesTaught(node) ? undefined : literalsOfTest(node.test, 'unknown');
    const isSought = literals?.every(({ text, anchor }) => text !== '' && anchor !== 'beyond') === true;
    return isSought ? literals.map(({ text }) => this.numberOf(text)) : undefined;
  }

  /** Whether the event has texts by which that can be told without making its document. */
  tells(event: Event): boolean {
    if (this.askedAt !== this.clock.now) {
      this.askedAt = this.clock.now;
      this.texts = event.texts();
    }
    return this.texts !== undefined;
  }

  /** False only where none of the literals stands in a value of the event. */
  mayStand(literals: readonly number[], event: Event): boolean {
    if (this.searchedAt !== this.clock.now || this.index === undefined) this.search(event);
    for (let at = 0; at < literals.length; at += 1) {
      const number = literals[at] as number;
      if (number < 0 ? this.searched.includes(this.short[~number] as string) : this.stands[number] === 1) return true;
    }
    return false;
  }

  private search(event: Event): void {
    this.searchedAt = this.clock.now;
    const { literals, hits } = this;
    if (this.index === undefined) {
      this.index = new GramIndex(literals);
      this.stands = new Uint8Array(literals.length);
      hits.length = 0;
    }
    for (let at = 0; at < hits.length; at += 1) this.stands[hits[at] as number] = 0;
    hits.length = 0;
    const texts = this.tells(event) ? this.texts : event.saidScalars().map(({ value }) => value);
    this.searched = searchedForm((texts ?? []).join('\n'));
    this.index.search(this.searched, hits);
    for (let at = 0; at < hits.length; at += 1) this.stands[hits[at] as number] = 1;
  }

  /** Where in a value it is to stand nobody can say of a text that holds more. */
  private numberOf(text: string): number {
    let number = this.numbers.get(text);
    if (number !== undefined) return number;
    if (text.length < GRAM) {
      number = ~this.short.length;
      this.short.push(text);
    } else {
      number = this.literals.length;
      this.literals.push({ text, anchor: 'anywhere' });
      this.index = undefined;
    }
    this.numbers.set(text, number);
    return number;
  }
}
