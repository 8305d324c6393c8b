/**
 * The automaton: states are sets of alternatives, made when a text first needs them.
 *
 * A text costs one table look-up per code point once its states are known, and at worst one derivative of every
 * alternative per code point; there is no backtracking. States are forgotten when they become too many (as RE2 does),
 * so memory is bounded and the answer does not depend on it.
 *
 * With `&` or `~` the alternatives themselves may explode. Such an expression is therefore explored completely when it
 * is compiled and refused beyond a bound, as Lucene refuses what is too complex to determinize.
 */
import type { Alphabet } from './alphabet.ts';
import type { Alternatives, Term, Terms } from './term.ts';

interface State {
  readonly terms: Alternatives;
  readonly accepts: boolean;
  /** No continuation matches. */
  readonly dead: boolean;
  /** Every continuation matches. */
  readonly full: boolean;
  readonly next: (State | undefined)[];
}

/** Table entries and alternatives that the states of one expression may hold before they are forgotten: about 4 MB. */
const MAX_CACHED = 500_000;
/** Bounds of the exploration, a few milliseconds; Lucene's default work limit of 10,000 refuses earlier. */
const MAX_STATES = 1_000;
const MAX_TERMS = 5_000;
const MAX_WORK = 30_000;

export class Automaton {
  private readonly terms: Terms;
  private readonly alphabet: Alphabet;
  private readonly startTerms: Alternatives;
  private states = new Map<string, State>();
  private cached = 0;
  private start: State;

  constructor(terms: Terms, alphabet: Alphabet, root: Term) {
    this.terms = terms;
    this.alphabet = alphabet;
    this.startTerms = terms.alternativesOf(root);
    this.start = this.stateOf(this.startTerms);
  }

  /** Whether the whole text matches. */
  matches(text: string): boolean {
    let state = this.start;
    for (let at = 0; at < text.length; ) {
      const point = text.codePointAt(at) as number;
      at += point > 0xffff ? 2 : 1;
      const letter = this.alphabet.letterOf(point);
      state = state.next[letter] ?? this.step(state, letter);
      if (state.dead) return false;
      if (state.full) return true;
    }
    return state.accepts;
  }

  /** Makes every state there is; false where they are too many. */
  explore(): boolean {
    const seen = new Set<State>([this.start]);
    let work = 0;
    for (const state of seen) {
      for (let letter = 0; letter < this.alphabet.size; letter += 1) {
        work += state.terms.length;
        seen.add(this.step(state, letter));
        if (seen.size > MAX_STATES || this.terms.size > MAX_TERMS || work > MAX_WORK) return false;
        if (this.cached > MAX_CACHED) return false;
      }
    }
    return true;
  }

  private step(state: State, letter: number): State {
    const next = this.stateOf(this.terms.derive(state.terms, letter));
    state.next[letter] = next;
    return next;
  }

  private stateOf(terms: Alternatives): State {
    const key = terms.map((term) => term.id).join();
    const known = this.states.get(key);
    if (known !== undefined) return known;
    if (this.cached > MAX_CACHED) this.forget();
    const state = {
      terms,
      accepts: terms.some((term) => term.nullable),
      dead: terms.length === 0,
      full: terms.includes(this.terms.everything),
      next: new Array<State | undefined>(this.alphabet.size).fill(undefined),
    };
    this.states.set(key, state);
    this.cached += terms.length + this.alphabet.size;
    return state;
  }

  private forget(): void {
    this.states = new Map();
    this.cached = 0;
    this.start = this.stateOf(this.startTerms);
  }
}
