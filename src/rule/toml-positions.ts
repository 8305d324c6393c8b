/**
 * Where keys and values stand in a TOML text, so that a finding can point at them (the TOML parser keeps no places).
 *
 *   text that smol-toml accepted ──one pass──▶ path → {key span, value span}
 *
 * Invariants: only texts that parsed are given, so the scanner follows TOML's shapes and does not check them; it never
 * throws, always moves forward, and nests no deeper than the parser was told to. A path names every table, with the
 * number of each entry of an array: `['rule', 'threat', 0, 'tactic', 'id']`.
 */
import { type Span, spanOf } from '../diagnostic/span.ts';

export type TomlPath = readonly (string | number)[];

export interface TomlPlace {
  /** The key as written; the whole header for a table, the value again for an entry of an array. */
  readonly key: Span;
  readonly value: Span;
}

export class TomlPlaces {
  private readonly places: ReadonlyMap<string, TomlPlace>;

  constructor(text: string) {
    this.places = new Scanner(text).scan();
  }

  /** The place of a path, or of the nearest thing around it that is written down. */
  find(path: TomlPath): TomlPlace | undefined {
    for (let length = path.length; length > 0; length -= 1) {
      const place = this.places.get(keyOf(path.slice(0, length)));
      if (place !== undefined) return place;
    }
    return undefined;
  }
}

/**
 * Where in the text a part of a string value stands.
 * @param value the span of the string as written, quotes included
 * @param part a span in the string as read
 */
export function partOfString(text: string, value: Span, part: Span): Span {
  const opening = openingQuotes(text, value);
  const literal = text[value.start] === "'";
  let cooked = 0;
  let start: number | undefined;
  let at = opening.start;
  while (at < opening.end && cooked < part.end) {
    const { length, gives } = literal ? { length: 1, gives: 1 } : readUnit(text, at);
    if (start === undefined && gives > 0 && cooked + gives > part.start) start = at;
    cooked += gives;
    at += length;
  }
  return spanOf(start ?? at, at);
}

/** The inside of a string as written, without the line break that TOML takes off after opening triple quotes. */
function openingQuotes(text: string, value: Span): Span {
  const quote = text[value.start] as string;
  if (!text.startsWith(quote.repeat(3), value.start) || value.end - value.start < 6) {
    return spanOf(value.start + 1, value.end - 1);
  }
  const inside = value.start + 3;
  const lineBreak = text.startsWith('\r\n', inside) ? 2 : text[inside] === '\n' ? 1 : 0;
  return spanOf(inside + lineBreak, value.end - 3);
}

/** One unit of a basic string: how many characters it takes as written and how many it gives. */
function readUnit(text: string, at: number): { length: number; gives: number } {
  if (text[at] !== '\\') return { length: 1, gives: 1 };
  const kind = text[at + 1];
  if (kind === 'x') return { length: 4, gives: 1 };
  if (kind === 'u') return { length: 6, gives: 1 };
  if (kind === 'U') {
    return { length: 10, gives: Number.parseInt(text.slice(at + 2, at + 10), 16) > 0xffff ? 2 : 1 };
  }
  const blank = /[ \t\r\n]+/y;
  blank.lastIndex = at + 1;
  const skipped = blank.exec(text)?.[0].length ?? 0;
  return skipped > 0 ? { length: 1 + skipped, gives: 0 } : { length: 2, gives: 1 };
}

const keyOf = (path: TomlPath): string => path.join('\0');

class Scanner {
  private readonly text: string;
  private at = 0;
  private readonly places = new Map<string, TomlPlace>();
  /** Tables that are there only because something in them is: `a` of `[a.b]`. */
  private readonly implied = new Map<string, TomlPlace>();
  /** How many entries each array of tables has so far. */
  private readonly counts = new Map<string, number>();

  constructor(text: string) {
    this.text = text;
  }

  scan(): ReadonlyMap<string, TomlPlace> {
    let table: TomlPath = [];
    if (this.text.charCodeAt(0) === 0xfeff) this.at = 1;
    for (this.skipBlank(); this.at < this.text.length; this.skipBlank()) {
      if (this.text[this.at] === '[') table = this.header();
      else this.pair(table);
    }
    for (const [path, place] of this.implied) if (!this.places.has(path)) this.places.set(path, place);
    return this.places;
  }

  private header(): TomlPath {
    const start = this.at;
    const isArray = this.text.startsWith('[[', start);
    this.at += isArray ? 2 : 1;
    const names = this.key();
    while (this.text[this.at] === ']') this.at += 1;
    const parent = this.numbered(names.slice(0, -1));
    let path: TomlPath = [...parent, names.at(-1) ?? ''];
    if (isArray) {
      const count = this.counts.get(keyOf(path)) ?? 0;
      this.counts.set(keyOf(path), count + 1);
      if (count === 0) this.put(path, spanOf(start, this.at), spanOf(start, this.at));
      path = [...path, count];
    }
    this.put(path, spanOf(start, this.at), spanOf(start, this.at));
    this.imply(path, 0, spanOf(start, this.at));
    return path;
  }

