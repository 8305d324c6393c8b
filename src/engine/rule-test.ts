/**
 * A test of a rule: events, and what must become of them.
 *
 *   name.test.yml │ info.yml ──read──▶ RuleTest ──its rule, its events──▶ detector ──▶ CaseResult
 *
 * Both forms come down to the same cases, so that running and reporting know of one.
 */
import type { Span } from '../diagnostic/span.ts';
import type { JsonObject } from '../event/json.ts';
import type { Severity } from '../rule/rule.ts';

/** One rule with its cases. */
export interface RuleTest {
  /** The file it stands in, as named. */
  readonly file: string;
  readonly rule: RuleReference;
  readonly cases: readonly TestCase[];
}

export interface RuleReference {
  /** `beside`: the rule file that has the test's own name. */
  readonly kind: 'path' | 'id' | 'beside';
  /** The path from the working folder on, or the id. */
  readonly value: string;
  readonly span: Span;
}

export interface TestCase {
  readonly name: string;
  /** From 1, in the test's file. */
  readonly line: number;
  readonly column: number;
  /** Records as a source would send them: a document, or the text of one or more lines. */
  readonly events: readonly (JsonObject | string)[];
  /** Files of events, from the working folder on; read after `events`. */
  readonly files: readonly string[];
  /** Exceptions that apply: a file's path, or an exception as it would stand in one. */
  readonly exceptions: readonly (JsonObject | string)[];
  readonly expect: Expectation;
}

export interface Expectation {
  readonly count: ExpectedCount;
  /** How many matches exceptions must remove, or the name of one that must remove some. */
  readonly excepted?: number | string;
  /** What holds of every alert. */
  readonly every: AlertExpectation;
  /** What holds of the first alert, the second, …; absent where the test does not tell them apart. */
  readonly each?: readonly AlertExpectation[];
  /** Texts that the reasons why no alert came must hold, all of them for one event. */
  readonly explain: readonly string[];
}

export interface ExpectedCount {
  /** Matches are counted before exceptions, duplicates and the rule's cap. */
  readonly of: 'alerts' | 'matches';
  readonly number: number;
  readonly atLeast: boolean;
}

export interface AlertExpectation {
  readonly severity?: Severity;
  readonly riskScore?: number;
  /** Part of the alert's sentence. */
  readonly sentence?: string;
  /** Field → values that must have made the rule true. */
  readonly evidence?: ExpectedValues;
  /** Field → values that one of the alert's events must have. */
  readonly fields?: ExpectedValues;
  /** How many events the alert has. */
  readonly events?: number;
  /** As text. */
  readonly joinKeys?: readonly string[];
}

export type ExpectedValues = Readonly<Record<string, readonly string[]>>;

/** What became of a case. */
export interface CaseOutcome {
  readonly events: number;
  readonly alerts: number;
  /** Empty exactly where the case passed. */
  readonly differences: readonly Difference[];
  readonly milliseconds: number;
}

export interface Difference {
  /** In a sentence: what was expected, what came. */
  readonly message: string;
  /** What explains it, the nearest first. */
  readonly why: readonly string[];
}

export interface CaseResult extends CaseOutcome {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly rule: { readonly id: string; readonly name: string };
  readonly name: string;
  readonly passed: boolean;
}
