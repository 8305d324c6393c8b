/**
 * Whether a value from outside has the shape of an exception, in words where it does not: a request's body, a document in
 * a file. What it means is another question (`check.ts`).
 *
 *   unknown ──readDraft──▶ ExceptionDraft │ ShapeProblem {at, message, hint}
 *
 * Nothing is altered to fit, and no key is passed over: a slip of the hand in `expires` must not make an exception that
 * holds for ever.
 */
import { nearestName } from '../../diagnostic/nearest.ts';
import { isJsonObject, type JsonObject } from '../../event/json.ts';
import type { ExceptionDraft } from './draft.ts';

export interface ShapeProblem {
  /** `condition.entries.2.value`; empty for the whole. */
  readonly at: string;
  /** A sentence that names the place. */
  readonly message: string;
  readonly hint?: string;
}

/** Texts in an exception may be as long; a query or a pattern of a person is far below. */
const LONGEST_TEXT = 32_000;
const LONGEST_NAME = 500;
const MOST_ENTRIES = 1_000;
const MOST_VALUES = 10_000;
const MOST_RULES = 10_000;

export function readDraft(value: unknown): { readonly draft: ExceptionDraft } | { readonly problem: ShapeProblem } {
  const whole = withKinds(value);
  const problem = DRAFT(whole, '');
  return problem === undefined ? { draft: whole as ExceptionDraft } : { problem };
}

/** People who write by hand leave `kind` out where what stands beside it says it. */
function withKinds(value: unknown): unknown {
  if (!isJsonObject(value)) return value;
  const { condition, windows } = value;
  return {
    ...value,
    ...(isJsonObject(condition) ? { condition: ofKind(condition, { entries: 'entries', query: 'query' }) } : {}),
    ...(Array.isArray(windows)
      ? {
          windows: windows.map((one) => (isJsonObject(one) ? ofKind(one, { days: 'weekly', pattern: 'cron' }) : one)),
        }
      : {}),
  };
}

/** @param kinds by the key that tells it */
function ofKind(object: JsonObject, kinds: Readonly<Record<string, string>>): JsonObject {
  if (Object.hasOwn(object, 'kind')) return object;
  const telling = Object.keys(kinds).filter((key) => Object.hasOwn(object, key));
  const kind = telling.length === 1 ? kinds[telling[0] as string] : undefined;
  return kind === undefined ? object : { kind, ...object };
}

type Shape = (value: unknown, at: string) => ShapeProblem | undefined;

const text = (longest = LONGEST_TEXT, shortest = 1): Shape => {
  const hint = `A text of ${shortest === 0 ? 'at most' : `${shortest} to`} ${longest.toLocaleString('en-US')} characters.`;
  return (value, at) =>
    typeof value === 'string' && value.length >= shortest && value.length <= longest
      ? undefined
      : wrong(at, value, hint);
};

const flag: Shape = (value, at) => (typeof value === 'boolean' ? undefined : wrong(at, value, 'true or false.'));

const wholeNumber = (least: number, most: number): Shape => {
  const hint = `A whole number from ${least} to ${most}.`;
  return (value, at) =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= most
      ? undefined
      : wrong(at, value, hint);
};

const oneOf = (...names: readonly string[]): Shape => {
  const hint = names.length === 1 ? `It has to be ${names[0]}.` : `One of ${names.join(', ')}.`;
  return (value, at) => {
    if (typeof value === 'string' && names.includes(value)) return undefined;
    const near = typeof value === 'string' ? nearestName(value, names) : undefined;
    return wrong(at, value, near === undefined ? hint : `Did you mean ${near}? ${hint}`);
  };
};

const listOf = (shape: Shape, most: number, least = 0): Shape => {
  return (value, at) => {
    if (!Array.isArray(value) || value.length < least) {
      return wrong(at, value, least === 0 ? 'A list.' : 'A list with at least one entry.');
    }
    if (value.length > most) {
      return { at, message: `${called(at)} has ${value.length} entries.`, hint: `At most ${most} are taken.` };
    }
    for (const [index, one] of value.entries()) {
      const problem = shape(one, `${at}.${index}`);
      if (problem !== undefined) return problem;
    }
    return undefined;
  };
};

const object = (required: Readonly<Record<string, Shape>>, optional: Readonly<Record<string, Shape>> = {}): Shape => {
  const shapes = new Map(Object.entries({ ...required, ...optional }));
  return (value, at) => {
    if (!isJsonObject(value)) return wrong(at, value, `An object with ${[...shapes.keys()].join(', ')}.`);
    const under = (key: string) => (at === '' ? key : `${at}.${key}`);
    for (const [key, one] of Object.entries(value)) {
      const shape = shapes.get(key);
      if (shape === undefined) return unknownKey(under(key), key, [...shapes.keys()]);
      const problem = shape(one, under(key));
      if (problem !== undefined) return problem;
    }
    const missing = Object.keys(required).find((key) => !Object.hasOwn(value, key));
    return missing === undefined ? undefined : { at: under(missing), message: `${called(under(missing))} is missing.` };
  };
};