  /** A header's names with the number of the newest entry after each that is an array of tables. */
  private numbered(names: readonly string[]): TomlPath {
    const path: (string | number)[] = [];
    for (const name of names) {
      path.push(name);
      const count = this.counts.get(keyOf(path));
      if (count !== undefined) path.push(count - 1);
    }
    return path;
  }

  private pair(table: TomlPath): void {
    const start = this.at;
    const names = this.key();
    const key = spanOf(start, this.at);
    this.skipBlank();
    if (this.text[this.at] === '=') this.at += 1;
    this.skipBlank();
    this.value([...table, ...names], key);
    this.imply([...table, ...names], table.length, key);
    // Text that is not TOML would leave the scanner where it was.
    if (this.at === start) this.at += 1;
  }

  private value(path: TomlPath, key: Span | undefined): void {
    const start = this.at;
    const first = this.text[start];
    if (first === '"' || first === "'") this.string();
    else if (first === '[') this.entries(']', (index) => this.value([...path, index], undefined));
    else if (first === '{') this.entries('}', () => this.pair(path));
    else this.skip(/[^\s,\]}#]+/y);
    const value = spanOf(start, this.at);
    this.put(path, key ?? value, value);
  }

  private entries(close: string, entry: (index: number) => void): void {
    this.at += 1;
    for (let index = 0; ; index += 1) {
      this.skipBlank();
      const start = this.at;
      if (start >= this.text.length) return;
      if (this.text[start] === close) break;
      entry(index);
      this.skipBlank();
      if (this.text[this.at] === ',') this.at += 1;
      if (this.at === start) return;
    }
    this.at += 1;
  }

  /** A dotted key; ends behind its last character. */
  private key(): string[] {
    const names: string[] = [];
    for (;;) {
      this.skip(/[ \t]+/y);
      const start = this.at;
      const quoted = this.text[start] === '"' || this.text[start] === "'";
      if (quoted) this.string();
      else this.skip(/[A-Za-z0-9_-]+/y);
      const written = this.text.slice(start, this.at);
      names.push(quoted ? unquote(written) : written);
      const end = this.at;
      this.skip(/[ \t]+/y);
      if (this.text[this.at] !== '.') {
        this.at = end;
        return names;
      }
      this.at += 1;
    }
  }

  private string(): void {
    const quote = this.text[this.at] as string;
    const long = this.text.startsWith(quote.repeat(3), this.at);
    const close = long ? quote.repeat(3) : quote;
    this.at += close.length;
    while (this.at < this.text.length && !this.text.startsWith(close, this.at)) {
      if (quote === "'") this.at = indexOrEnd(this.text, close, this.at);
      else if (this.text[this.at] === '\\') this.at += 2;
      else if (this.skip(/[^"\\]+/y) === 0) this.at += 1;
    }
    this.at = Math.min(this.at + close.length, this.text.length);
    // Up to two more quotes belong to a long string that ends in quotes.
    for (let more = 0; long && more < 2 && this.text[this.at] === quote; more += 1) this.at += 1;
  }

  private skipBlank(): void {
    for (;;) {
      this.skip(/\s+/y);
      if (this.text[this.at] !== '#') return;
      this.at = indexOrEnd(this.text, '\n', this.at);
    }
  }

  private skip(what: RegExp): number {
    what.lastIndex = this.at;
    const length = what.exec(this.text)?.[0].length ?? 0;
    this.at += length;
    return length;
  }

  /** Gives the tables around a path its place, from the one below `from` names on. */
  private imply(path: TomlPath, from: number, span: Span): void {
    for (let length = from + 1; length < path.length; length += 1) {
      const id = keyOf(path.slice(0, length));
      if (!this.implied.has(id)) this.implied.set(id, { key: span, value: span });
    }
  }

  private put(path: TomlPath, key: Span, value: Span): void {
    const id = keyOf(path);
    if (!this.places.has(id)) this.places.set(id, { key, value });
  }
}

function indexOrEnd(text: string, what: string, from: number): number {
  const found = text.indexOf(what, from);
  return found === -1 ? text.length : found;
}

/** A quoted key as read; escapes only matter to find the same key again, so an unusual one may be missed. */
function unquote(written: string): string {
  if (written.startsWith("'")) return written.slice(1, -1);
  try {
    return String(JSON.parse(written));
  } catch {
    return written.slice(1, -1);
  }
}
