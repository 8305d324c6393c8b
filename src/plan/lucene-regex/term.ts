/**
 * Terms: expressions in a normal form with partial derivatives, the states of the automaton.
 *
 * The derivative of a term by a letter is what must still match after that letter. It is kept as a set of alternatives
 * (Antimirov 1996), so that an expression without `&` and `~` has no more distinct alternatives than it has positions,
 * whatever the text. Intersection and complement (Caron, Champarnaud and Mignot 2011) hold whole sets inside one
 * alternative; there the number can explode, which the automaton bounds by trying it out beforehand.
 *
 * Invariants: terms are interned, so equal terms are one object; `concat` leans right and never has a concatenation or
 * nothing on its left; a `choice` occurs only inside `both` and `negation` and at the start.
 */
import type { CaseFold } from '../predicate/node.ts';
import { type Alphabet, type CodePointSet, classSet, EVERY_CODE_POINT, holds, pointSet } from './alphabet.ts';
import type { Regex } from './regex-tree.ts';

export type Term = { readonly id: number; readonly nullable: boolean } & TermShape;

type TermShape =
  | { readonly kind: 'empty' }
  | { readonly kind: 'set'; readonly set: CodePointSet }
  | { readonly kind: 'concat'; readonly first: Term; readonly rest: Term }
  | { readonly kind: 'repeat'; readonly item: Term; readonly min: number; readonly max: number }
  | { readonly kind: 'choice'; readonly items: readonly Term[] }
  | { readonly kind: 'both'; readonly items: readonly Term[] }
  | { readonly kind: 'negation'; readonly item: Term };

/** Alternatives; none at all means that nothing can match any more. */
export type Alternatives = readonly Term[];

const NONE: Alternatives = Object.freeze([]);

export class Terms {
  private readonly interned = new Map<string, Term>();
  private readonly alphabet: Alphabet;
  private readonly fold: CaseFold;
  private readonly empty: Term;
  /** The empty choice: nothing matches. */
  private readonly nothing: Term;
  /** Every text matches. */
  readonly everything: Term;

  constructor(alphabet: Alphabet, fold: CaseFold) {
    this.alphabet = alphabet;
    this.fold = fold;
    this.empty = this.intern('e', true, { kind: 'empty' });
    this.nothing = this.intern('c', false, { kind: 'choice', items: NONE });
    this.everything = this.repeat(this.set(EVERY_CODE_POINT), 0, Number.POSITIVE_INFINITY);
  }

  /** How many distinct terms there have been. */
  get size(): number {
    return this.interned.size;
  }

  fromTree(node: Regex): Term {
    switch (node.kind) {
      case 'nothing':
        return this.nothing;
      case 'text': {
        const points = [...node.text].map((character) => character.codePointAt(0) as number);
        return this.chain(points.map((point) => this.set(pointSet(point, this.fold))));
      }
      case 'class':
        return this.set(classSet(node, this.fold));
      case 'any':
        return this.set(EVERY_CODE_POINT);
      case 'concat':
        return this.chain(node.items.map((item) => this.fromTree(item)));
      case 'union':
        return this.choice(node.items.map((item) => this.fromTree(item)));
      case 'intersection':
        return this.both(node.items.map((item) => this.fromTree(item)));
      case 'complement':
        return this.negation(this.fromTree(node.item));
      case 'repeat':
        return this.repeat(this.fromTree(node.item), node.min, node.max);
    }
  }

  alternativesOf(term: Term): Alternatives {
    return term.kind === 'choice' ? term.items : [term];
  }

  /**
   * What may follow any of these after one letter, every term once. A chain whose first link may match nothing goes
   * on with its rest; rests that chains share are looked at once, so the cost is linear in the positions.
   */
  derive(terms: Alternatives, letter: number): Alternatives {
    const found = new Set<Term>();
    const waiting = [...terms];
    const seen = new Set<Term>(waiting);
    for (let term = waiting.pop(); term !== undefined; term = waiting.pop()) {
      if (term.kind !== 'concat') {
        for (const next of this.deriveOne(term, letter)) found.add(next);
        continue;
      }
      for (const first of this.deriveOne(term.first, letter)) {
        for (const next of this.alternativesOf(this.concat(first, term.rest))) found.add(next);
      }
      if (term.first.nullable && !seen.has(term.rest)) {
        seen.add(term.rest);
        waiting.push(term.rest);
      }
    }
    return [...found].sort((a, b) => a.id - b.id);
  }

