/**
 * Witnesses: of a predicate, facts of the form “field F has the text T” of which at least one is true of every event
 * for which the predicate is.
 *
 * Soundness, by cases: an `and` is witnessed by the witnesses of any one child; an `or` by those of all its children
 * together, if each has some; an equality by its texts. Nothing else is: a negation holds on missing fields, an
 * ordering or a wildcard holds for texts that cannot be listed. Texts are filed in lower case, which lets through more
 * than an exact comparison does, never less. Numbers are not filed by text (`4.0` and `4` are equal, their texts are
 * not), and neither are fields whose type compares otherwise than by text.
 */
import type { Scalar } from '../event/field-path.ts';
import type { Predicate, PredicateOf } from '../plan/predicate/node.ts';

export interface Witness {
  readonly field: string;
  /** As `witnessKey` gives it. */
  readonly text: string;
}

/** The form in which values and texts are filed. */
export function witnessKey(value: Scalar): string {
  return String(value).toLowerCase();
}

/** The witnesses, or `undefined` where the predicate has none and must be evaluated for every event. */
export function findWitnesses(predicate: Predicate): readonly Witness[] | undefined {
  switch (predicate.kind) {
    case 'constant':
      return predicate.value ? undefined : [];
    case 'match-any':
      return witnessesOfEquality(predicate);
    case 'and':
      return best(predicate.children.map(findWitnesses));
    case 'or': {
      const children = predicate.children.map(findWitnesses);
      return children.every((child) => child !== undefined) ? children.flat() : undefined;
    }
    case 'not':
    case 'exists':
    case 'match-anywhere':
    case 'nested':
    case 'match-fields':
    case 'match-value':
    case 'compare':
      return undefined;
  }
}

function witnessesOfEquality({ field, test }: PredicateOf<'match-any'>): readonly Witness[] | undefined {
  if (test.kind !== 'equals' || !TEXT_TYPES.has(field.type)) return undefined;
  if (!test.anyOf.every((wanted) => typeof wanted === 'string')) return undefined;
  return test.anyOf.map((wanted) => ({ field: field.name, text: witnessKey(wanted as string) }));
}

const TEXT_TYPES: ReadonlySet<string> = new Set(['keyword', 'text', 'unknown']);

/** Fields that many events share say little; a witness on any other field is preferred. The more share one, the dearer. */
const COMMON_FIELDS: ReadonlyMap<string, number> = new Map([
  ['event.category', 1_000],
  ['event.type', 1_000],
  ['event.outcome', 10_000],
  ['host.os.type', 10_000],
  ['event.kind', 100_000],
]);

function best(options: readonly (readonly Witness[] | undefined)[]): readonly Witness[] | undefined {
  let chosen: readonly Witness[] | undefined;
  for (const option of options) {
    if (option !== undefined && (chosen === undefined || cost(option) < cost(chosen))) chosen = option;
  }
  return chosen;
}

function cost(witnesses: readonly Witness[]): number {
  return witnesses.reduce((sum, { field }) => sum + (COMMON_FIELDS.get(field) ?? 1), 0);
}
