/** Which table, condition and column each log source becomes, word for word. */
import { expect, test } from 'vitest';
import { NO_SPAN } from '../diagnostic/span.ts';
import { compileSigma } from '../language/sigma/sigma.ts';
import { emitKqlAsim } from './kql-asim.ts';
import { emitKqlXdr } from './kql-xdr.ts';

const EMIT = { asim: emitKqlAsim, xdr: emitKqlXdr } as const;

/** The query, or the code of what keeps it from being said. */
function said(to: keyof typeof EMIT, category: string, items: string, system: 'table' | 'keep' = 'table'): string {
  const product = category === 'proxy' || category === 'webserver' || category === 'dns' ? '' : 'product: windows, ';
  const { plan } = compileSigma(
    `title: t\nlogsource: {${product}category: ${category}}\ndetection:\n  s: {${items}}\n  condition: s`,
  );
  if (plan === undefined) throw new Error(`does not compile: ${items}`);
  const { query, diagnostics } = EMIT[to](plan.predicate, NO_SPAN, { system });
  return query ?? diagnostics.find(({ severity }) => severity === 'error')?.code ?? '';
}

const SET = 'DeviceRegistryEvents\n| where ActionType == "RegistryValueSet"\n';
const OPENED =
  '"ConnectionSuccess", "ConnectionFailed", "ConnectionAttempt", "ConnectionRequest", "ConnectionAcknowledged"';

