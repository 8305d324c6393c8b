/**
 * A parsed line that notes which of its members are read.
 *
 *   object ──view──▶ whoever makes something of it ──▶ the numbers of the members that this depends on, in order
 *
 * What is made of the view is made of the members noted and of the line's shape alone: of another line of the same shape in
 * which those members stand written the same, the same is made. Whether a name is there, of what kind its value is and which
 * names there are, the shape says, so that asking for these notes nothing: of an array, either, until one looks into it.
 */
import type { Json, JsonObject } from '../event/json.ts';
import { ARRAY, type LineShape, OBJECT } from './line-shape.ts';
import { NotedMessage } from './noted-message.ts';
import { isPart, partName } from './part-names.ts';
import { snareLineOf, splitSnareLine } from './snare-line.ts';
import { CODE_PART } from './snare-parts.ts';
import { splitSyslog } from './syslog-line.ts';
import { SYSLOG_PARTS } from './syslog-parts.ts';
import { hasPlain, type KnownText, PARTS, PLAIN, PROSE } from './text-parts.ts';

export type Members = ReadonlyMap<string, LineShape<unknown>>;

/** Under it an object says what kinds its members are of: they themselves, or others of these kinds. */
export const KINDS = Symbol('kinds');

/** A member's kind, which all lines of one shape have in common: told without reading the member. */
export function kindAt(object: JsonObject, name: string): 'array' | 'object' | 'string' | 'other' {
  const members = (object as { readonly [KINDS]?: JsonObject })[KINDS] ?? object;
  const value = Object.hasOwn(members, name) ? members[name] : undefined;
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'object' && value !== null) return 'object';
  return typeof value === 'string' ? 'string' : 'other';
}

export interface Changed {
  readonly members: ReadonlySet<number>;
  readonly to: (value: Json) => Json;
}

/** The members of a shape, by the place of the object they stand in and their name. */
export function membersOf(shape: LineShape<unknown>): Members {
  const members = new Map<string, LineShape<unknown>>();
  for (let at: LineShape<unknown> | undefined = shape; at?.before !== undefined; at = at.before) {
    members.set(`${at.inside} ${nameOf(at)}`, at);
  }
  return members;
}

export function nameOf({ name }: LineShape<unknown>): string {
  return Buffer.from(name).toString('latin1');
}

export class RecordedJson {
  readonly view: JsonObject;
  /** Numbers of members, each once. */
  readonly read: number[] = [];
  private readonly known = new Set<number>();
  private readonly members: Members;
  private readonly changed: Changed | undefined;

  /**
   * @param json parsed from a line of the shape that the members are of
   * @param changed members that read otherwise than they stand there
   */
  constructor(json: JsonObject, members: Members, changed?: Changed) {
    this.members = members;
    this.changed = changed;
    this.view = this.viewOf(json, 0);
  }

  private viewOf(object: JsonObject, place: number): JsonObject {
    const inner = new Map<string, Json>();
    return new Proxy(object, {
      get: (target, name) => {
        if (name === PARTS && place === 0) return (member: string) => this.partsOf(target, member);
        if (name === PLAIN && place === 0) return (member: string) => hasPlain(member, this.members);
        if (name === KINDS) return target;
        if (typeof name !== 'string' || !Object.hasOwn(target, name)) return Reflect.get(target, name);
        const member = this.members.get(`${place} ${name}`);
        if (member === undefined) throw new Error(`the shape has no member ${name}`);
        if (member.kind !== OBJECT && member.kind !== ARRAY) {
          return this.noted(member, target[name] as Json);
        }
        let view = inner.get(name);
        if (view === undefined) {
          const value = target[name] as Json;
          view = Array.isArray(value)
            ? this.arrayOf(value, member.number)
            : this.viewOf(value as JsonObject, member.place);
          inner.set(name, view);
        }
        return view;
      },
    });
  }

  private arrayOf(array: readonly Json[], member: number): readonly Json[] {
    const note = () => this.note(member);
    return new Proxy(array, {
      get: (target, name) => {
        note();
        return Reflect.get(target, name);
      },
      has: (target, name) => {
        note();
        return Reflect.has(target, name);
      },
      ownKeys: (target) => {
        note();
        return Reflect.ownKeys(target);
      },
      getOwnPropertyDescriptor: (target, name) => {
        note();
        return Reflect.getOwnPropertyDescriptor(target, name);
      },
    });
  }

  /** What the shape's lines have of the text of a member; each part is noted when it is read. */
  private partsOf(json: JsonObject, name: string): KnownText {
    const partOf = (part: string) => this.members.get(`0 ${partName(name, part)}`);
    if (partOf(PROSE) !== undefined) return PROSE;
    if (partOf(CODE_PART) !== undefined) return this.snareIn(String(json[name]).trim(), name);
    const split = splitSyslog(String(json[name]).trim());
    const has = (part: number) => split !== undefined && (split.parts & (1 << part)) !== 0;
    if (split === undefined || !SYSLOG_PARTS.every((part, at) => (partOf(part) !== undefined) === has(at)))
      return undefined;
    return new NotedMessage(split, (part, value) => this.noted(partOf(part) as LineShape<unknown>, value));
  }

  /** As `partsOf`, of a record of Snare's. */
  private snareIn(text: string, name: string): KnownText {
    const parts = splitSnareLine(text);
    const names = [...this.members.values()].filter(isPart).map(nameOf);
    const isAlike =
      parts?.size === names.length && [...parts.keys()].every((part) => names.includes(partName(name, part)));
    if (parts === undefined || !isAlike) return undefined;
    const read = (part: string) => {
      const member = this.members.get(`0 ${partName(name, part)}`) as LineShape<unknown>;
      return String(this.noted(member, parts.get(part) as string));
    };
    return snareLineOf(name, [...parts.keys()], read);
  }

  private noted(member: LineShape<unknown>, value: Json): Json {
    this.note(member.number);
    return this.changed?.members.has(member.number) === true ? this.changed.to(value) : value;
  }

  private note(member: number): void {
    if (this.known.has(member)) return;
    this.known.add(member);
    this.read.push(member);
  }
}
