/**
 * The field names that Sigma's rules use (Sysmon's, mostly) as names over ECS.
 *
 *   name, log source ──table of the source, else of every source──▶ ECS fields, of which any may hold the value
 *                    └──no entry──▶ the name as it is, for Windows `winlog.event_data.NAME` and `winlog.user_data.NAME`
 *
 * A field can have several homes: sources differ in where they put it, and some of what Sysmon writes in one field stands
 * in several in ECS (`Hashes`) or in other words (`Initiated`), which `sameAs` gives.
 *
 * Sources: the taxonomy appendix of the Sigma specification 2.1; Elastic's Windows, Sysmon and auditd integrations.
 */
import { NO_SPAN } from '../diagnostic/span.ts';
import { ecsFieldType } from '../event/ecs-fields.ts';
import { integrationFieldType } from '../event/integration-fields.ts';
import {
  and,
  exists,
  type FieldRef,
  matchAny,
  or,
  type Predicate,
  type WildcardPattern,
} from '../plan/predicate/node.ts';
import { registryData, registrySpellings } from './registry-spellings.ts';
import { sigmaIntegration } from './sigma-integrations.ts';
import type { LogSource } from './sigma-log-sources.ts';

export interface SigmaField {
  /** At least one. */
  readonly fields: readonly FieldRef[];
  /** Another way in which an event says that the field has this text; in lower case, without wildcards around it. */
  readonly sameAs?: (text: string) => Predicate | undefined;
  /** Other ways in which sources write what this pattern asks for, as further patterns. */
  readonly spellings?: (pattern: WildcardPattern) => readonly WildcardPattern[];
}

export function sigmaField(name: string, source: LogSource): SigmaField {
  const homes = homesOf(name, source);
  const integration = sigmaIntegration(source);
  const sameAs =
    integration === undefined
      ? (SAME_AS.get(name) ?? (source.service === 'auditd' ? AUDITD_SAME_AS.get(name) : undefined))
      : (text: string) => integration.sameAs(name, text);
  const spellings = SPELLINGS.get(name);
  return {
    fields: homes.map(ref),
    ...(sameAs === undefined ? {} : { sameAs }),
    ...(spellings === undefined ? {} : { spellings }),
  };
}

/** Whether a table, or the habit of an integration, says where the field is; other names are looked up as they stand. */
export function isInSigmaTable(name: string, source: LogSource): boolean {
  return tableHomes(name, source) !== undefined || (sigmaIntegration(source)?.byHabit(name) ?? []).length > 0;
}

function homesOf(name: string, source: LogSource): readonly string[] {
  const homes = tableHomes(name, source);
  if (homes !== undefined) return homes;
  const usual = sigmaIntegration(source)?.byHabit(name) ?? [];
  if (usual.length > 0) return isKnownField(name) && !usual.includes(name) ? [...usual, name] : usual;
  // The spec strips spaces from names of Windows; ECS and vendor names have dots and are meant as they stand.
  if (source.product === 'windows' && !name.includes('.'))
    return [`winlog.event_data.${name}`, `winlog.user_data.${name}`, name];
  if (source.service === 'auditd' && !name.includes('.')) return [name, `auditd.data.${name}`];
  const [, parameter] = source.service === 'cloudtrail' ? (/^requestParameters\.(.+)$/.exec(name) ?? []) : [];
  if (parameter !== undefined) return [`aws.cloudtrail.flattened.request_parameters.${parameter}`, name];
  return [name];
}

/** A name that documents have as it stands, whatever the log source. */
function isKnownField(name: string): boolean {
  return ecsFieldType(name) !== undefined || integrationFieldType(name) !== undefined;
}

/** The names that the tables of a log source have. */
export function sigmaFieldNames(source: LogSource): readonly string[] {
  return [...new Set(tablesOf(source).flatMap((table) => [...table.keys()]))];
}

