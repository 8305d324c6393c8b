/**
 * Sigma's log sources of clouds, identity providers, network sensors and applications: which documents of Elastic's
 * integrations they are, and what their fields are called there.
 *
 *   product/category/service ──▶ event.dataset (or what else tells them)      NAME ──table, else by habit──▶ fields
 *
 * The integrations take the source's own names over by a habit of each: Okta's in snake case below `okta`, those of
 * Microsoft 365 as they are below `o365.audit`. So a field that the table does not have is looked up by that habit.
 *
 * Sources: the field references of Elastic's integrations (azure, okta, gcp, google_workspace, github, o365, kubernetes,
 * atlassian_bitbucket, zeek, fortinet_fortigate, cisco_duo), of APM (`service.*`); for OpenCanary and OneLogin, which
 * have no integration, the records that they write.
 */
import { NO_SPAN } from '../diagnostic/span.ts';
import { ecsFieldType } from '../event/ecs-fields.ts';
import { and, exists, type FieldRef, matchAny, or, type Predicate } from '../plan/predicate/node.ts';
import type { LogSource } from './sigma-log-sources.ts';

export interface SigmaIntegration {
  /** Holds of its documents. */
  readonly predicate: Predicate;
  /** Name → fields of its documents. */
  readonly fields: ReadonlyMap<string, readonly string[]>;
  /** Fields under a name that the table does not have; none where there is no habit. */
  readonly byHabit: (name: string) => readonly string[];
  /** Another way in which a document says that the field has this text, given in lower case. */
  readonly sameAs: (name: string, text: string) => Predicate | undefined;
}

export function sigmaIntegration({ product, category, service }: LogSource): SigmaIntegration | undefined {
  return INTEGRATIONS.get(`${product ?? ''}/${category ?? ''}/${service ?? ''}`);
}

// --- Words ------------------------------------------------------------------------------------------------------------

function ref(name: string): FieldRef {
  return { name, type: ecsFieldType(name) ?? 'unknown' };
}

function any(field: string, ...values: string[]): Predicate {
  return matchAny(ref(field), { kind: 'equals', anyOf: values, fold: 'unicode' }, NO_SPAN);
}

function all(...parts: readonly Predicate[]): Predicate {
  return and(parts, NO_SPAN);
}

function some(...parts: readonly Predicate[]): Predicate {
  return or(parts, NO_SPAN);
}

function has(field: string): Predicate {
  return exists(ref(field), NO_SPAN);
}

function startsWith(field: string, text: string): Predicate {
  return matchAny(ref(field), { kind: 'wildcard', anyOf: [[{ text }, '*']], fold: 'unicode' }, NO_SPAN);
}

function dataset(...names: string[]): Predicate {
  return any('event.dataset', ...names);
}

type Habit = SigmaIntegration['byHabit'];

const NO_HABIT: Habit = () => [];

function below(...prefixes: readonly string[]): Habit {
  return (name) => prefixes.map((prefix) => `${prefix}.${name}`);
}

/** `debugContext.debugData` → `debug_context.debug_data`. */
function snakeCase(name: string): string {
  return name.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
}

function integration(
  predicate: Predicate,
  text = '',
  byHabit: Habit = NO_HABIT,
  sameAs: SigmaIntegration['sameAs'] = () => undefined,
): SigmaIntegration {
  const lines = text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([name]) => name !== '');
  return { predicate, fields: new Map(lines.map(([name = '', ...homes]) => [name, homes])), byHabit, sameAs };
}

// --- Azure ------------------------------------------------------------------------------------------------------------

const TARGETS = ['0', '1', '2'].map((at) => `azure.auditlogs.properties.target_resources.${at}`);
const CHANGES = TARGETS.flatMap((target) =>
  ['0', '1', '2', '3', '4'].map((at) => `${target}.modified_properties.${at}`),
);
const DISPLAY_NAMES = CHANGES.map((change) => `${change}.display_name`).join(' ');
const NEW_VALUES = CHANGES.map((change) => `${change}.new_value`).join(' ');
const TARGET_TEXTS = `${TARGETS.map((target) => `${target}.display_name ${target}.type ${target}.user_principal_name`).join(' ')} ${DISPLAY_NAMES} ${NEW_VALUES}`;

