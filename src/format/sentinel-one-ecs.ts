/**
 * An event of SentinelOne's Cloud Funnel as ECS: the derivations.
 *
 * Which process an event is about: of a creation the target (`tgt.process`, its parent `src.process`), of everything else
 * the source (`src.process`, its parent `src.process.parent`). Every field also stands, whole, as
 * `sentinel_one_cloud_funnel.event.<name>`, named as Elastic's integration names it.
 */
import type { Json, JsonObject } from '../event/json.ts';
import { type EventTime, formatTime } from '../event/time.ts';
import { type Derivation, derivationTable, type Transform } from './derivation.ts';
import { dnsTypeName, dnsTypeNames } from './dns-types.ts';
import { fileOfPath, lastPart } from './file-path.ts';
import {
  asInteger,
  asIp,
  asText,
  distinct,
  integerAt,
  isoTime,
  millisecondsAsTime,
  secondsAsTime,
  textAt,
} from './json-fields.ts';
import { type SentinelOneAction, sentinelOneAction } from './sentinel-one-actions.ts';
import { sentinelOnePath } from './sentinel-one-names.ts';
import { splitWords } from './split-words.ts';
import { knownFields, placeField } from './vendor-fields.ts';
import { splitWindowsArguments } from './windows-arguments.ts';

export interface SentinelOneRecord {
  readonly raw: JsonObject;
  readonly time: EventTime;
  readonly action: SentinelOneAction;
  /** Whether the event is about `tgt.process`. */
  readonly isCreation: boolean;
}

export function sentinelOneRecord(raw: JsonObject, time: EventTime): SentinelOneRecord {
  const [category = '', type = ''] = [textAt(raw, 'event.category'), textAt(raw, 'event.type')];
  const action = sentinelOneAction(category, type, textAt(raw, 'event.network.direction'));
  return { raw, time, action, isCreation: action.action?.[0] === 'start' };
}

type Compute = (record: SentinelOneRecord) => Json | undefined;
type Row = Derivation<SentinelOneRecord>;

const derive = (field: string, transform: Transform, from: string, compute: Compute): Row => ({
  field,
  from: from.split(' '),
  transform,
  compute,
});
const same = (field: string, name: string): Row => derive(field, 'same', name, ({ raw }) => textAt(raw, name));
const constant = (field: string, value: Json): Row => derive(field, 'constant', '', () => value);

/** `process.*` or `process.parent.*`, of whichever process of the record it is. */
const ofProcess = (at: 'process' | 'process.parent', prefixOf: (record: SentinelOneRecord) => string): Row[] => {
  const row = (
    field: string,
    names: string,
    compute: (raw: JsonObject, prefix: string) => Json | undefined,
    transform: Transform = 'compute',
  ): Row =>
    derive(`${at}.${field}`, transform, fromProcesses(names), (record) => compute(record.raw, prefixOf(record)));
  const text = (field: string, name: string): Row =>
    row(field, name, (raw, prefix) => textAt(raw, `${prefix}.${name}`), 'same');
  return [
    text('name', 'name'),
    text('executable', 'image.path'),
    text('title', 'displayName'),
    text('entity_id', 'uid'),
    text('hash.md5', 'image.md5'),
    text('hash.sha1', 'image.sha1'),
    text('hash.sha256', 'image.sha256'),
    text('code_signature.subject_name', 'publisher'),
    text('user.id', 'eUserUid'),
    text('real_user.id', 'rUserUid'),
    text('real_user.name', 'rUserName'),
    row('user.name', 'user eUserName', accountOf),
    row('pid', 'pid', (raw, prefix) => integerAt(raw, `${prefix}.pid`), 'number'),
    row('thread.id', 'tid', (raw, prefix) => integerAt(raw, `${prefix}.tid`)),
    row('start', 'startTime', (raw, prefix) => isoTime(millisecondsAsTime(textAt(raw, `${prefix}.startTime`)))),
    row('command_line', 'cmdline', commandLineOf),
    row('args', 'cmdline', argumentsOf),
    row('args_count', 'cmdline', (raw, prefix) => argumentsOf(raw, prefix)?.length),
    row('code_signature.exists', 'signedStatus', (raw, prefix) => isWord(raw, `${prefix}.signedStatus`, 'signed')),
    row('code_signature.trusted', 'verifiedStatus', (raw, prefix) =>
      isWord(raw, `${prefix}.verifiedStatus`, 'verified'),
    ),
  ];
};

