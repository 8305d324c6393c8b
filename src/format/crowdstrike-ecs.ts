/**
 * An event of CrowdStrike's Falcon Data Replicator as ECS: the derivations.
 *
 * What has an ECS home moves there, as in Elastic's integration; everything else stays as `crowdstrike.<name>`
 * (crowdstrike-fields.ts). Ids of processes, which have 64 bits, stay text.
 */
import type { Json } from '../event/json.ts';
import { formatTime } from '../event/time.ts';
import {
  actionOf,
  addressesAt,
  argumentsOf,
  type CrowdstrikeRecord,
  directionOf,
  endOf,
  eventIdOf,
  fileOf,
  firstText,
  flowIdOf,
  hashesOf,
  hostNameOf,
  isDns,
  isOfProcess,
  platformOf,
  principalOf,
  processNameOf,
  questionTypeOf,
  secondsAt,
  transportOf,
  uptimeOf,
  vendorFieldsOf,
} from './crowdstrike-fields.ts';
import { type Derivation, derivationTable, type Transform } from './derivation.ts';
import { distinct, integerAt, isoTime, textAt } from './json-fields.ts';

type Compute = (record: CrowdstrikeRecord) => Json | undefined;
type Row = Derivation<CrowdstrikeRecord>;

const ADDRESSES = 'ConnectionDirection LocalAddressIP4 LocalAddressIP6 RemoteAddressIP4 RemoteAddressIP6';
const HASHES = 'MD5HashData SHA1HashData SHA256HashData';

const derive = (field: string, transform: Transform, from: string, compute: Compute): Row => ({
  field,
  from: from.split(' '),
  transform,
  compute,
});
const same = (field: string, name: string): Row => derive(field, 'same', name, ({ raw }) => textAt(raw, name));
const number = (field: string, name: string): Row => derive(field, 'number', name, ({ raw }) => integerAt(raw, name));
const constant = (field: string, value: Json): Row => derive(field, 'constant', '', () => value);
/** The first of the names that has a value; what other records told where none has. */
const first = (field: string, names: string, known: Compute = () => undefined): Row =>
  derive(field, 'compute', names, (record) => firstText(record.raw, ...names.split(' ')) ?? known(record));
/** Fields that Elastic's integration fills for Linux only. */
const linux = (field: string, name: string): Row =>
  derive(field, 'same', `${name} event_platform`, ({ raw }) =>
    platformOf(raw) === 'linux' ? textAt(raw, name) : undefined,
  );

