/**
 * The event: one document in Elastic Common Schema, read lazily.
 *
 *   vendor record ──FieldSource──▶ values(field), memoised ──▶ matching
 *                                └▶ document(), everything  ──▶ alerts, storing
 *
 * Invariants: reading a field lazily gives what `document()` holds for it; enrichment never overwrites what the source
 * said; the raw bytes are those received, for an event put together from several lines the lines in order.
 */
import { jsonAt, NO_VALUES, type Scalar, scalarsOf, type Values } from './field-path.ts';
import { isJsonObject, type Json, type JsonObject } from './json.ts';
import type { EventTime } from './time.ts';

/** Where an event was read. */
export interface Origin {
  /** The file as named on the command line or by the source; `-` is standard input. */
  readonly path: string;
  /** Bytes from the start of the (decompressed) stream to the event's first line. */
  readonly offset: number;
  /** Line number of the event's first line, from 1. */
  readonly line: number;
  /** How the index that it was sent to calls it; another index may call another event so. */
  readonly item?: { readonly index: string; readonly id: string };
}

/** A vendor record seen as ECS: one field at a time, or all of them. */
export interface FieldSource {
  /** The field's value as it will stand in the document, `undefined` where the record does not have it. */
  get(field: string): Json | undefined;
  /** The whole document, vendor fields included. */
  document(): JsonObject;
  /** What words the document may hold that its raw bytes do not; absent where nobody knows. */
  words?(): OwnWords | undefined;
  /** As `Event.texts`, of an event of these raw bytes. */
  texts?(raw: Uint8Array): readonly string[] | undefined;
  /**
   * A text that two events of a format have in common only if they have the same values in all fields that say which log
   * source an event is of (`LOG_SOURCE_FIELDS`) and lack the same fields (`lacks`). Absent where nobody knows.
   */
  sort?(): string | undefined;
  /** Whether no event of this sort has the field. Asked only where there is a sort. */
  lacks?(field: string): boolean;
  /**
   * How the field's value is made, where that is of the text of one member of the event's JSON that says something; see
   * `Form`. Absent where nobody knows.
   */
  form?(field: string): Form | undefined;
  /** Where in the event's JSON text the field's values stand; absent where nobody knows. */
  copies?(field: string): Copies | undefined;
}

/** The text as it is, the decimal number that it is, or the GUID that it is, in braces. */
export type Form = 'same' | 'number' | 'guid';

/** What earlier events know of an event's process and its parent. */
export interface Teaching {
  /** Of all fields that may be taught; they begin with `process.`. */
  readonly names: ReadonlySet<string>;
  /** Makes one of them, and no other. */
  get(field: string): Json | undefined;
}

/** A promise about where in an event's JSON text the values of a field stand. */
export interface Copies {
  /**
   * Names of members, dots between names that stand in each other: each value is the text of one of these, or a part of it;
   * which of them, or that there is no value, nobody says.
   */
  readonly names: readonly string[];
  /** Whether a value may be a part, or have letters in another case. */
  readonly isPart: boolean;
  /** Of values that may be parts, whether each is the end of such a text. */
  readonly isEnd?: boolean | undefined;
  /** Whether a value may be a number in decimal instead, which stands nowhere. */
  readonly orNumber?: boolean | undefined;
  /** Whether each value is the number that such a text is, in decimal or as `0x…`, where it is one. */
  readonly isNumber?: boolean | undefined;
  /** Where a value may stand, too, as one line of a text. */
  readonly lines?: LinesOfText | undefined;
}

/**
 * Lines `name = value` of texts. Blanks in a name count as none, and white space around it and around the value is left out; a line that
 * has nothing after that is none.
 */
export interface LinesOfText {
  /** Names of members, as in `Copies`. */
  readonly of: readonly string[];
  readonly names: readonly string[];
}

