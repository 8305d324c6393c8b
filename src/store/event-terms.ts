/**
 * The values of an event that a lookup is quick for, as numbers: 48 bits of the SHA-256 of field and value.
 *
 * Of ten million different values two that are alike come up in one lookup of some thirty million; whoever makes such
 * values on purpose adds an event to an answer, and takes none away. 48 bits are what a plain number holds.
 */
import { hash } from 'node:crypto';
import { valuesAt } from '../event/field-path.ts';
import type { JsonObject } from '../event/json.ts';
import { INDEXED_FIELDS, type IndexedField } from './event-store.ts';

export const CATEGORY_FIELD = 'event.category';
const FIELDS = [...INDEXED_FIELDS, CATEGORY_FIELD] as const;
export type TermField = IndexedField | typeof CATEGORY_FIELD;

const TERM_BYTES = 6;
/** Hosts, users and programs come again and again; hashing them each time costs as much as looking an event up. */
const TERMS_KEPT = 20_000;
const LONGEST_KEPT = 200;
const kept = new Map<string, number>();

export function termOf(field: TermField, value: string): number {
  const text = `${field}\0${value}`;
  const known = kept.get(text);
  if (known !== undefined) return known;
  const term = hash('sha256', text, 'buffer').readUIntBE(0, TERM_BYTES);
  if (text.length <= LONGEST_KEPT) {
    if (kept.size >= TERMS_KEPT) kept.clear();
    kept.set(text, term);
  }
  return term;
}

/** Every term of an event once. */
export function termsOf(document: JsonObject): readonly number[] {
  const terms = new Set<number>();
  for (const field of FIELDS) {
    for (const value of valuesAt(document, field)) terms.add(termOf(field, String(value)));
  }
  return [...terms];
}

/** The term of the event's (first) host, 0 for none. */
export function hostTermOf(document: JsonObject): number {
  const host = valuesAt(document, 'host.name')[0];
  return host === undefined ? 0 : termOf('host.name', String(host));
}

export function packTerms(terms: readonly number[]): Uint8Array {
  const packed = Buffer.alloc(terms.length * TERM_BYTES);
  for (const [index, term] of terms.entries()) packed.writeUIntBE(term, index * TERM_BYTES, TERM_BYTES);
  return packed;
}

export function unpackTerms(packed: Uint8Array): readonly number[] {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.length);
  return Array.from({ length: packed.length / TERM_BYTES }, (_, index) =>
    bytes.readUIntBE(index * TERM_BYTES, TERM_BYTES),
  );
}
