/**
 * Fields beside ECS: what endpoint integrations add (`process.Ext.*`, `winlog.*`, `crowdstrike.*`) and cloud rules use,
 * as far as example documents and published rules show them. It is no whole schema: a name that is not here may exist.
 */
import { ecsFieldNames, ecsFieldType, type FieldTypeName } from './ecs-fields.ts';
import { INTEGRATION_FIELD_TABLE } from './integration-field-table.ts';

/** Under these any name may stand: the integration takes over the names that the source has. */
const OPEN_SETS: readonly string[] = [
  'auditd.data',
  'auditd.paths',
  'o365.audit.ExtendedProperties',
  'o365.audit.Parameters',
  'winlog.event_data',
  'winlog.user_data',
];

let fields: ReadonlyMap<string, FieldTypeName> | undefined;
let sets: ReadonlySet<string> | undefined;

/** The type of a field that ECS does not have, `undefined` for a name that is not known. */
export function integrationFieldType(name: string): FieldTypeName | undefined {
  return all().get(name) ?? (isOpenField(name) ? 'keyword' : undefined);
}

export function integrationFieldNames(): Iterable<string> {
  return all().keys();
}

/** Whether any name may stand there: `winlog.event_data.X`, or below a free object of ECS (`labels.x`). */
export function isOpenField(name: string): boolean {
  for (let dot = name.indexOf('.'); dot !== -1; dot = name.indexOf('.', dot + 1)) {
    const parent = name.slice(0, dot);
    if (OPEN_SETS.includes(parent)) return true;
    if (ecsFieldType(parent) === 'object' && !parentsOfEcs().has(parent)) return true;
  }
  return false;
}

/** Whether ECS rules over the names under the first part of this one: `process`, `file`, `host`, … */
export function isUnderEcsFieldSet(name: string): boolean {
  const dot = name.indexOf('.');
  return dot !== -1 && parentsOfEcs().has(name.slice(0, dot));
}

/** Every name under which ECS has names. */
function parentsOfEcs(): ReadonlySet<string> {
  if (sets === undefined) {
    const found = new Set<string>();
    for (const name of ecsFieldNames()) {
      for (let dot = name.indexOf('.'); dot !== -1; dot = name.indexOf('.', dot + 1)) found.add(name.slice(0, dot));
    }
    sets = found;
  }
  return sets;
}

function all(): ReadonlyMap<string, FieldTypeName> {
  fields ??= readTable();
  return fields;
}

function readTable(): ReadonlyMap<string, FieldTypeName> {
  const map = new Map<string, FieldTypeName>();
  for (const [type, lines] of Object.entries(INTEGRATION_FIELD_TABLE) as [FieldTypeName, string][]) {
    for (const line of lines.trimStart().split('\n')) {
      const [parent, ...leaves] = line.split(' ') as [string, ...string[]];
      for (const leaf of leaves) map.set(parent === '.' ? leaf : `${parent}.${leaf}`, type);
    }
  }
  return map;
}
