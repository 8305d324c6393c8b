/**
 * A line of JSON as an object that parses a member when it is asked for.
 *
 *   line scanned, of a known shape ──view──▶ whoever makes something of it ──asks for a member──▶ its bytes, parsed
 *
 * Parts of texts that count as members (`text-parts.ts`) are no names here.
 *
 * What the shape says needs no parsing: which names there are, in which order, and of what kind their values are; only values
 * are read. So who reads few of many members, or of long ones, is spared the others.
 *
 * One object serves all lines of a shape: it shows the line that was scanned last, and whoever keeps it, or what it gave but
 * for values, sees another line later.
 *
 * Invariant: gives what `parseJson` of the whole line gives (a property test holds it to that).
 */
import { define } from '../event/event.ts';
import { type Json, type JsonObject, parseJson } from '../event/json.ts';
import { ARRAY, FALSE, type LineScanner, type LineShape, NULL, NUMBER, OBJECT, STRING, TRUE } from './line-shape.ts';
import { isPart, partName, partOf } from './part-names.ts';
import { KINDS, type Members, nameOf } from './recorded-json.ts';
import { snareLineOf } from './snare-line.ts';
import { CODE_PART } from './snare-parts.ts';
import { hasPlain, type KnownText, PARTS, PLAIN } from './text-parts.ts';

/** Something of the kind. */
const OF_KIND: ReadonlyMap<number, Json> = new Map<number, Json>([
  [STRING, ''],
  [ARRAY, []],
  [OBJECT, {}],
]);
const BACKSLASH = '\\';
/** A whole number of so many digits is exact, whoever reads it. */
const PLAIN_DIGITS = 15;

export class LineView {
  /** Of the line that was scanned last, after `turn`. */
  readonly object: JsonObject;
  private readonly scanner: LineScanner<unknown>;
  private readonly text: Buffer;
  /** By number of member, the value, and in which turn it was read. */
  private readonly values: Json[];
  private readonly readAt: Float64Array;
  private turns = 0;

  /** @param members of lines that the scanner scans while it is asked */
  constructor(members: Members, scanner: LineScanner<unknown>) {
    this.scanner = scanner;
    this.text = Buffer.from(scanner.bytes.buffer, scanner.bytes.byteOffset, scanner.bytes.length);
    this.values = new Array<Json>(members.size).fill(null);
    this.readAt = new Float64Array(members.size);
    this.object = this.viewOf(
      [...members.values()].sort((a, b) => a.number - b.number),
      0,
    );
    Object.defineProperty(this.object, PLAIN, { value: (name: string) => hasPlain(name, members) });
    let known: KnownText;
    Object.defineProperty(this.object, PARTS, {
      value: (name: string) => {
        known ??= this.snareIn(name, members);
        return known;
      },
    });
  }

  /** Of a member that is a record of Snare's, its parts; of other texts nothing is known without reading them. */
  private snareIn(member: string, members: Members): KnownText {
    if (!members.has(`0 ${partName(member, CODE_PART)}`)) return undefined;
    const parts = new Map([...members.values()].filter(isPart).map((part) => [partOf(part), part.number]));
    return snareLineOf(member, [...parts.keys()], (part) => this.partAt(parts.get(part) as number));
  }

  /** Of a line whose parts were told, which has no odd escapes. */
  private partAt(number: number): string {
    const { scanner, text } = this;
    const written = text.toString(
      'latin1',
      (scanner.starts[number] as number) + 1,
      (scanner.ends[number] as number) - 1,
    );
    return written.includes(BACKSLASH) ? (JSON.parse(`"${written}"`) as string) : written;
  }

  /** Another line was scanned. */
  turn(): void {
    this.turns += 1;
  }

  private viewOf(members: readonly LineShape<unknown>[], place: number): JsonObject {
    const view: Record<string, Json> = {};
    const kinds: Record<string, Json> = {};
    Object.defineProperty(view, KINDS, { value: kinds });
    for (const member of members) {
      if (member.inside !== place || isPart(member)) continue;
      const name = nameOf(member);
      define(kinds, name, OF_KIND.get(member.kind) ?? null);
      if (member.kind === OBJECT) {
        define(view, name, this.viewOf(members, member.place));
        continue;
      }
      const get = () => this.read(member);
      Object.defineProperty(view, name, { get, enumerable: true, configurable: true });
    }
    return view;
  }

  private read({ number, kind }: LineShape<unknown>): Json {
    if (this.readAt[number] !== this.turns) {
      this.readAt[number] = this.turns;
      this.values[number] = this.parse(number, kind);
    }
    return this.values[number] as Json;
  }

  private parse(member: number, kind: number): Json {
    const { scanner, text } = this;
    const start = scanner.starts[member] as number;
    const end = scanner.ends[member] as number;
    switch (kind) {
      case STRING: {
        if (scanner.isOdd) break;
        const quoted = text.toString('latin1', start, end);
        return quoted.includes(BACKSLASH) ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
      }
      case NUMBER: {
        const digits = text.toString('latin1', start, end);
        return digits.length <= PLAIN_DIGITS ? Number(digits) : parseJson(digits);
      }
      case TRUE:
        return true;
      case FALSE:
        return false;
      case NULL:
        return null;
    }
    const json = text.toString('utf8', start, end);
    return kind === ARRAY ? parseJson(json) : (JSON.parse(json) as string);
  }
}
