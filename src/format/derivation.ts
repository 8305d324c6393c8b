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
import { type FieldSource, type OwnWords, setPath } from '../event/event.ts';
import { jsonAt } from '../event/field-path.ts';
import type { Json, JsonObject } from '../event/json.ts';

/** How source bytes become the value; `compute` is anything that the other names do not describe. */
export type Transform = 'same' | 'number' | 'lower' | 'basename' | 'time' | 'constant' | 'compute';

export interface Derivation<R> {
  readonly field: string;
  /** Paths in the vendor record that the value depends on. */
  readonly from: readonly string[];
  readonly transform: Transform;
  /** `undefined` where the record does not have it. Must be pure. */
  readonly compute: (record: R) => Json | undefined;
}

/** A format's derivations, looked up by field. */
export interface DerivationTable<R> {
  readonly byField: ReadonlyMap<string, Derivation<R>>;
  /** Every proper parent of a derived field. */
  readonly parents: ReadonlySet<string>;
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
  return { byField, parents };
}

export class DerivedSource<R> implements FieldSource {
  private readonly record: R;
  private readonly table: DerivationTable<R>;
  private readonly memo = new Map<string, Json | undefined>();
  private readonly wordsOf: ((record: R) => OwnWords) | undefined;

  /** @param wordsOf where the format can promise what `OwnWords` is */
  constructor(record: R, table: DerivationTable<R>, wordsOf?: (record: R) => OwnWords) {
    this.record = record;
    this.table = table;
    this.wordsOf = wordsOf;
  }

  words(): OwnWords | undefined {
    return this.wordsOf?.(this.record);
  }

  get(field: string): Json | undefined {
    const derivation = this.table.byField.get(field);
    if (derivation !== undefined) return this.derive(derivation);
    if (this.table.parents.has(field)) return jsonAt(this.document(), field);
    for (const parent of parentsOf(field)) {
      const above = this.table.byField.get(parent);
      if (above === undefined) continue;
      const value = this.derive(above);
      return value === undefined ? undefined : jsonAt({ value }, `value.${field.slice(parent.length + 1)}`);
    }
    return undefined;
  }

  document(): JsonObject {
    const document: Record<string, Json> = {};
    for (const derivation of this.table.byField.values()) {
      const value = this.derive(derivation);
      if (value !== undefined) setPath(document, derivation.field, value);
    }
    return document;
  }

  private derive(derivation: Derivation<R>): Json | undefined {
    const { field } = derivation;
    const known = this.memo.get(field);
    if (known !== undefined || this.memo.has(field)) return known;
    const value = derivation.compute(this.record);
    this.memo.set(field, value);
    return value;
  }
}

function* parentsOf(field: string): Iterable<string> {
  for (let dot = field.indexOf('.'); dot !== -1; dot = field.indexOf('.', dot + 1)) yield field.slice(0, dot);
}