/** The shape that the value of a key chooses. */
const chosenBy = (key: string, shapes: Readonly<Record<string, Shape>>): Shape => {
  const choose = oneOf(...Object.keys(shapes));
  return (value, at) => {
    if (!isJsonObject(value)) return wrong(at, value, `An object with ${key}.`);
    const place = `${at}.${key}`;
    if (!Object.hasOwn(value, key)) {
      return { at: place, message: `${called(place)} is missing.`, hint: `One of ${Object.keys(shapes).join(', ')}.` };
    }
    return choose(value[key], place) ?? shapes[value[key] as string]?.(value, at);
  };
};

const anything: Shape = () => undefined;
const extra: Shape = (value, at) => (isJsonObject(value) ? undefined : wrong(at, value, 'An object.'));

const NAME = text(LONGEST_NAME);
/** May be empty while it is being written: the check says so at its place. */
const NAMED = text(LONGEST_NAME, 0);
const VALUES = listOf(text(LONGEST_TEXT, 0), MOST_VALUES);
const CASE = { ignore_case: flag };
const valueEntry = object({ field: NAMED, operator: anything, value: text(LONGEST_TEXT, 0) }, CASE);
const valuesEntry = object({ field: NAMED, operator: anything, values: VALUES }, CASE);
const existsEntry = object({ field: NAMED, operator: anything });
const listEntry = object({ field: NAMED, operator: anything, list: NAMED }, CASE);
const PLAIN_ENTRIES = {
  is: valueEntry,
  is_not: valueEntry,
  is_one_of: valuesEntry,
  is_not_one_of: valuesEntry,
  exists: existsEntry,
  does_not_exist: existsEntry,
  matches: valueEntry,
  does_not_match: valueEntry,
};
const nestedEntry = object({
  field: NAMED,
  operator: anything,
  entries: listOf(chosenBy('operator', PLAIN_ENTRIES), MOST_ENTRIES, 0),
});
const ENTRY = chosenBy('operator', {
  ...PLAIN_ENTRIES,
  in_list: listEntry,
  not_in_list: listEntry,
  nested: nestedEntry,
});

const CONDITION = chosenBy('kind', {
  entries: object({ kind: anything, entries: listOf(ENTRY, MOST_ENTRIES) }),
  query: object({
    kind: anything,
    language: oneOf('eql', 'sigma', 'kusto', 'kuery', 'lucene'),
    query: text(LONGEST_TEXT, 0),
  }),
});

const WINDOW = chosenBy('kind', {
  weekly: object({
    kind: anything,
    days: listOf(wholeNumber(1, 7), 7),
    from: text(20, 0),
    to: text(20, 0),
    zone: text(100, 0),
  }),
  cron: object({ kind: anything, pattern: text(200, 0), lasts: text(20, 0), zone: text(100, 0) }),
});

const RULES: Shape = (value, at) =>
  value === 'all'
    ? undefined
    : Array.isArray(value)
      ? RULE_IDS(value, at)
      : wrong(at, value, 'A list of rule ids, or all.');
const RULE_IDS = listOf(NAME, MOST_RULES);

const DRAFT = object(
  { name: text(LONGEST_NAME, 0), rules: RULES, condition: CONDITION, reason: text(LONGEST_TEXT, 0) },
  {
    id: text(200),
    enabled: flag,
    author: NAME,
    expires: text(40),
    windows: listOf(WINDOW, 100),
    step: wholeNumber(1, 1_000),
    scenario: NAME,
    comments: listOf(
      object({ text: text(LONGEST_TEXT, 0), author: text(LONGEST_NAME, 0), time: text(40, 0) }),
      MOST_ENTRIES,
    ),
    extra,
    // As they come with an exception that was asked for before; set anew when it is kept.
    created: text(40),
    updated: text(40),
  },
);

function unknownKey(at: string, key: string, known: readonly string[]): ShapeProblem {
  const near = nearestName(key, known);
  const accepted = `Accepted: ${known.join(', ')}.`;
  const hint = near === undefined ? accepted : `Did you mean ${near}? ${accepted}`;
  return { at, message: `There is no key ${called(at)}.`, hint };
}

function wrong(at: string, value: unknown, hint: string): ShapeProblem {
  const written = JSON.stringify(value) ?? 'nothing';
  const shown = written.length > 80 ? `${written.slice(0, 80)}…` : written;
  return { at, message: `${called(at)} cannot be ${shown}.`, hint };
}

function called(at: string): string {
  return at === '' ? 'An exception' : `\`${at}\``;
}
