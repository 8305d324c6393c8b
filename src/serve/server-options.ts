/** What the server is given: it reads the store itself and asks for everything else. */
import type { AlertNote, StepDone } from '../detect/triage.ts';
import type { AlertReason } from '../engine/alert-reason.ts';
import type { EventSearch } from '../engine/event-search.ts';
import type { ExceptionDesk } from '../engine/exception-desk.ts';
import type { ExplainQuestion, RuleExplanation } from '../engine/explain-asked.ts';
import type { RuleTexts } from '../engine/rule-test-text.ts';
import type { RuleTestReport } from '../engine/rule-tests.ts';
import type { EqlSeen } from '../language/eql/complete.ts';
import type { FieldUse } from '../rule/field-report.ts';
import type { Finding } from '../rule/finding.ts';
import type { OverlayChanges, OverlayView } from '../rule/overlay.ts';
import type { RuleDocument } from '../rule/rule.ts';
import type { RevisionOrigin } from '../store/rule-store.ts';
import type { AlertStatusChange, StateStore, StoredAlert } from '../store/state-store.ts';
import type { RuleCheck, SourceProfile, SourceSummary, Status } from './api.ts';
import type { IngestOptions } from './ingest-routes.ts';
import type { Metrics } from './metrics.ts';
import type { PreviewsPort } from './preview-routes.ts';
import type { RunsPort } from './run-routes.ts';
import type { SystemPort } from './system-routes.ts';
import type { TablesPort } from './table-routes.ts';

export interface ServerOptions {
  readonly version: string;
  /** Names and addresses that requests may call it by, beside those of the loopback interface. */
  readonly names?: readonly string[];
  /** Reads beside the writer; the server never writes to it. */
  readonly store: Pick<StateStore, 'alerts' | 'histogram' | 'alert' | 'alertsByRule' | 'triage' | 'rules'>;
  readonly rules: () => readonly ServedRule[];
  readonly status: () => Status;
  /** The service as a whole, for whoever runs it. */
  readonly system: SystemPort;
  /** None where figures are turned off. */
  readonly metrics?: Metrics;
  readonly sources: () => Promise<readonly SourceSummary[]>;
  /** What the source of this name has brought; `undefined` where there is none. */
  readonly source: (name: string) => Promise<SourceProfile | undefined>;
  /** The files that hold what could not be read of the source of this name, oldest first; there may be none. */
  readonly rejects: (name: string) => readonly string[];
  /** The fields and values that sources have brought, for completion. */
  readonly seen: () => Promise<EqlSeen>;
  /** The stored events. */
  readonly events: EventSearch;
  /** Whole Kusto queries over them. */
  readonly tables: TablesPort;
  /** Why the alert's rule, as it is now, holds for its event or events; `undefined` when the rule is gone. */
  readonly explain: (stored: StoredAlert) => AlertReason | undefined;
  /** `undefined` where the rule does not run over events as they come; the answer is, where there is no such event. */
  readonly explainRule: (id: string) => ((asked: ExplainQuestion) => Promise<RuleExplanation | undefined>) | undefined;
  /** False when there is no such alert. Rejects with an Error whose message (and `hint`) is fit for people. */
  readonly setStatus: (id: string, change: AlertStatusChange) => Promise<boolean>;
  /** False when there is no such alert. Rejects as `setStatus` does. */
  readonly addNote: (alert: string, note: Omit<AlertNote, 'id'>) => Promise<boolean>;
  /** Without `done`, takes it back. False when there is no such alert. Rejects as `setStatus` does. */
  readonly setStep: (alert: string, step: string, done?: Omit<StepDone, 'step'>) => Promise<boolean>;
  /** Takes events. */
  readonly ingest: IngestOptions;
  /** Who decides where a request does not say: there are no accounts. */
  readonly operator: string;
  /** What a pasted text holds, and what is wrong with it. */
  readonly checkRule: (text: string) => Promise<RuleCheck>;
  /** What becomes of a rule’s text by the tests that came with it. */
  readonly testRule: (texts: RuleTexts) => Promise<RuleTestReport>;
  /** What a rule’s text finds in stored events. */
  readonly previews: PreviewsPort;
  /** Keeps a text that was checked, whose rules have these ids. Rejects as `setStatus` does. */
  readonly addRule: (ids: readonly string[], text: string, by: string) => Promise<void>;
  /** False where no rule of this id was added. */
  readonly removeRule: (id: string) => Promise<boolean>;
  /** Changes values of a rule here, apart from its text; says why nothing was changed, where that is so. */
  readonly overlayRule: (id: string, changes: OverlayChanges, by: string) => Promise<{ readonly problem?: string }>;
  /** Reads all files of rules again. Rejects as `setStatus` does. */
  readonly reloadRules: () => Promise<void>;
  /** A rule that is paused does not run; what it misses is a gap. */
  readonly pauseRule: (id: string, paused: boolean) => Promise<void>;
  readonly runs: RunsPort;
  readonly exceptions: ExceptionDesk;
  /** The number of alerts removed. Rejects as `setStatus` does. */
  readonly removeSample: () => Promise<number>;
  /** The built pages (`index.html`, `assets/`); need not exist. */
  readonly webFolder: string;
  readonly now: () => Date;
  /** Called with what went wrong on our side, for the log. */
  readonly onError: (error: unknown, request: string) => void;
}

export interface ServedRule {
  readonly document: RuleDocument;
  readonly findings: readonly Finding[];
  readonly fieldUses?: () => readonly FieldUse[];
  readonly enabled: boolean;
  readonly paused: boolean;
  readonly added: boolean;
  /** What was changed here. */
  readonly overlay?: readonly OverlayView[];
  /** Absent where the document’s own source says it. */
  readonly origin?: RevisionOrigin;
  /** The revision that runs because the rule’s file is broken. */
  readonly kept?: number;
}
