/**
 * Explains one sequence or sample on a stream of events: how far it came for each join key, and what broke it.
 *
 *   events ──look──▶ steps ─▶ the engine itself, watched ─▶ a story a key ──nearest first──▶ those that are told
 *   the same events ──lookAgain──▶ of the keys that are told: which event lacked least of the step that did not come
 *
 * What fires is what the engine finds, so the explanation cannot differ from a scan; the stories are what it told on the
 * way. The second look is bounded: so many events are held against a step that they do not pass.
 */
import type { CorrelationMatch } from '../correlate/correlation.ts';
import { Correlator } from '../correlate/correlator.ts';
import { joinedKeysOf } from '../correlate/join-key.ts';
import { isLonger } from '../correlate/placed-event.ts';
import { SampleStories } from '../correlate/sample-stories.ts';
import { SequenceStories } from '../correlate/sequence-stories.ts';
import type { Stories, Story } from '../correlate/story.ts';
import type { Event } from '../event/event.ts';
import { compareTimes } from '../event/time.ts';
import type { SamplePlan, SequencePlan, SequenceStep } from '../plan/plan.ts';
import { explain } from '../plan/predicate/explain.ts';
import type { RuleDocument } from '../rule/rule.ts';
import { scheduleWindow } from '../rule/schedule.ts';
import type {
  CorrelationExplanation,
  KeyExplanation,
  StepExplanation,
  StepReached,
} from './correlation-explanation.ts';
import { TIEBREAKER } from './detector.ts';
import type { ExceptedBy } from './explain-event.ts';
import { correlatedPlan } from './rule-matcher.ts';
import { type Nearest, nearerOf, nearMiss, seenEvent } from './seen-event.ts';
import { StepLook } from './step-look.ts';
import { tellStory } from './story-message.ts';

export interface ExplainedSteps {
  readonly document: Pick<RuleDocument, 'id' | 'query' | 'indexPatterns' | 'schedule'>;
  readonly plan: SequencePlan | SamplePlan;
}

/** Keys told unless more are asked for. */
const MOST_KEYS = 20;
/** Holding an event against a step takes some 20 µs. */
const MOST_HELD = 50_000;

/** The longest time from the first event to the last, milliseconds: the rule's window where it states none. */
export function stepsSpan({ document, plan }: ExplainedSteps): number {
  return (plan.kind === 'sequence' ? plan.maxspan : undefined) ?? scheduleWindow(document.schedule).from;
}

/** What is looked for in the second look: the event of a key that lacks least of a step. */
interface Wanted {
  readonly step: number;
  /** Absent where any event will do. */
  readonly story?: Story;
  nearest: Nearest | undefined;
}

export class CorrelationExplainer {
  private readonly rule: ExplainedSteps;
  private readonly exceptedBy: ExceptedBy;
  private readonly mostKeys: number;
  private readonly span: number;
  private readonly steps: StepLook;
  private readonly correlator: Correlator;
  private readonly sequence: SequenceStories | undefined;
  private readonly sample: SampleStories | undefined;
  private readonly passed: number[];
  private readonly keyless: number[];
  private fires = false;
  private stories: Stories = { nearest: [], keys: 0 };
  private wanted: readonly Wanted[] = [];
  private held = 0;

  constructor(rule: ExplainedSteps, exceptedBy: ExceptedBy = () => undefined, mostKeys = MOST_KEYS) {
    const { document, plan } = rule;
    this.rule = rule;
    this.exceptedBy = exceptedBy;
    this.mostKeys = mostKeys;
    this.steps = new StepLook(plan, document.indexPatterns);
    const correlated = correlatedPlan(rule, plan);
    this.span = stepsSpan(rule);
    this.sequence = plan.kind === 'sequence' ? new SequenceStories(plan) : undefined;
    this.sample = plan.kind === 'sample' ? new SampleStories(plan) : undefined;
    this.passed = plan.steps.map(() => 0);
    this.keyless = plan.steps.map(() => 0);
    this.correlator = new Correlator({
      plans: [{ ...correlated, ...(this.sequence === undefined ? {} : { watcher: this.sequence }) }],
      found: (_, match) => this.found(match),
      tiebreaker: TIEBREAKER,
    });
  }

  /** The first look: every event, in the order of arrival. */
  look(event: Event): void {
    const steps = this.steps.stepsOf(event);
    if (steps.length === 0) return;
    const { plan } = this.rule;
    for (const step of steps) {
      const keys = plan.steps[step]?.keys;
      if (keys === undefined) continue;
      this.passed[step] = (this.passed[step] ?? 0) + 1;
      if (joinedKeysOf(keys, event).length === 0) this.keyless[step] = (this.keyless[step] ?? 0) + 1;
    }
    this.sample?.saw({ event, time: event.time, tiebreaker: null, arrival: this.steps.counts().events }, steps);
    this.correlator.observe(event, [{ plan: 0, steps }], 0);
  }

