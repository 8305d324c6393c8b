/**
 * Where keys and values stand in a JSON text, so that a finding can point at them (`JSON.parse` keeps no places).
 *
 *   text that JSON.parse accepted ──one pass──▶ path → {key span, value span}
 *
 * Invariants: only texts that parsed are given, so the scanner follows JSON's shapes and does not check them; it never
 * throws, always moves forward, and keeps no stack of its own calls, so that nesting costs no more than length.
 */
import { type Span, spanOf } from '../diagnostic/span.ts';

export type JsonPath = readonly (string | number)[];

export interface JsonPlace {
  /** The key as written; the value again for an entry of a list. */
  readonly key: Span;
  readonly value: Span;
}

/** An object or a list that is not closed yet. */
interface Open {
  readonly start: number;
  /** Of the object or list itself, in its parent. */
  readonly key: Span;
  /** Number of the next entry; `undefined` in an object. */
  entry: number | undefined;
}

/** Paths longer than this are not kept: what lies deeper is found at the part around it. */
const DEEPEST = 16;

export class JsonPlaces {
  private readonly places = new Map<string, JsonPlace>();

  /** @param offset where `json` stands in the file; spans are in the file */
  constructor(json: string, offset: number) {
    this.scan(json, offset);
  }

  /** The place of a path, or of the nearest thing around it that is written down. */
  find(path: JsonPath): JsonPlace | undefined {
    for (let length = Math.min(path.length, DEEPEST); length > 0; length -= 1) {
      const place = this.places.get(keyOf(path.slice(0, length)));
      if (place !== undefined) return place;
    }
    return undefined;
  }

  private scan(json: string, offset: number): void {
    const open: Open[] = [];
    const path: (string | number)[] = [];
    let key: Span | undefined;
    const token = /"(?:[^"\\]|\\.)*"|[{}[\]:]|[^\s{}[\]:,"]+/y;
    const skip = /[\s,]*/y;
    const place = (start: number, end: number): void => {
      const value = spanOf(start + offset, end + offset);
      if (path.length <= DEEPEST) this.places.set(keyOf(path), { key: key ?? value, value });
    };
    /** After a value: the next key or entry takes the last part of the path. */
    const next = (): void => {
      key = undefined;
      path.pop();
    };
    for (let at = 0; at < json.length; ) {
      skip.lastIndex = at;
      skip.exec(json);
      token.lastIndex = skip.lastIndex;
      const [written] = token.exec(json) ?? [];
      if (written === undefined) return;
      const start = skip.lastIndex;
      at = token.lastIndex;
      if (written === ':') continue;
      if (written === '}' || written === ']') {
        const closed = open.pop();
        if (closed === undefined) return;
        key = closed.key.end === closed.key.start ? undefined : closed.key;
        place(closed.start, at);
        next();
        continue;
      }
      const around = open.at(-1);
      if (around?.entry !== undefined) {
        path.push(around.entry);
        around.entry += 1;
      } else if (around !== undefined && key === undefined) {
        path.push(JSON.parse(written) as string);
        key = spanOf(start + offset, at + offset);
        continue;
      }
      if (written === '{' || written === '[') {
        open.push({ start, key: key ?? spanOf(0, 0), entry: written === '[' ? 0 : undefined });
        key = undefined;
        continue;
      }
      place(start, at);
      next();
    }
  }
}

function keyOf(path: JsonPath): string {
  return JSON.stringify(path);
}
