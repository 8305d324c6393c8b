/**
 * Matchers that follow their rules as these change, without compiling all of them again.
 *
 *   rules ──those of layers before: kept, dropped or moved──▶ the same layers
 *         └─the others──▶ a small layer, merged with those that are not much larger──▶ matches in the order of the rules
 *
 * A layer is an immutable matcher over some of the rules. Each holds several times as many rules as the next, so that there
 * are few of them, and a rule is compiled again only as often as it is merged: one rule among ten thousand that changes
 * costs the compiling of a few. Rules that are gone stay in their layer and are passed over; where they are half of one,
 * what is left of it is compiled anew.
 */
import type { Event } from '../event/event.ts';
import { compileMatcher, type Matcher, type MatcherRule } from './matcher.ts';

/** A layer holds at least so many times the rules of the next: 10,000 rules make at most five. */
const RATIO = 8;
const GONE = -1;

interface Layer {
  readonly matcher: Matcher;
  readonly rules: readonly MatcherRule[];
  /** Of each of its rules the place among all, or `GONE`. */
  readonly places: Int32Array;
}

export class LayeredMatcher implements Matcher {
  private readonly layers: readonly Layer[];
  /** The matcher of the only layer, where its rules are all and in order. */
  private readonly whole: Matcher | undefined;
  private readonly places: number[] = [];

  /**
   * @param rules each another object; those of `before` count as the same where they are the same objects
   * @param before stays what it is
   * @param compile for tests, which count what is compiled
   */
  constructor(rules: readonly MatcherRule[], before?: LayeredMatcher, compile = compileMatcher) {
    const places = new Map<MatcherRule, number>();
    for (let place = 0; place < rules.length; place += 1) places.set(rules[place] as MatcherRule, place);
    const kept: Layer[] = [];
    /** By place, 1 where the rule is in a layer that is kept. */
    const known = new Uint8Array(rules.length);
    for (const { matcher, rules: own } of before?.layers ?? []) {
      const layer = { matcher, rules: own, places: placesOf(own, places) };
      if (countAlive(layer) * 2 < own.length) continue;
      kept.push(layer);
      for (const place of layer.places) if (place !== GONE) known[place] = 1;
    }
    let fresh = rules.filter((_, place) => known[place] !== 1);
    for (let last = kept.at(-1); fresh.length > 0 && last !== undefined; last = kept.at(-1)) {
      if (countAlive(last) >= fresh.length * RATIO) break;
      fresh = [...aliveOf(last), ...fresh];
      kept.pop();
    }
    if (fresh.length > 0 || kept.length === 0) {
      kept.push({ matcher: compile(fresh), rules: fresh, places: placesOf(fresh, places) });
    }
    this.layers = kept;
    const [only] = kept;
    const isWhole =
      kept.length === 1 && only?.rules.length === rules.length && only.places.every((place, at) => place === at);
    this.whole = isWhole ? only.matcher : undefined;
  }

  match(event: Event, found: (rule: number) => void): void {
    const { places, whole } = this;
    if (whole !== undefined) {
      whole.match(event, found);
      return;
    }
    places.length = 0;
    for (const layer of this.layers) {
      layer.matcher.match(event, (rule) => {
        const place = layer.places[rule] as number;
        if (place !== GONE) places.push(place);
      });
    }
    if (places.length > 1) places.sort(ascending);
    for (let at = 0; at < places.length; at += 1) found(places[at] as number);
  }
}

function placesOf(rules: readonly MatcherRule[], places: ReadonlyMap<MatcherRule, number>): Int32Array {
  const found = new Int32Array(rules.length);
  for (let at = 0; at < rules.length; at += 1) found[at] = places.get(rules[at] as MatcherRule) ?? GONE;
  return found;
}

function countAlive({ places }: Layer): number {
  let count = 0;
  for (const place of places) if (place !== GONE) count += 1;
  return count;
}

function aliveOf({ rules, places }: Layer): readonly MatcherRule[] {
  return rules.filter((_, at) => places[at] !== GONE);
}

function ascending(a: number, b: number): number {
  return a - b;
}