/** Rules call one thing by its name in the portal, in Log Analytics and in the raw log. */
const AZURE_AUDIT = integration(
  dataset('azure.auditlogs'),
  `
  properties.message  azure.auditlogs.operation_name azure.auditlogs.properties.activity_display_name
  operationName       azure.auditlogs.operation_name azure.auditlogs.properties.activity_display_name
  OperationName       azure.auditlogs.operation_name azure.auditlogs.properties.activity_display_name
  ActivityDisplayName azure.auditlogs.properties.activity_display_name azure.auditlogs.operation_name
  activityType        azure.auditlogs.properties.activity_display_name azure.auditlogs.operation_name
  ActivityType        azure.auditlogs.properties.activity_display_name azure.auditlogs.operation_name
  Category            azure.auditlogs.properties.category azure.auditlogs.category
  category            azure.auditlogs.properties.category azure.auditlogs.category
  LoggedByService     azure.auditlogs.properties.logged_by_service
  Status              azure.auditlogs.properties.result event.outcome azure.auditlogs.properties.result_reason
  properties.result   azure.auditlogs.properties.result event.outcome
  failure_status_reason azure.auditlogs.properties.result_reason
  Initiatedby         azure.auditlogs.properties.initiated_by.user.userPrincipalName azure.auditlogs.identity
  Target              ${TARGETS.map((target) => `${target}.user_principal_name`).join(' ')}
  ConsentContext.IsAdminConsent ${NEW_VALUES}
  properties.targetResources    ${TARGET_TEXTS}
  TargetResources               ${TARGET_TEXTS}
  targetResources.type          ${TARGETS.map((target) => `${target}.type`).join(' ')}
  TargetResources.modifiedProperties             ${DISPLAY_NAMES} ${NEW_VALUES}
  TargetResources.modifiedProperties.newValue    ${NEW_VALUES}
  TargetResources.ModifiedProperties.NewValue    ${NEW_VALUES}
  TargetResources.ModifiedProperties.DisplayName ${DISPLAY_NAMES}
  additionalDetails.additionalInfo azure.auditlogs.properties.additional_details.value
`,
  (name) => [`azure.auditlogs.${snakeCase(name)}`, `azure.auditlogs.properties.${snakeCase(name)}`],
);

const AZURE_ACTIVITY = integration(
  dataset('azure.activitylogs'),
  `
  operationName         azure.activitylogs.operation_name event.action
  OperationNameValue    azure.activitylogs.operation_name event.action
  CategoryValue         azure.activitylogs.event_category azure.activitylogs.category
  ResourceProviderValue azure.resource.provider
  ResourceId            azure.resource.id
  properties.message    azure.activitylogs.properties.message azure.activitylogs.operation_name event.action
`,
  (name) => [`azure.activitylogs.${snakeCase(name)}`, `azure.activitylogs.properties.${name}`],
);

const AZURE_SIGN_IN = integration(
  dataset('azure.signinlogs'),
  `
  ActivityDetails         azure.signinlogs.operation_name event.action
  AuthenticationRequirement azure.signinlogs.properties.authentication_requirement
  ClientApp               azure.signinlogs.properties.client_app_used
  DeviceDetail.deviceId   azure.signinlogs.properties.device_detail.device_id
  DeviceDetail.isCompliant azure.signinlogs.properties.device_detail.is_compliant
  DeviceDetail.trusttype  azure.signinlogs.properties.device_detail.trust_type
  NetworkLocationDetails  azure.signinlogs.properties.network_location_details
  ResourceDisplayName     azure.signinlogs.properties.resource_display_name
  ResultDescription       azure.signinlogs.result_description azure.signinlogs.properties.status.failure_reason
  Resultdescription       azure.signinlogs.result_description azure.signinlogs.properties.status.failure_reason
  ResultType              azure.signinlogs.properties.status.error_code azure.signinlogs.result_type
  RiskState               azure.signinlogs.properties.risk_state
  Status                  event.outcome azure.signinlogs.result_description azure.signinlogs.properties.status.failure_reason
  Username                azure.signinlogs.properties.user_principal_name user.name
  conditionalAccessStatus azure.signinlogs.properties.conditional_access_status
  properties.message      azure.signinlogs.properties.authentication_protocol message
  userAgent               user_agent.original
`,
  (name) => [`azure.signinlogs.properties.${snakeCase(name)}`],
);

const AZURE_RISK = integration(
  dataset('azure.identity_protection'),
  'riskEventType azure.identityprotection.properties.risk_event_type',
  (name) => [`azure.identityprotection.properties.${snakeCase(name)}`],
);

// --- Google -----------------------------------------------------------------------------------------------------------

const GCP_AUDIT = integration(
  dataset('gcp.audit', 'googlecloud.audit'),
  `
  gcp.audit.method_name           gcp.audit.method_name event.action
  data.protoPayload.methodName    gcp.audit.method_name event.action
  data.protoPayload.logName       log.logger gcp.audit.logger_name
  data.protoPayload.resource.type gcp.audit.resource.type gcp.audit.type
`,
  (name) => {
    if (name.startsWith('gcp.')) return [name];
    return [`gcp.audit.${snakeCase(name.replace(/^(?:data\.)?protoPayload\./, ''))}`];
  },
);

