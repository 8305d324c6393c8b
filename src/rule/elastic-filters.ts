/**
 * The filters of an Elastic rule (`filters`, `threat_filters`): conditions of Elasticsearch's query DSL beside its query.
 *
 *   [{meta: {negate, disabled}, query: {…DSL…}}, …] ──filterOf──▶ what every event has to hold for ──withFilters──▶ plan
 *
 * A filter that is understood in part is not followed at all, and named: half of a negated one would leave out too much.
 * Terms and phrases mean what Kibana's query language means by them (`field: "value"`), so that fields of text are compared
 * by words. Source: Kibana's filters, and the DSL's term-level, full-text and bool queries.
 */
import { NO_SPAN } from '../diagnostic/span.ts';
import { resolveField } from '../language/kuery/fields.ts';
import { compileKuery } from '../language/kuery/kuery.ts';
import type { Plan, SequenceStep } from '../plan/plan.ts';
import {
  and,
  constant,
  matchAny,
  not,
  or,
  type Predicate,
  type WildcardPart,
  wildcardPattern,
} from '../plan/predicate/node.ts';
import { isTable } from './toml.ts';

export interface ReadFilters {
  /** Absent where there is nothing to hold. */
  readonly predicate?: Predicate;
  /** What is not followed: the filter's number in the list, and the name of what is not understood in it. */
  readonly unknown: readonly { readonly at: number; readonly name: string }[];
}

type Dsl = Readonly<Record<string, unknown>>;

/** A query that is not understood; its message is what to call it. */
class UnknownQuery extends Error {}

/** @param now what `now` in dates is, epoch milliseconds */
export function readFilters(filters: unknown, now?: number): ReadFilters {
  const unknown: { at: number; name: string }[] = [];
  const predicates: Predicate[] = [];
  for (const [at, filter] of (Array.isArray(filters) ? filters : []).entries()) {
    const meta = isTable(filter) && isTable(filter.meta) ? filter.meta : {};
    if (meta.disabled === true) continue;
    try {
      const predicate = new DslReader(now).read(queryOf(filter));
      predicates.push(meta.negate === true ? not(predicate, NO_SPAN) : predicate);
    } catch (error) {
      if (!(error instanceof UnknownQuery)) throw error;
      unknown.push({ at, name: error.message });
    }
  }
  return predicates.length === 0 ? { unknown } : { predicate: and(predicates, NO_SPAN), unknown };
}

/** The plan over events for which the condition holds, too; of a sequence it is asked of every event. */
export function withFilters<P extends Plan>(plan: P, condition: Predicate): P {
  const step = (one: SequenceStep): SequenceStep => ({ ...one, predicate: and([one.predicate, condition], NO_SPAN) });
  if (plan.kind === 'event') return { ...plan, predicate: and([plan.predicate, condition], NO_SPAN) };
  const until = plan.kind === 'sequence' && plan.until !== undefined ? { until: step(plan.until) } : {};
  return { ...plan, steps: plan.steps.map(step), ...until };
}

/** Kibana wrote some kinds beside `meta` once. */
function queryOf(filter: unknown): unknown {
  if (!isTable(filter)) throw new UnknownQuery('a filter that is no table');
  if (filter.query !== undefined && filter.query !== null) return filter.query;
  const { meta: _, query: __, $state: ___, ...rest } = filter;
  if (Object.keys(rest).length === 0) throw new UnknownQuery('a filter without a query');
  return rest;
}

const MOST_DEPTH = 20;
const BOOL_KEYS: ReadonlySet<string> = new Set(['must', 'filter', 'should', 'must_not', 'minimum_should_match']);
const RANGES = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

class DslReader {
  private readonly now: number | undefined;

  constructor(now: number | undefined) {
    this.now = now;
  }

  read(query: unknown, depth = 0): Predicate {
    if (!isTable(query) || Object.keys(query).length !== 1) throw new UnknownQuery('a query of no one kind');
    if (depth > MOST_DEPTH) throw new UnknownQuery('a query that is nested too deep');
    const [kind = ''] = Object.keys(query);
    const body = query[kind];
    switch (kind) {
      case 'match_all':
        return constant(true, NO_SPAN);
      case 'match_none':
        return constant(false, NO_SPAN);
      case 'bool':
        return this.bool(tableOf(body, kind), depth + 1);
      case 'exists':
        return this.kuery(`${nameText(tableOf(body, kind).field)}: *`, kind);
      case 'term':
      case 'match_phrase':
        return this.oneValue(kind, tableOf(body, kind));
      case 'terms':
        return this.terms(tableOf(body, kind));
      case 'range':
        return this.range(tableOf(body, kind));
      case 'wildcard':
      case 'prefix':
        return pattern(kind, tableOf(body, kind));
      default:
        throw new UnknownQuery(kind);
    }
  }

