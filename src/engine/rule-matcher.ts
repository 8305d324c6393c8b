/**
 * All rules against one event in one pass: rules over one event, and the steps of those that remember.
 *
 *   event ──matcher──▶ rules that match it │ steps of sequences, samples and windows that it passes ──▶ correlator
 *
 * Rules that do not alert on each of their events are passed over: `runs/tally-set.ts` has them. A rule that a correlation
 * rule names does not alert by itself, unless that says so (`generate`).
 */
import { createHash } from 'node:crypto';
import { stepPredicates } from '../correlate/correlation.ts';
import type { CorrelatedPlan, StepHit } from '../correlate/correlator.ts';
import type { Event } from '../event/event.ts';
import { LayeredMatcher } from '../match/layered-matcher.ts';
import type { MatcherRule } from '../match/matcher.ts';
import type { CorrelationPlan, Plan, WindowPlan } from '../plan/plan.ts';
import type { Predicate } from '../plan/predicate/node.ts';
import { compileIndexPatterns } from '../rule/index-pattern.ts';
import type { LoadedRule } from '../rule/inspect.ts';
import type { RuleDocument } from '../rule/rule.ts';
import { ruleHead } from '../rule/rule-head.ts';
import { scheduleWindow } from '../rule/schedule.ts';

/** A rule that remembers, under the name of its plan. */
interface CorrelatingRule {
  readonly rule: LoadedRule;
  readonly plan: CorrelatedPlan;
}

interface Target {
  readonly rule: LoadedRule;
  /** The number of the correlating rule and of its step; absent for a rule over one event. */
  readonly step?: readonly [plan: number, step: number];
}

export class RuleMatcher {
  readonly correlating: readonly CorrelatingRule[];
  /** What is matched: rules over one event, and the steps of the others. */
  readonly entries: readonly MatcherRule[];
  private readonly matcher: LayeredMatcher;
  private readonly targets: readonly Target[];

  /** @param before with rules many of which are among these: what was compiled of them is used again */
  constructor(rules: readonly LoadedRule[], before?: RuleMatcher) {
    const entries: MatcherRule[] = [];
    const targets: Target[] = [];
    const correlating: CorrelatingRule[] = [];
    const quiet = quietRules(rules);
    for (const rule of rules) {
      if (quiet.has(ruleHead(rule).id) || rule.tally !== undefined || matchesNothing(rule)) continue;
      const own = matcherRulesOf(rule);
      entries.push(...own);
      if (rule.outline !== undefined || rule.plan.kind === 'event') {
        targets.push({ rule });
        continue;
      }
      const { plan } = rule;
      for (const step of own.keys()) targets.push({ rule, step: [correlating.length, step] });
      correlating.push({ rule, plan: correlatedPlan(rule, plan) });
    }
    this.matcher = new LayeredMatcher(entries, before?.matcher);
    this.entries = entries;
    this.targets = targets;
    this.correlating = correlating;
  }

  /** The rules of entries, by their numbers. */
  get rules(): readonly LoadedRule[] {
    return this.targets.map(({ rule }) => rule);
  }

  /** The rule of an entry, by its number. */
  ruleOf(entry: number): LoadedRule {
    return (this.targets[entry] as Target).rule;
  }

  /** Calls `found` with each rule over one event that matches, and gives the steps that the event passes. */
  match(event: Event, found: (rule: LoadedRule) => void): readonly StepHit[] {
    const hits: { plan: number; steps: number[] }[] = [];
    const take = (index: number) => {
      const { rule, step } = this.targets[index] as Target;
      if (step === undefined) {
        found(rule);
        return;
      }
      const [plan, number] = step;
      const last = hits.at(-1);
      if (last?.plan === plan) last.steps.push(number);
      else hits.push({ plan, steps: [number] });
    };
    this.matcher.match(event, take);
    return hits;
  }
}

/** Rules that cannot match what is read today share one plan. */
function matchesNothing(rule: LoadedRule): boolean {
  const { predicate } = rule.outline ?? (rule.plan.kind === 'event' ? rule.plan : {});
  return predicate?.kind === 'constant' && !predicate.value;
}

/** The same ones again for the same plan, whatever else of the rule has changed. */
export function matcherRulesOf(rule: LoadedRule): readonly MatcherRule[] {
  const { outline } = rule;
  const { indexPatterns } = ruleHead(rule);
  const patterns = indexPatterns.join('\n');
  const plan = outline ?? rule.plan;
  const known = ENTRIES.get(plan);
  if (known?.patterns === patterns) return known.entries;
  const reads = compileIndexPatterns(indexPatterns);
  const entries =
    outline === undefined
      ? predicatesOf(rule.plan).map((predicate) => ({ predicate, reads }))
      : [new LateRule(rule, outline.predicate, reads)];
  ENTRIES.set(plan, { patterns, entries });
  return entries;
}

const ENTRIES = new WeakMap<object, { readonly patterns: string; readonly entries: readonly MatcherRule[] }>();

function predicatesOf(plan: Plan): readonly Predicate[] {
  return plan.kind === 'event' ? [plan.predicate] : stepPredicates(plan);
}

/** Asks for its rule’s plan when it is asked for its predicate. */
class LateRule implements MatcherRule {
  readonly outline: Predicate;
  readonly reads: MatcherRule['reads'];
  private readonly rule: LoadedRule;

  constructor(rule: LoadedRule, outline: Predicate, reads: MatcherRule['reads']) {
    this.rule = rule;
    this.outline = outline;
    this.reads = reads;
  }

  get predicate(): Predicate {
    return predicatesOf(this.rule.plan)[0] as Predicate;
  }
}

/** Those that correlation rules have taken over: named by some, and no one of them lets them alert by themselves. */
function quietRules(rules: readonly LoadedRule[]): ReadonlySet<string> {
  const uses: NonNullable<LoadedRule['uses']>[] = [];
  for (const rule of rules) if (rule.uses !== undefined) uses.push(rule.uses);
  const loud = new Set(uses.filter(({ generate }) => generate).flatMap(({ rules: ids }) => ids));
  return new Set(uses.flatMap(({ rules: ids }) => ids).filter((id) => !loud.has(id)));
}

/**
 * A sequence that states no span is looked for within the rule's window, and so is a sample: a run on schedule sees no
 * more either. The name holds a hash of all that decides what is found, so that a changed rule starts anew.
 */
export function correlatedPlan(
  { document }: { readonly document: Pick<RuleDocument, 'id' | 'schedule'> },
  plan: CorrelationPlan | WindowPlan,
): CorrelatedPlan {
  const { from } = scheduleWindow(document.schedule);
  const meaning = JSON.stringify([plan, from], (name, value: unknown) => (name === 'span' ? undefined : value));
  const hash = createHash('sha256').update(meaning).digest('hex').slice(0, 16);
  return { name: `${document.id} ${hash}`, plan, span: from };
}
