/**
 * Computed conditions that are tests of a field in disguise, for languages that have no such functions.
 *
 *   substring(f, 0, 3) == "abc"      f begins with abc
 *   substring(f, -3) == "abc"        f ends with abc
 *   indexOf(f, "abc") == null        f does not hold abc, or is missing
 *   indexOf(f, "abc") >= 0           f holds abc
 *
 * Exact, because a part as long as the text that it is compared with is that text or is not; a shorter field gives a
 * shorter part.
 */
import { type FieldRef, matchAny, not, type Predicate, type PredicateOf, type Value } from '../plan/predicate/node.ts';

type Call = Extract<Value, { kind: 'call' }>;

/** The same condition as a test of a field; `undefined` where it is none. */
export function asFieldTest({ operator, left, right, span }: PredicateOf<'compare'>): Predicate | undefined {
  if (left.kind !== 'call' || right.kind !== 'literal') return undefined;
  if (left.name === 'substring' && operator === '==' && typeof right.value === 'string') {
    return partIs(left, right.value);
  }
  if (left.name === 'position' && operator === '>=' && right.value === 0) return holdsPart(left);
  if (left.name === 'is-null' && operator === '==' && right.value === true) {
    const [inner] = left.args;
    const holds = inner?.kind === 'call' && inner.name === 'position' ? holdsPart(inner) : undefined;
    return holds === undefined ? undefined : not(holds, span);
  }
  return undefined;
}

function partIs({ args: [text, start, end], span }: Call, wanted: string): Predicate | undefined {
  const field = fieldOf(text);
  const [from, to] = [literalOf(start), literalOf(end)];
  if (field === undefined || wanted === '' || /[\ud800-\udfff]/.test(wanted)) return undefined;
  const part = { text: wanted };
  if (from === 0 && to === wanted.length) {
    return matchAny(field, { kind: 'wildcard', anyOf: [[part, '*']], fold: 'none' }, span);
  }
  if (from === -wanted.length && to === null) {
    return matchAny(field, { kind: 'wildcard', anyOf: [['*', part]], fold: 'none' }, span);
  }
  return undefined;
}

function holdsPart({ args: [text, part, start, fold], span }: Call): Predicate | undefined {
  const field = fieldOf(text);
  const wanted = literalOf(part);
  if (field === undefined || typeof wanted !== 'string' || wanted === '' || literalOf(start) !== 0) return undefined;
  const folded = literalOf(fold) === true ? 'unicode' : 'none';
  return matchAny(field, { kind: 'wildcard', anyOf: [['*', { text: wanted }, '*']], fold: folded }, span);
}

/** Of a field with several values a comparison holds if it does for one, as a test does. */
function fieldOf(value: Value | undefined): FieldRef | undefined {
  return value?.kind === 'field' && value.each === true && value.field.type === 'keyword' ? value.field : undefined;
}

function literalOf(value: Value | undefined) {
  return value?.kind === 'literal' ? value.value : undefined;
}
