/**
 * What Elastic's languages can ask of a field: it depends on how the field is indexed.
 *
 * `text` fields are cut into words when indexed, so EQL and Lucene cannot compare them as a whole; numbers, addresses
 * and dates are not texts, so patterns need their text form or cannot be asked at all.
 */
import { kueryFieldType } from '../language/kuery/fields.ts';
import { and, type FieldRef, type FieldType, matchAny, not, or, type Predicate } from '../plan/predicate/node.ts';

export type FieldClass = 'text' | 'words' | 'number' | 'date' | 'ip' | 'boolean' | 'open';

export function fieldClass(field: FieldRef): FieldClass {
  switch (indexedType(field)) {
    case 'keyword':
    case 'version':
      return 'text';
    case 'text':
      return 'words';
    case 'long':
    case 'double':
      return 'number';
    case 'date':
      return 'date';
    case 'ip':
      return 'ip';
    case 'boolean':
      return 'boolean';
    case 'object':
    case 'unknown':
      return 'open';
  }
}

/** Numbers as a query may write them: plain decimal. */
export function isPlainNumber(value: string | number | boolean): boolean {
  return /^-?\d+(\.\d+)?$/.test(String(value));
}

/** A rule may know less of a field than the schemas of the integrations do. */
function indexedType({ name, type }: FieldRef): FieldType {
  return type === 'unknown' || type === 'keyword' ? (kueryFieldType(name) ?? type) : type;
}

/** Fields whose values ECS names, all in lower case (its `expected values`). */
const CLOSED: ReadonlySet<string> = new Set([
  'event.category',
  'event.kind',
  'event.outcome',
  'event.type',
  'host.os.type',
]);

/**
 * The same condition with ECS's own words compared exactly. No document that follows ECS has them in another case, and
 * an exact comparison is what people write, and what an index answers at once.
 */
export function withEcsWords(node: Predicate): Predicate {
  switch (node.kind) {
    case 'and':
      return and(node.children.map(withEcsWords), node.span);
    case 'or':
      return or(node.children.map(withEcsWords), node.span);
    case 'not':
      return not(withEcsWords(node.child), node.span);
    case 'match-any': {
      const { field, test, span } = node;
      if (!CLOSED.has(field.name) || test.kind !== 'equals') return node;
      const words = test.anyOf.every((value) => typeof value === 'string' && /^[a-z_]+$/.test(value));
      return words ? matchAny(field, { ...test, fold: 'none' }, span) : node;
    }
    default:
      return node;
  }
}
