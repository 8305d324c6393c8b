/**
 * A line of CrowdStrike's with the names that other records told of its host and user, as one line of JSON: what it means is in it alone.
 *
 *   line ──scanned──▶ members, read where they are asked for ──host and user that they name──▶ {"host": …, "user": …, "raw": the line}
 *
 * Invariant: of a line that has members here, a stream takes the record for this format's, in no shipper's document.
 */
import { isJsonObject, type JsonObject } from '../event/json.ts';
import type { KnownHost, KnownUser } from './crowdstrike-directory.ts';
import { LineScanner } from './line-shape.ts';
import { LineView } from './line-view.ts';
import { kindAt, membersOf } from './recorded-json.ts';

export interface Named {
  readonly raw: JsonObject;
  readonly host: KnownHost | undefined;
  readonly user: KnownUser | undefined;
  readonly isNamed?: boolean;
}

/** Of a line. */
interface NamedMembers {
  readonly raw: JsonObject;
  /** Whether no line of its shape names a user, or says how a host is called. */
  readonly isNameless: boolean;
}

/** How to read a shape's lines. */
interface NamedShape {
  readonly view: LineView;
  readonly members: NamedMembers;
}

/** Members that name a host or a user. */
const NAMING = ['ComputerName', 'hostname', 'UserSid', 'UserSid_readable', 'UserName', 'User'];
const HOST = Buffer.from('{"host":');
const USER = Buffer.from(',"user":');
const RAW = Buffer.from(',"raw":');
const NOBODY = Buffer.from('null');
const CLOSING_BRACE = 0x7d;

export class NamedLines {
  /** Null where a shape's lines may be of another format. */
  private readonly scanner = new LineScanner<NamedShape | null>();
  private readonly written = new WeakMap<KnownHost | KnownUser, Uint8Array>();
  private room = Buffer.alloc(0);

  /** The line's members, good until the next one; undefined where the line has to be read by who reads any. */
  membersOf(line: Uint8Array): NamedMembers | undefined {
    const shape = this.scanner.scan(line);
    if (shape === undefined) return undefined;
    if (shape.known === undefined) {
      const view = new LineView(membersOf(shape), this.scanner);
      const { object } = view;
      const isNameless = !NAMING.some((name) => Object.hasOwn(object, name));
      shape.known = isOfFormat(object) ? { view, members: { raw: object, isNameless } } : null;
    }
    shape.known?.view.turn();
    return shape.known?.members;
  }

  /** @param line that has members. Good until the next one. */
  withNames(line: Uint8Array, host: KnownHost | undefined, user: KnownUser | undefined): Uint8Array {
    const parts = [HOST, this.textOf(host), USER, this.textOf(user), RAW, line];
    let length = 1;
    for (const part of parts) length += part.length;
    if (this.room.length < length) this.room = Buffer.alloc(2 * length);
    let at = 0;
    for (const part of parts) {
      this.room.set(part, at);
      at += part.length;
    }
    this.room[at] = CLOSING_BRACE;
    return this.room.subarray(0, length);
  }

  private textOf(named: KnownHost | KnownUser | undefined): Uint8Array {
    if (named === undefined) return NOBODY;
    let text = this.written.get(named);
    if (text === undefined) {
      text = Buffer.from(JSON.stringify(named));
      this.written.set(named, text);
    }
    return text;
  }
}

/** Of an object that `withNames` wrote; a record of CrowdStrike's has one of the names that are looked for here. */
export function namedIn(json: JsonObject): Named | undefined {
  if (Object.hasOwn(json, 'event_simpleName') || Object.hasOwn(json, 'cid') || !isJsonObject(json.raw))
    return undefined;
  return {
    raw: json.raw,
    isNamed: true,
    host: isJsonObject(json.host) ? (json.host as JsonObject & KnownHost) : undefined,
    user: isJsonObject(json.user) ? (json.user as JsonObject & KnownUser) : undefined,
  };
}

/** By the shape alone: no shipper has the one name, and a search hit has the other. */
function isOfFormat(members: JsonObject): boolean {
  return kindAt(members, 'event_simpleName') === 'string' && !Object.hasOwn(members, '_source');
}
