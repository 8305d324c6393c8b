/**
 * Dynamic values: members, bags, and JSON as text. Names are told apart by case; of equal names the first counts.
 */
import type { Json } from '../../../event/json.ts';
import type { Cell } from '../cell.ts';
import { arrayOf, bagOf, convertCell, jsonOf, longOf } from '../cell-number.ts';
import { jsonText, textOf } from '../cell-text.ts';
import type { ScalarFunction } from '../function.ts';
import { textAt, typeAt } from './arguments.ts';
import { readJson } from './cast.ts';

export const BAG_FUNCTIONS: Readonly<Record<string, ScalarFunction>> = {
  member: ([value = null, key = null], signature) => memberOf(value, key, typeAt(signature, 1) === 'string'),
  bag_pack: (args, signature) =>
    firstOf(
      Array.from({ length: Math.floor(args.length / 2) }, (_, at) => [
        textAt(args, signature, 2 * at),
        jsonOf(args[2 * at + 1] ?? null, typeAt(signature, 2 * at + 1)),
      ]),
    ),
  bag_keys: ([cell = null]) => {
    const bag = bagOf(cell);
    return bag === null ? null : Object.keys(bag);
  },
  bag_merge: (args) => {
    const bags = args.map(bagOf).filter((bag) => bag !== null);
    return bags.length === 0 ? null : firstOf(bags.flatMap((bag) => Object.entries(bag)));
  },
  bag_has_key: (args, signature) => {
    const bag = bagOf(args[0] ?? null);
    if (bag === null) return null;
    const steps = pathOf(textAt(args, signature, 1));
    const last = steps.pop();
    const holder = steps.reduce<Json>((at, step) => memberOf(at, step, typeof step === 'string'), bag);
    if (typeof last === 'bigint') return memberOf(holder, last, false) !== null;
    return last !== undefined && Object.hasOwn(bagOf(holder) ?? {}, last);
  },
  bag_set_key: (args, signature) => {
    const bag = bagOf(args[0] ?? null);
    if (bag === null) return null;
    return setAt(bag, pathOf(textAt(args, signature, 1)), jsonOf(args[2] ?? null, typeAt(signature, 2)));
  },
  bag_remove_keys: ([cell = null, keys = null]) => {
    const bag = bagOf(cell);
    if (bag === null) return null;
    return (arrayOf(keys) ?? []).reduce<Json>((at, key) => without(at, pathOf(textOf(key, 'dynamic'))), bag);
  },
  bag_zip: ([keys = null, values = null]) => {
    const [names, items] = [arrayOf(keys), arrayOf(values)];
    if (names === null || items === null) return null;
    return firstOf(names.map((name, at) => [textOf(name, 'dynamic'), items[at] ?? null]));
  },
  dynamic_to_json: ([cell = null], signature) => {
    const value = jsonOf(cell, typeAt(signature, 0));
    return typeof value === 'object' && value !== null ? jsonText(ordered(value)) : textOf(value, 'dynamic');
  },
  treepath: ([cell = null]) => (bagOf(cell) === null && arrayOf(cell) === null ? null : pathsOf(cell as Json, '')),
  extract_json: (args, signature) => {
    const source = args[1] ?? null;
    const value = typeAt(signature, 1) === 'string' ? readJson(String(source)) : (source as Json);
    const found = pathOf(textAt(args, signature, 0)).reduce<Cell>(
      (at, step) => memberOf(at, step, typeof step === 'string'),
      value,
    );
    return convertCell(found, 'dynamic', signature.result);
  },
};

/** By name of a bag, by position of an array; negative ones count from the end. */
function memberOf(value: Cell, key: Cell, isName: boolean): Json {
  const bag = bagOf(value);
  if (bag !== null) {
    const name = typeof key === 'string' ? key : isName ? textOf(key, 'dynamic') : null;
    return name !== null && Object.hasOwn(bag, name) ? (bag[name] ?? null) : null;
  }
  const array = arrayOf(value);
  const at = array === null || typeof key === 'string' ? null : longOf(key, 'dynamic');
  if (array === null || at === null) return null;
  return array[Number(at < 0n ? BigInt(array.length) + at : at)] ?? null;
}

function firstOf(entries: readonly (readonly [string, Json])[]): Json {
  const bag = new Map<string, Json>();
  for (const [name, value] of entries) if (!bag.has(name)) bag.set(name, value);
  return Object.fromEntries(bag);
}

/** The steps of `$.a["b c"][0]`; a name alone is one step. */
function pathOf(path: string): (string | bigint)[] {
  if (!path.startsWith('$')) return [path];
  return [...path.slice(1).matchAll(/\.([^.[\]]+)|\[\s*(-?\d{1,15})\s*\]|\[\s*(?:'([^']*)'|"([^"]*)")\s*\]/g)].map(
    ([, name, index, single, double]) => (index === undefined ? (name ?? single ?? double ?? '') : BigInt(index)),
  );
}

function setAt(value: Json, steps: readonly (string | bigint)[], put: Json): Json {
  const [step, ...rest] = steps;
  if (step === undefined) return put;
  if (typeof step === 'bigint') {
    if (!Array.isArray(value)) return value;
    return value.map((item: Json, at) => (BigInt(at) === step ? setAt(item, rest, put) : item));
  }
  const bag = bagOf(value) ?? {};
  const made = new Map(Object.entries(bag));
  made.set(step, setAt(made.get(step) ?? {}, rest, put));
  return Object.fromEntries(made);
}

function without(value: Json, steps: readonly (string | bigint)[]): Json {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  if (typeof step === 'bigint') {
    if (!Array.isArray(value)) return value;
    return value.map((item: Json, at) => (BigInt(at) === step ? without(item, rest) : item));
  }
  const bag = bagOf(value);
  if (bag === null || !Object.hasOwn(bag, step)) return value;
  const entries = Object.entries(bag);
  if (rest.length === 0) return Object.fromEntries(entries.filter(([name]) => name !== step));
  return Object.fromEntries(entries.map(([name, item]) => [name, name === step ? without(item, rest) : item]));
}

function ordered(value: Json): Json {
  if (Array.isArray(value)) return value.map(ordered);
  const bag = bagOf(value);
  if (bag === null) return value;
  const names = Object.keys(bag).sort();
  return Object.fromEntries(names.map((name) => [name, ordered(bag[name] ?? null)]));
}

function pathsOf(value: Json, path: string): string[] {
  const children: readonly (readonly [string, Json])[] = Array.isArray(value)
    ? value.map((item: Json) => [`${path}[0]`, item] as const).slice(0, 1)
    : bagOf(value) !== null
      ? Object.entries(bagOf(value) ?? {}).map(([name, item]) => [`${path}['${name}']`, item])
      : [];
  return children.flatMap(([name, item]) => [name, ...pathsOf(item, name)]);
}
