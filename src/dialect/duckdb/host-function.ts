/**
 * Functions that DuckDB calls back into this process for: those of the plan that have no expression of its own which is
 * proven to give the same.
 *
 *   emitter ──declares──▶ statement, host functions ──registered where it runs──▶ cells ⇄ `SCALAR_FUNCTIONS`
 *
 * Arguments and results cross as the types of `sql-text.ts`; within lists as texts (`cellOfText`, `textOfCell`).
 */
import type { Predicate, Value } from '../../plan/predicate/node.ts';
import type { Cell, ScalarType } from '../../plan/relation/cell.ts';
import { dynamicText } from '../../plan/relation/exact-number.ts';
import { DUCK_TYPES } from './sql-text.ts';

export type HostFunction =
  | {
      readonly kind: 'scalar';
      readonly function: string;
      readonly args: readonly ScalarType[];
      readonly result: ScalarType;
    }
  /** Of lists, one an argument, over the rows of a group; gives a list of its columns' cells. */
  | {
      readonly kind: 'aggregate';
      readonly function: string;
      readonly args: readonly ScalarType[];
      readonly results: readonly ScalarType[];
    }
  /** Of a dynamic value and `bag` or `array`: its elements as `mv-expand` gives them. */
  | { readonly kind: 'elements' }
  /** Of an event's document, or of a text, and an `EventQuestion` as JSON: the answer as text. */
  | { readonly kind: 'event' }
  /** Of a text and a plan's node (`parse`, `parse-kv`) as JSON: the cells it takes out, NULL where it does not match. */
  | { readonly kind: 'parse' };

/** What is asked about a stored event that its columns do not tell. */
export type EventQuestion =
  /** The first value of the first of the fields that has one. */
  | { readonly kind: 'first'; readonly fields: readonly string[] }
  /** All values of the first of the fields that has any, in one text. */
  | { readonly kind: 'all'; readonly fields: readonly string[]; readonly between: string }
  /** What stands at the first of the fields that has something, as JSON. */
  | { readonly kind: 'json'; readonly fields: readonly string[] }
  /** An object of the first values of fields, as JSON. */
  | { readonly kind: 'parts'; readonly parts: readonly (readonly [string, readonly string[]])[] }
  | { readonly kind: 'value'; readonly value: Value }
  /** `true` or `false`. */
  | { readonly kind: 'holds'; readonly predicate: Predicate }
  /** Not of a document: the ticks of a text that is a time. */
  | { readonly kind: 'time' };

/** The name in SQL: one for each function and list of types. */
export function hostName(host: HostFunction): string {
  switch (host.kind) {
    case 'scalar':
      return `host_${word(host.function)}__${[...host.args, host.result].join('_')}`;
    case 'aggregate':
      return `host_all_${word(host.function)}__${[...host.args, 'to', ...host.results].join('_')}`;
    default:
      return `host_${host.kind}`;
  }
}

/** Operators have names too; every other sign becomes its number. */
function word(name: string): string {
  return name.replace(/[^a-z0-9]/g, (sign) => (sign === '_' ? '_' : `x${sign.codePointAt(0)?.toString(16)}`));
}

/** A cell as text, as DuckDB's cast to VARCHAR writes it; null is null. */
export function textOfCell(value: Cell, type: ScalarType): string | null {
  if (value === null) return type === 'string' ? '' : null;
  return type === 'dynamic' ? dynamicText(value) : String(value);
}

/** What `text` stands for. The texts are our own or a cast's, so that they are of the type. */
export function cellOfText(text: string | null, type: ScalarType, parse: (json: string) => Cell): Cell {
  if (text === null) return type === 'string' ? '' : null;
  switch (DUCK_TYPES[type]) {
    case 'BIGINT':
      return BigInt(text);
    case 'DOUBLE':
      return text === 'inf' ? Infinity : text === '-inf' ? -Infinity : Number(text);
    case 'BOOLEAN':
      return text === 'true';
    default:
      return type === 'dynamic' ? parse(text) : text;
  }
}