export const CROWDSTRIKE = derivationTable<CrowdstrikeRecord>([
  derive('@timestamp', 'time', 'timestamp', ({ time }) => formatTime(time)),
  derive('event.created', 'time', 'timestamp', ({ time }) => formatTime(time)),
  derive('event.id', 'compute', 'id aid cid', ({ raw }) => eventIdOf(raw)),
  same('event.action', 'event_simpleName'),
  derive('event.category', 'compute', 'event_simpleName', ({ raw }) => actionOf(raw).category),
  derive('event.type', 'compute', 'event_simpleName', ({ raw }) => actionOf(raw).type),
  derive('event.kind', 'compute', 'event_simpleName', ({ raw }) => actionOf(raw).kind),
  derive('event.outcome', 'compute', 'event_simpleName', ({ raw }) => actionOf(raw).outcome),
  constant('event.module', 'crowdstrike'),
  constant('event.dataset', 'crowdstrike.fdr'),
  same('message', 'event_simpleName'),

  same('observer.serial_number', 'aid'),
  derive('observer.ip', 'compute', 'aip', ({ raw }) => addressesAt(raw, 'aip')),
  derive('observer.address', 'compute', 'aip', ({ raw }) => addressesAt(raw, 'aip')),
  first('observer.version', 'AgentVersion ConfigBuild'),

  same('device.id', 'aid'),
  same('host.id', 'aid'),
  derive('host.hostname', 'compute', 'ComputerName hostname', hostNameOf),
  derive('host.name', 'compute', 'ComputerName hostname', hostNameOf),
  first('host.domain', 'MachineDomain', ({ host }) => host?.domain),
  derive('host.os.type', 'compute', 'event_platform', ({ raw }) => platformOf(raw)),
  first('host.os.version', 'OSVersionString Version', ({ host }) => host?.osVersion),
  same('host.geo.city_name', 'City'),
  same('host.geo.continent_name', 'Continent'),
  same('host.geo.country_name', 'Country'),
  same('host.geo.timezone', 'Timezone'),

  same('process.command_line', 'CommandLine'),
  derive('process.args', 'compute', 'CommandLine', ({ raw }) => argumentsOf(raw)),
  derive('process.args_count', 'compute', 'CommandLine', ({ raw }) => argumentsOf(raw)?.length),
  first('process.executable', 'ImageFileName ContextImageFileName'),
  derive('process.name', 'basename', 'ImageFileName ContextImageFileName CommandLine ContextBaseFileName', ({ raw }) =>
    processNameOf(raw),
  ),
  derive(
    'process.pid',
    'number',
    'RawProcessId EtwRawProcessId',
    ({ raw }) => integerAt(raw, 'RawProcessId') ?? integerAt(raw, 'EtwRawProcessId'),
  ),
  derive('process.entity_id', 'same', 'TargetProcessId ContextProcessId', ({ raw }) =>
    firstText(raw, 'TargetProcessId', 'ContextProcessId'),
  ),
  derive(
    'process.thread.id',
    'number',
    'ContextThreadId EtwRawThreadId',
    ({ raw }) => integerAt(raw, 'ContextThreadId') ?? integerAt(raw, 'EtwRawThreadId'),
  ),
  same('process.parent.entity_id', 'ParentProcessId'),
  same('process.parent.name', 'ParentBaseFileName'),
  number('process.pgid', 'ProcessGroupId'),
  linux('process.group_leader.entity_id', 'ProcessGroupId'),
  number('process.exit_code', 'ExitCode'),
  derive('process.start', 'time', 'ProcessStartTime', ({ raw }) => isoTime(secondsAt(raw, 'ProcessStartTime'))),
  derive('process.end', 'time', 'ProcessEndTime', ({ raw }) => isoTime(secondsAt(raw, 'ProcessEndTime'))),
  derive('process.uptime', 'compute', 'ProcessStartTime ProcessEndTime', ({ raw }) => uptimeOf(raw)),
  same('process.title', 'ServiceDisplayName'),
  derive('process.hash', 'compute', `event_simpleName ${HASHES}`, ({ raw }) =>
    isOfProcess(raw) ? hashesOf(raw) : undefined,
  ),
  linux('process.group.id', 'GID'),
  linux('process.real_user.id', 'RUID'),
  linux('process.real_group.id', 'RGID'),

  first('user.id', 'UID UserSid'),
  first('user.name', 'UserName', ({ user }) => user?.name),
  derive('user.domain', 'compute', 'UserPrincipal', ({ raw, user }) => principalOf(raw)?.domain ?? user?.domain),
  derive('user.full_name', 'compute', 'UserPrincipal', ({ raw }) => principalOf(raw)?.name),
  same('user.email', 'UserPrincipal'),
  same('user.group.id', 'GID'),
  derive('user.roles', 'compute', 'UserIsAdmin', ({ raw }) =>
    textAt(raw, 'UserIsAdmin') === '1' ? ['admin'] : undefined,
  ),
  linux('user.Ext.real.id', 'RUID'),
  linux('group.id', 'GID'),
  linux('group.Ext.real.id', 'RGID'),

  derive('network.direction', 'compute', 'ConnectionDirection', ({ raw }) => directionOf(raw)),
  same('network.iana_number', 'Protocol'),
  derive('network.transport', 'compute', 'Protocol', ({ raw }) => transportOf(raw)),
  derive('network.community_id', 'compute', `Protocol LocalPort RemotePort ${ADDRESSES}`, ({ raw }) => flowIdOf(raw)),
  ...(['source', 'destination'] as const).flatMap((side) => [
    derive(`${side}.ip`, 'compute', ADDRESSES, ({ raw }) => endOf(raw, side).ip),
    derive(`${side}.address`, 'compute', ADDRESSES, ({ raw }) => endOf(raw, side).ip),
    derive(`${side}.port`, 'number', 'ConnectionDirection LocalPort RemotePort', ({ raw }) => endOf(raw, side).port),
  ]),
  derive('source.mac', 'compute', 'MAC PhysicalAddress', ({ raw }) =>
    firstText(raw, 'MAC', 'PhysicalAddress')?.toUpperCase(),
  ),

  derive('dns.type', 'compute', 'event_simpleName', ({ raw }) => (isDns(raw) ? 'query' : undefined)),
  derive('dns.question.name', 'compute', 'DomainName event_simpleName', ({ raw }) =>
    isDns(raw) ? textAt(raw, 'DomainName') : undefined,
  ),
  derive('dns.question.type', 'compute', 'RequestType event_simpleName', ({ raw }) => questionTypeOf(raw)),

  derive(
    'file',
    'compute',
    `TargetFileName SourceFileName Size FileIdentifier DiskParentDeviceInstanceId event_simpleName ${HASHES}`,
    ({ raw }) => fileOf(raw),
  ),

  derive('related.hash', 'compute', `${HASHES} ConfigStateHash`, ({ raw }) =>
    distinct([...Object.values(hashesOf(raw) ?? {}), textAt(raw, 'ConfigStateHash')]),
  ),
  derive('related.hosts', 'compute', 'ComputerName hostname LogonServer ClientComputerName', (record) =>
    distinct([hostNameOf(record), textAt(record.raw, 'LogonServer'), textAt(record.raw, 'ClientComputerName')]),
  ),
  derive('related.ip', 'compute', `aip ${ADDRESSES}`, ({ raw }) =>
    distinct([
      ...(addressesAt(raw, 'aip') ?? []),
      ...(addressesAt(raw, 'LocalAddressIP4') ?? []),
      ...(addressesAt(raw, 'LocalAddressIP6') ?? []),
      endOf(raw, 'source').ip,
      endOf(raw, 'destination').ip,
    ]),
  ),
  derive('related.user', 'compute', 'UserName UID UserSid UserPrincipal', ({ raw, user }) =>
    distinct([textAt(raw, 'UserName') ?? user?.name, firstText(raw, 'UID', 'UserSid'), principalOf(raw)?.name]),
  ),
  derive('crowdstrike', 'compute', '*', ({ raw }) => vendorFieldsOf(raw)),
]);
