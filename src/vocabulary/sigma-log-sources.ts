/**
 * Sigma's log sources as conditions over ECS: which events a rule of a product, category and service reads.
 *
 *   product ──▶ host.os.type      category ──▶ event.category, event.type (or Sysmon's event ids)      service ──▶ channel
 *
 * Clouds, sensors and applications are documents of one integration each (`sigma-integrations.ts`). What a log source
 * says beyond these tables is read by the naming habit of Elastic's integrations (`event.module` is
 * the product, `event.dataset` is `product.service`), and the log source is *unserved*: no format gives such events yet,
 * so a rule on it is loaded, and reported idle.
 *
 * Messages of syslog are told by their program, which says more than the system: that is often not known of them.
 *
 * Sources: the taxonomy appendix of the Sigma specification 2.1 (Sysmon ids, channels); how Elastic Defend and Elastic's
 * Windows integrations fill `event.category` and `event.type`.
 */
import { NO_SPAN, type Span } from '../diagnostic/span.ts';
import { ecsFieldType } from '../event/ecs-fields.ts';
import { and, exists, type FieldRef, matchAny, not, or, type Predicate } from '../plan/predicate/node.ts';
import { sigmaIntegration } from './sigma-integrations.ts';

/** In lower case, as the rule gives them. */
export interface LogSource {
  readonly category?: string | undefined;
  readonly product?: string | undefined;
  readonly service?: string | undefined;
}

export interface LogSourceMeaning {
  /** Holds of the events of the log source. */
  readonly predicate: Predicate;
  /** The parts that no format serves yet, as `service: sshd`; empty where all are served. */
  readonly unserved: readonly string[];
}

