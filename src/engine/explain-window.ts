/**
 * Explains one correlation rule on a stream of events: how near each group came to what its window asks.
 *
 *   events ──look──▶ rules that match ─▶ the engine itself, watched ─▶ a story a group ──nearest first──▶ those told
 *   the same events ──lookAgain──▶ which event lacked least of a rule that did not match
 *
 * What fires is what the engine finds, as in `explain-correlation.ts`. Correlations in the correlation are told apart, each
 * with the groups that came nearest.
 */
import type { CorrelationMatch } from '../correlate/correlation.ts';
import { Correlator } from '../correlate/correlator.ts';
import { groupsOf, valuesOf } from '../correlate/window-member.ts';
import { WindowStories, type WindowStory, type WindowStoryList } from '../correlate/window-stories.ts';
import type { Event } from '../event/event.ts';
import type { WindowPlan } from '../plan/plan.ts';
import { explain } from '../plan/predicate/explain.ts';
import type { LiteralValue } from '../plan/predicate/node.ts';
import type { Window, WindowMember } from '../plan/window.ts';
import type { RuleDocument } from '../rule/rule.ts';
import type {
  CorrelationExplanation,
  InnerExplanation,
  KeyExplanation,
  StepExplanation,
  StepReached,
} from './correlation-explanation.ts';
import { TIEBREAKER } from './detector.ts';
import type { ExceptedBy } from './explain-event.ts';
import { correlatedPlan } from './rule-matcher.ts';
import { type Nearest, nearerOf, nearMiss, seenEvent } from './seen-event.ts';
import { StepLook } from './step-look.ts';
import { tellAsked, tellWindow } from './window-message.ts';

export interface ExplainedWindow {
  readonly document: Pick<RuleDocument, 'id' | 'query' | 'indexPatterns' | 'schedule'>;
  readonly plan: WindowPlan;
}

/** Groups told unless more are asked for, and of a correlation in the correlation. */
const MOST_KEYS = 20;
const MOST_INNER_KEYS = 3;
/** Holding an event against a rule takes some 20 µs. */
const MOST_HELD = 50_000;
/** Rules that are waited for, of one group. */
const MOST_WANTED = 3;

/** How far one of the events may lie from another, milliseconds: what each window allows, one in another. */
export function windowSpan({ timespan, members }: Window): number {
  const inner = members.map(({ from }) => (from.kind === 'window' ? windowSpan(from.window) : 0));
  return timespan + Math.max(...inner);
}

/** A rule over one event: what holds it, and as which member. */
interface Place {
  readonly window: Window;
  readonly member: WindowMember;
}

/** What is looked for in the second look: the event that lacks least of a step, of a group or of all. */
interface Wanted {
  readonly step: number;
  readonly story?: WindowStory;
  nearest: Nearest | undefined;
}

export class WindowExplainer {
  private readonly rule: ExplainedWindow;
  private readonly exceptedBy: ExceptedBy;
  private readonly mostKeys: number;
  private readonly steps: StepLook;
  private readonly correlator: Correlator;
  private readonly watched = new WindowStories();
  private readonly places: ReadonlyMap<number, Place>;
  private readonly passed: number[];
  private readonly keyless: number[];
  private readonly valueless: number[];
  /** By group: the exception that removes its matches, as long as each has one. */
  private readonly excepted = new Map<string, { readonly id: string; readonly name: string } | undefined>();
  private fires = false;
  private stories: WindowStoryList = { nearest: [], keys: 0 };
  private wanted: readonly Wanted[] = [];
  private held = 0;