function tableHomes(name: string, source: LogSource): readonly string[] | undefined {
  for (const table of tablesOf(source)) {
    const homes = table.get(name);
    if (homes !== undefined) return homes;
  }
  return undefined;
}

function tablesOf(source: LogSource): readonly ReadonlyMap<string, readonly string[]>[] {
  const tables = [
    sigmaIntegration(source)?.fields,
    source.category === undefined ? undefined : BY_CATEGORY.get(source.category),
    source.service === 'auditd' ? AUDITD : undefined,
    source.service === 'cloudtrail' ? CLOUDTRAIL : undefined,
    source.product === 'windows' ? WINDOWS : undefined,
    COMMON,
  ];
  return tables.filter((table) => table !== undefined);
}

function ref(name: string): FieldRef {
  return { name, type: ecsFieldType(name) ?? 'unknown' };
}

function table(text: string): ReadonlyMap<string, readonly string[]> {
  const lines = text.trim().split('\n');
  return new Map(
    lines.map((line) => {
      const [name = '', ...homes] = line.trim().split(/\s+/);
      return [name, homes];
    }),
  );
}

const COMMON = table(`
  Image              process.executable
  CommandLine        process.command_line
  CurrentDirectory   process.working_directory
  ProcessId          process.pid
  ProcessGuid        process.entity_id
  ParentImage        process.parent.executable
  ParentCommandLine  process.parent.command_line
  ParentProcessId    process.parent.pid
  ParentProcessGuid  process.parent.entity_id
  ParentUser         process.parent.user.name
  User               user.name
  OriginalFileName   process.pe.original_file_name
  Description        process.pe.description
  Product            process.pe.product
  Company            process.pe.company
  FileVersion        process.pe.file_version
  Hashes             winlog.event_data.Hashes
  imphash            process.pe.imphash
  Imphash            process.pe.imphash
  md5                process.hash.md5
  sha1               process.hash.sha1
  sha256             process.hash.sha256
  TargetFilename     file.path
  TargetObject       registry.path
  Details            registry.data.strings winlog.event_data.Details
  DestinationIp      destination.ip
  DestinationPort    destination.port
  DestinationHostname destination.domain
  SourceIp           source.ip
  SourcePort         source.port
  SourceHostname     source.domain
  Protocol           network.transport
  Initiated          winlog.event_data.Initiated
  QueryName          dns.question.name
  QueryResults       dns.answers.data
  query              dns.question.name
  record_type        dns.question.type
  answer             dns.answers.data
  ImageLoaded        dll.path file.path
  PipeName           file.name winlog.event_data.PipeName
  Computer           host.name winlog.computer_name
  ComputerName       host.name winlog.computer_name
`);

const WINDOWS = table(`
  User               winlog.event_data.User user.name user.domain
  ParentUser         winlog.event_data.ParentUser process.parent.user.name
  IntegrityLevel     winlog.event_data.IntegrityLevel process.Ext.token.integrity_level_name
  LogonId            winlog.event_data.LogonId winlog.logon.id process.Ext.authentication_id
  Signed             winlog.event_data.Signed dll.code_signature.exists
  Signature          winlog.event_data.Signature dll.code_signature.subject_name file.code_signature.subject_name
  SignatureStatus    winlog.event_data.SignatureStatus dll.code_signature.status file.code_signature.status
  EventID            event.code
  Channel            winlog.channel
  Provider_Name      event.provider winlog.provider_name
  Source             event.provider winlog.provider_name
  EventLog           winlog.channel
  Level              winlog.system.Level winlog.level log.level
  Keywords           winlog.system.Keywords winlog.keywords
  Task               winlog.system.Task winlog.task
  Opcode             winlog.system.Opcode winlog.opcode
  ScriptBlockText    powershell.file.script_block_text winlog.event_data.ScriptBlockText
  EngineVersion      powershell.engine.version winlog.event_data.EngineVersion
  HostVersion        powershell.process.executable_version winlog.event_data.HostVersion
  HostName           powershell.process.executable winlog.event_data.HostName
  Data               winlog.event_data.Data winlog.event_data.param1 winlog.event_data.param2 winlog.event_data.param3 message
  NewProcessName     winlog.event_data.NewProcessName process.executable
  ParentProcessName  winlog.event_data.ParentProcessName process.parent.executable
  IpAddress          winlog.event_data.IpAddress source.ip
  IpPort             winlog.event_data.IpPort source.port
`);

