/**
 * Derivations: how a vendor record is seen as ECS, one field at a time.
 *
 *   record ──derivation of the asked field, memoised──▶ value          (matching reads few fields)
 *          └─every derivation──▶ document                              (alerts and storing read all)
 *
 * A derivation names what it reads and how, so that a reader can tell which raw bytes can produce a value. Invariants:
 * a field is derived once per event at most; what is read lazily is what the document holds (also for a part or a
 * parent of a derived field); no derived field is a part of another.
 */
import { type Copies, type FieldSource, type Form, type LinesOfText, type OwnWords, setNamed } from '../event/event.ts';
import { jsonAt } from '../event/field-path.ts';
import { isJsonObject, type Json, type JsonObject } from '../event/json.ts';

/** How source bytes become the value; `compute` is anything that the other names do not describe. */
export type Transform = 'same' | 'number' | 'guid' | 'lower' | 'basename' | 'end' | 'time' | 'constant' | 'compute';

export interface Derivation<R> {
  readonly field: string;
  /** Paths in the vendor record that the value depends on. */
  readonly from: readonly string[];
  readonly transform: Transform;
  /** `undefined` where the record does not have it. Must be pure. */
  readonly compute: (record: R) => Json | undefined;
  /**
   * The lines of texts, by their paths, of which the value is one if it is not the whole text of another path; may look at the log
   * source alone.
   */
  readonly lineOf?: (record: R) => LinesOfText & { readonly orWhole: readonly string[] };
  /** Of a number: whether it is what the text of one of the paths is, in decimal or as `0x…`. */
  readonly isDecoded?: boolean;
  /** A member of what `compute` gives, where it can be had without the rest; of an object no more than what is asked for `below`. */
  readonly member?: (record: R, name: string, below: string) => Json | undefined;
  /** Where in the vendor record stands what `member` gives, where that is the text as it stands there, or a part of it. */
  readonly memberFrom?: (name: string) => MemberPlace | undefined;
}

export interface MemberPlace extends Pick<Copies, 'isPart' | 'isEnd' | 'orNumber'> {
  readonly from: readonly string[];
  /** Whether it is that text wherever there is one. */
  readonly isSame?: boolean;
}

/** A format's derivations, looked up by field. */
export interface DerivationTable<R> {
  readonly byField: ReadonlyMap<string, Derivation<R>>;
  /** The same, by their numbers, with the names that their fields are made of. */
  readonly named: readonly (readonly [Derivation<R>, readonly string[]])[];
  /** Every proper parent of a derived field. */
  readonly parents: ReadonlySet<string>;
  /** Worked out once for each field that was asked for. */
  readonly places: Map<string, Place<R>>;
}

/**
 * Builds a table once per format.
 * @throws {Error} when a field is derived twice or is a part of another derived field.
 */
export function derivationTable<R>(derivations: readonly Derivation<R>[]): DerivationTable<R> {
  const byField = new Map<string, Derivation<R>>();
  const parents = new Set<string>();
  for (const derivation of derivations) {
    if (byField.has(derivation.field)) throw new Error(`${derivation.field} is derived twice`);
    byField.set(derivation.field, derivation);
    for (const parent of parentsOf(derivation.field)) parents.add(parent);
  }
  for (const field of byField.keys()) {
    if (parents.has(field)) throw new Error(`${field} is derived, and so is a part of it`);
  }
  const named = derivations.map((derivation) => [derivation, derivation.field.split('.')] as const);
  return { byField, named, parents, places: new Map() };
}

/** What a format can say of a record's event without deriving it; see `FieldSource`. */
export interface Promises<R> {
  readonly words?: (record: R) => OwnWords | undefined;
  /** @param get derives a field */
  readonly texts?: (
    record: R,
    raw: Uint8Array,
    get: (field: string) => Json | undefined,
  ) => readonly string[] | undefined;
  readonly sort?: (record: R) => string;
  /** Names of members of the event's JSON text for a path in the vendor record; undefined where that is made of something. */
  readonly placeOf?: (record: R, path: string) => string | undefined;
}

const NO_PROMISES = {};

/** Where a field that is asked for comes from. */
type Place<R> =
  | { readonly kind: 'derived'; readonly derivation: Derivation<R>; readonly number: number }
  /** `path` in what is derived: the first name of it, and what follows that. */
  | {
      readonly kind: 'below';
      readonly derivation: Derivation<R>;
      readonly number: number;
      readonly path: string;
      readonly first: string;
      readonly rest: string;
    }
  | { readonly kind: 'parent' }
  | { readonly kind: 'nowhere' };

/** Fields whose place is remembered for each table; more are somebody's random names. */
const PLACES_KEPT = 20_000;
/** What these give is a part of what they are given, letters' case aside; of `end` its end. */
const PARTS: ReadonlySet<Transform> = new Set(['basename', 'lower', 'end']);
/** Stands for what was not derived yet. */
const UNKNOWN = Symbol('not derived');

export class DerivedSource<R> implements FieldSource {
  private readonly record: R;
  private readonly table: DerivationTable<R>;
  private readonly promises: Promises<R>;
  /** By number of derivation; none while nothing was derived. */
  private known: (Json | undefined | typeof UNKNOWN)[] | undefined;

  constructor(record: R, table: DerivationTable<R>, promises: Promises<R> = NO_PROMISES) {
    this.record = record;
    this.table = table;
    this.promises = promises;
  }

  words(): OwnWords | undefined {
    return this.promises.words?.(this.record);
  }

  texts(raw: Uint8Array): readonly string[] | undefined {
    return this.promises.texts?.(this.record, raw, (field) => this.get(field));
  }