export const SENTINEL_ONE = derivationTable<SentinelOneRecord>([
  derive('@timestamp', 'time', 'event.time timestamp', ({ time }) => formatTime(time)),
  same('event.id', 'event.id'),
  constant('event.kind', 'event'),
  constant('event.module', 'sentinel_one_cloud_funnel'),
  constant('event.dataset', 'sentinel_one_cloud_funnel.event'),
  derive('event.category', 'compute', 'event.category', ({ action }) => action.category),
  derive('event.type', 'compute', 'event.category event.type', ({ action }) => action.type),
  derive('event.action', 'compute', 'event.category event.type event.network.direction', ({ action }) => action.action),
  derive('event.outcome', 'compute', 'event.network.connectionStatus event.login.loginIsSuccessful', ({ raw }) =>
    outcomeOf(raw),
  ),

  same('host.id', 'agent.uuid'),
  same('host.name', 'endpoint.name'),
  same('host.hostname', 'endpoint.name'),
  same('host.type', 'endpoint.type'),
  same('host.os.name', 'os.name'),
  same('host.os.platform', 'endpoint.os'),
  derive('host.os.type', 'compute', 'endpoint.os', ({ raw }) => osTypeOf(raw)),
  same('group.id', 'group.id'),

  derive(
    'user.name',
    'compute',
    `event.login.userName ${fromProcesses('user eUserName')}`,
    (record) => userOf(record).name,
  ),
  derive(
    'user.domain',
    'compute',
    `event.login.accountDomain ${fromProcesses('user')}`,
    (record) => userOf(record).domain,
  ),
  derive('user.id', 'compute', `event.login.accountSid ${fromProcesses('eUserUid')}`, (record) => userOf(record).id),

  ...ofProcess('process', ({ isCreation }) => (isCreation ? 'tgt.process' : 'src.process')),
  ...ofProcess('process.parent', ({ isCreation }) => (isCreation ? 'src.process' : 'src.process.parent')),

  derive('network.direction', 'compute', 'event.network.direction', ({ raw }) => directionOf(raw)),
  derive('network.protocol', 'lower', 'event.network.protocolName', ({ raw }) =>
    textAt(raw, 'event.network.protocolName')?.toLowerCase(),
  ),
  derive('network.transport', 'compute', 'meta.event.name', ({ raw }) => transportOf(raw)?.[1]?.toLowerCase()),
  derive('network.type', 'compute', 'meta.event.name', ({ raw }) =>
    transportOf(raw)?.[2]?.toLowerCase().replace('v', 'ipv'),
  ),
  derive('source.ip', 'compute', 'src.ip.address', ({ raw }) => asIp(textAt(raw, 'src.ip.address'))),
  derive('source.port', 'number', 'src.port.number', ({ raw }) => integerAt(raw, 'src.port.number')),
  derive('destination.ip', 'compute', 'dst.ip.address', ({ raw }) => asIp(textAt(raw, 'dst.ip.address'))),
  derive('destination.address', 'compute', 'dst.ip.address', ({ raw }) => textAt(raw, 'dst.ip.address')),
  derive('destination.port', 'number', 'dst.port.number', ({ raw }) => integerAt(raw, 'dst.port.number')),

  derive('dns', 'compute', 'event.dns.request event.dns.response', ({ raw }) => dnsOf(raw)),
  derive('file', 'compute', 'tgt.file.*', ({ raw }) => fileOf(raw)),
  derive('registry', 'compute', 'registry.keyPath registry.value registry.valueType', ({ raw }) => registryOf(raw)),
  same('url.full', 'url.address'),
  same('http.request.method', 'event.url.action'),
  same('powershell.file.script_block_text', 'cmdScript.content'),

  derive('related.hash', 'compute', `${fromProcesses('image.md5 image.sha1 image.sha256')} tgt.file.*`, ({ raw }) =>
    distinct(HASHES.map((name) => textAt(raw, name))),
  ),
  derive('related.hosts', 'same', 'endpoint.name', ({ raw }) => distinct([textAt(raw, 'endpoint.name')])),
  derive('related.ip', 'compute', 'dst.ip.address src.ip.address', ({ raw }) =>
    distinct([asIp(textAt(raw, 'dst.ip.address')), asIp(textAt(raw, 'src.ip.address')), ...(resolvedOf(raw) ?? [])]),
  ),
  derive('related.user', 'compute', `event.login.userName ${fromProcesses('user eUserName rUserName')}`, ({ raw }) =>
    distinct([...USERS.map((name) => textAt(raw, name)), textAt(raw, 'event.login.userName')]),
  ),
  derive('sentinel_one_cloud_funnel.event', 'compute', '*', ({ raw }) => vendorFieldsOf(raw)),
]);

