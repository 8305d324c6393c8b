/**
 * An event as the Open Cybersecurity Schema Framework (OCSF 1.5, schema.ocsf.io) has it.
 *
 *   document ──flatten──▶ ECS fields ──each that has a home is taken──▶ class's attributes
 *                                     └──all the rest──────────────────▶ unmapped, by dotted ECS name
 *
 * Classes: Process Activity, File System Activity, Network Activity, Authentication, else Base Event. Invariants: the
 * same event gives the same object; a field is taken only if its home says exactly what it said, so that nothing is
 * lost and no digit altered (an integer beyond 2^53 stays decimal text); what ocsf.ts reads of the result are the
 * fields that were taken. An event that came as OCSF is written as it came.
 */
import { type Event, setPath } from '../event/event.ts';
import { isJsonObject, type Json, type JsonObject } from '../event/json.ts';
import { formatTime, parseTime } from '../event/time.ts';
import { lastPart } from './file-path.ts';
import { asInteger, asText } from './json-fields.ts';
import { AUTHENTICATION, FILE_ACTIVITY, NETWORK_ACTIVITY, ocsfActivity, PROCESS_ACTIVITY } from './to-ocsf-class.ts';

const VERSION = '1.5.0';
const PROFILES = ['cloud', 'container', 'datetime', 'host'];
const LAUNCH = 1;
/** What no name of a field is longer than; what lies deeper stays an object. */
const MAX_NAME = 1_024;

type Made = Record<string, Json>;

export function toOcsf(event: Event): JsonObject {
  const document = event.document();
  if (event.format === 'ocsf' && isJsonObject(document.ocsf)) return document.ocsf;
  const fields = new Fields(document);
  const activity = ocsfActivity(
    fields.texts('event.category'),
    fields.texts('event.type'),
    fields.texts('event.action'),
  );
  const { classUid, activityId, activityName } = activity;
  const made: Made = {
    activity_id: activityId,
    activity_name: activityName,
    category_name: activity.categoryName,
    category_uid: activity.categoryUid,
    class_name: activity.className,
    class_uid: classUid,
    type_name: `${activity.className}: ${activityName}`,
    type_uid: classUid * 100 + activityId,
    severity_id: 0,
    time: event.time.ms,
    metadata: { version: VERSION, profiles: PROFILES, product: { name: event.format } },
  };
  if (event.time.ticks !== 0) made.time_dt = formatTime(event.time);
  if (fields.peek('@timestamp') === formatTime(event.time)) fields.take('@timestamp');
  fields.text('event.provider', (name) => setPath(made, 'metadata.product.name', name));
  for (const [field, path] of OF_EVERY_CLASS) fields.text(field, (value) => setPath(made, path, value));
  for (const field of ['start', 'end']) fields.time(`event.${field}`, made, `${field}_time`);
  fields.oneOf('event.outcome', STATUSES, (id) => setPath(made, 'status_id', id));
  writeDevice(fields, made);
  writeProcess(fields, made, classUid, activityId);
  const user = userOf(fields, 'user');
  if (user !== undefined) setPath(made, classUid === AUTHENTICATION ? 'user' : 'actor.user', user);
  if (classUid === NETWORK_ACTIVITY || classUid === AUTHENTICATION) writeEndpoints(fields, made);
  if (classUid === NETWORK_ACTIVITY) writeConnection(fields, made);
  if (classUid === FILE_ACTIVITY) writeFile(fields, made);
  const unmapped = fields.rest();
  return unmapped === undefined ? made : { ...made, unmapped };
}

const STATUSES = { success: 1, failure: 2 };

/** Text to text. */
const OF_EVERY_CLASS = [
  ['message', 'message'],
  ['event.id', 'metadata.uid'],
  ['event.code', 'metadata.event_code'],
  ['event.original', 'raw_data'],
  ['cloud.provider', 'cloud.provider'],
  ['cloud.region', 'cloud.region'],
  ['cloud.account.id', 'cloud.account.uid'],
] as const;

const SYSTEMS = { windows: 100, linux: 200, macos: 300 };

