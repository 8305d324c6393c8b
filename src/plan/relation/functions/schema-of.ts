/**
 * `buildschema`: what dynamic values look like, as a dynamic value.
 *
 * A bag gives the schema of each of its members, an array one of its elements under the name of Kusto's for them; what is of several types
 * lists these in the order in which they are met. Source: Microsoft's page on the function, and its example.
 */
import type { Json } from '../../../event/json.ts';
import type { Cell } from '../cell.ts';
import { arrayOf, bagOf } from '../cell-number.ts';
import { isLong } from '../exact-number.ts';
import type { AggregateFunction } from '../function.ts';
import { RelationRefusal } from '../refusal.ts';

const ELEMENTS = '`indexer`';
/** Members of one schema. */
const MOST_MEMBERS = 10_000;

/** Types in the order in which they were met; a container is one of them. */
interface Schema {
  readonly types: Set<string>;
  members?: Map<string, Schema>;
}

/** @throws {RelationRefusal} for an array that is always empty: its schema is not published */
export const schemaOf: AggregateFunction = (rows) => {
  const whole: Schema = { types: new Set() };
  for (const [cell = null] of rows) take(whole, cell);
  return [written(whole)];
};

const CONTAINER = '{}';

function take(schema: Schema, cell: Cell): void {
  if (cell === null) return;
  const [array, bag] = [arrayOf(cell), bagOf(cell)];
  if (array === null && bag === null) {
    schema.types.add(typeName(cell));
    return;
  }
  schema.types.add(CONTAINER);
  schema.members ??= new Map();
  if (array !== null) for (const element of array) take(memberOf(schema.members, ELEMENTS), element);
  else for (const [name, member] of Object.entries(bag ?? {})) take(memberOf(schema.members, name), member);
  if (array?.length === 0) memberOf(schema.members, ELEMENTS);
}

function memberOf(members: Map<string, Schema>, name: string): Schema {
  const known = members.get(name);
  if (known !== undefined) return known;
  if (members.size >= MOST_MEMBERS) throw new RelationRefusal(`A schema has more than ${MOST_MEMBERS} members.`);
  const made: Schema = { types: new Set() };
  members.set(name, made);
  return made;
}

function typeName(cell: Cell): string {
  if (typeof cell === 'string') return 'string';
  if (typeof cell === 'boolean') return 'bool';
  return typeof cell !== 'bigint' && isLong(cell) === false ? 'double' : 'long';
}

function written({ types, members }: Schema): Json {
  const all = [...types].map((type): Json => {
    if (type !== CONTAINER) return type;
    const entries = [...(members ?? [])].map(([name, member]) => [name, written(member)] as const);
    if (entries.some(([name, schema]) => name === ELEMENTS && schema === null))
      throw new RelationRefusal('The schema of arrays that are all empty is not known. Leave them out.');
    return Object.fromEntries(entries);
  });
  return all.length < 2 ? (all[0] ?? null) : all;
}
