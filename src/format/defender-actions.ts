/**
 * What a row of a Microsoft Defender table means in ECS, by its table and action.
 */
export interface DefenderAction {
  readonly category: readonly string[];
  readonly type: readonly string[];
  readonly outcome?: string;
}

const CATEGORIES: ReadonlyMap<string, string> = new Map([
  ['deviceprocessevents', 'process'],
  ['cloudprocessevents', 'process'],
  ['devicenetworkevents', 'network'],
  ['devicenetworkinfo', 'network'],
  ['devicefileevents', 'file'],
  ['devicefilecertificateinfo', 'file'],
  ['deviceregistryevents', 'registry'],
  ['devicelogonevents', 'authentication'],
  ['deviceimageloadevents', 'library'],
  ['deviceevents', 'host'],
  ['deviceinfo', 'host'],
]);

/** @param table in lower case, `deviceprocessevents` @param action `ProcessCreated` */
export function defenderAction(table: string, action: string): DefenderAction {
  const category = CATEGORIES.get(table);
  const name = action.toLowerCase();
  switch (category) {
    case 'process':
      return { category: [category], type: [name === 'processcreated' ? 'start' : 'info'] };
    case 'library':
      return { category: [category], type: ['start'] };
    case 'file':
    case 'registry':
      return { category: [category], type: [changeOf(name)] };
    case 'network':
      return { category: [category], ...connectionOf(name) };
    case 'authentication':
      return { category: [category], ...logonOf(name) };
    default:
      return { category: category === undefined ? [] : [category], type: ['info'] };
  }
}

function changeOf(name: string): string {
  if (name.includes('created')) return 'creation';
  if (name.includes('deleted')) return 'deletion';
  return /modified|renamed|set$/.test(name) ? 'change' : 'info';
}

function connectionOf(name: string): Pick<DefenderAction, 'type' | 'outcome'> {
  if (name.includes('failed')) return { type: ['connection', 'denied'], outcome: 'failure' };
  if (name.includes('inboundconnectionaccepted'))
    return { type: ['start', 'connection', 'allowed'], outcome: 'success' };
  if (name.includes('success')) return { type: ['start', 'connection'], outcome: 'success' };
  return { type: /connection(?:attempt|request|acknowledged|created)/.test(name) ? ['start', 'connection'] : ['info'] };
}

function logonOf(name: string): Pick<DefenderAction, 'type' | 'outcome'> {
  if (name === 'logonsuccess') return { type: ['start'], outcome: 'success' };
  return name === 'logonfailed' ? { type: ['start'], outcome: 'failure' } : { type: ['info'] };
}
