/** The first look at events that a rule over several of them is explained by: which steps each passes, and which the rule does not read. */
import { stepPredicates } from '../correlate/correlation.ts';
import type { Event } from '../event/event.ts';
import { compileMatcher, type Matcher } from '../match/matcher.ts';
import type { CorrelationPlan, WindowPlan } from '../plan/plan.ts';
import { compileIndexPatterns } from '../rule/index-pattern.ts';

/** Data streams that are told of those that the rule does not read. */
const MOST_STREAMS = 5;

export class StepLook {
  /** Whether the rule reads events of these data streams. */
  readonly reads: (dataStreams: readonly string[]) => boolean;
  private readonly matcher: Matcher;
  private readonly streams = new Set<string>();
  private seen = 0;
  private unread = 0;

  constructor(plan: CorrelationPlan | WindowPlan, indexPatterns: readonly string[]) {
    const reads = compileIndexPatterns(indexPatterns);
    this.reads = reads;
    this.matcher = compileMatcher(stepPredicates(plan).map((predicate) => ({ predicate, reads })));
  }

  /** The steps that the event passes, in their order. */
  stepsOf(event: Event): readonly number[] {
    this.seen += 1;
    if (!this.reads(event.dataStreams)) {
      this.unread += 1;
      for (const stream of event.dataStreams) if (this.streams.size < MOST_STREAMS) this.streams.add(stream);
      return [];
    }
    const steps: number[] = [];
    this.matcher.match(event, (step) => steps.push(step));
    return steps;
  }

  /** How many were looked at, and how many of them the rule does not read. */
  counts(): { events: number; unread: number; unread_streams: readonly string[] } {
    return { events: this.seen, unread: this.unread, unread_streams: [...this.streams] };
  }
}
