/**
 * The nested form of an event log's record, `Event` with `System`, `EventData`, `UserData` and `RenderingInfo`, as XML
 * has it and as tools turn it into JSON (evtx_dump, Chainsaw, Vector and their like).
 *
 *   XML ──xmlAsJson──▶ { System: …, EventData: … } ──readWindowsEvent──▶ WindowsRecord
 *
 * Tools write attributes as `#attributes`, `@Name`, or plain members, and text beside attributes as `#text` or
 * `#text`'s like; all of these are read.
 */
import { isJsonObject, type Json, type JsonObject } from '../event/json.ts';
import type { EventTime } from '../event/time.ts';
import type { FormatSettings } from './format.ts';
import { asText, millisecondsAsTime } from './json-fields.ts';
import type { WindowsRecord } from './windows-record.ts';
import type { XmlElement } from './xml.ts';

/**
 * @param syslogHost the host in the syslog header around the record
 * @returns `undefined` where there is no `System` with an event id
 */
export function readWindowsEvent(
  event: JsonObject,
  settings: FormatSettings,
  syslogHost?: string,
): WindowsRecord | undefined {
  const system = objectAt(event, 'System');
  const code = textOf(memberOf(system, 'EventID'));
  return system === undefined || code === undefined || !/^\d{1,10}$/.test(code)
    ? undefined
    : new NestedRecord(event, system, String(Number(code)), { settings, syslogHost });
}

/** Read from the object as it is asked: most rules ask for few of its members. */
class NestedRecord implements WindowsRecord {
  readonly code: string;
  readonly provider: string | undefined;
  readonly channel: string | undefined;
  readonly settings: FormatSettings;
  readonly ingested: number;
  readonly syslogHost: string | undefined;
  private readonly event: JsonObject;
  private readonly head: JsonObject;
  private numbers: JsonObject | undefined;
  private wholeData: JsonObject | undefined;

  constructor(
    event: JsonObject,
    head: JsonObject,
    code: string,
    { settings, syslogHost }: { readonly settings: FormatSettings; readonly syslogHost: string | undefined },
  ) {
    this.syslogHost = syslogHost;
    this.event = event;
    this.head = head;
    this.code = code;
    this.settings = settings;
    this.ingested = settings.now();
    this.provider = attribute(head, 'Provider', 'Name') ?? textOf(memberOf(head, 'Provider'));
    this.channel = textOf(memberOf(head, 'Channel'));
  }

  get providerGuid(): string | undefined {
    return attribute(this.head, 'Provider', 'Guid');
  }

  get version(): string | undefined {
    return textOf(memberOf(this.head, 'Version'));
  }

  get computer(): string | undefined {
    return textOf(memberOf(this.head, 'Computer'));
  }

  get recordId(): string | undefined {
    return textOf(memberOf(this.head, 'EventRecordID'));
  }

  get created(): string | undefined {
    return attribute(this.head, 'TimeCreated', 'SystemTime') ?? textOf(memberOf(this.head, 'TimeCreated'));
  }

  get createdTime(): EventTime | undefined {
    return millisecondsAsTime(this.created);
  }

  get activityId(): string | undefined {
    return attribute(this.head, 'Correlation', 'ActivityID');
  }

  get relatedActivityId(): string | undefined {
    return attribute(this.head, 'Correlation', 'RelatedActivityID');
  }

  get processId(): string | undefined {
    return attribute(this.head, 'Execution', 'ProcessID');
  }

  get threadId(): string | undefined {
    return attribute(this.head, 'Execution', 'ThreadID');
  }

  get user(): WindowsRecord['user'] {
    return userOf(attribute(this.head, 'Security', 'UserID') ?? attribute(this.head, 'Security', 'UserId'));
  }

  get system(): JsonObject {
    this.numbers ??= rawSystem(this.head, objectAt(this.event, 'EventData'));
    return this.numbers;
  }

  get names(): WindowsRecord['names'] {
    const rendering = objectAt(this.event, 'RenderingInfo');
    const keywords = objectAt(rendering, 'Keywords');
    return {
      level: textOf(memberOf(rendering, 'Level')),
      task: textOf(memberOf(rendering, 'Task')),
      opcode: textOf(memberOf(rendering, 'Opcode')),
      keywords: keywords === undefined ? undefined : textsOf(memberOf(keywords, 'Keyword')),
    };
  }

