/**
 * The rule document: one shape for every form a rule comes in. What a form does not give is left out, never invented;
 * what it gives and this shape has no name for stays in `extra`, so that nothing is lost.
 */
/** The languages that run. `kuery` is Kibana's query language. */
export type QueryLanguage = 'eql' | 'sigma' | 'kusto' | 'kuery' | 'lucene';
/** With those that are read and shown only: ES|QL, and the machine-learning jobs of rules that have no query. */
export type RuleLanguage = QueryLanguage | 'esql' | 'ml';
export type Severity = 'informational' | 'low' | 'medium' | 'high' | 'critical';

export interface RuleDocument {
  /** The rule's own id (`rule_id`, Sigma's `id`), stable over versions. */
  readonly id: string;
  readonly name: string;
  readonly version?: number;
  readonly language: RuleLanguage;
  readonly query: string;
  /** Where `query` starts in the rule's source text (UTF-16 offset), so that a finding in it can be shown in the file. */
  readonly queryOffset?: number;
  readonly description?: string;
  readonly authors: readonly string[];
  readonly license?: string;
  readonly references: readonly string[];
  readonly tags: readonly string[];
  readonly severity?: Severity;
  /** 0 to 100. */
  readonly riskScore?: number;
  readonly threat: readonly ThreatMapping[];
  /** Index patterns that decide which data streams the rule reads; empty reads every event. */
  readonly indexPatterns: readonly string[];
  readonly schedule: Schedule;
  /** Alerts a run creates at most. */
  readonly maxAlerts?: number;
  readonly suppression?: Suppression;
  /** Texts in Markdown. */
  readonly guide?: string;
  readonly falsePositives: readonly string[];
  /** False positives told at length: who does it, and how to tell them from an attack. */
  readonly scenarios?: readonly Scenario[];
  readonly response?: string;
  readonly setup?: string;
  readonly enabled?: boolean;
  /** Titles of the Sigma filters that were added to the rule. */
  readonly filters?: readonly string[];
  readonly source: RuleSource;
  /** Keys of the form that have no name here, as they stood. */
  readonly extra: Readonly<Record<string, unknown>>;
}

/** Of alerts that are alike one is created, which counts the others. */
export interface Suppression {
  /** What those have in common that are alike; none where all alerts of the rule are. */
  readonly groupBy: readonly SuppressionField[];
  /** How long after an alert others like it are suppressed, in milliseconds; absent for the run that it belongs to. */
  readonly durationMs?: number;
  /** Whether matches without a value of a field are alike as well, or alert each. */
  readonly missing: 'suppress' | 'alert';
  /** Of several values of a field each makes a group of its own; otherwise all of them together are one. */
  readonly eachMember: boolean;
  /** The rule rests after a run that alerted: what else that run finds alerts as well. */
  readonly sparesRun?: true;
}

export interface SuppressionField {
  /** As the rule names it. */
  readonly field: string;
  /** The fields of events that it stands for, the best first; absent where it is one itself. */
  readonly homes?: readonly string[];
  /** Of a sequence or a sample: the step whose event it is of, from 1; absent for what all events share. */
  readonly step?: number;
}

/** MITRE ATT&CK, as Elastic rules state it. */
export interface ThreatMapping {
  readonly framework: string;
  readonly tactic: ThreatReference;
  readonly technique: readonly (ThreatReference & { readonly subtechnique: readonly ThreatReference[] })[];
}

export interface ThreatReference {
  readonly id: string;
  readonly name: string;
  readonly reference?: string;
}

/** A harmless way to match, as hunting pages tell it. */
export interface Scenario {
  readonly title: string;
  /** What happens. */
  readonly description?: string;
  /** How to recognise or leave it out: words, or a filter in no particular language. */
  readonly filter?: string;
}

/** As written; what is left out means Elastic's default (every 5m from now-6m). */
export interface Schedule {
  /** `5m`. */
  readonly interval?: string;
  /** `now-9m`. */
  readonly from?: string;
  readonly to?: string;
}

export interface RuleSource {
  /** The file or bundle entry it was read from. */
  readonly path: string;
  readonly form: RuleForm;
  /** The whole text as read; of a file with a rule a line, the rule's line. */
  readonly text: string;
}

export type RuleForm =
  | 'elastic-ndjson'
  | 'elastic-page'
  | 'elastic-toml'
  | 'hunting-page'
  | 'sigma-yaml'
  | 'sentinel-arm'
  | 'sentinel-yaml';

/** What a rule says at least, wherever its match is shown. */
export interface RuleAttribution {
  readonly id: string;
  readonly name: string;
  readonly version?: number;
  readonly language: RuleLanguage;
  readonly author: readonly string[];
  readonly license?: string;
  readonly reference: readonly string[];
}
