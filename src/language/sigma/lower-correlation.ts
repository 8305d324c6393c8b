/**
 * A Sigma correlation into a plan.
 *
 *   names of rules ──resolve──▶ predicates, inner windows ──fields by each rule's log source──▶ members ──▶ window
 *
 * A field is looked up for each rule by that rule's log source, so one name may stand in different places of their
 * events. A correlation that is named gives its group's values where both group by the same name, and otherwise those of
 * its events.
 */
import { type Diagnostic, diagnose, hasErrors } from '../../diagnostic/diagnostic.ts';
import { nearestName } from '../../diagnostic/nearest.ts';
import type { Span } from '../../diagnostic/span.ts';
import type { WindowPlan } from '../../plan/plan.ts';
import { PLAN_VERSION, type Predicate } from '../../plan/predicate/node.ts';
import type { Bounds, Presence, Window, WindowField, WindowMember, WindowTest } from '../../plan/window.ts';
import { sigmaField } from '../../vocabulary/sigma-fields.ts';
import type { LogSource } from '../../vocabulary/sigma-log-sources.ts';
import type { Compiled } from '../language.ts';
import type { Condition, Named } from './ast.ts';
import type { SigmaCorrelation } from './parse-correlation.ts';

/** A rule that a correlation names. */
export type NamedRule =
  | {
      readonly kind: 'event';
      readonly predicate: Predicate;
      readonly logSource: LogSource;
      readonly idle?: string;
    }
  | {
      readonly kind: 'window';
      readonly plan: WindowPlan;
      /** Of the rules over one event in it. */
      readonly logSources: readonly LogSource[];
      readonly idle?: string;
    }
  /** It cannot take part: `has errors`, `names itself`. */
  | { readonly kind: 'unusable'; readonly why: string };

/** By id or name; names that come near, for a hint, are told beside. */
export interface RuleNames {
  find(name: string): NamedRule | undefined;
  readonly names: Iterable<string>;
}

/** Rules over one event that one correlation, with those in it, may put together. */
const MOST_STEPS = 500;

export function lowerCorrelation(correlation: SigmaCorrelation, rules: RuleNames): Compiled<WindowPlan> {
  return new CorrelationLowering(correlation, rules).lower();
}

/** The rules that take part: those listed, and those that only a condition in words names. */
export function rulesOf({ rules, condition }: SigmaCorrelation): readonly Named[] {
  const named = [...rules];
  if (condition?.kind !== 'words') return named;
  for (const one of namesIn(condition.condition)) {
    if (!named.some(({ name }) => name === one.name)) named.push(one);
  }
  return named;
}

class CorrelationLowering {
  private readonly correlation: SigmaCorrelation;
  private readonly rules: RuleNames;
  private readonly diagnostics: Diagnostic[] = [];
  private readonly steps: WindowPlan['steps'][number][] = [];
  private readonly logSources: LogSource[] = [];
  private readonly idle: string[] = [];

  constructor(correlation: SigmaCorrelation, rules: RuleNames) {
    this.correlation = correlation;
    this.rules = rules;
  }

  lower(): Compiled<WindowPlan> {
    const { correlation, diagnostics, steps } = this;
    const named = rulesOf(correlation);
    const members = named.flatMap((rule) => this.member(rule) ?? []);
    const test = this.test(named);
    if (steps.length > MOST_STEPS) {
      const message = `With the correlations in it, the rule puts more than ${MOST_STEPS} rules together.`;
      diagnostics.push(diagnose('sigma-too-large', 'error', message, correlation.span));
    }
    this.checkAliases(named);
    if (test === undefined || hasErrors(diagnostics)) return { diagnostics };
    const { timespan, groupBy, span } = correlation;
    const window: Window = { members, timespan, test, groupBy: groupBy.map(({ name }) => name), span };
    const plan: WindowPlan = { kind: 'window', version: PLAN_VERSION, steps, window, pipes: [] };
    const isIdle = this.idle.length === members.length;
    return {
      plan,
      diagnostics,
      logSources: this.logSources,
      ...(isIdle ? { idle: [...new Set(this.idle)].join(' ') } : {}),
    };
  }

