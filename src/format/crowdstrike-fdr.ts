/**
 * CrowdStrike Falcon Data Replicator: one raw JSON event a line, with the side records that name hosts and users.
 *
 *   line ──▶ names missing? ──no──▶ Event
 *                           └─yes─▶ waits, in order, until a side record tells them, or nobody will ──▶ Event
 *
 * Most events carry a sensor's id (`aid`) and a user's SID and no name. aidmaster and userinfo records (and events that
 * carry both) teach the names, for later events and for those that wait. An event waits at most a second live, and while
 * no more than 1,024 events or 32 MiB wait; then its host and user are given up: nobody waits for them again, though a
 * later record still teaches them. Events come out in the order in which they came in.
 *
 * Where somebody may know of lines what they mean (`EventSink.isTaken`), one that waits for nothing is offered before it is parsed,
 * together with the names that are known (crowdstrike-named.ts).
 *
 * The directory of names is shared by all streams of one run (a data file and its aidmaster file are apart), so it is
 * kept for the run's settings object.
 */
import { Event, type Origin } from '../event/event.ts';
import { type JsonObject, parseJson } from '../event/json.ts';
import { CrowdstrikeDirectory } from './crowdstrike-directory.ts';
import { CROWDSTRIKE } from './crowdstrike-ecs.ts';
import { crowdstrikeTime, crowdstrikeWords, eventIdOf, firstText, userSidOf } from './crowdstrike-fields.ts';
import { type Named, NamedLines, namedIn } from './crowdstrike-named.ts';
import { DerivedSource } from './derivation.ts';
import type { EventSink, FormatSettings, InputLine } from './format.ts';
import { type Format, type FormatReader, type ReadLine, rejectLine } from './format-reader.ts';
import { textAt } from './json-fields.ts';

const STREAM = 'logs-crowdstrike.fdr-default';
const MAX_WAITING = 1_024;
const MAX_WAITING_BYTES = 32 * 1024 * 1024;
const MAX_WAIT_MS = 1_000;
/** SIDs of accounts that every Windows has, which userinfo does not list. */
const BUILT_IN_SID = /^S-1-5-(?:18|19|20|90-|96-)/;

export const crowdstrikeFdr: Format = {
  name: 'crowdstrike-fdr',
  names: ['event_simpleName', 'cid'],
  recognises: ({ json }) => json !== undefined && (typeof json.event_simpleName === 'string' || isSideRecord(json)),
  open: (settings, sink) => new FdrReader(settings, sink),
};

/** aidmaster, userinfo, notmanaged and the like have no event name, but a customer id and whom they are about. */
function isSideRecord(json: JsonObject): boolean {
  if (typeof json.cid !== 'string' || Object.hasOwn(json, '@timestamp')) return false;
  return ['aid', 'UserSid_readable', 'UserSid', 'discoverer_aid', '_time'].some(
    (name) => typeof json[name] === 'string',
  );
}

const directories = new WeakMap<FormatSettings, CrowdstrikeDirectory>();

interface Waiting {
  readonly raw: JsonObject;
  readonly bytes: Uint8Array;
  readonly origin: Origin;
  since: number;
}

class FdrReader implements FormatReader {
  forced = 0;
  private readonly settings: FormatSettings;
  private readonly sink: EventSink;
  private readonly directory: CrowdstrikeDirectory;
  private queue: Waiting[] = [];
  private head = 0;
  private bytes = 0;
  private named: NamedLines | undefined;

  constructor(settings: FormatSettings, sink: EventSink) {
    this.settings = settings;
    this.sink = sink;
    this.directory = directories.get(settings) ?? new CrowdstrikeDirectory();
    directories.set(settings, this.directory);
  }

  get waiting(): Origin | undefined {
    return this.queue[this.head]?.origin;
  }

  takes({ bytes, origin }: InputLine): boolean {
    if (this.sink.isTaken === undefined || this.queue.length > this.head) return false;
    this.named ??= new NamedLines();
    const members = this.named.membersOf(bytes);
    if (members === undefined || crowdstrikeTime(members.raw) === undefined) return false;
    const named = this.namedBy(members.raw, members.isNameless);
    if (named === undefined) return false;
    const { host, user } = named;
    let made: Event | undefined;
    const make = () => {
      made ??= eventOf({ raw: parseJson(UTF8.decode(bytes)) as JsonObject, host, user }, bytes, origin);
      return made;
    };
    return this.sink.isTaken({ bytes: this.named.withNames(bytes, host, user), origin }, crowdstrikeFdr, make);
  }

  /** Undefined where names are not known yet that are waited for. @param isNameless whether it tells none, nor asks for a user's */
  private namedBy(raw: JsonObject, isNameless: boolean): Pick<Named, 'host' | 'user'> | undefined {
    if (!isNameless) {
      this.learn(raw);
      return this.lacksNames(raw) ? undefined : this.namesOf(raw);
    }
    const { hosts } = this.directory;
    const aid = textAt(raw, 'aid');
    if (aid === undefined) return NOBODY;
    const isWaitedFor = textAt(raw, 'event_simpleName') !== undefined && hosts.isNew(aid);
    return isWaitedFor ? undefined : { host: hosts.get(aid), user: undefined };
  }