function writeDevice(fields: Fields, made: Made): void {
  const device: Made = { type_id: 0 };
  fields.text('host.name', (name) => setPath(device, 'hostname', name));
  if (device.hostname === undefined || fields.peek('host.hostname') === device.hostname) {
    fields.text('host.hostname', (name) => setPath(device, 'hostname', name));
  }
  fields.text('host.id', (id) => setPath(device, 'uid', id));
  fields.text('host.domain', (domain) => setPath(device, 'domain', domain));
  // A device of OCSF has one address; with several, all of them stay unmapped, too.
  const [ip, ...others] = [fields.peek('host.ip') ?? []].flat();
  if (typeof ip === 'string') device.ip = ip;
  if (typeof ip === 'string' && others.length === 0) fields.take('host.ip');
  fields.oneOf('host.os.type', SYSTEMS, (id) => setPath(device, 'os.type_id', id));
  fields.text('host.os.name', (name) => setPath(device, 'os.name', name));
  fields.text('host.os.version', (version) => setPath(device, 'os.version', version));
  if (Object.keys(device).length > 1) made.device = device;
}

/** Of a launch the parent is the actor; of anything else the process itself is. */
function writeProcess(fields: Fields, made: Made, classUid: number, activityId: number): void {
  const process = processOf(fields, 'process');
  fields.integer('process.thread.id', (tid) => setPath(process, 'tid', tid));
  fields.time('process.end', process, 'terminated_time');
  for (const [field, path] of CONTAINER) fields.text(field, (value) => setPath(process, `container.${path}`, value));
  const parent = processOf(fields, 'process.parent');
  if (Object.keys(parent).length > 0) process.parent_process = parent;
  if (classUid !== PROCESS_ACTIVITY) {
    if (Object.keys(process).length > 0) setPath(made, 'actor.process', process);
    return;
  }
  fields.integer('process.exit_code', (code) => setPath(made, 'exit_code', code));
  made.process = process;
  if (activityId === LAUNCH && Object.keys(parent).length > 0) setPath(made, 'actor.process', parent);
}

const CONTAINER = [
  ['container.id', 'uid'],
  ['container.name', 'name'],
  ['container.image.name', 'image.name'],
] as const;

function processOf(fields: Fields, at: 'process' | 'process.parent'): Made {
  const process: Made = {};
  fields.integer(`${at}.pid`, (pid) => setPath(process, 'pid', pid));
  fields.text(`${at}.entity_id`, (id) => setPath(process, 'uid', id));
  fields.text(`${at}.name`, (name) => setPath(process, 'name', name));
  fields.text(`${at}.command_line`, (line) => setPath(process, 'cmd_line', line));
  fields.text(`${at}.working_directory`, (folder) => setPath(process, 'working_directory', folder));
  fields.time(`${at}.start`, process, 'created_time');
  fields.text(`${at}.executable`, (path) => setPath(process, 'file', { name: lastPart(path), path, type_id: 1 }));
  // A file of OCSF has a name: without one the hashes have no home.
  if (process.file !== undefined) writeHashes(fields, `${at}.hash`, process.file as Made);
  const user = userOf(fields, `${at}.user`);
  if (user !== undefined) process.user = user;
  return process;
}

function userOf(fields: Fields, at: string): Made | undefined {
  const user: Made = {};
  fields.text(`${at}.name`, (name) => setPath(user, 'name', name));
  fields.text(`${at}.id`, (id) => setPath(user, 'uid', id));
  if (at === 'user') fields.text('user.domain', (domain) => setPath(user, 'domain', domain));
  return Object.keys(user).length === 0 ? undefined : user;
}

const HASHES = [
  ['md5', 'MD5', 1],
  ['sha1', 'SHA-1', 2],
  ['sha256', 'SHA-256', 3],
  ['sha512', 'SHA-512', 4],
] as const;

function writeHashes(fields: Fields, at: string, file: Made): void {
  const hashes: Json[] = [];
  for (const [name, algorithm, id] of HASHES) {
    fields.text(`${at}.${name}`, (value) => hashes.push({ algorithm, algorithm_id: id, value }));
  }
  if (hashes.length > 0) file.hashes = hashes;
}

const ENDPOINTS = [
  ['source', 'src_endpoint', 'out'],
  ['destination', 'dst_endpoint', 'in'],
] as const;

function writeEndpoints(fields: Fields, made: Made): void {
  for (const [at, to] of ENDPOINTS) {
    const endpoint: Made = {};
    fields.text(`${at}.ip`, (ip) => setPath(endpoint, 'ip', ip));
    fields.text(`${at}.domain`, (name) => setPath(endpoint, 'hostname', name));
    fields.text(`${at}.mac`, (mac) => setPath(endpoint, 'mac', mac));
    fields.integer(`${at}.port`, (port) => setPath(endpoint, 'port', port));
    if (fields.peek(`${at}.address`) === (endpoint.ip ?? endpoint.hostname)) fields.take(`${at}.address`);
    if (Object.keys(endpoint).length > 0) made[to] = endpoint;
  }
}

