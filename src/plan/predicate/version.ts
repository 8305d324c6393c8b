/**
 * The order of versions, as Elasticsearch's `version` fields have it (Semantic Versioning 2.0.0): numbers by value, a
 * pre-release before its release, and what is no version after all versions, by code point.
 */
import { compareText } from './text-order.ts';

const SEMVER = /^(\d{1,30}(?:\.\d{1,30}){0,9})(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/;

export function compareVersions(a: string, b: string): number {
  const [left, right] = [SEMVER.exec(a), SEMVER.exec(b)];
  if (left === null || right === null) {
    return left === right ? compareText(a, b) : left === null ? 1 : -1;
  }
  const byNumbers = compareParts(left[1] as string, right[1] as string);
  if (byNumbers !== 0) return byNumbers;
  const [before, after] = [left[2], right[2]];
  if (before === undefined || after === undefined) return Number(before === undefined) - Number(after === undefined);
  return compareParts(before, after);
}

/** Dotted parts: numbers by value and before texts, texts by code point, fewer parts first. */
function compareParts(a: string, b: string): number {
  const [left, right] = [a.split('.'), b.split('.')];
  for (let at = 0; at < Math.min(left.length, right.length); at += 1) {
    const order = comparePart(left[at] as string, right[at] as string);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function comparePart(a: string, b: string): number {
  const [isNumber, other] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (isNumber !== other) return isNumber ? -1 : 1;
  if (!isNumber) return compareText(a, b);
  const [x, y] = [BigInt(a), BigInt(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}