/** Fields that say where an event comes from or what sort it is. They take few values, and most rules name some of them. */
export const LOG_SOURCE_FIELDS: readonly string[] = [
  'host.os.type',
  'event.kind',
  'event.category',
  'event.type',
  'event.module',
  'event.dataset',
  'event.provider',
  'event.code',
  'event.action',
  'event.outcome',
  'data_stream.dataset',
  'winlog.channel',
];

/** `percent`: `%xx` for a byte, as laurel writes it; `hexadecimal`: two digits for each byte, of some members, as the audit log has it. */
export type Encoding = 'percent' | 'hexadecimal';

/**
 * A promise about an event of JSON text, so that looking for words need not make the whole document: every run of three or
 * more ASCII letters, spaces and `:._-` with a letter from g to z in it that stands in a value of the document stands in
 * the raw bytes too, in whatever case, or in one of these texts. Of raw bytes that hold a letter as `\u00…` this is said only where
 * they are JSON, of what its escapes stand for.
 */
export interface OwnWords {
  /** What the format itself says, in lower case: the same text for all its events. */
  readonly fixed: string;
  /** What was made of the event's values and is no part of them. */
  readonly made: readonly string[];
  /** As `made`, of a flow of the network its id: `1:` and a hash in base64. It takes long, and few words can stand in it. */
  readonly flow?: (() => string | undefined) | undefined;
  /** Of texts of the event that have quotes in them, what they are without these and without backslashes, where the document has parts of that. */
  readonly unquoted: () => readonly string[];
  /**
   * The member of the event's JSON, outside of any object, whose text is a value of the document as it stands; of the others each is a
   * part of a text of that JSON as it is written there, or of `fixed` or `made`, but for numbers and times.
   */
  readonly whole?: string | undefined;
  /**
   * Whether that is so of each of them, where no member is a value as a whole, or nobody says which. `unquoted`: or it is a part of such a
   * text without its quotes and backslashes, if that has quotes.
   */
  readonly isWritten?: boolean | 'unquoted' | undefined;
  /** What of a value stands between parts of which that is so: one character. Only where no member is a value as a whole. */
  readonly joint?: string | undefined;
  /**
   * The code in which texts stand in the line: all of this is promised of these decoded (`format/decoded-values.ts`), and nothing of the
   * bytes as they are.
   */
  readonly encoding?: Encoding | undefined;
}

/** One value of an event with the dotted name of its field. */
export interface FieldScalar {
  readonly field: string;
  readonly value: Scalar;
}

export interface EventParts {
  /** Or how to read it: many an event is never asked. */
  readonly time: EventTime | (() => EventTime);
  readonly source: FieldSource;
  /** As received; may be shared with a read buffer, so copy it to keep it. */
  readonly raw: Uint8Array;
  /** The format's name, for example `auditd`. */
  readonly format: string;
  /** The data streams the event belongs to, most original first; empty where unknown. */
  readonly dataStreams: readonly string[];
  /** Data streams it belongs to only because a setting lets its source stand in for an endpoint agent. */
  readonly standsInFor?: readonly string[];
  readonly origin?: Origin;
  /** Identity given by the source (`_id`, `event.id`), or how to make it; without one the origin identifies the event. */
  readonly id?: string | (() => string | undefined);
  /** Its whole identity (`eventIdentity`), of an event that was stored and has lost what that was taken from. */
  readonly identity?: string;
}

const CLOSING_BRACKET = 0x5d;
/** Fields that earlier events teach begin so. */
const TAUGHT = 'process.';
/** Which fields that were, in a document. */
const DERIVED = 'vedette.derived';

export class Event {
  readonly raw: Uint8Array;
  readonly format: string;
  readonly dataStreams: readonly string[];
  readonly standsInFor: readonly string[];
  readonly origin: Origin | undefined;
  readonly identity: string | undefined;
  private when: EventParts['time'];
  private given: EventParts['id'];
  private readonly source: FieldSource;
  private readonly memo = new Map<string, Values>();
  private enrichment: Enrichment | undefined;
  private scalars: readonly FieldScalar[] | undefined;
  private said: readonly FieldScalar[] | undefined;
  private isKept = false;
  /**
   * Whether the raw bytes are a line of JSON of which its format, alone, makes this event again. Said by who read it so: an
   * event of a record in a shipper's document, or of one that was stored, is not of its raw bytes alone.
   */
  isOfLine = false;

