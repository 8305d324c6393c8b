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
 *   POST /api/rules/:id/explain          { event: id } | { text } | { document: object } | { from, to, host? } → RuleExplanation
 *
 * `GET /api/alerts` takes `fold=process`: alerts of one process entity (its wrappers, several rules) are one row.
 */
import type { JsonObject } from '../event/json.ts';

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

export type { AlertContext, Likeness, TreeProcess } from '../engine/alert-context.ts';
export type {
  CorrelationExplanation,
  InnerExplanation,
  KeyExplanation,
  NearMiss,
  StepExplanation,
  StepReached,
} from '../engine/correlation-explanation.ts';
export type { RuleExplanation } from '../engine/explain-asked.ts';
export type { Obstacle } from '../engine/explanation.ts';
export type { Guide, GuideQuestion } from '../engine/guide.ts';
export type { IncidentDetail, IncidentPage, IncidentQuery, IncidentSummary } from '../store/incident.ts';