  private bool(body: Dsl, depth: number): Predicate {
    const other = Object.keys(body).find((key) => !BOOL_KEYS.has(key));
    if (other !== undefined) throw new UnknownQuery(`bool.${other}`);
    const of = (key: string) => listOf(body[key]).map((query) => this.read(query, depth));
    const all = [...of('must'), ...of('filter'), ...of('must_not').map((one) => not(one, NO_SPAN))];
    const some = of('should');
    // Beside conditions that must hold, those of `should` only count towards a score.
    const atLeast = body.minimum_should_match ?? (all.length === 0 ? 1 : 0);
    if (some.length > 0 && atLeast !== 0) {
      if (atLeast !== 1 && atLeast !== '1') throw new UnknownQuery('bool.minimum_should_match');
      all.push(or(some, NO_SPAN));
    }
    return all.length === 0 ? constant(true, NO_SPAN) : and(all, NO_SPAN);
  }

  private oneValue(kind: string, body: Dsl): Predicate {
    const [field, given] = entryOf(body, kind);
    const value = isTable(given) ? (given.value ?? given.query) : given;
    const other = isTable(given) ? Object.keys(given).find((key) => key !== 'value' && key !== 'query') : undefined;
    if (other !== undefined) throw new UnknownQuery(`${kind}.${other}`);
    return this.kuery(`${nameText(field)}: ${valueText(value, kind)}`, kind);
  }

  private terms(body: Dsl): Predicate {
    const [field, values] = entryOf(body, 'terms');
    if (!Array.isArray(values) || values.length === 0) throw new UnknownQuery('terms');
    const texts = values.map((value) => valueText(value, 'terms')).join(' or ');
    return this.kuery(`${nameText(field)}: (${texts})`, 'terms');
  }

  private range(body: Dsl): Predicate {
    const [field, bounds] = entryOf(body, 'range');
    const entries = Object.entries(tableOf(bounds, 'range')).filter(([key]) => key !== 'format');
    if (entries.length === 0) throw new UnknownQuery('range');
    const texts = entries.map(([key, bound]) => {
      if (!Object.hasOwn(RANGES, key)) throw new UnknownQuery(`range.${key}`);
      return `${nameText(field)} ${RANGES[key as keyof typeof RANGES]} ${valueText(bound, 'range')}`;
    });
    return this.kuery(texts.join(' and '), 'range');
  }

  private kuery(text: string, kind: string): Predicate {
    const { plan } = compileKuery(text, this.now === undefined ? {} : { now: this.now });
    if (plan?.kind !== 'event') throw new UnknownQuery(kind);
    return plan.predicate;
  }
}

/** `*` and `?` stand for characters, a backslash takes that from the one behind it. */
function pattern(kind: 'wildcard' | 'prefix', body: Dsl): Predicate {
  const [field, given] = entryOf(body, kind);
  const options = isTable(given) ? given : { value: given };
  const text = options.value ?? options.wildcard ?? options.prefix;
  if (typeof text !== 'string' || typeof field !== 'string') throw new UnknownQuery(kind);
  const parts: WildcardPart[] = [];
  const characters = [...text];
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] as string;
    if (kind === 'wildcard' && (character === '*' || character === '?')) parts.push(character);
    else if (kind === 'wildcard' && character === '\\' && at + 1 < characters.length) {
      at += 1;
      parts.push({ text: characters[at] as string });
    } else parts.push({ text: character });
  }
  if (kind === 'prefix') parts.push('*');
  const { ref, fold } = resolveField(field);
  const folds = options.case_insensitive === true ? 'ascii' : fold;
  return matchAny(ref, { kind: 'wildcard', anyOf: [wildcardPattern(parts)], fold: folds }, NO_SPAN);
}

function entryOf(body: Dsl, kind: string): readonly [string, unknown] {
  const [entry, ...others] = Object.entries(body);
  if (entry === undefined || others.length > 0) throw new UnknownQuery(kind);
  return entry;
}

function tableOf(value: unknown, kind: string): Dsl {
  if (!isTable(value)) throw new UnknownQuery(kind);
  return value;
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

/** A name of a field in Kibana's query language. */
function nameText(name: unknown): string {
  if (typeof name !== 'string' || !/^[\w.@-]+$/.test(name)) throw new UnknownQuery('the name of a field');
  return name;
}

function valueText(value: unknown, kind: string): string {
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (typeof value !== 'string') throw new UnknownQuery(kind);
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
