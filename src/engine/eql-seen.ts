/**
 * What completion offers beside the schemas: the fields and values that the live sources have brought.
 */
import { ecsFieldType } from '../event/ecs-fields.ts';
import type { EqlSeen } from '../language/eql/complete.ts';
import type { SourceProfile } from './source-profile.ts';

type Value = string | number | boolean;

/** From here on the end of a value may have been left out. */
const LONGEST_VALUE = 119;
const MOST_VALUES = 12;

/** Fields that more events have come first, and so do values. */
export function seenIn(profiles: readonly Pick<SourceProfile, 'fields'>[]): EqlSeen {
  const uses = new Map<string, number>();
  const counts = new Map<string, Map<Value, number>>();
  for (const { field, events, examples } of profiles.flatMap(({ fields }) => fields.fields)) {
    uses.set(field, (uses.get(field) ?? 0) + events);
    const values = counts.get(field) ?? new Map<Value, number>();
    counts.set(field, values);
    for (const { name, count } of examples) {
      const value = typed(field, name);
      if (value !== undefined) values.set(value, (values.get(value) ?? 0) + count);
    }
  }
  return {
    fields: [...uses].sort((a, b) => b[1] - a[1]).map(([field]) => field),
    values: Object.fromEntries([...counts].map(([field, values]) => [field, mostFrequent(values)])),
  };
}

function mostFrequent(values: ReadonlyMap<Value, number>): readonly Value[] {
  return [...values]
    .sort((a, b) => b[1] - a[1])
    .slice(0, MOST_VALUES)
    .map(([value]) => value);
}

/** As it would be written in a query; nothing where it cannot be. */
function typed(field: string, text: string): Value | undefined {
  if (text.length > LONGEST_VALUE) return undefined;
  const type = ecsFieldType(field);
  if (type === 'boolean') return text === 'true';
  if (type !== 'long' && type !== 'double') return text;
  const number = Number(text);
  return Number.isFinite(number) && String(number) === text ? number : undefined;
}