const DIRECTIONS = { inbound: 1, outbound: 2, internal: 3 };
const IP_VERSIONS = { ipv4: 4, ipv6: 6 };

function writeConnection(fields: Fields, made: Made): void {
  for (const [at, , way] of ENDPOINTS) {
    fields.integer(`${at}.bytes`, (count) => setPath(made, `traffic.bytes_${way}`, count));
    fields.integer(`${at}.packets`, (count) => setPath(made, `traffic.packets_${way}`, count));
  }
  fields.integer('network.bytes', (count) => setPath(made, 'traffic.bytes', count));
  fields.integer('network.packets', (count) => setPath(made, 'traffic.packets', count));
  fields.oneOf('network.direction', DIRECTIONS, (id) => setPath(made, 'connection_info.direction_id', id));
  fields.text('network.transport', (name) => setPath(made, 'connection_info.protocol_name', name));
  fields.integer('network.iana_number', (number) => setPath(made, 'connection_info.protocol_num', number));
  fields.oneOf('network.type', IP_VERSIONS, (version) => {
    setPath(made, 'connection_info.protocol_ver', `IPv${version}`);
    setPath(made, 'connection_info.protocol_ver_id', version);
  });
}

const FILE_TYPES = { file: 1, dir: 2, symlink: 7 };

/** A file of OCSF has a name: what is said of one without stays unmapped. */
function writeFile(fields: Fields, made: Made): void {
  const file: Made = { type_id: 0 };
  fields.text('file.path', (path) => {
    file.path = path;
    file.name = lastPart(path);
  });
  fields.text('file.name', (name) => setPath(file, 'name', name));
  if (file.name === undefined) return;
  fields.integer('file.size', (size) => setPath(file, 'size', size));
  fields.oneOf('file.type', FILE_TYPES, (id) => setPath(file, 'type_id', id));
  writeHashes(fields, 'file.hash', file);
  made.file = file;
}

/** A document's fields by dotted name; each is taken once at most. */
class Fields {
  private readonly left = new Map<string, Json>();

  constructor(document: JsonObject) {
    flatten(document, '', this.left);
  }

  peek(field: string): Json | undefined {
    return this.left.get(field);
  }

  take(field: string): void {
    this.left.delete(field);
  }

  /** The scalars of a field as texts; they stay. */
  texts(field: string): string[] {
    const value = this.left.get(field);
    return (Array.isArray(value) ? value : [value]).map(asText).filter((text) => text !== undefined);
  }

  /** Takes a text. */
  text(field: string, put: (value: string) => void): void {
    const value = this.left.get(field);
    if (typeof value !== 'string' || value === '' || value === '-') return;
    this.left.delete(field);
    put(value);
  }

  /** Takes a whole number, or the decimal text of one. */
  integer(field: string, put: (value: number | string) => void): void {
    const value = this.left.get(field);
    const integer = Array.isArray(value) ? undefined : asInteger(asText(value));
    if (integer === undefined || String(integer) !== String(value)) return;
    this.left.delete(field);
    put(integer);
  }

  /** Takes a word that OCSF has a number for. */
  oneOf(field: string, numbers: Readonly<Record<string, number>>, put: (number: number) => void): void {
    const value = this.left.get(field);
    if (typeof value !== 'string' || !Object.hasOwn(numbers, value)) return;
    this.left.delete(field);
    put(numbers[value] as number);
  }

  /** Puts a time as milliseconds and, where they do not hold all of it, as text beside them; takes what that says. */
  time(field: string, made: Made, name: string): void {
    const value = this.left.get(field);
    const time = typeof value === 'string' ? parseTime(value) : undefined;
    if (time === undefined) return;
    made[name] = time.ms;
    if (time.ticks !== 0) made[`${name}_dt`] = formatTime(time);
    if (formatTime(time) === value) this.left.delete(field);
  }

  rest(): JsonObject | undefined {
    return this.left.size === 0 ? undefined : Object.fromEntries(this.left);
  }
}

/** A field that stands in a document twice, nested and with a dotted name, has both values. */
function flatten(value: JsonObject, at: string, found: Map<string, Json>): void {
  for (const [name, part] of Object.entries(value)) {
    const field = at === '' ? name : `${at}.${name}`;
    if (isJsonObject(part) && field.length < MAX_NAME && Object.keys(part).length > 0) flatten(part, field, found);
    else found.set(field, found.has(field) ? [found.get(field) as Json, part].flat() : part);
  }
}