  private member(rule: Named): WindowMember | undefined {
    const found = this.rules.find(rule.name);
    if (found === undefined) {
      const nearest = nearestName(rule.name, [...this.rules.names]);
      const hint =
        nearest === undefined
          ? 'Rules are named by their id or name, and are in the same files and folders.'
          : `Did you mean ${nearest}?`;
      return this.wrong(`There is no rule “${short(rule.name)}”.`, rule, hint);
    }
    if (found.kind === 'unusable') return this.wrong(`The rule “${short(rule.name)}” ${found.why}.`, rule);
    if (found.idle !== undefined) this.idle.push(found.idle);
    const sources = found.kind === 'event' ? [found.logSource] : found.logSources;
    const inner = found.kind === 'window' ? found.plan.window : undefined;
    const keys = this.correlation.groupBy.map((key): WindowMember['keys'][number] => {
      const name = this.fieldOf(key.name, rule);
      const at = inner?.groupBy.indexOf(name) ?? -1;
      return at === -1 ? windowField(name, sources) : { kind: 'group', at };
    });
    const { condition } = this.correlation;
    const fields = condition?.kind === 'bounds' ? condition.fields : [];
    const values = fields.map(({ name }) => windowField(this.fieldOf(name, rule), sources));
    this.logSources.push(...sources);
    return { name: rule.name, from: this.place(found, rule), keys, values };
  }

  /** Puts the rule's predicates among the steps. */
  private place(found: Exclude<NamedRule, { kind: 'unusable' }>, { span }: Named): WindowMember['from'] {
    const first = this.steps.length;
    if (found.kind === 'event') {
      this.steps.push({ predicate: placed(found.predicate, span), keys: [], missing: false, span });
      return { kind: 'step', step: first };
    }
    this.steps.push(...found.plan.steps.map((step) => ({ ...step, predicate: placed(step.predicate, span), span })));
    return { kind: 'window', window: shifted(found.plan.window, first) };
  }

  private fieldOf(name: string, rule: Named): string {
    const alias = this.correlation.aliases.get(name);
    if (alias === undefined) return name;
    const field = alias.get(rule.name);
    if (field !== undefined) return field.name;
    this.wrong(
      `The alias “${short(name)}” names no field of “${short(rule.name)}”.`,
      rule,
      'Add the rule to the alias.',
    );
    return name;
  }

  private checkAliases(named: readonly Named[]): void {
    for (const [alias, fields] of this.correlation.aliases) {
      for (const [rule, field] of fields) {
        if (named.some(({ name }) => name === rule)) continue;
        const message = `The alias “${short(alias)}” speaks of “${short(rule)}”, which is none of the correlation’s rules.`;
        const nearest = nearestName(
          rule,
          named.map(({ name }) => name),
        );
        const hint = nearest === undefined ? 'Call the rule as it stands under rules.' : `Did you mean ${nearest}?`;
        this.diagnostics.push(diagnose('sigma-correlation-reference', 'error', message, field.span, hint));
      }
    }
  }

  // --- Test -----------------------------------------------------------------------------------------------------------

  private test(named: readonly Named[]): WindowTest | undefined {
    const { type, condition } = this.correlation;
    if (condition?.kind === 'words') {
      const presence = this.presence(condition.condition, named);
      return presence === undefined ? undefined : { kind: 'presence', condition: presence };
    }
    const bounds = condition?.bounds ?? [{ operator: '>=', value: named.length }];
    switch (type) {
      case 'temporal_ordered':
        return this.inOrder(bounds, named.length);
      case 'temporal':
        this.checkCount(bounds, named.length);
        return { kind: 'member-count', bounds };
      case 'event_count':
        this.checkCount(bounds, Number.POSITIVE_INFINITY);
        return { kind: 'event-count', bounds };
      case 'value_count':
        this.checkCount(bounds, Number.POSITIVE_INFINITY);
        return { kind: 'value-count', bounds };
      case 'value_sum':
        return { kind: 'value-sum', bounds };
      case 'value_avg':
        return { kind: 'value-average', bounds };
      case 'value_median':
        return { kind: 'value-percentile', percentile: 50, bounds };
      case 'value_percentile':
        return { kind: 'value-percentile', percentile: condition?.percentile ?? 50, bounds };
    }
  }