/** The name of Google's service, of which the integration keeps the first word. */
function googleService(name: string, text: string): Predicate | undefined {
  if (!/^(?:eventService|protoPayload\.service_?name)$/i.test(name)) return undefined;
  const service = /^([a-z]+)\.googleapis\.com$/.exec(text)?.[1];
  return service === undefined ? undefined : any('event.provider', service);
}

const GOOGLE_ADMIN = integration(
  dataset('google_workspace.admin'),
  `
  eventName    event.action
  eventService event.provider
  setting_name google_workspace.admin.setting.name
`,
  (name) => [`google_workspace.admin.${name}`],
  googleService,
);

const GOOGLE_LOGIN = integration(
  dataset('google_workspace.login'),
  `
  protoPayload.serviceName              event.provider
  protoPayload.Servicename              event.provider
  protoPayload.metadata.event.eventName event.action
`,
  (name) => [`google_workspace.login.${name}`],
  googleService,
);

// --- Identity, offices, code ------------------------------------------------------------------------------------------

const OKTA = integration(
  dataset('okta.system'),
  `
  eventType          okta.event_type event.action
  displayMessage     okta.display_message
  client.ipAddress   okta.client.ip source.ip
`,
  (name) => {
    const [, flattened] = /^debugContext\.debugData\.(.+)$/.exec(name) ?? [];
    const own = `okta.${snakeCase(name)}`;
    return flattened === undefined ? [own] : [own, `okta.debug_context.debug_data.flattened.${flattened}`];
  },
);

const OFFICE = integration(
  dataset('o365.audit'),
  `
  Operation           event.action o365.audit.Operation
  OperationProperties o365.audit.OperationProperties.Name o365.audit.OperationProperties.Value
  RequestType         o365.audit.ExtendedProperties.RequestType
  ResultStatus        o365.audit.ResultStatus event.outcome
  Workload            o365.audit.Workload event.provider
  eventName           event.action o365.audit.Name
  eventSource         event.provider o365.audit.Workload
  status              event.outcome
  Parameters          o365.audit.Parameters
  Payload             o365.audit.Data o365.audit.Parameters.Payload
`,
  below('o365.audit'),
  officeParameter,
);

/** Rules look for a parameter's name in the list of all; the integration makes each name a field. */
function officeParameter(name: string, text: string): Predicate | undefined {
  if (name !== 'Parameters') return undefined;
  const parameter = OFFICE_PARAMETERS.find((known) => known.toLowerCase() === text);
  return parameter === undefined ? undefined : has(`o365.audit.Parameters.${parameter}`);
}

/** Those that rules ask for, as Exchange writes them. */
const OFFICE_PARAMETERS = [
  'DeleteMessage',
  'ForwardAsAttachmentTo',
  'ForwardTo',
  'ForwardingAddress',
  'ForwardingSmtpAddress',
  'MoveToFolder',
  'RedirectTo',
];

const DUO = integration(
  dataset('cisco_duo.auth', 'cisco_duo.admin'),
  `
  event_type cisco_duo.auth.event_type event.action
  reason     event.reason cisco_duo.auth.reason
`,
  below('cisco_duo.auth'),
);

const GITHUB = integration(dataset('github.audit'), 'action event.action\nactor user.name\n', below('github'));

const BITBUCKET = integration(
  dataset('atlassian_bitbucket.audit'),
  `
  auditType.action   bitbucket.audit.type.action
  auditType.category bitbucket.audit.type.category
`,
  below('bitbucket.audit'),
);

/** Records of its event interface. */
const ONE_LOGIN = integration(
  some(dataset('onelogin.events'), all(has('event_type_id'), has('account_id'))),
  'event_type_id event_type_id',
);

// --- Kubernetes, sensors, firewalls -------------------------------------------------------------------------------------

const KUBERNETES = integration(
  dataset('kubernetes.audit_logs'),
  `
  apiGroup     kubernetes.audit.objectRef.apiGroup
  capabilities kubernetes.audit.requestObject.spec.containers.securityContext.capabilities.add
  hostPath     kubernetes.audit.requestObject.spec.volumes.hostPath.path
  userAgent    kubernetes.audit.userAgent user_agent.original
`,
  below('kubernetes.audit'),
);

/** Logs of Zeek, each a data set of its own; what ECS has a field for is there too. */
function zeek(log: string): SigmaIntegration {
  return integration(
    dataset(`zeek.${log}`),
    `
  id.orig_h     source.ip source.address
  id.orig_p     source.port
  id.resp_h     destination.ip destination.address
  id.resp_p     destination.port
  ${ZEEK_FIELDS[log] ?? ''}
`,
    below(`zeek.${log}`),
  );
}