test.each<readonly [keyof typeof EMIT, string, string, string]>([
  // A key and its value stand apart, and the rule asks for both at once.
  [
    'xdr',
    'registry_set',
    "TargetObject|endswith: '\\Run\\x'",
    `${SET}| extend RegistryPath = strcat(RegistryKey, iff(isempty(RegistryValueName), "", "\\\\"), RegistryValueName)
| where RegistryPath endswith "\\\\Run\\\\x"`,
  ],
  [
    'asim',
    'registry_delete',
    "TargetObject|contains: 'HKLM\\x'",
    `imRegistry
| where EventType in ("RegistryKeyDeleted", "RegistryValueDeleted")
| extend RegistryPath = strcat(RegistryKey, iff(isempty(RegistryValue), "", "\\\\"), RegistryValue)
| where RegistryPath contains "HKLM\\\\x" or RegistryPath contains "HKEY_LOCAL_MACHINE\\\\x"`,
  ],
  // Defender names what was deleted or renamed among the columns of before; so does ASIM for what was renamed.
  [
    'xdr',
    'registry_delete',
    "TargetObject|endswith: '\\Run\\x'",
    `DeviceRegistryEvents
| where ActionType in ("RegistryKeyDeleted", "RegistryValueDeleted")
| extend RegistryPath = iff(ActionType == "RegistryValueDeleted", strcat(PreviousRegistryKey, "\\\\", PreviousRegistryValueName), PreviousRegistryKey)
| where RegistryPath endswith "\\\\Run\\\\x"`,
  ],
  [
    'xdr',
    'registry_event',
    "TargetObject|endswith: '\\Run\\x'",
    `DeviceRegistryEvents
| extend RegistryPath = case(ActionType == "RegistryValueDeleted", strcat(PreviousRegistryKey, "\\\\", PreviousRegistryValueName), ActionType in ("RegistryKeyDeleted", "RegistryKeyRenamed"), PreviousRegistryKey, strcat(RegistryKey, iff(isempty(RegistryValueName), "", "\\\\"), RegistryValueName))
| where RegistryPath endswith "\\\\Run\\\\x"`,
  ],
  [
    'asim',
    'registry_rename',
    "TargetObject|endswith: '\\x'",
    `imRegistry
| where EventType == "RegistryKeyRenamed"
| extend RegistryPath = RegistryKeyModified
| where RegistryPath endswith "\\\\x"`,
  ],
  [
    'xdr',
    'registry_set',
    "Details: 'DWORD (0x0000000a)'",
    `${SET}| where (RegistryValueData in~ ("10", "0x0000000a") and RegistryValueType endswith "dword") or RegistryValueData =~ "DWORD (0x0000000a)"`,
  ],
  [
    'asim',
    'registry_event',
    'EventType: [DeleteKey, DeleteValue]',
    'imRegistry\n| where EventType in ("RegistryKeyDeleted", "RegistryValueDeleted")',
  ],
  ['asim', 'registry_event', 'EventType: Frob', 'convert-clause'],
  ['asim', 'registry_event', 'EventType|contains: Delete', 'convert-clause'],
  // Who opened the connection decides which end is the device.
  [
    'xdr',
    'network_connection',
    "Initiated: 'true', DestinationPort: 443",
    `DeviceNetworkEvents\n| where ActionType in (${OPENED})\n| where RemotePort == 443`,
  ],
  [
    'xdr',
    'network_connection',
    "Initiated: 'false', DestinationPort: 443",
    `DeviceNetworkEvents
| where ActionType in (${OPENED}, "InboundConnectionAccepted")
| extend DestinationPort = iff(ActionType == "InboundConnectionAccepted", LocalPort, RemotePort)
| where ActionType == "InboundConnectionAccepted" and DestinationPort == 443`,
  ],
  [
    'asim',
    'network_connection',
    "Initiated: 'true', Image: x",
    'imNetworkSession\n| where NetworkDirection == "Outbound"\n| where SrcProcessName =~ "x"',
  ],
  [
    'asim',
    'network_connection',
    'Image: x, DestinationHostname|endswith: .example.org',
    `imNetworkSession
| extend DestinationHostname = coalesce(DstFQDN, DstHostname)
| extend LocalProcessName = iff(NetworkDirection == "Inbound", DstProcessName, SrcProcessName)
| where LocalProcessName =~ "x" and DestinationHostname endswith ".example.org"`,
  ],
  // A user’s domain and name stand apart.
  [
    'xdr',
    'process_creation',
    "User: 'NT AUTHORITY\\SYSTEM'",
    `DeviceProcessEvents
| extend Account = strcat(AccountDomain, "\\\\", AccountName)
| where Account =~ "NT AUTHORITY\\\\SYSTEM"`,
  ],
  [
    'asim',
    'webserver',
    'cs-uri-query|contains: etc, sc-status: 200',
    `imWebSession
| where EventType =~ "WebServerSession"
| extend UrlQuery = iff(Url contains "?", substring(Url, indexof(Url, "?") + 1), "")
| where (Url contains "etc" or UrlQuery contains "etc") and EventResultDetails == "200"`,
  ],
  ['asim', 'proxy', 'c-useragent: x', 'imWebSession\n| where EventType =~ "HTTPsession"\n| where HttpUserAgent =~ "x"'],
  [
    'xdr',
    'dns_query',
    'QueryName|endswith: .example.org',
    `DeviceEvents
| where ActionType == "DnsQueryResponse"
| extend QueryName = tostring(parse_json(AdditionalFields).DnsQueryString)
| where QueryName endswith ".example.org"`,
  ],
  [
    'xdr',
    'pipe_created',
    "PipeName: '\\x'",
    `DeviceEvents
| where ActionType == "NamedPipeEvent"
| extend PipeName = replace_string(tostring(parse_json(AdditionalFields).PipeName), "\\\\Device\\\\NamedPipe", "")
| where PipeName =~ "\\\\x"`,
  ],
  // Of the process that started the one at work there is only the name.
  [
    'xdr',
    'image_load',
    "ParentImage|endswith: '\\x.exe'",
    `DeviceImageLoadEvents
| extend ParentFile = strcat("\\\\", InitiatingProcessParentFileName)
| where ParentFile endswith "\\\\x.exe"`,
  ],
  ['xdr', 'image_load', "ParentImage|endswith: '\\y\\x.exe'", 'convert-field'],
  ['xdr', 'process_creation', "LogonId: '0x3e7'", 'DeviceProcessEvents\n| where LogonId == 999'],
  [
    'xdr',
    'process_creation',
    'ParentUser|contains: AUTHORI',
    `DeviceProcessEvents
| extend ParentAccount = strcat(InitiatingProcessAccountDomain, "\\\\", InitiatingProcessAccountName)
| where ParentAccount contains "AUTHORI"`,
  ],
  ['asim', 'dns', 'query: x', 'imDns\n| where DnsQuery =~ "x"'],
  [
    'asim',
    'file_access',
    'FileName: x',
    'imFileEvent\n| where EventType == "FileAccessed"\n| where TargetFilePath =~ "x"',
  ],
])('%s: %s: %s', (to, category, items, expected) => {
  expect(said(to, category, items)).toBe(expected);
});

test('a long list of patterns is one expression, anchored as they are', () => {
  const texts = Array.from({ length: 101 }, (_, at) => `'a.${at}'`).join(', ');
  expect(said('xdr', 'process_creation', `CommandLine|startswith: [${texts}]`)).toMatch(
    /^DeviceProcessEvents\n\| where tolower\(ProcessCommandLine\) matches regex "\(\?s\)\^a\\\\\.0\|\^a/,
  );
});

test('a table of one system’s events needs no condition for it', () => {
  expect(said('asim', 'registry_set', 'Details: x', 'keep')).not.toContain('DvcOs');
});

test('Defender’s tables name no system, but another table does', () => {
  expect(said('xdr', 'process_creation', 'Image: x', 'keep')).toBe(
    `DeviceProcessEvents
| where DeviceId in ((DeviceInfo | where OSPlatform startswith "Windows" | distinct DeviceId)) and FolderPath =~ "x"`,
  );
});