  /** The first look is over. @returns whether a second one, over the same events, can tell more. */
  turn(): boolean {
    this.correlator.end();
    this.stories = this.sequence?.stories() ?? this.sample?.stories() ?? this.stories;
    const { plan } = this.rule;
    const lacking = plan.steps.flatMap(({ missing }, step) =>
      missing || (this.passed[step] ?? 0) > 0 ? [] : [{ step, nearest: undefined }],
    );
    const told = this.stories.nearest.slice(0, this.mostKeys);
    const waiting = told.flatMap((story) =>
      story.next === undefined ? [] : [{ step: story.next, story, nearest: undefined }],
    );
    this.wanted = [...waiting, ...lacking];
    return this.wanted.length > 0;
  }

  /** The second look. @returns false when enough has been seen. */
  lookAgain(event: Event): boolean {
    if (!this.steps.reads(event.dataStreams)) return true;
    for (const wanted of this.wanted) {
      const step = this.rule.plan.steps[wanted.step] as SequenceStep;
      if (wanted.story !== undefined && !this.couldFollow(wanted.story, step, event)) continue;
      this.held += 1;
      wanted.nearest = nearerOf(wanted.nearest, event, step.predicate, this.rule.document.query);
    }
    return this.held < MOST_HELD;
  }

  explanation(): CorrelationExplanation {
    const { plan, document } = this.rule;
    const { nearest, keys } = this.stories;
    const told = nearest.slice(0, this.mostKeys).map((story) => this.tell(story));
    const [first] = plan.steps;
    return {
      kind: plan.kind,
      fires: this.fires,
      by: (first?.keys ?? []).map(({ span }) => document.query.slice(span.start, span.end)),
      span: this.span,
      steps: plan.steps.map((step, at) => this.stepOf(step, at)),
      keys: told,
      all_keys: keys,
      ...this.steps.counts(),
      dropped: this.correlator.status.plans[0]?.dropped ?? 0,
    };
  }

  private found(match: CorrelationMatch): void {
    this.sample?.matched(match.events);
    const events = match.events.map((placed) => placed?.event);
    if (this.exceptedBy(this.rule.document.id, events) === undefined) this.fires = true;
  }

  private couldFollow(story: Story, step: SequenceStep, event: Event): boolean {
    const seen = story.events.flatMap((placed) => (placed === undefined ? [] : [placed]));
    if (seen.some((placed) => placed.event === event)) return false;
    const [first, last] = [seen[0], seen.at(-1)];
    if (this.rule.plan.kind === 'sequence' && first !== undefined && last !== undefined) {
      if (compareTimes(event.time, last.time) < 0 || isLonger(first.time, event.time, this.span)) return false;
    }
    return joinedKeysOf(step.keys, event).some(({ text }) => text === story.text);
  }

  private stepOf({ missing, span }: SequenceStep, at: number): StepExplanation {
    const nearest = this.wanted.find(({ step, story }) => step === at && story === undefined)?.nearest;
    return {
      text: this.rule.document.query.slice(span.start, span.end),
      missing,
      passed: this.passed[at] ?? 0,
      keyless: this.keyless[at] ?? 0,
      ...(nearest === undefined ? {} : { nearest: nearMiss(nearest) }),
    };
  }

  private tell(story: Story): KeyExplanation {
    const { document } = this.rule;
    const events = story.events.map((placed) => placed?.event);
    const excepted = story.end === 'matched' ? this.exceptedBy(document.id, events) : undefined;
    return {
      key: story.key,
      outcome: excepted === undefined ? story.end : 'excepted',
      message:
        excepted === undefined
          ? tellStory(story, this.rule.plan, this.span)
          : `The exception “${excepted.name}” removes it.`,
      steps: this.reached(story),
      ...(story.by === undefined ? {} : { broken_by: seenEvent(story.by.event) }),
      ...(excepted === undefined ? {} : { excepted_by: { id: excepted.id, name: excepted.name } }),
      begun: story.begun,
      matched: story.matched,
    };
  }

  /** The steps as far as they came, that which did not come, and of a whole one those that stayed away. */
  private reached(story: Story): readonly StepReached[] {
    const { plan, document } = this.rule;
    return plan.steps.flatMap(({ predicate, missing }, step): readonly StepReached[] => {
      const event = story.events[step]?.event;
      if (event !== undefined) {
        return [{ step, event: seenEvent(event), trace: explain(predicate, event, document.query) }];
      }
      if (step === story.next) {
        const nearest = this.wanted.find((one) => one.story === story)?.nearest;
        return [{ step, ...(nearest === undefined ? {} : { nearest: nearMiss(nearest) }) }];
      }
      const isPast = story.next === undefined || step < story.next || plan.kind === 'sample';
      return isPast && (missing || plan.kind === 'sample') ? [{ step }] : [];
    });
  }
}
