/**
 * What Elastic Common Schema says of a field: the type its values compare by, and whether it is an array.
 *
 * Fields outside ECS (`winlog.event_data.*`, vendor fields) are not here. The map is built on first use (a few milliseconds), so that
 * a command that asks for no field does not pay.
 */
import { ECS_FIELD_TABLE } from './ecs-field-table.ts';

/**
 * How a field's values compare, after Elasticsearch's mapping types: `keyword` also holds constant_keyword and
 * wildcard, `object` also nested, flattened and geo_point, `long` every integer type, `double` every float.
 */
export type FieldTypeName = 'keyword' | 'text' | 'long' | 'double' | 'boolean' | 'date' | 'ip' | 'version' | 'object';

interface EcsField {
  readonly type: FieldTypeName;
  readonly array: boolean;
}

let fields: ReadonlyMap<string, EcsField> | undefined;

/** The type of an ECS field, `undefined` for a name that ECS does not have. */
export function ecsFieldType(name: string): FieldTypeName | undefined {
  return all().get(name)?.type;
}

/** Whether ECS says that the field holds an array even for one value (`process.args`, `event.category`). */
export function isEcsArray(name: string): boolean {
  return all().get(name)?.array === true;
}

/** Every ECS field name, for suggestions and completion. */
export function ecsFieldNames(): Iterable<string> {
  return all().keys();
}

function all(): ReadonlyMap<string, EcsField> {
  fields ??= readTable();
  return fields;
}

function readTable(): ReadonlyMap<string, EcsField> {
  const map = new Map<string, EcsField>();
  for (const [type, lines] of Object.entries(ECS_FIELD_TABLE) as [FieldTypeName, string][]) {
    const single = Object.freeze({ type, array: false });
    const array = Object.freeze({ type, array: true });
    for (const line of lines.trimStart().split('\n')) {
      const [parent, ...leaves] = line.split(' ') as [string, ...string[]];
      const prefix = parent === '.' ? '' : `${parent}.`;
      for (const leaf of leaves) {
        if (leaf.endsWith('*')) map.set(prefix + leaf.slice(0, -1), array);
        else map.set(prefix + leaf, single);
      }
    }
  }
  return map;
}
