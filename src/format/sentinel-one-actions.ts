/**
 * What SentinelOne's event categories and types mean in ECS. `ProcessCreation` and `Process Creation` are one type.
 */
export interface SentinelOneAction {
  readonly category?: readonly string[];
  readonly type?: readonly string[];
  readonly action?: readonly string[];
}

/** @param category `event.category` @param type `event.type` @param direction `event.network.direction` */
export function sentinelOneAction(category: string, type: string, direction: string | undefined): SentinelOneAction {
  const name = type.replaceAll(' ', '').toLowerCase();
  switch (category.toLowerCase()) {
    case 'process':
      return ofProcess(name);
    case 'cross_process':
      return { category: ['process'], type: ['access'] };
    case 'command_script':
      return { category: ['process'], type: ['info'] };
    case 'ip':
      return ofConnection(name, direction);
    case 'dns':
      return { category: ['network'], type: ['info', 'protocol'], action: ['lookup_requested'] };
    case 'file':
      return { category: ['file'], ...ofChange(name, 'change') };
    case 'registry':
      return { category: ['registry'], ...ofChange(name, 'modification') };
    case 'scheduled_task':
      return { category: ['configuration'], ...ofChange(name.replace('register', 'create'), 'change') };
    case 'logins':
      return { category: ['authentication'], type: [name === 'login' ? 'start' : name === 'logout' ? 'end' : 'info'] };
    case 'group':
      return { category: ['iam'], type: ['group', ...(ofChange(name, 'change').type ?? [])] };
    case 'module':
      return { category: ['library'], type: ['start'] };
    case 'driver':
      return { category: ['driver'], type: ['start'] };
    case 'url':
      return { category: ['web'], type: ['access'] };
    case 'indicators':
    case 'threat_intelligence_indicators':
      return { category: ['threat'], type: ['indicator'] };
    default:
      return {};
  }
}

function ofProcess(name: string): SentinelOneAction {
  const type = name === 'processcreation' ? 'start' : /^process(?:exit|termination)$/.test(name) ? 'end' : undefined;
  return type === undefined
    ? { category: ['process'], type: ['info'] }
    : { category: ['process'], type: [type], action: [type] };
}

function ofConnection(name: string, direction: string | undefined): SentinelOneAction {
  if (name !== 'ipconnect') return { category: ['network'], type: [name === 'iplisten' ? 'start' : 'info'] };
  const action = { OUTGOING: 'connection_attempted', INCOMING: 'connection_accepted' }[direction ?? ''];
  return {
    category: ['network'],
    type: ['start', 'connection'],
    ...(action === undefined ? {} : { action: [action] }),
  };
}

/** `modified` is the action's word for a change, which differs between files and the registry. */
function ofChange(name: string, modified: string): SentinelOneAction {
  if (name.includes('rename')) return { type: ['change'], action: ['rename'] };
  if (name.includes('creat')) return { type: ['creation'], action: ['creation'] };
  if (name.includes('delet')) return { type: ['deletion'], action: ['deletion'] };
  if (name.includes('modif')) return { type: ['change'], action: [modified] };
  return name.includes('chang') ? { type: ['change'], action: ['change'] } : { type: ['info'] };
}