  private deriveOne(term: Term, letter: number): Alternatives {
    switch (term.kind) {
      case 'empty':
        return NONE;
      case 'set':
        return holds(term.set, this.alphabet.example(letter)) ? [this.empty] : NONE;
      case 'choice':
        return this.derive(term.items, letter);
      case 'concat':
        return this.derive([term], letter);
      case 'repeat': {
        const rest = this.repeat(term.item, Math.max(term.min - 1, 0), term.max - 1);
        return this.deriveOne(term.item, letter).flatMap((first) => this.alternativesOf(this.concat(first, rest)));
      }
      case 'both': {
        const items = term.items.map((item) => this.choice(this.deriveOne(item, letter)));
        return this.alternativesOf(this.both(items));
      }
      case 'negation':
        return this.alternativesOf(this.negation(this.choice(this.deriveOne(term.item, letter))));
    }
  }

  private set(set: CodePointSet): Term {
    if (set.length === 0) return this.nothing;
    return this.intern(`s${set.join()}`, false, { kind: 'set', set });
  }

  private chain(items: readonly Term[]): Term {
    return items.reduceRight((rest, first) => this.concat(first, rest), this.empty);
  }

  private concat(first: Term, rest: Term): Term {
    if (first === this.nothing || rest === this.nothing) return this.nothing;
    if (first === this.empty) return rest;
    if (rest === this.empty) return first;
    const links: Term[] = [];
    let at = first;
    for (; at.kind === 'concat'; at = at.rest) links.push(at.first);
    links.push(at);
    return links.reduceRight(
      (tail, link) =>
        this.intern(`.${link.id},${tail.id}`, link.nullable && tail.nullable, {
          kind: 'concat',
          first: link,
          rest: tail,
        }),
      rest,
    );
  }

  private repeat(item: Term, min: number, max: number): Term {
    if (max === 0 || item === this.empty) return this.empty;
    if (item === this.nothing) return min === 0 ? this.empty : this.nothing;
    if (min === 1 && max === 1) return item;
    // A nullable item may also match nothing each time, so its lower bound says nothing; without one the derivative
    // above, which takes one turn off, is right for it too.
    const least = item.nullable ? 0 : min;
    return this.intern(`r${item.id},${least},${max}`, least === 0, { kind: 'repeat', item, min: least, max });
  }

  private choice(terms: readonly Term[]): Term {
    const items = this.flatten(terms, 'choice', this.nothing);
    if (items.includes(this.everything)) return this.everything;
    if (items.length === 1) return items[0] as Term;
    return this.internItems('c', 'choice', items, (item) => item.nullable, 'some');
  }

  private both(terms: readonly Term[]): Term {
    const items = this.flatten(terms, 'both', this.everything);
    if (items.includes(this.nothing)) return this.nothing;
    if (items.length === 0) return this.everything;
    if (items.length === 1) return items[0] as Term;
    return this.internItems('b', 'both', items, (item) => item.nullable, 'every');
  }

  private negation(item: Term): Term {
    if (item === this.nothing) return this.everything;
    if (item === this.everything) return this.nothing;
    if (item.kind === 'negation') return item.item;
    return this.intern(`n${item.id}`, !item.nullable, { kind: 'negation', item });
  }

  private flatten(terms: readonly Term[], kind: 'choice' | 'both', neutral: Term): Term[] {
    const items = new Set<Term>();
    for (const term of terms) {
      if (term.kind === kind) for (const item of term.items) items.add(item);
      else items.add(term);
    }
    items.delete(neutral);
    return [...items].sort((a, b) => a.id - b.id);
  }

  private internItems(
    prefix: string,
    kind: 'choice' | 'both',
    items: readonly Term[],
    nullable: (item: Term) => boolean,
    quantifier: 'some' | 'every',
  ): Term {
    const key = `${prefix}${items.map((item) => item.id).join()}`;
    return this.intern(key, items[quantifier](nullable), { kind, items });
  }

  private intern(key: string, nullable: boolean, shape: TermShape): Term {
    const known = this.interned.get(key);
    if (known !== undefined) return known;
    const term = Object.freeze({ id: this.interned.size, nullable, ...shape }) as Term;
    this.interned.set(key, term);
    return term;
  }
}