  sort(): string | undefined {
    return this.promises.sort?.(this.record);
  }

  lacks(field: string): boolean {
    return (this.table.places.get(field) ?? findPlace(field, this.table)).kind === 'nowhere';
  }

  form(field: string): Form | undefined {
    const place = this.table.places.get(field) ?? findPlace(field, this.table);
    if (place.kind === 'below') return place.derivation.memberFrom?.(place.path)?.isSame === true ? 'same' : undefined;
    const transform = place.kind === 'derived' ? place.derivation.transform : undefined;
    return transform === 'same' || transform === 'number' || transform === 'guid' ? transform : undefined;
  }

  copies(field: string): Copies | undefined {
    const { placeOf } = this.promises;
    const place = this.table.places.get(field) ?? findPlace(field, this.table);
    if (placeOf === undefined || (place.kind !== 'derived' && place.kind !== 'below')) return undefined;
    const { transform, from, memberFrom, lineOf, isDecoded } = place.derivation;
    if (place.kind === 'derived' && lineOf !== undefined) return this.copiedLines(lineOf(this.record));
    const isPart = PARTS.has(transform);
    const isNumber = isDecoded === true && place.kind === 'derived';
    const paths = place.kind === 'below' ? memberFrom?.(place.path) : undefined;
    const isCopied = isPart || isNumber || (transform === 'same' && place.kind === 'derived');
    if (paths === undefined && !isCopied) return undefined;
    const names = this.placesOf(paths?.from ?? from);
    if (names === undefined) return undefined;
    if (paths !== undefined) return { names, isPart: paths.isPart, isEnd: paths.isEnd, orNumber: paths.orNumber };
    return { names, isPart, isEnd: transform === 'end', isNumber };
  }

  private copiedLines({ of, names, orWhole }: ReturnType<NonNullable<Derivation<R>['lineOf']>>): Copies | undefined {
    const wholes = this.placesOf(orWhole);
    const texts = this.placesOf(of);
    if (wholes === undefined || texts === undefined) return undefined;
    return { names: wholes, isPart: false, lines: { of: texts, names } };
  }

  private placesOf(paths: readonly string[]): readonly string[] | undefined {
    const names: string[] = [];
    for (const path of paths) {
      const name = this.promises.placeOf?.(this.record, path);
      if (name === undefined) return undefined;
      names.push(name);
    }
    return names;
  }

  get(field: string): Json | undefined {
    const place = this.table.places.get(field) ?? findPlace(field, this.table);
    switch (place.kind) {
      case 'derived':
        return this.derive(place.number, place.derivation);
      case 'below': {
        const { derivation, number, path, first, rest } = place;
        if (derivation.member !== undefined && (this.known === undefined || this.known[number] === UNKNOWN)) {
          const member = derivation.member(this.record, first, rest) ?? undefined;
          return rest === '' || member === undefined ? member : jsonAt({ member }, `member.${rest}`);
        }
        const value = this.derive(number, derivation);
        if (isJsonObject(value) && rest === '')
          return Object.hasOwn(value, path) ? (value[path] ?? undefined) : undefined;
        return value === undefined ? undefined : jsonAt({ value }, `value.${path}`);
      }
      case 'parent':
        return jsonAt(this.document(), field);
      case 'nowhere':
        return undefined;
    }
  }

  /** The derived field that a field is a part of. */
  above(field: string): string | undefined {
    const place = this.table.places.get(field) ?? findPlace(field, this.table);
    return place.kind === 'below' ? place.derivation.field : undefined;
  }

  document(): JsonObject {
    const document: Record<string, Json> = {};
    this.layOver(document);
    return document;
  }

  /** Sets everything that is derived, in place of what the document has there. */
  layOver(document: Record<string, Json>): void {
    let number = 0;
    for (const [derivation, names] of this.table.named) {
      const value = this.derive(number, derivation);
      if (value !== undefined) setNamed(document, names, value);
      number += 1;
    }
  }

  private derive(number: number, derivation: Derivation<R>): Json | undefined {
    this.known ??= new Array<typeof UNKNOWN>(this.table.byField.size).fill(UNKNOWN);
    const known = this.known[number];
    if (known !== UNKNOWN) return known as Json | undefined;
    const value = derivation.compute(this.record);
    this.known[number] = value;
    return value;
  }
}

function findPlace<R>(field: string, { byField, parents, places }: DerivationTable<R>): Place<R> {
  if (places.size >= PLACES_KEPT) places.clear();
  const place = placeOf(field, byField, parents);
  places.set(field, place);
  return place;
}

function placeOf<R>(
  field: string,
  byField: ReadonlyMap<string, Derivation<R>>,
  parents: ReadonlySet<string>,
): Place<R> {
  const numberOf = (name: string) => [...byField.keys()].indexOf(name);
  const own = byField.get(field);
  if (own !== undefined) return { kind: 'derived', derivation: own, number: numberOf(field) };
  if (parents.has(field)) return { kind: 'parent' };
  for (const parent of parentsOf(field)) {
    const above = byField.get(parent);
    if (above === undefined) continue;
    const path = field.slice(parent.length + 1);
    const dot = path.indexOf('.');
    const [first, rest] = dot === -1 ? [path, ''] : [path.slice(0, dot), path.slice(dot + 1)];
    return { kind: 'below', derivation: above, number: numberOf(parent), path, first, rest };
  }
  return { kind: 'nowhere' };
}

function* parentsOf(field: string): Iterable<string> {
  for (let dot = field.indexOf('.'); dot !== -1; dot = field.indexOf('.', dot + 1)) yield field.slice(0, dot);
}
