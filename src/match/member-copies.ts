/**
 * The members of a line that hold the values of a field, where they stand there as they are.
 */
import type { LineShape } from '../format/line-shape.ts';
import { ARRAY, OBJECT } from '../format/line-shape.ts';
import { type Members, nameOf } from '../format/recorded-json.ts';

/**
 * @param names with dots between names that stand in each other, or within a name: both are the same to who reads fields
 * @returns undefined where an array stands on the way, whose members nobody has told apart
 */
export function memberCopies(names: readonly string[], members: Members): readonly LineShape<unknown>[] | undefined {
  const found: LineShape<unknown>[] = [];
  for (const { member, path } of placedIn(members)) {
    if (names.includes(path)) found.push(member);
    else if (member.kind === ARRAY && names.some((name) => name.startsWith(`${path}.`))) return undefined;
  }
  return found;
}

interface Placed {
  readonly member: LineShape<unknown>;
  readonly path: string;
}

/** Told once of a shape: a plan asks for each field. */
const PLACED = new WeakMap<Members, readonly Placed[]>();

/** The members that are no objects, in order. */
function placedIn(members: Members): readonly Placed[] {
  let placed = PLACED.get(members);
  if (placed === undefined) {
    placed = placeAll(members);
    PLACED.set(members, placed);
  }
  return placed;
}

function placeAll(members: Members): readonly Placed[] {
  const paths = new Map<number, string>();
  const placed: Placed[] = [];
  // A member stands after the object that it is in.
  for (const member of [...members.values()].sort((a, b) => a.number - b.number)) {
    const outer = paths.get(member.inside);
    const path = outer === undefined ? nameOf(member) : `${outer}.${nameOf(member)}`;
    if (member.kind === OBJECT) paths.set(member.place, path);
    else placed.push({ member, path });
  }
  return placed;
}
