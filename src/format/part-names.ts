/**
 * How a shape's lines name the parts of a member's text (`text-parts.ts`).
 */
import { LineShape, STRING } from './line-shape.ts';

/** As no name has it in JSON. */
const BETWEEN = '\u0001';

export function partName(member: string, part: string): string {
  return `${member}${BETWEEN}${part}`;
}

export function isPart({ name }: LineShape<unknown>): boolean {
  return name.includes(BETWEEN.charCodeAt(0));
}

/** The part's own name. */
export function partOf({ name }: LineShape<unknown>): string {
  return Buffer.from(name.subarray(name.indexOf(BETWEEN.charCodeAt(0)) + 1)).toString('latin1');
}

/** The shape of lines that have these parts of a member, too. */
export function shapeAfter<T>(shape: LineShape<T>, member: LineShape<T>, parts: readonly string[]): LineShape<T> {
  const name = Buffer.from(member.name).toString('latin1');
  let next = shape;
  for (const part of parts) {
    next = new LineShape(next, undefined, {
      name: Buffer.from(partName(name, part)),
      place: -1,
      kind: STRING,
      node: -1,
    });
  }
  return next;
}