/** An audit event holds what several audit records say; arguments are told apart by their place. */
const AUDITD = table(`
  type      auditd.message_type
  exe       process.executable
  comm      auditd.record.syscall.comm process.name
  cwd       process.working_directory
  proctitle process.title process.command_line
  syscall   auditd.data.syscall
  SYSCALL   auditd.data.syscall
  key       tags
  name      auditd.paths.name
  nametype  auditd.paths.nametype
  path      auditd.paths.name
  pid       process.pid
  ppid      process.parent.pid
  uid       user.id
  auid      auditd.record.syscall.auid
  success   auditd.record.syscall.success
  exit      auditd.record.syscall.exit
  ses       auditd.session
  a0        process.args[0] auditd.record.syscall.a0
  a1        process.args[1] auditd.record.syscall.a1
  a2        process.args[2] auditd.record.syscall.a2
  a3        process.args[3] auditd.record.syscall.a3
  a4        process.args[4]
  a5        process.args[5]
  a6        process.args[6]
  a7        process.args[7]
  a8        process.args[8]
  a9        process.args[9]
`);

const LIBRARY = table(`
  OriginalFileName dll.pe.original_file_name file.pe.original_file_name
  Description      dll.pe.description file.pe.description
  Product          dll.pe.product file.pe.product
  Company          dll.pe.company file.pe.company
  FileVersion      dll.pe.file_version file.pe.file_version
  imphash          dll.pe.imphash file.pe.imphash
  Imphash          dll.pe.imphash file.pe.imphash
  md5              dll.hash.md5 file.hash.md5
  sha1             dll.hash.sha1 file.hash.sha1
  sha256           dll.hash.sha256 file.hash.sha256
`);

const REGISTRY = table(`
  EventType  winlog.event_data.EventType
`);

/** What the kernel's own provider calls a file is its path. */
const FILE_ACCESS = table(`
  FileName  winlog.event_data.FileName file.path
`);

const TWO_PROCESSES = table(`
  SourceImage       process.executable
  SourceProcessId   process.pid
  SourceProcessGUID process.entity_id
  SourceProcessGuid process.entity_id
`);

/** W3C's names of what a request to a web server has. */
const WEB = table(`
  c-ip             source.ip source.address
  c-uri            url.original url.full
  c-uri-extension  url.extension
  c-uri-query      url.query url.original
  c-uri-stem       url.path
  c-useragent      user_agent.original
  cs-bytes         http.request.bytes source.bytes
  cs-content-type  http.request.mime_type
  cs-host          url.domain destination.domain
  cs-method        http.request.method
  cs-referer       http.request.referrer
  cs-referrer      http.request.referrer
  cs-uri           url.original url.full
  cs-uri-query     url.query url.original
  cs-uri-stem      url.path
  cs-user-agent    user_agent.original
  cs-username      user.name
  cs-version       http.version
  dst_ip           destination.ip
  sc-bytes         http.response.bytes http.response.body.bytes
  sc-status        http.response.status_code
  src_ip           source.ip
`);

