/**
 * Correlations → ES|QL.
 *
 *   events ──flags, groups──▶ entries ──two bins each──▶ VALUES by group and bin ──MV_EXPAND──▶ pairs ──STATS──▶ groups
 *
 * ES|QL has no windows that slide, and bins of time miss what crosses from one into the next. So each entry is put into
 * its own bin and the one after, which together hold every window that ends in the bin, and there each moment is paired
 * with the entries up to a timespan before it. A row is a group that met the condition at some moment: what a rule
 * alerts of for the first time. Events in order have to differ in time.
 *
 * Refused: what is decided when a window is over (ES|QL cannot begin a window where another ends), correlations within
 * one, `until`, missing events, `head` and `tail`, samples.
 */
import { NO_SPAN, type Span } from '../diagnostic/span.ts';
import type { CorrelationPlan, SequencePlan, WindowPlan } from '../plan/plan.ts';
import { and, type FieldRef, type Predicate } from '../plan/predicate/node.ts';
import { decidedAtEnd, type Window, type WindowTest } from '../plan/window.ts';
import { fieldClass } from './elastic-fields.ts';
import { esqlCondition, esqlField, esqlSearch } from './esql.ts';
import { type Emission, Refusals } from './saying.ts';
import { leastCount, nameOfTest, presenceText } from './window-bounds.ts';

interface Member {
  readonly predicate: Predicate;
  /** The places where each key's value may stand, the best first. */
  readonly keys: readonly (readonly FieldRef[])[];
  readonly values: readonly (readonly FieldRef[])[];
}

/** Plans of more than one event; never throws on any. */
export function emitEsqlCorrelation(
  plan: CorrelationPlan | WindowPlan,
  sources: readonly string[],
  span: Span,
): Emission {
  const emitter = new EsqlCorrelation(sources);
  const lines =
    plan.kind === 'window'
      ? emitter.window(plan)
      : plan.kind === 'sequence'
        ? emitter.sequence(plan)
        : emitter.refuse('EQL’s samples: they ask for no time', span);
  return emitter.refusals.emission(lines?.join('\n| ') ?? '', span);
}

class EsqlCorrelation {
  readonly refusals = new Refusals();
  private readonly sources: readonly string[];

  constructor(sources: readonly string[]) {
    this.sources = sources;
  }

  window({ steps, window }: WindowPlan): readonly string[] | undefined {
    const { test, span, timespan, groupBy } = window;
    if (decidedAtEnd(test)) {
      return this.refuse(`${nameOfTest(test)} with such a condition: it is decided when its window is over`, span);
    }
    const members: Member[] = [];
    for (const { from, keys, values } of window.members) {
      const step = from.kind === 'step' ? steps[from.step] : undefined;
      if (step === undefined) return this.refuse('a correlation of correlations', span);
      const fields = keys.map((key) => (key.kind === 'field' ? key.fields : []));
      members.push({ predicate: step.predicate, keys: fields, values: values.map((value) => value.fields) });
    }
    const names = groupNames(groupBy);
    const head = this.head(members, names, span);
    if (head === undefined) return undefined;
    if (test.kind === 'in-order') return [...head, ...inOrder(members.length, names, timespan)];
    return [...head, ...atOnce(window, names)];
  }

  sequence({ steps, maxspan, until, pipes }: SequencePlan): readonly string[] | undefined {
    const [pipe] = pipes;
    if (pipe !== undefined) return this.refuse('the first or last matches only', pipe.span);
    if (until !== undefined) return this.refuse('what ends a sequence (until)', until.span);
    const members: Member[] = [];
    for (const { predicate, keys, missing, span } of steps) {
      if (missing) return this.refuse('that an event is missing between others', span);
      const fields: FieldRef[][] = [];
      for (const { value, optional } of keys) {
        if (value.kind !== 'field') return this.refuse('keys that are computed', span);
        if (optional) return this.refuse('that a key is missing in all events, and so the same', span);
        fields.push([value.field]);
      }
      members.push({ predicate, keys: fields, values: [] });
    }
    const names = groupNames(steps[0]?.keys.map(({ value }) => (value.kind === 'field' ? value.field.name : '')) ?? []);
    const head = this.head(members, names, steps[0]?.span ?? { start: 0, end: 0 });
    return head === undefined ? undefined : [...head, ...inOrder(members.length, names, maxspan)];
  }

  refuse(what: string, span: Span): undefined {
    this.refusals.refuse('convert-kind', `Vedette does not say in ES|QL: ${what}.`, span);
    return undefined;
  }

