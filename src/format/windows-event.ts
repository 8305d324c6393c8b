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
import type { FormatSettings } from './format.ts';
import { asText, millisecondsAsTime } from './json-fields.ts';
import type { WindowsRecord } from './windows-record.ts';
import type { XmlElement } from './xml.ts';

/** `undefined` where there is no `System` with an event id. */
export function readWindowsEvent(event: JsonObject, settings: FormatSettings): WindowsRecord | undefined {
  const system = objectAt(event, 'System');
  const code = textOf(memberOf(system, 'EventID'));
  if (system === undefined || code === undefined || !/^\d{1,10}$/.test(code)) return undefined;
  const rendering = objectAt(event, 'RenderingInfo');
  const created = attribute(system, 'TimeCreated', 'SystemTime') ?? textOf(memberOf(system, 'TimeCreated'));
  const keywords = objectAt(rendering, 'Keywords');
  const userData = objectAt(event, 'UserData');
  return {
    provider: attribute(system, 'Provider', 'Name') ?? textOf(memberOf(system, 'Provider')),
    providerGuid: attribute(system, 'Provider', 'Guid'),
    code: String(Number(code)),
    version: textOf(memberOf(system, 'Version')),
    channel: textOf(memberOf(system, 'Channel')),
    computer: textOf(memberOf(system, 'Computer')),
    recordId: textOf(memberOf(system, 'EventRecordID')),
    created,
    createdTime: millisecondsAsTime(created),
    activityId: attribute(system, 'Correlation', 'ActivityID'),
    relatedActivityId: attribute(system, 'Correlation', 'RelatedActivityID'),
    processId: attribute(system, 'Execution', 'ProcessID'),
    threadId: attribute(system, 'Execution', 'ThreadID'),
    user: userOf(attribute(system, 'Security', 'UserID') ?? attribute(system, 'Security', 'UserId')),
    system: rawSystem(system, objectAt(event, 'EventData')),
    names: {
      level: textOf(memberOf(rendering, 'Level')),
      task: textOf(memberOf(rendering, 'Task')),
      opcode: textOf(memberOf(rendering, 'Opcode')),
      keywords: keywords === undefined ? undefined : textsOf(memberOf(keywords, 'Keyword')),
    },
    message: textOf(memberOf(rendering, 'Message')),
    data: readEventData(memberOf(event, 'EventData')),
    userData: userData === undefined ? undefined : readUserData(userData),
    ingested: settings.now(),
    settings,
  };
}

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
  for (const [name, value] of Object.entries(system)) {
    if (!PLACED.has(name) && !found.has(name) && !name.startsWith('#') && value !== null) {
      found.set(name, withoutAttributes(value));
    }
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
    if (name !== 'Data' && item !== null && !/^[#@]/.test(name)) append(found, name, plain(item));
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