  constructor(rule: ExplainedWindow, exceptedBy: ExceptedBy = () => undefined, mostKeys = MOST_KEYS) {
    const { document, plan } = rule;
    this.rule = rule;
    this.exceptedBy = exceptedBy;
    this.mostKeys = mostKeys;
    this.steps = new StepLook(plan, document.indexPatterns);
    this.places = new Map(placesOf(plan.window));
    this.passed = plan.steps.map(() => 0);
    this.keyless = plan.steps.map(() => 0);
    this.valueless = plan.steps.map(() => 0);
    this.correlator = new Correlator({
      plans: [{ ...correlatedPlan(rule, plan), windowWatcher: this.watched }],
      found: (_, match) => this.found(match),
      tiebreaker: TIEBREAKER,
    });
  }

  /** The first look: every event, in the order of arrival. */
  look(event: Event): void {
    const steps = this.steps.stepsOf(event);
    if (steps.length === 0) return;
    for (const step of steps) {
      this.passed[step] = (this.passed[step] ?? 0) + 1;
      const place = this.places.get(step);
      if (place === undefined) continue;
      const lacks =
        groupsOf(place.member, [event], undefined).size === 0
          ? this.keyless
          : valuesOf(place.member, place.window.test, [event]) === undefined
            ? this.valueless
            : undefined;
      if (lacks !== undefined) lacks[step] = (lacks[step] ?? 0) + 1;
    }
    this.correlator.observe(event, [{ plan: 0, steps }], 0);
  }

  /** The first look is over. @returns whether a second one, over the same events, can tell more. */
  turn(): boolean {
    this.correlator.end();
    const { plan } = this.rule;
    this.stories = this.watched.stories(plan.window);
    const lacking = plan.steps.flatMap((_, step) =>
      (this.passed[step] ?? 0) > 0 ? [] : [{ step, nearest: undefined }],
    );
    const waiting = this.stories.nearest
      .slice(0, this.mostKeys)
      .flatMap((story) => this.stepsWanted(story).map((step) => ({ step, story, nearest: undefined })));
    this.wanted = [...waiting, ...lacking];
    return this.wanted.length > 0;
  }

  /** The second look. @returns false when enough has been seen. */
  lookAgain(event: Event): boolean {
    if (!this.steps.reads(event.dataStreams)) return true;
    const { plan, document } = this.rule;
    for (const wanted of this.wanted) {
      const predicate = plan.steps[wanted.step]?.predicate;
      if (predicate === undefined) continue;
      if (wanted.story !== undefined && !this.couldJoin(wanted.story, wanted.step, event)) continue;
      this.held += 1;
      wanted.nearest = nearerOf(wanted.nearest, event, predicate, document.query);
    }
    return this.held < MOST_HELD;
  }

  explanation(): CorrelationExplanation {
    const { plan } = this.rule;
    return {
      kind: 'window',
      fires: this.fires,
      by: plan.window.groupBy,
      span: plan.window.timespan,
      asks: tellAsked(plan.window),
      steps: plan.steps.map((_, step) => this.stepOf(step)),
      keys: this.stories.nearest.slice(0, this.mostKeys).map((story) => this.tell(story)),
      all_keys: this.stories.keys,
      inner: innerOf(plan.window).map((member) => this.tellInner(member)),
      ...this.steps.counts(),
      dropped: this.correlator.status.plans[0]?.dropped ?? 0,
    };
  }

  private found({ key, events }: CorrelationMatch): void {
    const excepted = this.exceptedBy(
      this.rule.document.id,
      events.map((placed) => placed?.event),
    );
    const text = nameOf(key);
    if (excepted === undefined || !this.excepted.has(text)) this.excepted.set(text, excepted);
    if (excepted === undefined) this.fires = true;
  }

  /** Rules over one event that a group waits for. */
  private stepsWanted({ end, lacking, elsewhere }: WindowStory): readonly number[] {
    if (end !== 'waiting') return [];
    const { members } = this.rule.plan.window;
    const [only, ...others] = members;
    const wanted =
      lacking.length > 0
        ? lacking.flatMap((member) => (elsewhere.has(member) ? [] : [members[member]]))
        : others.length === 0
          ? [only]
          : [];
    return wanted.flatMap((member) => (member?.from.kind === 'step' ? [member.from.step] : [])).slice(0, MOST_WANTED);
  }