  constructor(parts: EventParts) {
    this.when = parts.time;
    this.source = parts.source;
    this.raw = parts.raw;
    this.format = parts.format;
    this.dataStreams = parts.dataStreams;
    this.standsInFor = parts.standsInFor ?? [];
    this.origin = parts.origin;
    this.given = parts.id;
    this.identity = parts.identity;
  }

  get time(): EventTime {
    if (typeof this.when === 'function') this.when = this.when();
    return this.when;
  }

  get id(): string | undefined {
    if (typeof this.given === 'function') this.given = this.given();
    return this.given;
  }

  /** Every value of a field, arrays flattened; empty where the field is missing or null. */
  values(field: string): Values {
    const known = this.memo.get(field);
    if (known !== undefined) return known;
    const values = this.read(field);
    this.memo.set(field, values);
    return values;
  }

  /** As `values`, for who remembers them himself. */
  read(field: string): Values {
    const value = this.json(field);
    return value === undefined ? NO_VALUES : scalarsOf(value);
  }

  /**
   * Every value of every field, memoised. Where the event was read (`log.file.path`, `log.offset`) says nothing of what
   * happened, so it is not among them.
   */
  allScalars(): readonly FieldScalar[] {
    if (this.scalars === undefined) {
      const scalars: FieldScalar[] = [];
      collectFields(this.source.document(), '', scalars);
      for (const [field, value] of this.enrichment?.all() ?? []) collectFields(value, field, scalars);
      this.scalars = scalars;
    }
    return this.scalars;
  }

  /**
   * As `allScalars`, without what earlier events taught, also where the event was stored with it (`vedette.derived`): what a
   * search for keywords looks through. A word in what a parent did says nothing of this event.
   */
  saidScalars(): readonly FieldScalar[] {
    this.said ??= saidIn(this.source.document());
    return this.said;
  }

  /** As `FieldSource.words`, of what `saidScalars` gives. */
  words(): OwnWords | undefined {
    return this.source.words?.();
  }

  /**
   * Texts in one of which each value that `saidScalars` gives stands, in whatever case, and that are made in a fraction of the time;
   * absent where nobody knows. For who looks for words in values beyond what their raw bytes say (`words`): of hexadecimal ones.
   */
  texts(): readonly string[] | undefined {
    return this.source.texts?.(this.raw);
  }

  /** As `FieldSource.sort`; what earlier events teach of processes says nothing of the log source. */
  sort(): string | undefined {
    return this.source.sort?.();
  }

  /** As `FieldSource.lacks`: what earlier events teach is never lacking. */
  lacks(field: string): boolean {
    return !field.startsWith(TAUGHT) && this.source.lacks?.(field) === true;
  }

  /** As `FieldSource.form`, of what the source has. */
  form(field: string): Form | undefined {
    return this.source.form?.(field);
  }

  /** As `FieldSource.copies`; what earlier events teach is no copy of anything. */
  copies(field: string): Copies | undefined {
    return this.enrichment === undefined ? this.source.copies?.(field) : undefined;
  }

  /** The field's first value as text, for showing and for keys. */
  text(field: string): string | undefined {
    const first = this.values(field)[0];
    return first === undefined ? undefined : String(first);
  }

  /** The field as it stands in the document; `process.args[1]` is an element of an array, from 0. */
  json(field: string): Json | undefined {
    const found = this.source.get(field) ?? this.enrichment?.get(field);
    return found === undefined && field.charCodeAt(field.length - 1) === CLOSING_BRACKET ? this.element(field) : found;
  }