/** @param span of the log source in the rule; every node gets it */
export function sigmaLogSource(source: LogSource, span: Span): LogSourceMeaning {
  const integration = sigmaIntegration(source);
  if (integration !== undefined) return { predicate: placed(integration.predicate, span), unserved: [] };
  const { category, product, service } = source;
  const parts: Predicate[] = [];
  const unserved: string[] = [];
  const logged = product === 'linux' && service !== undefined ? LINUX_LOGS.get(service) : undefined;
  if (product !== undefined && logged === undefined) {
    const known = PRODUCTS.get(product);
    parts.push(known ?? any('event.module', product));
    if (known === undefined) unserved.push(`product: ${product}`);
  }
  if (category !== undefined) {
    const known = CATEGORIES.get(category);
    parts.push(known ?? any('event.category', category));
    if (known === undefined) unserved.push(`category: ${category}`);
  }
  if (service !== undefined) {
    const known =
      product === 'windows' ? windowsService(service) : (logged ?? OTHER_SERVICES.get(`${product}/${service}`));
    parts.push(known ?? datasetOf(product, service));
    if (known === undefined) unserved.push(`service: ${service}`);
  }
  return { predicate: placed(and(parts, span), span), unserved };
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

function datasetOf(product: string | undefined, service: string): Predicate {
  const datasets = product === undefined ? [service] : [service, `${product}.${service}`];
  return some(any('event.dataset', ...datasets), any('event.module', service));
}

const SYSMON_CHANNEL = 'Microsoft-Windows-Sysmon/Operational';

function channel(...names: string[]): Predicate {
  return any('winlog.channel', ...names);
}

function sysmon(...codes: string[]): Predicate {
  return all(any('event.code', ...codes), channel(SYSMON_CHANNEL));
}

/** Sysmon's registry events are all `change` in ECS, so other sources are told by type and Sysmon by id. */
function registry(types: readonly string[], sysmonEvent: Predicate): Predicate {
  const other = all(any('event.type', ...types), not(channel(SYSMON_CHANNEL), NO_SPAN));
  return all(any('event.category', 'registry'), some(sysmonEvent, other));
}

/**
 * Sysmon's id 12 is both of a key that was made and of one that is gone, and says which. The taxonomy only names the id;
 * taken at its word, rules that look for a deletion fire on every key that is opened to be made.
 */
function registryObject(...others: readonly string[]): Predicate {
  return all(any('event.code', '12'), not(any('winlog.event_data.EventType', ...others), NO_SPAN));
}

function powershell(code: string): Predicate {
  return all(
    any('event.code', code),
    channel('Microsoft-Windows-PowerShell/Operational', 'PowerShellCore/Operational'),
  );
}

function classicPowershell(code: string): Predicate {
  return all(any('event.code', code), channel('Windows PowerShell'));
}

// --- Tables -----------------------------------------------------------------------------------------------------------

const PRODUCTS: ReadonlyMap<string, Predicate> = new Map([
  ['aws', any('event.module', 'aws')],
  ['cisco', any('event.module', 'cisco_asa', 'cisco_ftd', 'cisco_ios', 'cisco_nexus')],
  ['linux', any('host.os.type', 'linux')],
  ['macos', any('host.os.type', 'macos')],
  ['windows', any('host.os.type', 'windows')],
]);

const FILE = any('event.category', 'file');

/** Those of Elastic's integrations whose documents are requests to a web server; other requests are seen by a proxy. */
const WEB_SERVERS = ['apache', 'apache_tomcat', 'haproxy', 'iis', 'nginx', 'nginx_ingress_controller', 'traefik'];

const CATEGORIES: ReadonlyMap<string, Predicate> = new Map([
  ['process_creation', all(any('event.category', 'process'), any('event.type', 'start'))],
  ['process_termination', all(any('event.category', 'process'), any('event.type', 'end'))],
  ['process_access', sysmon('10')],
  ['process_tampering', sysmon('25')],
  ['create_remote_thread', sysmon('8')],
  ['raw_access_thread', sysmon('9')],
  // Questions to name servers have the types of connections in ECS, but no ends.
  [
    'network_connection',
    all(
      any('event.category', 'network'),
      any('event.type', 'start', 'connection'),
      not(exists(ref('dns.question.name'), NO_SPAN), NO_SPAN),
    ),
  ],
  ['dns_query', some(sysmon('22'), all(any('event.category', 'network'), exists(ref('dns.question.name'), NO_SPAN)))],
  ['dns', exists(ref('dns.question.name'), NO_SPAN)],
  ['file_event', all(FILE, some(any('event.type', 'creation'), any('event.action', 'overwrite')))],
  ['file_change', all(FILE, any('event.type', 'change'))],
  ['file_rename', all(FILE, any('event.action', 'rename', 'renamed'))],
  ['file_delete', all(FILE, any('event.type', 'deletion'))],
  ['file_delete_detected', all(FILE, any('event.type', 'deletion'))],
  ['file_access', all(FILE, any('event.type', 'access'))],
  ['file_block_executable', sysmon('27')],
  ['file_block_shredding', sysmon('28')],
  ['file_executable_detected', sysmon('29')],
  ['create_stream_hash', sysmon('15')],
  ['image_load', some(sysmon('7'), all(any('event.category', 'library'), any('event.type', 'start')))],
  ['driver_load', some(sysmon('6'), all(any('event.category', 'driver'), any('event.type', 'start')))],
  ['registry_event', any('event.category', 'registry')],
  ['registry_add', registry(['creation'], registryObject('DeleteKey', 'DeleteValue'))],
  ['registry_delete', registry(['deletion'], registryObject('CreateKey'))],
  ['registry_set', registry(['change', 'creation'], any('event.code', '13'))],
  ['registry_rename', registry(['change'], any('event.code', '14'))],
  ['pipe_created', sysmon('17', '18')],
  ['wmi_event', sysmon('19', '20', '21')],
  ['clipboard_capture', sysmon('24')],
  ['webserver', all(any('event.category', 'web'), any('event.module', ...WEB_SERVERS))],
  ['proxy', all(any('event.category', 'web'), not(any('event.module', ...WEB_SERVERS), NO_SPAN))],
  ['sysmon_status', sysmon('4', '16')],
  ['sysmon_error', sysmon('255')],
  ['ps_module', powershell('4103')],
  ['ps_script', powershell('4104')],
  ['ps_classic_start', classicPowershell('400')],
  ['ps_classic_provider_start', classicPowershell('600')],
  ['ps_classic_script', classicPowershell('800')],
]);

const OTHER_SERVICES: ReadonlyMap<string, Predicate> = new Map([
  ['linux/auditd', any('event.module', 'auditd')],
  ['linux/sysmon', any('winlog.channel', 'Linux-Sysmon/Operational')],
  ['aws/cloudtrail', any('event.dataset', 'aws.cloudtrail')],
  // Commands are accounted for under several of Cisco's facilities, so any message may hold them.
  ['cisco/aaa', exists(ref('event.module'), NO_SPAN)],
  ['cisco/syslog', exists(ref('event.module'), NO_SPAN)],
  ['cisco/bgp', any('cisco.ios.facility', 'BGP')],
  ['cisco/ldp', any('cisco.ios.facility', 'LDP')],
]);

/** Services of Linux whose messages come through syslog or the journal. */
const LINUX_LOGS: ReadonlyMap<string, Predicate> = new Map([
  ['auth', any('event.dataset', 'system.auth')],
  ['clamav', program('clamd', 'clamav', 'clamscan', 'freshclam')],
  ['cron', program('cron', 'crond', 'anacron')],
  ['guacamole', program('guacd', 'guacamole')],
  ['sshd', program('sshd', 'sshd-session')],
  ['sudo', program('sudo')],
  ['syslog', any('event.module', 'system')],
  ['vsftpd', program('vsftpd')],
]);

function program(...names: string[]): Predicate {
  return all(any('event.module', 'system'), any('process.name', ...names));
}

function windowsService(service: string): Predicate | undefined {
  const channels = WINDOWS_CHANNELS.get(service);
  return channels === undefined ? undefined : channel(...channels.split('|'));
}

/** Service → channels, parted by `|`. */
const WINDOWS_CHANNELS: ReadonlyMap<string, string> = new Map([
  ['application', 'Application'],
  [
    'application-experience',
    'Microsoft-Windows-Application-Experience/Program-Telemetry|Microsoft-Windows-Application-Experience/Program-Compatibility-Assistant',
  ],
  [
    'applocker',
    'Microsoft-Windows-AppLocker/MSI and Script|Microsoft-Windows-AppLocker/EXE and DLL|Microsoft-Windows-AppLocker/Packaged app-Deployment|Microsoft-Windows-AppLocker/Packaged app-Execution',
  ],
  ['appmodel-runtime', 'Microsoft-Windows-AppModel-Runtime/Admin'],
  ['appxdeployment-server', 'Microsoft-Windows-AppXDeploymentServer/Operational'],
  ['appxpackaging-om', 'Microsoft-Windows-AppxPackaging/Operational'],
  ['bitlocker', 'Microsoft-Windows-BitLocker/BitLocker Management'],
  ['bits-client', 'Microsoft-Windows-Bits-Client/Operational'],
  ['capi2', 'Microsoft-Windows-CAPI2/Operational'],
  [
    'certificateservicesclient-lifecycle-system',
    'Microsoft-Windows-CertificateServicesClient-Lifecycle-System/Operational',
  ],
  ['codeintegrity-operational', 'Microsoft-Windows-CodeIntegrity/Operational'],
  ['dhcp', 'Microsoft-Windows-DHCP-Server/Operational'],
  ['diagnosis-scripted', 'Microsoft-Windows-Diagnosis-Scripted/Operational'],
  ['dns-client', 'Microsoft-Windows-DNS Client Events/Operational'],
  ['dns-server', 'DNS Server'],
  ['dns-server-analytic', 'Microsoft-Windows-DNS-Server/Analytical'],
  ['dns-server-audit', 'Microsoft-Windows-DNS-Server/Audit'],
  ['driver-framework', 'Microsoft-Windows-DriverFrameworks-UserMode/Operational'],
  ['firewall-as', 'Microsoft-Windows-Windows Firewall With Advanced Security/Firewall'],
  ['hyper-v-worker', 'Microsoft-Windows-Hyper-V-Worker'],
  ['iis-configuration', 'Microsoft-IIS-Configuration/Operational'],
  ['kernel-event-tracing', 'Microsoft-Windows-Kernel-EventTracing'],
  [
    'kernel-shimengine',
    'Microsoft-Windows-Kernel-ShimEngine/Operational|Microsoft-Windows-Kernel-ShimEngine/Diagnostic',
  ],
  ['ldap', 'Microsoft-Windows-LDAP-Client/Debug'],
  ['lsa-server', 'Microsoft-Windows-LSA/Operational'],
  ['msexchange-management', 'MSExchange Management'],
  ['ntfs', 'Microsoft-Windows-Ntfs/Operational'],
  ['ntlm', 'Microsoft-Windows-NTLM/Operational'],
  ['openssh', 'OpenSSH/Operational'],
  ['powershell', 'Microsoft-Windows-PowerShell/Operational|PowerShellCore/Operational'],
  ['powershell-classic', 'Windows PowerShell'],
  ['printservice-admin', 'Microsoft-Windows-PrintService/Admin'],
  ['printservice-operational', 'Microsoft-Windows-PrintService/Operational'],
  ['security', 'Security'],
  [
    'security-mitigations',
    'Microsoft-Windows-Security-Mitigations/Kernel Mode|Microsoft-Windows-Security-Mitigations/User Mode',
  ],
  ['sense', 'Microsoft-Windows-SENSE/Operational'],
  ['microsoft-servicebus-client', 'Microsoft-ServiceBus-Client/Operational|Microsoft-ServiceBus-Client/Admin'],
  ['servicebus-client', 'Microsoft-ServiceBus-Client/Operational|Microsoft-ServiceBus-Client/Admin'],
  ['shell-core', 'Microsoft-Windows-Shell-Core/Operational'],
  ['smbclient-connectivity', 'Microsoft-Windows-SmbClient/Connectivity'],
  ['smbclient-security', 'Microsoft-Windows-SmbClient/Security'],
  ['smbserver-connectivity', 'Microsoft-Windows-SMBServer/Connectivity'],
  ['sysmon', SYSMON_CHANNEL],
  ['system', 'System'],
  ['taskscheduler', 'Microsoft-Windows-TaskScheduler/Operational'],
  ['terminalservices-localsessionmanager', 'Microsoft-Windows-TerminalServices-LocalSessionManager/Operational'],
  ['vhdmp', 'Microsoft-Windows-VHDMP/Operational'],
  ['windefend', 'Microsoft-Windows-Windows Defender/Operational'],
  ['wmi', 'Microsoft-Windows-WMI-Activity/Operational'],
]);

/** The tables' nodes, made once for all rules, with a rule's span. */
function placed(node: Predicate, span: Span): Predicate {
  switch (node.kind) {
    case 'and':
      return and(
        node.children.map((child) => placed(child, span)),
        span,
      );
    case 'or':
      return or(
        node.children.map((child) => placed(child, span)),
        span,
      );
    case 'not':
      return not(placed(node.child, span), span);
    default:
      return Object.freeze({ ...node, span });
  }
}