  private couldJoin({ from, to, text }: WindowStory, step: number, event: Event): boolean {
    const { window } = this.rule.plan;
    const place = this.places.get(step);
    if (place === undefined || from === undefined || to === undefined) return false;
    const earliest = window.test.kind === 'in-order' ? to.ms : to.ms - window.timespan;
    if (event.time.ms < earliest || event.time.ms > from.ms + window.timespan) return false;
    return groupsOf(place.member, [event], undefined).has(text);
  }

  private stepOf(step: number): StepExplanation {
    const nearest = this.wanted.find((wanted) => wanted.step === step && wanted.story === undefined)?.nearest;
    const valueless = this.valueless[step] ?? 0;
    return {
      text: this.places.get(step)?.member.name ?? '',
      missing: false,
      passed: this.passed[step] ?? 0,
      keyless: this.keyless[step] ?? 0,
      ...(valueless === 0 ? {} : { valueless }),
      ...(nearest === undefined ? {} : { nearest: nearMiss(nearest) }),
    };
  }

  private tell(story: WindowStory): KeyExplanation {
    const excepted = story.end === 'matched' ? this.excepted.get(nameOf(story.key)) : undefined;
    const told = tellStory(story, this.rule.plan.window);
    return {
      ...told,
      ...(excepted === undefined
        ? {}
        : { outcome: 'excepted', message: `The exception “${excepted.name}” removes it.`, excepted_by: excepted }),
      steps: [...this.reached(story), ...this.missed(story)],
    };
  }

  private tellInner({ name, window }: { readonly name: string; readonly window: Window }): InnerExplanation {
    const { nearest, keys } = this.watched.stories(window);
    return {
      name,
      asks: tellAsked(window),
      by: window.groupBy,
      matched: nearest.reduce((sum, { matched }) => sum + matched, 0),
      keys: nearest.slice(0, MOST_INNER_KEYS).map((story) => ({
        ...tellStory(story, window),
        steps: this.reached(story),
      })),
      all_keys: keys,
    };
  }

  private reached({ items }: WindowStory): readonly StepReached[] {
    const { plan, document } = this.rule;
    return items.flatMap(({ events }) =>
      events.flatMap(({ placed: { event }, step }): readonly StepReached[] => {
        const predicate = plan.steps[step]?.predicate;
        if (predicate === undefined) return [];
        return [{ step, event: seenEvent(event), trace: explain(predicate, event, document.query) }];
      }),
    );
  }

  private missed(story: WindowStory): readonly StepReached[] {
    return this.wanted
      .filter((wanted) => wanted.story === story)
      .map(({ step, nearest }) => ({ step, ...(nearest === undefined ? {} : { nearest: nearMiss(nearest) }) }));
  }
}

function tellStory(story: WindowStory, window: Window): Omit<KeyExplanation, 'steps'> {
  const { key, end, value, brought, matched, lacking, elsewhere } = story;
  const by = lacking.flatMap((member) => elsewhere.get(member)?.events.at(-1) ?? [])[0];
  return {
    key,
    outcome: end,
    message: tellWindow(story, window),
    ...(value === undefined ? {} : { measured: value }),
    ...(by === undefined || end === 'waiting' ? {} : { broken_by: seenEvent(by.placed.event) }),
    begun: brought,
    matched,
  };
}

function placesOf(window: Window): readonly (readonly [step: number, place: Place])[] {
  return window.members.flatMap((member) =>
    member.from.kind === 'window' ? placesOf(member.from.window) : [[member.from.step, { window, member }] as const],
  );
}

function innerOf({ members }: Window): readonly { readonly name: string; readonly window: Window }[] {
  return members.flatMap(({ name, from }) =>
    from.kind === 'window' ? [{ name, window: from.window }, ...innerOf(from.window)] : [],
  );
}

function nameOf(key: readonly LiteralValue[]): string {
  return JSON.stringify(key);
}
