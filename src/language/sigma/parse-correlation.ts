/**
 * The `correlation` of a Sigma correlation rule: from YAML to the syntax tree.
 *
 *   YAML map ──type, rules, group-by, aliases, timespan, condition, generate──▶ tree with places, or what is wrong
 *
 * Sources: the correlation rules specification 2.1; from pySigma `percentile` in the condition, value_median, and a text
 * as the condition of a temporal correlation.
 */
import { type Diagnostic, diagnose } from '../../diagnostic/diagnostic.ts';
import { nearestName } from '../../diagnostic/nearest.ts';
import { type Span, spanOf } from '../../diagnostic/span.ts';
import type { Bound, Bounds } from '../../plan/window.ts';
import { entryOf, type YamlEntry, type YamlMap, type YamlNode } from '../yaml.ts';
import type { Condition, Named } from './ast.ts';
import { parseCondition } from './parse-condition.ts';

export const CORRELATION_TYPES = [
  'event_count',
  'value_count',
  'temporal',
  'temporal_ordered',
  'value_sum',
  'value_avg',
  'value_percentile',
  'value_median',
] as const;

export interface SigmaCorrelation {
  readonly type: (typeof CORRELATION_TYPES)[number];
  /** By id or name, in order. Empty where a condition in words names them. */
  readonly rules: readonly Named[];
  readonly groupBy: readonly Named[];
  /** Alias → rule → field. */
  readonly aliases: ReadonlyMap<string, ReadonlyMap<string, Named>>;
  /** Milliseconds. */
  readonly timespan: number;
  /** Absent where a temporal correlation states none: then all of its rules are wanted. */
  readonly condition?: CorrelationCondition;
  readonly span: Span;
}

export type CorrelationCondition =
  | {
      readonly kind: 'bounds';
      readonly bounds: Bounds;
      readonly fields: readonly Named[];
      readonly percentile?: number;
      readonly span: Span;
    }
  | { readonly kind: 'words'; readonly condition: Condition };

export interface ParsedCorrelation {
  /** Absent exactly when `diagnostics` holds an error. */
  readonly correlation?: SigmaCorrelation;
  readonly diagnostics: readonly Diagnostic[];
}

const KEYS = ['type', 'rules', 'aliases', 'group-by', 'timespan', 'condition', 'generate'] as const;
const OPERATORS: ReadonlyMap<string, Bound['operator']> = new Map([
  ['gt', '>'],
  ['gte', '>='],
  ['lt', '<'],
  ['lte', '<='],
  ['eq', '=='],
  ['neq', '!='],
]);
const UNITS: ReadonlyMap<string, number> = new Map([
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
  ['w', 7 * 86_400_000],
]);
const LONGEST_DAYS = 366;
const MOST_RULES = 100;
const MOST_FIELDS = 20;

/** @param text the whole text that the tree's spans point into */
export function parseCorrelation(entry: YamlEntry, text: string): ParsedCorrelation {
  return new CorrelationParser(text).parse(entry);
}

/** Whether the rules that a correlation rule names alert by themselves too; beside `correlation` or in it. */
export function generates(root: YamlMap): boolean {
  const correlation = entryOf(root, 'correlation')?.value;
  const inside = correlation?.kind === 'map' ? entryOf(correlation, 'generate')?.value : undefined;
  return [inside, entryOf(root, 'generate')?.value].some((node) => node?.kind === 'scalar' && node.value === true);
}

class CorrelationParser {
  private readonly text: string;
  private readonly diagnostics: Diagnostic[] = [];

  constructor(text: string) {
    this.text = text;
  }

  parse({ value: map, keySpan }: YamlEntry): ParsedCorrelation {
    if (map.kind !== 'map') {
      this.wrong('correlation must be a map.', map.span, 'It has type, rules, group-by, timespan and condition.');
      return { diagnostics: this.diagnostics };
    }
    this.checkKeys(map);
    const type = this.type(map, keySpan);
    const timespan = this.timespan(map, keySpan);
    const condition = type === undefined ? undefined : this.condition(map, type, keySpan);
    const rules = this.names(map, 'rules', MOST_RULES) ?? [];
    if (rules.length === 0 && condition?.kind !== 'words' && this.diagnostics.length === 0) {
      this.wrong('The correlation names no rules.', keySpan, 'For example: rules: [failed_login]');
    }
    const groupBy = this.names(map, 'group-by', MOST_FIELDS) ?? [];
    const aliases = this.aliases(map);
    if (type === undefined || timespan === undefined || this.diagnostics.some(({ severity }) => severity === 'error')) {
      return { diagnostics: this.diagnostics };
    }
    const whole = spanOf(keySpan.start, map.span.end);
    const correlation = { type, rules, groupBy, aliases, timespan, span: whole };
    return {
      correlation: condition === undefined ? correlation : { ...correlation, condition },
      diagnostics: this.diagnostics,
    };
  }

