/**
 * From places in a text that was written from a tree, back to the texts that the tree's nodes were read from.
 *
 *   written text ──read──▶ tree ──beside the tree that it was written from──▶ pairs of spans ──the innermost──▶ span
 *
 * A place inside a scalar keeps its distance from the value's beginning where both texts have the value as it is.
 */
import { type Span, spanOf } from '../diagnostic/span.ts';
import type { YamlNode } from '../language/yaml.ts';

interface Tree {
  readonly text: string;
  readonly node: YamlNode;
}

/** A key, or a value with what lies in it. */
interface Pair {
  readonly written: Span;
  readonly origin: Span;
  /** Added to a place inside; absent where the two are not written alike. */
  readonly shift?: number | undefined;
  /** In the order of the written text; none touches another. */
  readonly inside: readonly Pair[];
}

/** @param written holds what `origin` does, key for key, in any order */
export function mergedPlaces(written: Tree, origin: Tree): (span: Span) => Span {
  let whole: Pair | undefined;
  return ({ start, end }) => {
    whole ??= pairOf(written.node, origin.node, written.text, origin.text);
    const from = innermost(whole, start, start + 1);
    const first = from.shift === undefined ? from.origin.start : start + from.shift;
    if (start === end) return spanOf(first, first);
    const isPart = start > from.written.start && end <= from.written.end;
    if (isPart && from.shift === undefined) return from.origin;
    const to = innermost(whole, end - 1, end);
    const last = to.shift === undefined ? to.origin.end : end + to.shift;
    // The two may stand in different documents; then the place is where it begins.
    const crosses = last < first || (last > from.origin.end && /^---/m.test(origin.text.slice(first, last)));
    return crosses ? spanOf(first, Math.max(first, from.origin.end)) : spanOf(first, last);
  };
}

/** The smallest pair that holds the place. */
function innermost(whole: Pair, start: number, end: number): Pair {
  let found = whole;
  for (;;) {
    const { inside } = found;
    let low = 0;
    for (let over = inside.length; low < over; ) {
      const middle = (low + over) >>> 1;
      if ((inside[middle] as Pair).written.start <= start) low = middle + 1;
      else over = middle;
    }
    const next = inside[low - 1];
    if (next === undefined || next.written.end < end) return found;
    found = next;
  }
}

function pairOf(to: YamlNode, from: YamlNode, text: string, otherText: string): Pair {
  const inside: Pair[] = [];
  if (to.kind === 'map' && from.kind === 'map') {
    const byKey = new Map(from.entries.map((entry) => [entry.key, entry]));
    for (const { key, keySpan, value } of to.entries) {
      const entry = byKey.get(key);
      if (entry === undefined) continue;
      const shift = shiftOf(text, keySpan, otherText, entry.keySpan, key);
      inside.push({ written: keySpan, origin: entry.keySpan, shift, inside: [] });
      inside.push(pairOf(value, entry.value, text, otherText));
    }
  } else if (to.kind === 'list' && from.kind === 'list') {
    for (const [at, item] of to.items.entries()) {
      const other = from.items[at];
      if (other !== undefined) inside.push(pairOf(item, other, text, otherText));
    }
  }
  const isText = from.kind === 'scalar';
  const shift = isText ? shiftOf(text, to.span, otherText, from.span, String(from.value)) : undefined;
  return { written: to.span, origin: from.span, shift, inside };
}

function shiftOf(text: string, span: Span, otherText: string, other: Span, value: string): number | undefined {
  const at = text.slice(span.start, span.end).indexOf(value);
  const otherAt = otherText.slice(other.start, other.end).indexOf(value);
  return at === -1 || otherAt === -1 ? undefined : other.start + otherAt - (span.start + at);
}
