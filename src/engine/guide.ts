/**
 * The investigation guide of an alert: its rule's steps, each with the questions it comes to, counted.
 *
 *   rule ──steps──▶ words ──topics, buttons──▶ questions ──run, one after the other──▶ counts
 *
 * All of it takes no longer than its time: questions that it does not reach are there without a count and say why.
 */
import type { Alert } from '../detect/alert.ts';
import type { GuideQuery } from '../detect/guide-question.ts';
import { investigationSteps, responseSteps, type StepText } from '../detect/guide-steps.ts';
import { DEFAULT_STEPS, questionsAbout, questionsFor, type Subject } from '../detect/guide-topics.ts';
import { investigateQuestion } from '../detect/investigate-button.ts';
import { valuesAt } from '../event/field-path.ts';
import { parseTime } from '../event/time.ts';
import type { RuleDocument } from '../rule/rule.ts';
import type { StateStore } from '../store/state-store.ts';
import type { EventSearch } from './event-search.ts';

export interface Guide {
  readonly steps: readonly GuideStep[];
  /** `rule` where the rule's guide has steps; `default` where it has none, and these are what to ask of any alert. */
  readonly from: 'rule' | 'default';
  /** What to do about it, a step each in Markdown: the checklist. Empty where the rule says nothing. */
  readonly response: readonly string[];
  /** The time was up before all was counted: asked again, it may be. */
  readonly unfinished?: true;
}

export interface GuideStep {
  /** The step in the guide's own words (Markdown). */
  readonly text: string;
  /** Questions that the step comes to; empty where the step asks for judgement. */
  readonly questions: readonly GuideQuestion[];
}

export interface GuideQuestion {
  /** `What else did ada run on web-07 within an hour?` */
  readonly question: string;
  /** What was run, over stored events or over alerts. */
  readonly query: {
    readonly over: 'events' | 'alerts';
    /** Of events an EQL query, run from `from` to `to`; of alerts the parameters of the list, as in its URL. */
    readonly text: string;
    /** ISO 8601; `to` exclusive. */
    readonly from?: string;
    readonly to?: string;
  };
  /** Absent where it could not be run in time; `problem` says why. */
  readonly count?: number;
  /** The count went no further than this. */
  readonly counted_up_to?: number;
  readonly problem?: string;
}

export interface GuideSources {
  readonly store: Pick<StateStore, 'alerts'>;
  readonly events: Pick<EventSearch, 'count' | 'search'>;
  /** Milliseconds for all counts together. Default 2,500. */
  readonly budgetMs?: number;
}

const BUDGET_MS = 2_500;
const LONGEST_COUNT_MS = 1_000;
const COUNT_UP_TO = 10_000;

/** The response's checklist is the rule's; of a rule that is gone, the steps are those for any alert. */
export async function guideOf(alert: Alert, rule: RuleDocument | undefined, sources: GuideSources): Promise<Guide> {
  const subject = subjectOf(alert);
  const written = rule === undefined ? [] : investigationSteps(rule);
  const planned =
    written.length > 0
      ? written.map((step) => ({ text: step.text, questions: questionsOf(step, alert, subject) }))
      : DEFAULT_STEPS.map(({ text, topics }) => ({ text, questions: questionsAbout(topics, subject) }));
  const counter = new Counter(sources);
  const steps: GuideStep[] = [];
  for (const { text, questions } of planned) {
    const counted: GuideQuestion[] = [];
    for (const question of questions) counted.push(await counter.count(question));
    steps.push({ text, questions: counted });
  }
  return {
    steps,
    from: written.length > 0 ? 'rule' : 'default',
    response: rule === undefined ? [] : responseSteps(rule),
    ...(counter.isUnfinished ? { unfinished: true as const } : {}),
  };
}

function questionsOf({ text, buttons }: StepText, alert: Alert, subject: Subject): readonly GuideQuery[] {
  const event = alert.events.at(-1) ?? {};
  const valuesOf = (field: string): readonly string[] =>
    field === 'kibana.alert.rule.uuid' ? [alert.rule.id] : valuesAt(event, field).map(String);
  const asked = buttons.flatMap((button) => investigateQuestion(button, valuesOf, subject.atMs) ?? []);
  return asked.length > 0 ? asked : questionsFor(text, subject);
}

