/**
 * Microsoft Defender's column names (`InitiatingProcessFileSize`) as Elastic's integration writes them under
 * `m365_defender.event.` (`initiating_process.file_size`): a group by the name's beginning, the rest in snake_case.
 */
const GROUPS =
  `InitiatingProcess Process File Device Account Request Registry Remote Local Logon Previous Certificate OS
  Network Sensitivity`.split(/\s+/);
const EXCEPTIONS: ReadonlyMap<string, string> = new Map([
  ['ActionType', 'action.type'],
  ['DeviceDynamicTags', 'device_dynamic_tags'],
  ['DeviceManualTags', 'device_manual_tags'],
  ['IPv4Dhcp', 'ipv4_dhcp'],
  ['IPv6Dhcp', 'ipv6_dhcp'],
  ['NetworkMessageId', 'network_message_id'],
  ['PublicIP', 'public_ip.value'],
  ['Tenant', 'tenant.name'],
  ['tenantId', 'tenant.id'],
  ['TenantId', 'tenant.id'],
]);

const known = new Map<string, readonly string[]>();
const MAX_KNOWN = 4_096;

/** The path under `m365_defender.event.`. */
export function defenderPath(name: string): readonly string[] {
  let path = known.get(name);
  if (path === undefined) {
    path = derived(name).split('.');
    if (known.size < MAX_KNOWN && name.length <= 256) known.set(name, path);
  }
  return path;
}

function derived(name: string): string {
  const exception = EXCEPTIONS.get(name);
  if (exception !== undefined) return exception;
  const group = GROUPS.find((one) => name.startsWith(one) && /^[A-Z]/.test(name.slice(one.length)));
  return group === undefined ? snake(name) : `${snake(group)}.${snake(name.slice(group.length))}`;
}

function snake(name: string): string {
  return name
    .replace(/^_+/, '')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase();
}