  /** Events with their `time` in milliseconds, groups, `is1` and so on for several members, and `value`. */
  private head(members: readonly Member[], names: readonly string[], span: Span): readonly string[] | undefined {
    const [first] = members;
    if (first === undefined) return undefined;
    const lines = [`FROM ${this.sources.join(', ')} METADATA _id, _index`];
    if (members.length === 1) {
      lines.push(`WHERE ${esqlSearch(first.predicate, this.refusals)}`);
    } else {
      const { shared, own } = apart(members.map(({ predicate }) => predicate));
      const flags = own.map((predicate, at) => `is${at + 1} = ${esqlCondition(predicate, this.refusals).text}`);
      if (shared.kind !== 'constant') lines.push(`WHERE ${esqlSearch(shared, this.refusals)}`);
      lines.push(`EVAL ${flags.join(', ')}`, `WHERE ${members.map((_, at) => `is${at + 1}`).join(' OR ')}`);
    }
    const values = new Set(members.map((member) => JSON.stringify(member.values)));
    if (values.size > 1) return this.refuse('values that stand in different fields of different rules', span);
    const groups = members.map(({ keys }) => keys.map(firstOf));
    const different = [...new Set(groups.map((keys) => keys.join(', ')))];
    if (different.length > 1) lines.push(...this.groupsByMember(groups, different, names));
    else if (names.length > 0) lines.push(`EVAL ${names.map((name, at) => `${name} = ${groups[0]?.[at]}`).join(', ')}`);
    const needed = names.map((name) => `${name} IS NOT NULL`);
    for (const [at, fields] of first.values.entries()) {
      const name = first.values.length === 1 ? 'value' : `value${at + 1}`;
      lines.push(`EVAL ${name} = ${asText(fields)}`, `MV_EXPAND ${name}`);
      needed.push(`${name} IS NOT NULL`);
    }
    if (needed.length > 0) lines.push(`WHERE ${needed.join(' AND ')}`);
    if (first.values.length > 1) {
      // Lengths keep ["ab", "c"] and ["a", "bc"] apart.
      const parts = first.values.map((_, at) => `TO_STRING(LENGTH(value${at + 1})), ":", value${at + 1}`);
      lines.push(`EVAL value = CONCAT(${parts.join(', ')})`);
    }
    lines.push(`EVAL time = TO_LONG(TO_DATETIME(@timestamp))`);
    return lines;
  }

  /** A row for each way of grouping that a rule of the event has; flags stay only with their own. */
  private groupsByMember(
    groups: readonly (readonly string[])[],
    different: readonly string[],
    names: readonly string[],
  ): readonly string[] {
    const wayOf = groups.map((keys) => different.indexOf(keys.join(', ')) + 1);
    const ways = different.map((_, at) => at + 1);
    const flags = wayOf.map((way, at) => `is${at + 1} = is${at + 1} AND way == ${way}`);
    const keys = names.map((name, at) => {
      const choices = ways.map((way) => `way == ${way}, ${groups[wayOf.indexOf(way)]?.[at]}`);
      return `${name} = CASE(${choices.join(', ')})`;
    });
    return [
      `EVAL way = [${ways.join(', ')}]`,
      'MV_EXPAND way',
      `EVAL ${[...flags, ...keys].join(', ')}`,
      `WHERE ${flags.map((_, at) => `is${at + 1}`).join(' OR ')}`,
    ];
  }
}

/** What all conditions ask, and what each asks beside it. */
function apart(predicates: readonly Predicate[]): { readonly shared: Predicate; readonly own: readonly Predicate[] } {
  const lists = predicates.map((predicate) => (predicate.kind === 'and' ? predicate.children : [predicate]));
  const keys = lists.map((list) => new Set(list.map(meaningOf)));
  const isShared = (child: Predicate) => keys.every((all) => all.has(meaningOf(child)));
  const shared = (lists[0] ?? []).filter(isShared);
  const own = lists.map((list) => list.filter((child) => !isShared(child)));
  return { shared: and(shared, NO_SPAN), own: own.map((list) => and(list, NO_SPAN)) };
}

function meaningOf(node: Predicate): string {
  return JSON.stringify(node, (key, value: unknown) => (key === 'span' ? undefined : value));
}

/** Chains of times, one of each member, each later than the one before. */
function inOrder(count: number, names: readonly string[], timespan: number | undefined): readonly string[] {
  const numbers = Array.from({ length: count }, (_, at) => at + 1);
  const time = (number: number) => (count === 1 ? 'VALUES(time)' : `VALUES(CASE(is${number}, time, NULL))`);
  const by = timespan === undefined ? names : [...names, 'bin'];
  const lines = timespan === undefined ? [] : binned(timespan);
  lines.push(`STATS ${numbers.map((number) => `time${number} = ${time(number)}`).join(', ')}${byText(by)}`);
  for (const number of numbers) {
    lines.push(`MV_EXPAND time${number}`);
    if (number === 1) continue;
    const within = timespan === undefined ? '' : ` AND time${number} <= time1 + ${timespan}`;
    lines.push(`WHERE time${number} > time${number - 1}${within}`);
  }
  lines.push(
    `WHERE time${count} IS NOT NULL`,
    `STATS start = TO_DATETIME(MIN(time1)), end = TO_DATETIME(MAX(time${count}))${byText(names)}`,
  );
  return lines;
}