  private inOrder(bounds: Bounds, count: number): WindowTest | undefined {
    const { condition, span } = this.correlation;
    if (condition === undefined || countsThatHold(bounds, count).join() === String(count)) return { kind: 'in-order' };
    const at = condition.kind === 'bounds' ? condition.span : span;
    const hint = 'Leave the condition out; to ask for some of the rules in any order, use temporal.';
    const message = 'In order means all of the rules, so the condition can ask for no other number of them.';
    this.diagnostics.push(diagnose('sigma-correlation', 'error', message, at, hint));
    return undefined;
  }

  private checkCount(bounds: Bounds, most: number): void {
    if (countsThatHold(bounds, most).length > 0) return;
    const { condition, span } = this.correlation;
    const message = 'The condition can never hold: a group is known by its events, so it has one at least.';
    const more = most === Number.POSITIVE_INFINITY ? '' : ` Here ${most} is the most there can be.`;
    const at = condition?.kind === 'bounds' ? condition.span : span;
    this.diagnostics.push(diagnose('sigma-correlation-never', 'warning', message + more, at));
  }

  private presence(node: Condition, named: readonly Named[]): Presence | undefined {
    switch (node.kind) {
      case 'identifier':
        return { kind: 'member', member: named.findIndex(({ name }) => name === node.name) };
      case 'not': {
        const child = this.presence(node.child, named);
        return child === undefined ? undefined : { kind: 'not', child };
      }
      case 'and':
      case 'or': {
        const children = node.children.map((child) => this.presence(child, named));
        return children.some((child) => child === undefined)
          ? undefined
          : { kind: node.kind, children: children as readonly Presence[] };
      }
      case 'some': {
        const message = 'The condition of a correlation names its rules one by one.';
        this.diagnostics.push(
          diagnose('sigma-correlation', 'error', message, node.span, 'Write them out with and, or.'),
        );
        return undefined;
      }
    }
  }

  private wrong(message: string, { span }: Named, hint?: string): undefined {
    this.diagnostics.push(diagnose('sigma-correlation-reference', 'error', message, span, hint));
    return undefined;
  }
}

/** The rule's clauses stand in its own text; in the correlation's they stand where it is named. */
function placed(node: Predicate, named: Span): Predicate {
  const { start, end, origin = { start, end } } = node.span;
  const span = Object.freeze({ ...named, origin });
  switch (node.kind) {
    case 'and':
    case 'or':
      return Object.freeze({ ...node, children: node.children.map((child) => placed(child, named)), span });
    case 'not':
      return Object.freeze({ ...node, child: placed(node.child, named), span });
    case 'nested':
      return Object.freeze({ ...node, condition: placed(node.condition, named), span });
    default:
      return Object.freeze({ ...node, span });
  }
}

function windowField(name: string, sources: readonly LogSource[]): WindowField {
  const fields = sources.flatMap((source) => sigmaField(name, source).fields);
  const distinct = fields.filter((field, at) => fields.findIndex((other) => other.name === field.name) === at);
  return { kind: 'field', name, fields: distinct };
}

/** The window with its steps counted from another number on. */
function shifted(window: Window, by: number): Window {
  const members = window.members.map((member): WindowMember => {
    const { from } = member;
    const moved =
      from.kind === 'step'
        ? { kind: 'step' as const, step: from.step + by }
        : { kind: 'window' as const, window: shifted(from.window, by) };
    return { ...member, from: moved };
  });
  return { ...window, members };
}

function namesIn(node: Condition): readonly Named[] {
  switch (node.kind) {
    case 'identifier':
      return [{ name: node.name, span: node.span }];
    case 'not':
      return namesIn(node.child);
    case 'and':
    case 'or':
      return node.children.flatMap(namesIn);
    case 'some':
      return [];
  }
}

/** Some of the counts from one up that the bounds allow: any there are lies beside a bound. */
function countsThatHold(bounds: Bounds, most: number): readonly number[] {
  const near = bounds.flatMap(({ value }) => [
    Math.floor(value) - 1,
    Math.floor(value),
    Math.floor(value) + 1,
    Math.floor(value) + 2,
  ]);
  const counts = new Set([1, 2, 3, ...near].filter((count) => count >= 1 && count <= most));
  return [...counts].filter((count) =>
    bounds.every(({ operator, value }) => {
      if (operator === '>') return count > value;
      if (operator === '>=') return count >= value;
      if (operator === '<') return count < value;
      if (operator === '<=') return count <= value;
      return operator === '==' ? count === value : count !== value;
    }),
  );
}

function short(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