  private element(field: string): Json | undefined {
    const [, name = '', index = ''] = /^(.+)\[(\d{1,4})\]$/.exec(field) ?? [];
    const array = name === '' ? undefined : this.json(name);
    return Array.isArray(array) ? ((array[Number(index)] as Json | undefined) ?? undefined) : undefined;
  }

  /** Adds what earlier events taught, once. A field that the source has keeps the source's value. */
  enrich(teaching: Teaching): void {
    this.enrichment = new Enrichment(this.source, teaching);
    this.memo.clear();
    this.scalars = undefined;
  }

  get taughtBy(): Teaching | undefined {
    return this.enrichment?.teaching;
  }

  /**
   * The ECS document as rules see it, without a copy being made: parts of it belong to the event and must not be
   * changed. For writing it out.
   */
  sharedDocument(): JsonObject {
    const source = this.source.document();
    const taught = this.taught();
    if (taught.length === 0) return source;
    const document = { ...source };
    const own = new Set<object>([document]);
    for (const [field, value] of taught) setSharedPath(document, field, value, own);
    return document;
  }

  /**
   * The same event with fields that only conditions see: what `extra` answers for a field counts instead of what the
   * event holds. The document stays as it is.
   */
  overlaid(extra: (field: string) => { readonly value: Json | undefined } | undefined): Event {
    const { source } = this;
    const view = new Event({
      time: this.time,
      source: {
        get: (field) => {
          const answer = extra(field);
          return answer === undefined ? source.get(field) : answer.value;
        },
        document: () => source.document(),
      },
      raw: this.raw,
      format: this.format,
      dataStreams: this.dataStreams,
      standsInFor: this.standsInFor,
      ...(this.origin === undefined ? {} : { origin: this.origin }),
      ...(this.given === undefined ? {} : { id: this.given }),
      ...(this.identity === undefined ? {} : { identity: this.identity }),
    });
    view.enrichment = this.enrichment;
    return view;
  }

  /**
   * Makes it fit to be held for longer: takes its raw bytes out of the buffer they may share, and forgets the values that
   * were asked for, which a thousand rules make more than the event itself.
   */
  keep(): void {
    this.memo.clear();
    this.scalars = undefined;
    this.said = undefined;
    if (this.isKept) return;
    this.isKept = true;
    (this as { raw: Uint8Array }).raw = Uint8Array.from(this.raw);
  }

  /**
   * The whole ECS document, with the place it was read from, where the source names none of its own, and, in `vedette.derived`, the names of the fields that the
   * source did not say but earlier events taught.
   */
  document(): JsonObject {
    const document = structuredClone(this.source.document()) as Record<string, Json>;
    for (const [field, value] of this.taught()) setPath(document, field, value);
    if (this.origin !== undefined && this.source.get('log.file.path') === undefined) {
      setPath(document, 'log.file.path', this.origin.path);
      setPath(document, 'log.offset', this.origin.offset);
    }
    return document;
  }

  /** What earlier events taught, and which fields that were. */
  private taught(): readonly (readonly [string, Json])[] {
    const fields = [...(this.enrichment?.all() ?? [])];
    return fields.length === 0 ? fields : [...fields, [DERIVED, fields.map(([field]) => field)]];
  }
}

/** What earlier events taught, found out when it is asked for. */
class Enrichment {
  readonly teaching: Teaching;
  private readonly source: FieldSource;
  private taught: ReadonlyMap<string, Json> | undefined;

  constructor(source: FieldSource, teaching: Teaching) {
    this.source = source;
    this.teaching = teaching;
  }

  get(field: string): Json | undefined {
    if (!this.teaching.names.has(field)) return undefined;
    if (this.taught !== undefined) return this.taught.get(field);
    return this.source.get(field) === undefined ? this.teaching.get(field) : undefined;
  }