  private checkKeys(map: YamlMap): void {
    for (const { key, keySpan } of map.entries) {
      if ((KEYS as readonly string[]).includes(key)) continue;
      const nearest = nearestName(key, KEYS);
      const hint = nearest === undefined ? `It has ${KEYS.join(', ')}.` : `Did you mean ${nearest}?`;
      this.wrong(`A correlation has no key “${short(key)}”.`, keySpan, hint);
    }
  }

  private type(map: YamlMap, at: Span): SigmaCorrelation['type'] | undefined {
    const value = entryOf(map, 'type')?.value;
    const name = value?.kind === 'scalar' ? String(value.value) : '';
    const type = CORRELATION_TYPES.find((one) => one === name);
    if (type === undefined) {
      const message = value === undefined ? 'The correlation has no type.' : `There is no type “${short(name)}”.`;
      this.wrong(message, value?.span ?? at, `Types are ${CORRELATION_TYPES.join(', ')}.`);
    }
    if (type === 'value_median' && value !== undefined) this.extension('value_median', value.span);
    return type;
  }

  private timespan(map: YamlMap, at: Span): number | undefined {
    const value = entryOf(map, 'timespan')?.value;
    const hint = 'A whole number and s, m, h or d: timespan: 10m';
    if (value === undefined) return this.wrong('The correlation has no timespan.', at, hint);
    const [, number = '', unit = ''] =
      /^(\d{1,9})([a-zA-Z])$/.exec(value.kind === 'scalar' ? String(value.value) : '') ?? [];
    const ms = Number(number) * (UNITS.get(unit) ?? 0);
    if (ms <= 0) return this.wrong('The timespan cannot be read.', value.span, hint);
    if (ms > LONGEST_DAYS * 86_400_000) {
      return this.wrong(`The timespan is longer than ${LONGEST_DAYS} days.`, value.span, hint);
    }
    if (unit === 'w') this.extension('w in a timespan', value.span);
    return ms;
  }

  /** Texts under a key: one, or a list. */
  private names(map: YamlMap, key: string, most: number): readonly Named[] | undefined {
    const value = entryOf(map, key)?.value;
    if (value === undefined || (value.kind === 'scalar' && value.value === null)) return undefined;
    const nodes = value.kind === 'list' ? value.items : [value];
    const names: Named[] = [];
    for (const node of nodes) {
      if (node.kind === 'scalar' && node.value !== null && node.value !== '') {
        names.push({ name: String(node.value), span: node.span });
      } else this.wrong(`${key} must be a list of texts.`, node.span);
    }
    if (names.length > most) this.wrong(`${key} has more than ${most} entries.`, value.span);
    return names;
  }

  private aliases(map: YamlMap): SigmaCorrelation['aliases'] {
    const aliases = new Map<string, ReadonlyMap<string, Named>>();
    const value = entryOf(map, 'aliases')?.value;
    if (value === undefined || (value.kind === 'scalar' && value.value === null)) return aliases;
    const hint = 'For example: aliases: {ip: {rule_a: source.ip, rule_b: destination.ip}}';
    if (value.kind !== 'map') {
      this.wrong('aliases must be a map.', value.span, hint);
      return aliases;
    }
    for (const { key, value: fields } of value.entries) {
      if (fields.kind !== 'map' || !fields.entries.every(({ value: field }) => isText(field))) {
        this.wrong('An alias maps names of rules to fields.', fields.span, hint);
        continue;
      }
      aliases.set(
        key,
        new Map(fields.entries.map(({ key: rule, value: field }) => [rule, { name: textOf(field), span: field.span }])),
      );
    }
    return aliases;
  }

  // --- Condition ------------------------------------------------------------------------------------------------------

  private condition(map: YamlMap, type: SigmaCorrelation['type'], at: Span): CorrelationCondition | undefined {
    const isTemporal = type === 'temporal' || type === 'temporal_ordered';
    const value = entryOf(map, 'condition')?.value;
    if (value === undefined) {
      if (isTemporal) return undefined;
      return this.wrong(`${type} needs a condition.`, at, 'For example: condition: {gte: 10}');
    }
    if (value.kind === 'scalar' && typeof value.value === 'string') return this.words(value.value, value.span, type);
    if (value.kind !== 'map') {
      return this.wrong('The condition must be a map.', value.span, 'For example: condition: {gte: 10}');
    }
    return this.bounds(value, type);
  }