const ZEEK_FIELDS: Readonly<Record<string, string>> = {
  dns: `
  query         dns.question.name zeek.dns.query
  answers       dns.answers.data dns.resolved_ip zeek.dns.answers
  qtype_name    dns.question.type zeek.dns.qtype_name
`,
  http: `
  c-uri            url.original
  uri              url.original
  host             url.domain
  method           http.request.method
  status_code      http.response.status_code
  request_body_len http.request.body.bytes
  c-useragent      user_agent.original
  user_agent       user_agent.original
`,
  smb_files: `
  name  zeek.smb_files.name file.name
  path  zeek.smb_files.path file.path
`,
  x509: 'certificate.serial zeek.x509.certificate.serial file.x509.serial_number',
};

const FORTIGATE = integration(
  dataset('fortinet_fortigate.log', 'fortinet.firewall'),
  `
  action  fortinet.firewall.action event.action
  cfgpath fortinet.firewall.cfgpath
`,
  below('fortinet.firewall'),
);

/** Integrations whose documents of the network are a firewall's. */
const FIREWALLS = [
  'checkpoint',
  'cisco_asa',
  'cisco_ftd',
  'cisco_meraki',
  'fortinet_fortigate',
  'iptables',
  'juniper_srx',
  'panw',
  'pfsense',
  'sonicwall_firewall',
  'sophos',
  'watchguard_firebox',
];

const FIREWALL = integration(
  all(any('event.category', 'network'), some(any('observer.type', 'firewall'), any('event.module', ...FIREWALLS))),
  `
  action   event.action
  blocked  event.type
  dst_ip   destination.ip
  dst_port destination.port
  src_ip   source.ip
  src_port source.port
`,
  NO_HABIT,
  (name, text) => (name === 'blocked' && text === 'true' ? any('event.type', 'denied') : undefined),
);

/** Findings of Windows Defender among the events of its channel. */
const DEFENDER_CODES = '1006 1007 1008 1009 1010 1011 1012 1017 1018 1019 1115 1116 1117 1118 1119'.split(' ');

const ANTIVIRUS = integration(
  some(
    any('event.category', 'malware'),
    all(any('winlog.channel', 'Microsoft-Windows-Windows Defender/Operational'), any('event.code', ...DEFENDER_CODES)),
  ),
  `
  Signature rule.name threat.software.name winlog.event_data.Threat_Name
  Filename  file.path winlog.event_data.Path
`,
);

// --- The table --------------------------------------------------------------------------------------------------------

/** `product/category/service`. */
const INTEGRATIONS: ReadonlyMap<string, SigmaIntegration> = new Map([
  ['azure//activitylogs', AZURE_ACTIVITY],
  ['azure//auditlogs', AZURE_AUDIT],
  ['azure//riskdetection', AZURE_RISK],
  ['azure//signinlogs', AZURE_SIGN_IN],
  ['bitbucket//audit', BITBUCKET],
  ['cisco//duo', DUO],
  ['fortigate//event', FORTIGATE],
  ['gcp//gcp.audit', GCP_AUDIT],
  ['gcp//google_workspace.admin', GOOGLE_ADMIN],
  ['gcp//google_workspace.login', GOOGLE_LOGIN],
  ['github//audit', GITHUB],
  ['kubernetes//audit', KUBERNETES],
  ['kubernetes/application/audit', KUBERNETES],
  ['m365//audit', OFFICE],
  ['m365//exchange', OFFICE],
  ['m365//threat_detection', OFFICE],
  ['m365//threat_management', OFFICE],
  ['okta//okta', OKTA],
  ['onelogin//onelogin.events', ONE_LOGIN],
  ...['dce_rpc', 'dns', 'http', 'kerberos', 'rdp', 'smb_files', 'x509'].map(
    (log) => [`zeek//${log}`, zeek(log)] as const,
  ),
  ['/antivirus/', ANTIVIRUS],
  ['/database/', integration(any('event.category', 'database'))],
  ['/firewall/', FIREWALL],
  ['//apache', integration(any('event.module', 'apache'))],
  ['//netflow', integration(dataset('netflow.log'))],
  ['//nginx', integration(any('event.module', 'nginx'))],
  // What the language's agents and loggers write of a service.
  ['django/application/', integration(any('service.framework.name', 'django'))],
  ['jvm/application/', integration(any('service.language.name', 'java', 'kotlin', 'scala'))],
  ['nodejs/application/', integration(any('service.runtime.name', 'node'))],
  ['python/application/', integration(any('service.language.name', 'python'))],
  ['ruby_on_rails/application/', integration(any('service.framework.name', 'ruby on rails'))],
  ['spring/application/', integration(startsWith('service.framework.name', 'spring'))],
  ['sql/application/', integration(any('event.category', 'database'))],
  // Records as it writes them.
  ['opencanary/application/', integration(all(has('logtype'), has('node_id')), 'logtype logtype', (name) => [name])],
]);
