/**
 * What a hunt is told of fields that are not ECS: their types, and names that stand for other fields.
 *
 *   uptime → long      event.category → alias:event_type
 */
import { type Diagnostic, diagnose } from '../diagnostic/diagnostic.ts';
import type { FieldTypeName } from '../event/ecs-fields.ts';
import { ecsFieldType } from '../event/ecs-fields.ts';
import type { Event } from '../event/event.ts';

export interface FieldMapping {
  readonly diagnostics: readonly Diagnostic[];
  readonly typeOf: (field: string) => FieldTypeName | undefined;
  /** Fields that it tells of: those with a type, and those that aliases stand for. */
  readonly named: readonly string[];
  /** The event as conditions see it, with the fields that aliases name. */
  readonly applied: (event: Event) => Event;
}

/** Elasticsearch's types by how their values compare. */
const TYPES: Readonly<Record<string, FieldTypeName>> = {
  keyword: 'keyword',
  constant_keyword: 'keyword',
  wildcard: 'keyword',
  text: 'text',
  match_only_text: 'text',
  long: 'long',
  integer: 'long',
  short: 'long',
  byte: 'long',
  unsigned_long: 'long',
  double: 'double',
  float: 'double',
  half_float: 'double',
  scaled_float: 'double',
  boolean: 'boolean',
  date: 'date',
  date_nanos: 'date',
  ip: 'ip',
  version: 'version',
};
const ALIAS = 'alias:';

export function fieldMapping(fields: Readonly<Record<string, string>>): FieldMapping {
  const types = new Map<string, FieldTypeName>();
  const aliases = new Map<string, string>();
  const diagnostics: Diagnostic[] = [];
  for (const [field, type] of Object.entries(fields)) {
    if (type.startsWith(ALIAS)) aliases.set(field, type.slice(ALIAS.length));
    else if (Object.hasOwn(TYPES, type)) types.set(field, TYPES[type] as FieldTypeName);
    else {
      const message = `The field “${field}” is given the type “${type}”, which is none.`;
      diagnostics.push(
        diagnose('hunt-option', 'error', message, undefined, `Types are ${Object.keys(TYPES).join(', ')}.`),
      );
    }
  }
  const typeOf = (field: string) => {
    const target = aliases.get(field) ?? field;
    return types.get(target) ?? ecsFieldType(target);
  };
  const named = [...types.keys(), ...aliases.values()];
  return { diagnostics, typeOf, named, applied: (event) => applyAliases(event, aliases) };
}

function applyAliases(event: Event, aliases: ReadonlyMap<string, string>): Event {
  if (aliases.size === 0) return event;
  return event.overlaid((field) => {
    const target = aliases.get(field);
    return target === undefined ? undefined : { value: event.json(target) };
  });
}
