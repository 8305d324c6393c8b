/**
 * What is kept of an event beside its columns: everything, as JSON, deflated against a dictionary.
 *
 *   event ──JSON──▶ text ──deflate with the dictionary of its shelf──▶ body
 *
 * Events of one format say the same things in the same words, so a few of them make a dictionary that leaves a tenth of
 * the next one; alone, an event deflates to two fifths, in nearly the same time (60 µs; bench/event-store.ts). Level 1
 * and no more: the dictionary does the work.
 *
 * A dictionary holds other people's events. So each one serves for a day, and goes with the last event that needs it.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { EventRecord, NewEvent } from './event-store.ts';

/** What stands before a text can be referred to from 32 kB away at most, and the nearer the cheaper. */
const DICTIONARY_BYTES = 16 * 1024;
const EXAMPLE_BYTES = 4 * 1024;

/** Events that may share a dictionary: of one format, and those of the sample apart, since they are removed together. */
export function shelfOf(event: EventRecord): string {
  return event.sample ? `${event.format} (sample)` : event.format;
}

export function textOf(event: NewEvent): string {
  const { id, format, dataStreams, standsInFor, origin, document, json } = event;
  const parts = { id, format, dataStreams, standsInFor, ...(origin === undefined ? {} : { origin }) };
  return `${JSON.stringify(parts).slice(0, -1)},"document":${json ?? JSON.stringify(document)}}`;
}

export type Body = Pick<EventRecord, 'id' | 'format' | 'dataStreams' | 'standsInFor' | 'origin' | 'document'>;

export function packBody(text: string, dictionary: Uint8Array): Uint8Array {
  return deflateRawSync(text, { level: 1, dictionary });
}

/** @throws {Error} for bytes that no event was packed to. */
export function unpackBody(body: Uint8Array, dictionary: Uint8Array): Body {
  return JSON.parse(inflateRawSync(body, { dictionary }).toString('utf8')) as Body;
}

/** The last example stands nearest to what is packed. */
export function dictionaryOf(texts: readonly string[]): Uint8Array {
  const examples = texts.map((text) => Buffer.from(text).subarray(0, EXAMPLE_BYTES));
  return Buffer.concat(examples).subarray(-DICTIONARY_BYTES);
}