function subjectOf(alert: Alert): Subject {
  const event = alert.events.at(-1) ?? {};
  const fields = {
    host: 'host.name',
    user: 'user.name',
    process: 'process.name',
    entity: 'process.entity_id',
    parentEntity: 'process.parent.entity_id',
    parentName: 'process.parent.name',
    commandLine: 'process.command_line',
    hash: 'process.hash.sha256',
  } as const;
  const known = Object.entries(fields).flatMap(([name, field]) => {
    const value = valuesAt(event, field)[0];
    return value === undefined || value === '' ? [] : [[name, String(value)] as const];
  });
  return { atMs: parseTime(alert.original_time)?.ms ?? Date.parse(alert.original_time), ...Object.fromEntries(known) };
}

class Counter {
  private readonly sources: GuideSources;
  private readonly until: number;
  private readonly known = new Map<string, GuideQuestion>();
  isUnfinished = false;

  constructor(sources: GuideSources) {
    this.sources = sources;
    this.until = performance.now() + (sources.budgetMs ?? BUDGET_MS);
  }

  /** The same query is run once. */
  async count(question: GuideQuery): Promise<GuideQuestion> {
    const query = {
      over: question.over,
      text: question.over === 'events' ? question.text : parametersOf(question),
      from: isoTime(question.from),
      to: isoTime(question.to),
    };
    const shown = { question: question.question, query };
    if (question.problem !== undefined) return { ...shown, problem: question.problem };
    const key = JSON.stringify(query);
    const known = this.known.get(key);
    if (known !== undefined) return { ...known, question: question.question };
    const left = Math.min(this.until - performance.now(), LONGEST_COUNT_MS);
    const answer = left < 1 ? this.outOfTime('the questions before it took all the time there is') : undefined;
    const counted = { ...shown, ...(answer ?? (await this.counted(question, left))) };
    this.known.set(key, counted);
    return counted;
  }

  private async counted(question: GuideQuery, deadlineMs: number): Promise<Pick<GuideQuestion, 'count' | 'problem'>> {
    try {
      return question.over === 'alerts' ? this.countAlerts(question) : await this.countEvents(question, deadlineMs);
    } catch (error) {
      if (error instanceof DOMException && error.name === 'TimeoutError') return this.outOfTime('it took too long');
      return { problem: `Not counted: ${error instanceof Error ? error.message : String(error)}` };
    }
  }

  private outOfTime(why: string): Pick<GuideQuestion, 'problem'> {
    this.isUnfinished = true;
    return { problem: `Not counted: ${why}.` };
  }

  private countAlerts(question: Extract<GuideQuery, { over: 'alerts' }>): Pick<GuideQuestion, 'count'> {
    const { from, to, parameters } = question;
    const status = 'open,acknowledged,closed';
    return {
      count: this.sources.store.alerts({ ...parameters, status, from: isoTime(from), to: isoTime(to), limit: 1 }).total,
    };
  }

  private async countEvents(
    { text, from, to, within, isExact }: Extract<GuideQuery, { over: 'events' }>,
    deadlineMs: number,
  ): Promise<Pick<GuideQuestion, 'count' | 'counted_up_to' | 'problem'>> {
    const { events } = this.sources;
    const query = { from, to, ...within };
    if (isExact) {
      const signal = AbortSignal.timeout(Math.ceil(deadlineMs));
      return bounded(await events.count(query, COUNT_UP_TO, { signal }));
    }
    const result = await events.search(query, { kind: 'eql', text }, { limit: 1, countUpTo: COUNT_UP_TO, deadlineMs });
    const wrong = result.diagnostics.find(({ severity }) => severity === 'error');
    if (wrong !== undefined) return { problem: `It cannot be run: ${wrong.message}` };
    if (result.stoppedAt === undefined) return bounded(result.found);
    const problem = `The time was up after ${result.read.toLocaleString('en-US')} events: there may be more.`;
    return result.found === 0 ? { problem } : { count: result.found, counted_up_to: result.found, problem };
  }
}

function bounded(count: number): Pick<GuideQuestion, 'count' | 'counted_up_to'> {
  return count < COUNT_UP_TO ? { count } : { count, counted_up_to: COUNT_UP_TO };
}

function parametersOf({ parameters, from, to }: Extract<GuideQuery, { over: 'alerts' }>): string {
  return new URLSearchParams({
    status: 'open,acknowledged,closed',
    ...parameters,
    from: isoTime(from),
    to: isoTime(to),
  }).toString();
}

/** A clock gone far wrong may leave what a date can hold. */
function isoTime(ms: number): string {
  const bounded = Number.isNaN(ms) ? 0 : Math.min(253_402_300_799_999, Math.max(0, Math.floor(ms)));
  return new Date(bounded).toISOString();
}
