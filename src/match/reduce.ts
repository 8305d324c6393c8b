/**
 * What is left of a predicate where some fields are the same in all events it is asked of.
 */
import type { Values } from '../event/field-path.ts';
import { readyTest } from '../plan/predicate/evaluate.ts';
import { and, constant, not, or, type Predicate } from '../plan/predicate/node.ts';

/** The field's values where they are always the same. */
export type ConstantValues = (field: string) => Values | undefined;

/** Holds of every such event for which the predicate does, and of no other; the same object where there is nothing to leave out. */
export function reduce(predicate: Predicate, valuesOf: ConstantValues): Predicate {
  const { span } = predicate;
  switch (predicate.kind) {
    case 'not': {
      const child = reduce(predicate.child, valuesOf);
      if (child === predicate.child) return predicate;
      return child.kind === 'constant' ? constant(!child.value, span) : not(child, span);
    }
    case 'and':
    case 'or': {
      const decides = predicate.kind === 'or';
      const children: Predicate[] = [];
      let isSame = true;
      for (const each of predicate.children) {
        const child = reduce(each, valuesOf);
        if (child !== each || child.kind === 'constant') isSame = false;
        if (child.kind !== 'constant') children.push(child);
        else if (child.value === decides) return constant(decides, span);
      }
      return isSame ? predicate : (decides ? or : and)(children, span);
    }
    case 'exists': {
      const values = valuesOf(predicate.field.name);
      return values === undefined ? predicate : constant(values.length > 0, span);
    }
    case 'match-any': {
      const values = valuesOf(predicate.field.name);
      if (values === undefined) return predicate;
      return constant(values.length > 0 && values.some(readyTest(predicate).passes), span);
    }
    default:
      return predicate;
  }
}