const PROCESSES = ['src.process.parent', 'src.process', 'tgt.process'] as const;
const HASHES = [
  ...['src.process', 'src.process.parent', 'tgt.process'].flatMap((at) =>
    (at === 'src.process.parent' ? ['sha1', 'sha256', 'md5'] : ['md5', 'sha1', 'sha256']).map(
      (kind) => `${at}.image.${kind}`,
    ),
  ),
  ...['md5', 'sha1', 'sha256'].map((kind) => `tgt.file.${kind}`),
];
const USERS = PROCESSES.flatMap((at) => ['user', 'eUserName', 'rUserName'].map((name) => `${at}.${name}`));

const words = splitWords(
  `event sentinel_one_cloud_funnel.event process access info file registry configuration authentication iam group library driver
  web threat indicator network start end protocol connection change creation deletion modification rename lookup_requested
  connection_attempted connection_accepted true false success failure unknown windows linux macos android
  ingress egress ipv4 ipv6 dir ${[...dnsTypeNames()].join(' ').toLowerCase()}`,
  PROCESSES.map((at) => `${at}.cmdline`),
);
export const SENTINEL_ONE_PROMISES = { words: ({ raw }: SentinelOneRecord) => words(raw) };

function fromProcesses(names: string): string {
  return names
    .split(' ')
    .flatMap((name) => ['tgt.process', 'src.process', 'src.process.parent'].map((at) => `${at}.${name}`))
    .join(' ');
}

function isWord(raw: JsonObject, name: string, word: string): boolean | undefined {
  const text = textAt(raw, name);
  return text === undefined ? undefined : text === word;
}

/** Without the space that Linux agents put before it, and without quotes around the whole. */
function commandLineOf(raw: JsonObject, prefix: string): string | undefined {
  const line = textAt(raw, `${prefix}.cmdline`)?.trim();
  return line === undefined || line === '' ? undefined : line.replace(/^"([^"]*)"$/s, '$1');
}

function argumentsOf(raw: JsonObject, prefix: string): string[] | undefined {
  const line = textAt(raw, `${prefix}.cmdline`)?.trim();
  return line === undefined || line === '' ? undefined : splitWindowsArguments(line);
}

/** `DOMAIN\name` of Windows, the effective user's name elsewhere. */
function accountOf(raw: JsonObject, prefix: string): string | undefined {
  return textAt(raw, `${prefix}.user`) ?? textAt(raw, `${prefix}.eUserName`);
}

interface User {
  readonly name: string | undefined;
  readonly domain: string | undefined;
  readonly id: string | undefined;
}

function userOf({ raw, isCreation }: SentinelOneRecord): User {
  const login = textAt(raw, 'event.login.userName');
  if (login !== undefined) {
    const [domain, id] = [notDash(raw, 'event.login.accountDomain'), notDash(raw, 'event.login.accountSid')];
    return { name: login, domain, id };
  }
  const prefix = isCreation ? 'tgt.process' : 'src.process';
  const account = accountOf(raw, prefix);
  const id = textAt(raw, `${prefix}.eUserUid`);
  const at = account?.indexOf('\\') ?? -1;
  if (account === undefined || at === -1) return { name: account, domain: undefined, id };
  return { name: account.slice(at + 1), domain: account.slice(0, at), id };
}

function notDash(raw: JsonObject, name: string): string | undefined {
  const text = textAt(raw, name);
  return text === '-' ? undefined : text;
}

function osTypeOf(raw: JsonObject): string | undefined {
  const os = textAt(raw, 'endpoint.os')?.toLowerCase();
  if (os === 'osx') return 'macos';
  return os !== undefined && ['linux', 'windows', 'macos', 'ios', 'android'].includes(os) ? os : undefined;
}

function outcomeOf(raw: JsonObject): string | undefined {
  const login = textAt(raw, 'event.login.loginIsSuccessful');
  if (login !== undefined) return login === 'true' ? 'success' : 'failure';
  const status = textAt(raw, 'event.network.connectionStatus')?.toLowerCase();
  if (status === undefined) return undefined;
  return status === 'success' || status === 'failure' ? status : 'unknown';
}