  private words(words: string, span: Span, type: SigmaCorrelation['type']): CorrelationCondition | undefined {
    if (type !== 'temporal') {
      const hint = 'For example: condition: {gte: 10}';
      return this.wrong(
        `The condition of ${type} must be a map${type === 'temporal_ordered' ? ', or left out' : ''}.`,
        span,
        hint,
      );
    }
    const shift = this.text.slice(span.start, span.end).indexOf(words);
    const place = (start: number, end: number): Span =>
      shift === -1 || words === '' ? span : spanOf(span.start + shift + start, span.start + shift + end);
    const parsed = parseCondition(words, place);
    if ('diagnostic' in parsed) {
      this.diagnostics.push(parsed.diagnostic);
      return undefined;
    }
    this.extension('A condition in words', span);
    return { kind: 'words', condition: parsed.condition };
  }

  private bounds(map: YamlMap, type: SigmaCorrelation['type']): CorrelationCondition {
    const bounds: Bound[] = [];
    for (const { key, keySpan, value } of map.entries) {
      const operator = OPERATORS.get(key);
      if (operator !== undefined) {
        if (value.kind === 'scalar' && typeof value.value === 'number') bounds.push({ operator, value: value.value });
        else this.wrong(`${key} takes a number, without quotes.`, value.span);
      } else if (key !== 'field' && key !== 'percentile') {
        const nearest = nearestName(key, [...OPERATORS.keys(), 'field', 'percentile']);
        const hint =
          nearest === undefined ? 'Conditions are gt, gte, lt, lte, eq and neq.' : `Did you mean ${nearest}?`;
        this.wrong(`A condition has no “${short(key)}”.`, keySpan, hint);
      }
    }
    if (bounds.length === 0 && this.diagnostics.length === 0) {
      this.wrong('The condition states no bound.', map.span, 'For example: gte: 10');
    }
    const fields = this.fields(map, type);
    const percentile = this.percentile(map, type);
    return {
      kind: 'bounds',
      bounds,
      fields,
      ...(percentile === undefined ? {} : { percentile }),
      span: map.span,
    };
  }

  private fields(map: YamlMap, type: SigmaCorrelation['type']): readonly Named[] {
    const fields = this.names(map, 'field', MOST_FIELDS) ?? [];
    const entry = entryOf(map, 'field');
    if (!type.startsWith('value_')) {
      if (entry !== undefined)
        this.wrong(`${type} counts events, not the values of a field.`, entry.keySpan, 'Use value_count.');
      return [];
    }
    if (fields.length === 0)
      this.wrong(`${type} needs a field.`, entry?.keySpan ?? map.span, 'For example: field: User');
    if (fields.length > 1 && type !== 'value_count') this.wrong(`${type} takes one field.`, entry?.keySpan ?? map.span);
    return fields;
  }

  private percentile(map: YamlMap, type: SigmaCorrelation['type']): number | undefined {
    const entry = entryOf(map, 'percentile');
    if (type !== 'value_percentile') {
      if (entry !== undefined) this.wrong(`${type} takes no percentile.`, entry.keySpan);
      return undefined;
    }
    const hint = 'For example: percentile: 95. The median is percentile 50.';
    if (entry === undefined) {
      return this.wrong('value_percentile does not say which percentile.', map.span, hint);
    }
    const { value } = entry;
    if (value.kind === 'scalar' && typeof value.value === 'number' && value.value >= 0 && value.value <= 100) {
      return value.value;
    }
    return this.wrong('A percentile is a number from 0 to 100.', value.span, hint);
  }

  private extension(what: string, span: Span): void {
    const message = `${what} is not in the Sigma specification; other tools may not read it.`;
    this.diagnostics.push(diagnose('sigma-extension', 'info', message, span));
  }

  private wrong(message: string, span: Span, hint?: string): undefined {
    this.diagnostics.push(diagnose('sigma-correlation', 'error', message, span, hint));
    return undefined;
  }
}

function isText(node: YamlNode): boolean {
  return node.kind === 'scalar' && typeof node.value === 'string' && node.value !== '';
}

function textOf(node: YamlNode): string {
  return node.kind === 'scalar' ? String(node.value) : '';
}

function short(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