/** CloudTrail's names; other parts of a request and its response stand flattened under theirs. */
const CLOUDTRAIL = table(`
  awsRegion          cloud.region
  errorCode          aws.cloudtrail.error_code
  errorMessage       aws.cloudtrail.error_message
  eventName          event.action
  eventSource        event.provider
  eventType          aws.cloudtrail.event_type
  requestParameters  aws.cloudtrail.request_parameters
  responseElements   aws.cloudtrail.response_elements
  responseElements.ConsoleLogin       aws.cloudtrail.flattened.response_elements.ConsoleLogin
  additionalEventData.MFAUsed         aws.cloudtrail.console_login.additional_eventdata.mfa_used
  sourceIPAddress    source.address source.ip
  userAgent          user_agent.original
  userIdentity.arn   aws.cloudtrail.user_identity.arn
  userIdentity.type  aws.cloudtrail.user_identity.type
  userIdentity.userName  user.name
  userIdentity.accountId  cloud.account.id
  userIdentity.sessionContext.sessionIssuer.type  aws.cloudtrail.user_identity.session_context.session_issuer.type
`);

const BY_CATEGORY: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>> = new Map([
  ['create_remote_thread', TWO_PROCESSES],
  ['driver_load', LIBRARY],
  ['file_access', FILE_ACCESS],
  ['image_load', LIBRARY],
  ['process_access', TWO_PROCESSES],
  ['proxy', WEB],
  ['registry_add', REGISTRY],
  ['registry_delete', REGISTRY],
  ['registry_event', REGISTRY],
  ['registry_rename', REGISTRY],
  ['registry_set', REGISTRY],
  ['webserver', WEB],
]);

function oneOf(fields: readonly string[], ...texts: string[]): Predicate {
  const equals = { kind: 'equals', anyOf: texts, fold: 'unicode' } as const;
  return or(
    fields.map((name) => matchAny(ref(name), equals, NO_SPAN)),
    NO_SPAN,
  );
}

/** `MD5=…,SHA256=…` of Sysmon, of which a rule names one. */
const HASH = /^(md5|sha1|sha256|imphash)=([0-9a-f]+)$/;

const SAME_AS: ReadonlyMap<string, NonNullable<SigmaField['sameAs']>> = new Map([
  [
    'Hashes',
    (text: string) => {
      const [, algorithm = '', digest = ''] = HASH.exec(text) ?? [];
      if (algorithm === '') return undefined;
      const parts = algorithm === 'imphash' ? 'pe.imphash' : `hash.${algorithm}`;
      return oneOf(
        ['process', 'dll', 'file'].map((object) => `${object}.${parts}`),
        digest,
      );
    },
  ],
  [
    'Initiated',
    (text: string) => {
      // Seen from the machine, and from the network that it stands in.
      if (text === 'true') return oneOf(['network.direction'], 'egress', 'outbound');
      return text === 'false' ? oneOf(['network.direction'], 'ingress', 'inbound') : undefined;
    },
  ],
  [
    'Details',
    (text: string) => {
      const data = registryData(text);
      if (data === undefined) return undefined;
      const type = { kind: 'wildcard', anyOf: [['*', { text: data.type }]], fold: 'unicode' } as const;
      const isType = matchAny(ref('registry.data.type'), type, NO_SPAN);
      return data.values.length === 0
        ? isType
        : and([oneOf(['registry.data.strings'], ...data.values), isType], NO_SPAN);
    },
  ],
]);

const SPELLINGS: ReadonlyMap<string, NonNullable<SigmaField['spellings']>> = new Map([
  ['TargetObject', registrySpellings],
  ['NewName', registrySpellings],
]);

const AUDITD_SAME_AS: ReadonlyMap<string, NonNullable<SigmaField['sameAs']>> = new Map([
  [
    'type',
    (text: string) => {
      const field = AUDIT_RECORDS.get(text);
      return field === undefined ? undefined : exists(ref(field), NO_SPAN);
    },
  ],
]);

/** An audit event is named after its main record; the others are told by a field that only they fill. */
const AUDIT_RECORDS: ReadonlyMap<string, string> = new Map([
  ['cwd', 'process.working_directory'],
  ['execve', 'process.args'],
  ['path', 'auditd.paths.name'],
  ['proctitle', 'process.title'],
  ['syscall', 'auditd.record.syscall.syscall'],
]);