function directionOf(raw: JsonObject): string | undefined {
  const direction = textAt(raw, 'event.network.direction')?.toLowerCase();
  return direction === 'incoming' ? 'ingress' : direction === 'outgoing' ? 'egress' : undefined;
}

/** `TCPV4`, `UDPV6`. */
function transportOf(raw: JsonObject): RegExpExecArray | null {
  return /^(TCP|UDP)(V[46])$/i.exec(textAt(raw, 'meta.event.name') ?? '');
}

/** The request is a name, or `type: 28 name`; the response a list of addresses and `type: 5 name`. */
function dnsOf(raw: JsonObject): JsonObject | undefined {
  const request = textAt(raw, 'event.dns.request');
  const question = request === undefined ? undefined : typedName(request);
  const answers = answersOf(raw)
    .filter((answer) => answer.startsWith('type:'))
    .map(typedName);
  const resolved = resolvedOf(raw);
  return knownFields({
    question: question && knownFields(question),
    answers:
      answers.length === 0 ? undefined : answers.map(({ type, name }) => knownFields({ type, data: name }) ?? {}),
    resolved_ip: resolved,
  });
}

function typedName(text: string): { type: string | undefined; name: string | undefined } {
  const [, type, name] = /^type:\s*(\d+)(?:\s+(\S+))?\s*$/.exec(text) ?? [];
  return type === undefined ? { type: undefined, name: text } : { type: dnsTypeName(type), name };
}

function answersOf(raw: JsonObject): string[] {
  return (textAt(raw, 'event.dns.response') ?? '').split(';').map((part) => part.trim());
}

function resolvedOf(raw: JsonObject): Json[] | undefined {
  return distinct(answersOf(raw).map(asIp));
}

function fileOf(raw: JsonObject): JsonObject | undefined {
  const path = textAt(raw, 'tgt.file.path');
  const old = textAt(raw, 'tgt.file.oldPath');
  return knownFields({
    ...(path === undefined ? {} : fileOfPath(path)),
    extension: textAt(raw, 'tgt.file.extension') ?? (path === undefined ? undefined : fileOfPath(path).extension),
    size: integerAt(raw, 'tgt.file.size'),
    created: setTime(raw, 'tgt.file.creationTime'),
    mtime: setTime(raw, 'tgt.file.modificationTime'),
    hash: knownFields({
      md5: textAt(raw, 'tgt.file.md5'),
      sha1: textAt(raw, 'tgt.file.sha1'),
      sha256: textAt(raw, 'tgt.file.sha256'),
    }),
    Ext: old === undefined ? undefined : { original: { path: old, name: lastPart(old) } },
  });
}

/** The year 1601 stands for a time that is not known. */
function setTime(raw: JsonObject, name: string): string | undefined {
  const time = millisecondsAsTime(textAt(raw, name));
  return time === undefined || time.ms <= -11_644_473_600_000 ? undefined : formatTime(time);
}

function registryOf(raw: JsonObject): JsonObject | undefined {
  const path = textAt(raw, 'registry.keyPath');
  const at = path?.lastIndexOf('\\') ?? -1;
  const strings = distinct([textAt(raw, 'registry.value')]);
  return knownFields({
    path,
    key: path === undefined || at === -1 ? undefined : path.slice(0, at),
    value: path === undefined || at === -1 ? undefined : path.slice(at + 1),
    data: knownFields({ strings, type: textAt(raw, 'registry.valueType') }),
  });
}

function vendorFieldsOf(raw: JsonObject): JsonObject {
  const fields: Record<string, Json> = {};
  for (const [name, value] of Object.entries(raw)) {
    if (value === null || value === '') continue;
    placeField(fields, sentinelOnePath(name), name, inForm(name, value));
  }
  return fields;
}

function inForm(name: string, value: Json): Json {
  const text = asText(value);
  if (text === undefined) return value;
  if (name === 'sca:ingestTime') return isoTime(secondsAsTime(text)) ?? value;
  if (/[tT]ime$/.test(name)) return isoTime(millisecondsAsTime(text)) ?? value;
  if (/(?:sessionId|Uid)$/.test(name)) return text;
  return /\.(?:pid|tid)$/.test(name) ? (asInteger(text) ?? value) : value;
}