  get message(): string | undefined {
    return textOf(memberOf(objectAt(this.event, 'RenderingInfo'), 'Message'));
  }

  get data(): JsonObject {
    this.wholeData ??= readEventData(memberOf(this.event, 'EventData'));
    return this.wholeData;
  }

  datum(name: string): Json | undefined {
    const data = objectAt(this.event, 'EventData');
    // Lists of values have to be read to find one.
    if (data === undefined || Object.hasOwn(data, 'Data')) {
      return Object.hasOwn(this.data, name) ? this.data[name] : undefined;
    }
    const value = NO_DATUM.test(name) ? undefined : memberOf(data, name);
    return value === undefined || value === null ? undefined : plain(value);
  }

  get userData(): JsonObject | undefined {
    const userData = objectAt(this.event, 'UserData');
    return userData === undefined ? undefined : readUserData(userData);
  }
}

/** Attributes, and text beside them. */
const NO_DATUM = /^[#@]/;

/** An element as the JSON that evtx_dump writes; names and values of `Data` apart, as they stand. */
export function xmlAsJson(element: XmlElement): Json {
  const { attributes, children, text } = element;
  if (children.length === 0 && attributes.size === 0) return text;
  const members = new Map<string, Json[]>();
  if (attributes.size > 0) members.set('#attributes', [Object.fromEntries(attributes)]);
  if (children.length === 0 && text !== '') members.set('#text', [text]);
  for (const child of children) append(members, child.name.slice(child.name.indexOf(':') + 1), xmlAsJson(child));
  return Object.fromEntries(singled(members));
}

// --- Parts ------------------------------------------------------------------------------------------------------------

const NUMBERS = ['Level', 'Task', 'Opcode'];
const PLACED = new Set(
  'Provider EventID Version Channel Computer EventRecordID TimeCreated Correlation Execution Security Keywords'.split(
    ' ',
  ),
);

/** What has no name of its own under `winlog`: numbers that winlogbeat shows by name only, and rare attributes. */
function rawSystem(system: JsonObject, eventData: JsonObject | undefined): JsonObject {
  const found = new Map<string, Json>();
  for (const name of NUMBERS) {
    const text = textOf(memberOf(system, name));
    if (text !== undefined) found.set(name, text);
  }
  const keywords = hexKeywords(textOf(memberOf(system, 'Keywords')));
  if (keywords !== undefined) found.set('Keywords', keywords);
  for (const [element, name, as] of RARE) {
    const text = attribute(system, element, name);
    if (text !== undefined) found.set(as, text);
  }
  for (const name of Object.keys(system)) {
    const value = PLACED.has(name) || found.has(name) || name.startsWith('#') ? null : (system[name] as Json);
    if (value !== null) found.set(name, withoutAttributes(value));
  }
  const dataName = eventData === undefined ? undefined : textOf(ownAttribute(eventData, 'Name'));
  if (dataName !== undefined) found.set('EventDataName', dataName);
  return Object.fromEntries(found);
}

const RARE = [
  ['EventID', 'Qualifiers', 'Qualifiers'],
  ['Provider', 'EventSourceName', 'EventSourceName'],
  ['Execution', 'SessionID', 'SessionID'],
  ['Execution', 'KernelTime', 'KernelTime'],
  ['Execution', 'UserTime', 'UserTime'],
  ['Execution', 'ProcessorID', 'ProcessorID'],
] as const;

/** `0x8020000000000000` from hexadecimal, or from decimal with or without a sign. */
export function hexKeywords(text: string | undefined): string | undefined {
  if (text === undefined || !/^(?:-?\d{1,20}|0x[0-9a-f]{1,16})$/i.test(text)) return undefined;
  return text.startsWith('0x') ? text.toLowerCase() : `0x${BigInt.asUintN(64, BigInt(text)).toString(16)}`;
}

/** Values by name; a name that stands twice holds both, and those without a name are `param1`, `param2`, … */
function readEventData(value: Json | undefined): JsonObject {
  const found = new Map<string, Json[]>();
  let unnamed = 0;
  for (const item of listOf(isJsonObject(value) ? memberOf(value, 'Data') : value)) {
    const name = isJsonObject(item) ? textOf(ownAttribute(item, 'Name')) : undefined;
    for (const part of listOf(isJsonObject(item) ? memberOf(item, '#text') : item)) {
      if (name === undefined) unnamed += 1;
      append(found, name ?? `param${unnamed}`, plain(part));
    }
    if (name !== undefined && !found.has(name)) append(found, name, '');
  }
  for (const [name, item] of isJsonObject(value) ? Object.entries(value) : []) {
    if (name !== 'Data' && item !== null && !NO_DATUM.test(name)) append(found, name, plain(item));
  }
  return Object.fromEntries(singled(found));
}

/** The members of the one element in `UserData`, and its name as `xml_name`, as winlogbeat has them. */
function readUserData(userData: JsonObject): JsonObject | undefined {
  const elements = Object.entries(userData).filter(([name, value]) => !/^[#@]/.test(name) && value !== null);
  const [only] = elements;
  if (elements.length !== 1 || only === undefined || !isJsonObject(only[1])) {
    return elements.length === 0 ? undefined : (withoutAttributes(Object.fromEntries(elements)) as JsonObject);
  }
  const inner = withoutAttributes(only[1]);
  return { xml_name: only[0], ...(isJsonObject(inner) ? inner : { value: inner }) };
}

function listOf(value: Json | undefined): readonly Json[] {
  return value === undefined || value === null ? [] : Array.isArray(value) ? value : [value as Json];
}

function append(lists: Map<string, Json[]>, name: string, value: Json): void {
  const list = lists.get(name);
  if (list === undefined) lists.set(name, [value]);
  else list.push(value);
}

/** A list of one stands for its item. */
function* singled(lists: ReadonlyMap<string, readonly Json[]>): Iterable<[string, Json]> {
  for (const [name, list] of lists) yield [name, list.length === 1 ? (list[0] as Json) : list];
}

/** A value of the event's data as it is kept: scalars as text. */
export function plain(value: Json): Json {
  if (Array.isArray(value)) return value.map(plain);
  return typeof value === 'object' ? withoutAttributes(value) : String(value);
}

/** Text beside attributes alone stands for itself; attributes of what is kept whole are namespaces. */
function withoutAttributes(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutAttributes);
  if (!isJsonObject(value)) return value === null ? null : String(value);
  const members = Object.entries(value).filter(([name, part]) => !(name === '#attributes' && isNamespace(part)));
  const [only] = members;
  if (members.length === 1 && only?.[0] === '#text') return withoutAttributes(only[1]);
  return Object.fromEntries(members.map(([name, part]) => [name, withoutAttributes(part)]));
}

function isNamespace(attributes: Json): boolean {
  return isJsonObject(attributes) && Object.keys(attributes).every((name) => /^(?:auto-ns\d|xmlns)/.test(name));
}

function userOf(identifier: string | undefined): WindowsRecord['user'] {
  return identifier === undefined ? {} : { identifier };
}

function memberOf(object: JsonObject | undefined, name: string): Json | undefined {
  return object !== undefined && Object.hasOwn(object, name) ? object[name] : undefined;
}

function objectAt(object: JsonObject | undefined, name: string): JsonObject | undefined {
  const value = memberOf(object, name);
  return isJsonObject(value) ? value : undefined;
}

function attribute(system: JsonObject, element: string, name: string): string | undefined {
  const value = objectAt(system, element);
  return value === undefined ? undefined : textOf(ownAttribute(value, name));
}

function ownAttribute(element: JsonObject, name: string): Json | undefined {
  return (
    memberOf(objectAt(element, '#attributes'), name) ??
    memberOf(element, `@${name}`) ??
    memberOf(element, `_${name}`) ??
    memberOf(element, name)
  );
}

function textOf(value: Json | undefined): string | undefined {
  return asText(isJsonObject(value) ? memberOf(value, '#text') : value);
}

function textsOf(value: Json | undefined): readonly string[] {
  return (Array.isArray(value) ? value : [value]).map(textOf).filter((text) => text !== undefined);
}
