/**
 * What the alert page asks beside the alert: its surroundings in the stored events, its guide, notes and steps, the
 * groups that alerts form. Shapes only, as in `api.ts`.
 *
 *   GET  /api/alerts/:id/context         AlertContext        tree, likeness; read from stored events
 *   GET  /api/alerts/:id/guide           Guide               the investigation guide, each step with its questions' counts
 *   GET  /api/alerts/:id/members         AlertSummary[]      the alerts folded with it, itself among them, in the order of their events; at most 500
 *   GET  /api/alerts/:id/ticket          { text }            the alert as ticket text (Markdown)
 *   POST /api/alerts/:id/notes           NoteDraft → AlertDetail
 *   POST /api/alerts/:id/steps           StepChange → AlertDetail       `done` false takes it back
 *   GET  /api/alerts/:id/exceptions      ExceptionDraft[]    exceptions from this alert, filled in, narrowest first
 *   GET  /api/incidents?IncidentQuery    IncidentPage        newest first
 *   GET  /api/incidents/:id              IncidentDetail
 *   GET  /api/events?EventParameters     EventList           stored events; `query` in EQL, run with a time limit
 *   GET  /api/events/:id                 EventDetail
 *   POST /api/rules/:id/explain          { event: string } | { document: object } → RuleExplanation
 *
 * `GET /api/alerts` takes `fold=process`: alerts of one process entity (its wrappers, several rules) are one row.
 */
import type { Explanation } from '../engine/explanation.ts';
import type { JsonObject } from '../event/json.ts';

export interface AlertContext {
  readonly tree: ProcessTree;
  /** Same user, same hash, same command: as far as the event has them. */
  readonly likeness: readonly Likeness[];
  /** Stored events reach back so far; absent where none are stored. */
  readonly stored_from?: string;
}

export interface ProcessTree {
  /** In the order to be drawn: ancestors from the oldest, siblings and the process itself, its children. */
  readonly processes: readonly TreeProcess[];
  /** Processes left out because there were too many. */
  readonly left_out: number;
}

export interface TreeProcess {
  readonly relation: 'ancestor' | 'sibling' | 'self' | 'child';
  readonly depth: number;
  readonly pid?: number;
  readonly entity_id?: string;
  readonly name?: string;
  readonly executable?: string;
  readonly command_line?: string;
  readonly user?: string;
  readonly start?: string;
  /** Not said by the source but concluded from pids and times. */
  readonly derived?: true;
  /** Alerts of this process. */
  readonly alerts: number;
  /** Id of its stored start event. */
  readonly event?: string;
}

export interface Likeness {
  readonly what: 'user' | 'hash' | 'command';
  readonly field: string;
  readonly value: string;
  /** Stored events with this value, counted up to `counted_up_to`. */
  readonly events: number;
  readonly hosts: number;
  readonly all_hosts: number;
  readonly alerts: number;
  readonly counted_up_to: number;
  /** How rare it is, in words: `only here`, `on 3 of 40 hosts`. */
  readonly rarity: string;
}

export interface Guide {
  readonly steps: readonly GuideStep[];
  /** `rule` where the rule's guide has steps; `default` where it has none, and these are what to ask of any alert. */
  readonly from: 'rule' | 'default';
  /** What to do about it, a step each in Markdown: the checklist. Empty where the rule says nothing. */
  readonly response: readonly string[];
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
  /** What was run: over stored events in EQL, or over alerts as the parameters of the list. */
  readonly query: {
    readonly over: 'events' | 'alerts';
    /** Of events an EQL query, run from `from` to `to`; of alerts the parameters of the list, as in its URL. */
    readonly text: string;
    /** ISO 8601. */
    readonly from?: string;
    readonly to?: string;
  };
  /** Absent where it could not be run in time; `problem` says why. */
  readonly count?: number;
  /** The count went no further than this. */
  readonly counted_up_to?: number;
  readonly problem?: string;
}

export interface NoteDraft {
  /** Markdown, at most 10,000 characters. */
  readonly text: string;
  /** Default the user that runs the service. */
  readonly by?: string;
}

export interface StepChange {
  /** One of `Guide.response`, word for word. */
  readonly step: string;
  readonly done: boolean;
  readonly by?: string;
}

export interface EventParameters {
  /** ISO 8601. */
  readonly from?: string;
  readonly to?: string;
  readonly host?: string;
  readonly user?: string;
  /** `process.entity_id`. */
  readonly process?: string;
  /** An EQL event query. */
  readonly query?: string;
  readonly limit?: number;
  readonly cursor?: string;
}

export interface EventList {
  readonly events: readonly EventSummary[];
  readonly next?: string;
  /** The search stopped at its time limit after having read back to this time. */
  readonly stopped_at?: string;
}

export interface EventSummary {
  readonly id: string;
  readonly time: string;
  readonly sentence: string;
  readonly kind: string;
  readonly host?: string;
  readonly user?: string;
  readonly process?: string;
  readonly command_line?: string;
}

export interface EventDetail extends EventSummary {
  readonly document: JsonObject;
}

export type RuleExplanation = Explanation;

export type { IncidentDetail, IncidentPage, IncidentQuery, IncidentSummary } from '../store/incident.ts';
