/**
 * The places of one field of a rule: sources put it in several fields of an event, and a rule's condition asks each.
 *
 *   children of an `or` ──same test, at the same place of the rule's own text──▶ homes, or what stands alone
 */
import type { Span } from '../diagnostic/span.ts';
import type { FieldRef, Predicate, Test } from '../plan/predicate/node.ts';

/** Several ways to say one thing of one field of the rule: the homes of that field. */
export interface Homes {
  readonly kind: 'homes';
  readonly fields: readonly FieldRef[];
  /** Absent for a test of existence. */
  readonly test: Test | undefined;
  readonly span: Span;
}

/** Fields that hold in one text what others hold one by one. */
const LISTS: ReadonlySet<string> = new Set(['winlog.event_data.Hashes', 'winlog.event_data.Initiated']);

export function isList({ fields }: Homes): boolean {
  return fields.every(({ name }) => LISTS.has(name));
}

/** The same test of several fields at the same place of the rule, put together; anything else as it is. */
export function intoHomes(children: readonly Predicate[]): readonly (Homes | Exclude<Predicate, never>)[] {
  const groups = new Map<string, { at: number; fields: FieldRef[]; test: Test | undefined; span: Span }>();
  const units: (Homes | Predicate)[] = [];
  for (const child of children) {
    if (child.kind !== 'match-any' && child.kind !== 'exists') {
      units.push(child);
      continue;
    }
    const test = child.kind === 'match-any' ? child.test : undefined;
    // Number and text forms of one test, which the types of homes ask for, count as one.
    const { start, end } = child.span.origin ?? child.span;
    const key = `${start} ${end} ${JSON.stringify(test, (_, value: unknown) => (typeof value === 'number' ? String(value) : value))}`;
    const group = groups.get(key);
    if (group !== undefined) {
      group.fields.push(child.field);
      units[group.at] = { kind: 'homes', fields: group.fields, test, span: child.span };
      continue;
    }
    groups.set(key, { at: units.length, fields: [child.field], test, span: child.span });
    units.push({ kind: 'homes', fields: [child.field], test, span: child.span });
  }
  return units;
}

/** Whether two clauses stand at one place of the rule’s own text. */
export function sameSpan({ origin: a, ...atA }: Span, { origin: b, ...atB }: Span): boolean {
  const [one, other] = [a ?? atA, b ?? atB];
  return one.start === other.start && one.end === other.end;
}

/** Fields that hold `DOMAIN\\user`. */
export const WITH_DOMAIN: ReadonlySet<string> = new Set(['winlog.event_data.User', 'winlog.event_data.ParentUser']);

/** The texts that a test compares with. */
export function literalsOf(test: Test | undefined): readonly string[] {
  if (test?.kind === 'equals') return test.anyOf.map(String);
  if (test?.kind !== 'wildcard') return [];
  return test.anyOf.flatMap((pattern) => pattern.flatMap((part) => (typeof part === 'object' ? [part.text] : [])));
}

/** Whether a path's last part is asked for: `*\\cmd.exe`. */
export function asksForEnding(test: Test | undefined): boolean {
  if (test?.kind !== 'wildcard') return false;
  return test.anyOf.every(([first, second, ...more]) => {
    return first === '*' && typeof second === 'object' && more.length === 0 && /^\\[^\\]*$/.test(second.text);
  });
}

/** Whether a user stands there as `DOMAIN\\user`. */
export function hasDomain(text: string): boolean {
  return text.includes('\\');
}

/** Beside a test for what is missing, one for the empty text adds nothing in Kusto. */
export function withoutEmpty(test: Test, isMissing: boolean): Test {
  if (!isMissing || test.kind !== 'equals') return test;
  return { ...test, anyOf: test.anyOf.filter((value) => value !== '') };
}
