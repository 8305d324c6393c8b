/**
 * SentinelOne's names (`src.process.netConnInCount`) as Elastic's integration writes them under
 * `sentinel_one_cloud_funnel.event.` (`src.process.net_conn.in_count`).
 *
 * A few rules and a list of exceptions; a name that neither knows becomes snake_case, so that new ones have a place.
 */
const EXCEPTIONS: ReadonlyMap<string, string> = new Map([
  ['account.id', 'account_id'],
  ['account.name', 'account_name'],
  ['os.name', 'os_name'],
  ['meta.event.name', 'meta_event_name'],
  ['packet.id', 'packet_id'],
  ['process.unique.key', 'process_unique_key'],
  ['trace.id', 'trace_id'],
  ['src.ip.address', 'src.ip_address'],
  ['src.port.number', 'src.port_number'],
  ['dst.ip.address', 'dst.ip_address'],
  ['dst.port.number', 'dst.port_number'],
  ['src.endpoint.ip.address', 'src.endpoint_ip_address'],
  ['registry.keyPath', 'registry.key.path'],
  ['registry.keyUid', 'registry.key.uid'],
  ['registry.value', 'registry.val'],
  ['registry.oldValue', 'registry.old_value.detail'],
  ['event.login.loginIsSuccessful', 'login.is_successful'],
  ['k8sCluster.namespace', 'k8s_cluster.namespace.value'],
  ['k8sCluster.containerImage', 'k8s_cluster.container.image.value'],
]);

/** Within one name, before it is put in snake_case. */
const GROUPS: readonly (readonly [RegExp, string])[] = [
  [/^cmdline$/, 'cmd_line'],
  [/^user$/, 'user.name'],
  [/^userSid$/, 'user.sid'],
  [/^([erl])User(Name|Uid)$/, '$1_user.$2'],
  [/^crossProcessDup(?=[A-Z])/, 'crossProcess.dup.'],
  [/^crossProcess(?=[A-Z])/, 'crossProcess.'],
  [/^indicatorInfostealer/, 'indicator.infoStealer'],
  [/^indicator(?=[A-Z])/, 'indicator.'],
  [/^netConn(?=[A-Z])/, 'netConn.'],
  [/^tgtFile(?=[A-Z])/, 'tgtFile.'],
  [/^activeContentType$/, 'activeContent.type'],
];

const known = new Map<string, readonly string[]>();
const MAX_KNOWN = 4_096;

/** The path under `sentinel_one_cloud_funnel.event.`. */
export function sentinelOnePath(name: string): readonly string[] {
  let path = known.get(name);
  if (path === undefined) {
    path = (EXCEPTIONS.get(name) ?? derived(name)).split('.');
    if (known.size < MAX_KNOWN && name.length <= 256) known.set(name, path);
  }
  return path;
}

function derived(name: string): string {
  const isProcess = /(?:^|\.)process\./.test(name);
  const last = name.lastIndexOf('.') + 1;
  return `${name.slice(0, last)}${isProcess ? grouped(name.slice(last)) : name.slice(last)}`
    .replace(/^event\./, '')
    .replace(/^osSrc\.process\./, 'osSrcProcess.')
    .replace(/^sca:/, 'sca.')
    .replace(/^registry\.(oldValue|value)(?=[A-Z])/, 'registry.$1.')
    .replace(/^login\.account(?=[A-Z])/, 'login.account.')
    .replace(/^tgt\.file\.old(?=[A-Z])/, 'tgt.file.old.')
    .replace(/^k8sCluster\.(container|controller|namespace|pod)(?=[A-Z])/, 'k8sCluster.$1.')
    .replace(/\bstoryline\.id$/, 'storyline_id')
    .replace(/\bindicatorGeneral\.count$/, 'indicator.generalCount')
    .replace(/([a-z])(\d+)([A-Z])/g, '$1_$2_$3')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

function grouped(name: string): string {
  for (const [pattern, replacement] of GROUPS) {
    if (pattern.test(name)) return name.replace(pattern, replacement);
  }
  return name;
}