  /** Without those that the source has. */
  all(): ReadonlyMap<string, Json> {
    if (this.taught === undefined) {
      const taught = new Map<string, Json>();
      for (const field of this.teaching.names) {
        const value = this.source.get(field) === undefined ? this.teaching.get(field) : undefined;
        if (value !== undefined) taught.set(field, value);
      }
      this.taught = taught;
    }
    return this.taught;
  }
}

/** An event whose record already is an ECS document. */
export function documentSource(document: JsonObject): FieldSource {
  return { get: (field) => jsonOrUndefined(document, field), document: () => document };
}

/** As `documentSource`, of a document that is the event's JSON text as it stands. */
export function rawDocumentSource(document: JsonObject): FieldSource {
  return {
    ...wrappedDocumentSource(document),
    form: () => 'same',
    copies: (field) => ({ names: [field], isPart: false }),
  };
}

/** As `documentSource`, of a document that stands in the event's JSON text, with more around it. */
export function wrappedDocumentSource(document: JsonObject): FieldSource {
  return { ...documentSource(document), words: () => NO_OWN_WORDS };
}

const NO_OWN_WORDS: OwnWords = Object.freeze({
  fixed: '',
  made: Object.freeze([]),
  unquoted: () => [],
  isWritten: true,
});

/** Sets a dotted field in a nested document, making the objects on the way. */
export function setPath(document: Record<string, Json>, path: string, value: Json): void {
  setNamed(document, path.split('.'), value);
}

/** As `setPath`, of a path by its names. */
export function setNamed(document: Record<string, Json>, names: readonly string[], value: Json): void {
  const last = names.length - 1;
  let at = document;
  for (let number = 0; number < last; number += 1) {
    const name = names[number] as string;
    const next = Object.hasOwn(at, name) ? at[name] : undefined;
    if (typeof next === 'object' && next !== null && !Array.isArray(next)) {
      at = next as Record<string, Json>;
    } else {
      const made: Record<string, Json> = {};
      define(at, name, made);
      at = made;
    }
  }
  define(at, names[last] as string, value);
}

/** As `setPath`, but an object that is not in `own` is somebody else’s: it is copied before it is changed. */
function setSharedPath(document: Record<string, Json>, path: string, value: Json, own: Set<object>): void {
  const names = path.split('.');
  const last = names.pop() as string;
  let at = document;
  for (const name of names) {
    const next = Object.hasOwn(at, name) ? at[name] : undefined;
    if (isJsonObject(next) && own.has(next)) {
      at = next as Record<string, Json>;
      continue;
    }
    const made: Record<string, Json> = isJsonObject(next) ? { ...next } : {};
    own.add(made);
    define(at, name, made);
    at = made;
  }
  define(at, last, value);
}

/** Assignment, which is many times faster, would call the setter of `__proto__`; a definition makes a plain property. */
export function define(at: Record<string, Json>, name: string, value: Json): void {
  if (name !== '__proto__') at[name] = value;
  else Object.defineProperty(at, name, { value, writable: true, enumerable: true, configurable: true });
}

function collectFields(value: Json, field: string, found: FieldScalar[]): void {
  if (Array.isArray(value)) {
    for (const item of value) collectFields(item, field, found);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, item] of Object.entries(value)) {
      collectFields(item, field === '' ? name : `${field}.${name}`, found);
    }
  } else if (value !== null) {
    found.push({ field, value: value as Scalar });
  }
}

function saidIn(document: JsonObject): readonly FieldScalar[] {
  const scalars: FieldScalar[] = [];
  collectFields(document, '', scalars);
  const taught = jsonAt(document, DERIVED);
  if (!Array.isArray(taught)) return scalars;
  // Whoever writes the document himself can hide no other fields so.
  const names = new Set(taught.filter((name) => typeof name === 'string' && name.startsWith(TAUGHT)));
  return scalars.filter(({ field }) => !names.has(field) && field !== DERIVED);
}

function jsonOrUndefined(document: JsonObject, field: string): Json | undefined {
  return jsonAt(document, field) ?? undefined;
}