  line(line: ReadLine): void {
    const raw = line.json ?? {};
    const named = namedIn(raw);
    if (named !== undefined) {
      this.give(named, line.bytes, line.origin);
      return;
    }
    if (crowdstrikeTime(raw) === undefined) {
      rejectLine(this.sink, line, 'no-time', 'The record has no timestamp that is a time.');
      return;
    }
    this.learn(raw);
    if (this.queue.length === this.head && !this.lacksNames(raw)) {
      this.give(this.namesOf(raw), line.bytes, line.origin);
      return;
    }
    this.queue.push({ raw, bytes: line.bytes.slice(), origin: line.origin, since: this.settings.now() });
    this.bytes += line.bytes.length;
    this.release(() => false);
    while (this.queue.length - this.head > MAX_WAITING || this.bytes > MAX_WAITING_BYTES) {
      const oldest = this.queue[this.head] as Waiting;
      this.forced += 1;
      this.release((waiting) => waiting === oldest);
    }
  }

  settle(now: number): void {
    this.release((waiting) => {
      // A clock that was set back begins the wait anew.
      waiting.since = Math.min(waiting.since, now);
      return now - waiting.since >= MAX_WAIT_MS;
    });
  }

  end(): void {
    this.release(() => true);
  }

  /** Gives what stands at the head of the queue as long as its names are known or `late` says that it waited enough. */
  private release(late: (waiting: Waiting) => boolean): void {
    for (let next = this.queue[this.head]; next !== undefined; next = this.queue[this.head]) {
      if (this.lacksNames(next.raw)) {
        if (!late(next)) break;
        this.giveUp(next);
      }
      this.head += 1;
      this.bytes -= next.bytes.length;
      this.give(this.namesOf(next.raw), next.bytes, next.origin);
    }
    if (this.head > 0 && this.head >= this.queue.length / 2) {
      this.queue = this.queue.slice(this.head);
      this.head = 0;
    }
  }

  private lacksNames(raw: JsonObject): boolean {
    const { aid, sid } = this.wanted(raw);
    return (
      (aid !== undefined && this.directory.hosts.isNew(aid)) || (sid !== undefined && this.directory.users.isNew(sid))
    );
  }

  private giveUp({ raw }: Waiting): void {
    const { aid, sid } = this.wanted(raw);
    if (aid !== undefined) this.directory.hosts.giveUp(aid);
    if (sid !== undefined) this.directory.users.giveUp(sid);
  }

  /** The ids whose names the event does not say itself. */
  private wanted(raw: JsonObject): { readonly aid: string | undefined; readonly sid: string | undefined } {
    const sid = textAt(raw, 'UserSid');
    const named = textAt(raw, 'event_simpleName') !== undefined;
    return {
      aid: named && firstText(raw, 'ComputerName', 'hostname') === undefined ? textAt(raw, 'aid') : undefined,
      sid:
        named && sid !== undefined && textAt(raw, 'UserName') === undefined && !BUILT_IN_SID.test(sid)
          ? sid
          : undefined,
    };
  }

  private learn(raw: JsonObject): void {
    const aid = textAt(raw, 'aid');
    const name = firstText(raw, 'ComputerName', 'hostname');
    if (aid !== undefined && name !== undefined) {
      this.directory.hosts.learn(aid, {
        name,
        ...optional('domain', textAt(raw, 'MachineDomain')),
        ...optional('osVersion', firstText(raw, 'OSVersionString', 'Version')),
      });
    }
    const sid = userSidOf(raw);
    const [user, domain] = userOf(raw);
    if (sid !== undefined && user !== undefined) {
      this.directory.users.learn(sid, { name: user, ...optional('domain', domain) });
    }
  }

  private namesOf(raw: JsonObject): Named {
    const { hosts, users } = this.directory;
    return { raw, host: hosts.get(textAt(raw, 'aid') ?? ''), user: users.get(userSidOf(raw) ?? '') };
  }

  private give(named: Named, bytes: Uint8Array, origin: Origin): void {
    if (crowdstrikeTime(named.raw) !== undefined) this.sink.event(eventOf(named, bytes, origin));
  }
}

function eventOf(named: Named, bytes: Uint8Array, origin: Origin): Event {
  const { raw } = named;
  const time = crowdstrikeTime(raw)?.time ?? { ms: 0, ticks: 0 };
  return new Event({
    time,
    source: new DerivedSource({ ...named, time }, CROWDSTRIKE, PROMISES),
    raw: bytes,
    format: crowdstrikeFdr.name,
    dataStreams: [STREAM],
    origin,
    id: () => eventIdOf(raw),
  });
}

const NOBODY = { host: undefined, user: undefined };
const PROMISES = { words: crowdstrikeWords };
const UTF8 = new TextDecoder('utf-8');

/** `UserName`, or `User` as userinfo has it: `DOMAIN\name`. */
function userOf(raw: JsonObject): readonly [string | undefined, string | undefined] {
  const [, domain, name] = /^([^\\]*)\\(.+)$/s.exec(textAt(raw, 'User') ?? '') ?? [];
  return [textAt(raw, 'UserName') ?? name ?? textAt(raw, 'User'), textAt(raw, 'LogonDomain') ?? (domain || undefined)];
}

function optional<K extends string>(name: K, value: string | undefined): { readonly [name in K]?: string } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [name in K]?: string });
}