/** Each moment at which something happened, with the entries up to a timespan before it. */
function atOnce({ test, timespan, members: { length: count } }: Window, names: readonly string[]): readonly string[] {
  const moment = [...names, 'bin', 'moment'];
  const { entry, measure, wanted } = entriesOf(test, count, moment);
  return [
    `EVAL entry = CONCAT(TO_STRING(time), " ", ${entry})`,
    ...binned(timespan),
    `STATS entry = VALUES(entry), moment = VALUES(time)${byText([...names, 'bin'])}`,
    'MV_EXPAND moment',
    'WHERE moment >= bin',
    'MV_EXPAND entry',
    'EVAL start = TO_LONG(MV_FIRST(SPLIT(entry, " "))), entry = SUBSTRING(entry, LOCATE(entry, " ") + 1)',
    `WHERE start <= moment AND start >= moment - ${timespan}`,
    ...measure,
    `WHERE ${wanted}`,
    `STATS start = TO_DATETIME(MIN(start)), end = TO_DATETIME(MAX(moment))${byText(names)}`,
  ];
}

interface Entries {
  /** What is kept of an event beside its time; of equal ones at one time only one is. */
  readonly entry: string;
  readonly measure: readonly string[];
  readonly wanted: string;
}

function entriesOf(test: WindowTest, count: number, moment: readonly string[]): Entries {
  const first = 'start = MIN(start)';
  const id = 'CONCAT(_index, " ", _id)';
  switch (test.kind) {
    case 'event-count':
      return {
        entry: id,
        measure: [`STATS measured = COUNT(*), ${first}${byText(moment)}`],
        wanted: `measured >= ${leastCount(test.bounds)}`,
      };
    case 'value-count':
      return {
        entry: 'value',
        measure: [
          `STATS ${first}${byText([...moment, 'entry'])}`,
          `STATS measured = COUNT(*), ${first}${byText(moment)}`,
        ],
        wanted: `measured >= ${leastCount(test.bounds)}`,
      };
    case 'value-sum':
      return {
        entry: `CONCAT(value, " ", ${id})`,
        measure: [
          'EVAL value = TO_DOUBLE(MV_FIRST(SPLIT(entry, " ")))',
          `STATS measured = SUM(value), ${first}${byText(moment)}`,
        ],
        wanted: test.bounds.map(({ operator, value }) => `measured ${operator} ${value}`).join(' AND '),
      };
    case 'member-count':
    case 'presence': {
      const numbers = Array.from({ length: count }, (_, at) => at + 1);
      const flags = numbers.map((number) => (count === 1 ? '"1"' : `CASE(is${number}, "1", "0")`));
      const seen = numbers.map((number) => `seen${number} = MAX(TO_INTEGER(SUBSTRING(entry, ${number}, 1)))`);
      const words = { and: 'AND', or: 'OR', not: (text: string) => `NOT ${text}` };
      return {
        entry: flags.length === 1 ? flags.join('') : `CONCAT(${flags.join(', ')})`,
        measure: [`STATS ${seen.join(', ')}, ${first}${byText(moment)}`],
        wanted:
          test.kind === 'presence'
            ? presenceText(test.condition, words, (at) => `seen${at + 1} == 1`)
            : `${numbers.map((number) => `seen${number}`).join(' + ')} >= ${leastCount(test.bounds)}`,
      };
    }
    default:
      throw new Error('it is decided at the end of its window, or in order');
  }
}

/** An entry's own bin of time and the next one, in milliseconds. */
function binned(timespan: number): string[] {
  const bin = `time - time % ${timespan}`;
  return [`EVAL bin = MV_APPEND(${bin}, ${bin} + ${timespan})`, 'MV_EXPAND bin'];
}

function byText(names: readonly string[]): string {
  return names.length === 0 ? '' : ` BY ${names.join(', ')}`;
}

/** The first place that has a value. */
function firstOf(fields: readonly FieldRef[]): string {
  if (fields.length === 1) return esqlField(fields[0]?.name ?? '');
  return asText(fields);
}

function asText(fields: readonly FieldRef[]): string {
  const texts = fields.map((field) => {
    const name = esqlField(field.name);
    return fieldClass(field) === 'text' || fieldClass(field) === 'words' ? name : `TO_STRING(${name})`;
  });
  return texts.length === 1 ? (texts[0] as string) : `COALESCE(${texts.join(', ')})`;
}

/** Columns named as the rule calls them, apart from those that the query makes. */
function groupNames(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let made = `group_${name.replaceAll(/[^A-Za-z0-9_]/g, '_')}`;
    while (taken.has(made)) made = `${made}_`;
    taken.add(made);
    return made;
  });
}
