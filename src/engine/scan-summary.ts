/**
 * What a scan says at its end: what was read, what became of the matches, and what could not be read.
 */
import type { Funnel } from '../detect/alert.ts';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { Finding } from '../rule/finding.ts';

export interface ScanSummary {
  /** Inputs that were opened, standard input among them. */
  readonly files: number;
  /** Bytes read, as they lie in the files. */
  readonly bytes: number;
  readonly events: number;
  /** Events by the name of their format. */
  readonly formats: Readonly<Record<string, number>>;
  /** Events of no known data stream; every rule read them. */
  readonly unrouted: number;
  readonly rules: number;
  /** Those of them that no format of logs serves: they match only documents that name their source themselves. */
  readonly idle: number;
  readonly funnel: Funnel;
  readonly byRule: readonly RuleFunnel[];
  readonly rejects: RejectSummary;
  readonly correlation: CorrelationSummary;
  /** Absent where no files of exceptions were named. */
  readonly exceptions?: ExceptionSummary;
  /** Inputs that could not be read, or not to their end. */
  readonly problems: readonly Diagnostic[];
  /** Findings in the rules; a rule with an error did not run. */
  readonly findings: readonly Finding[];
  readonly milliseconds: number;
}

/** What sequences and samples could not take into account. */
export interface CorrelationSummary {
  /** Events that stood too far behind later ones to be put in their place. */
  readonly late: number;
  /** Events put in order before the end was known, for want of memory. */
  readonly forced: number;
  /** Join keys given up, for want of memory. */
  readonly dropped: number;
}

export interface RuleFunnel {
  readonly id: string;
  readonly name: string;
  readonly funnel: Funnel;
  /** Which exception removed how many of its matches; only those that removed any. */
  readonly byException: readonly RemovedBy[];
}

export interface RemovedBy {
  /** The exception's id. */
  readonly id: string;
  readonly name: string;
  readonly removed: number;
}

export interface ExceptionSummary {
  /** How many were applied: those that are on and have no error. */
  readonly applied: number;
  /** Those that are on and were not applied, and what is to be known of the files. */
  readonly problems: readonly ExceptionProblem[];
}

export interface ExceptionProblem {
  readonly file: string;
  /** From 1; absent where the whole file is meant, or an exception of it. */
  readonly line?: number;
  /** The exception that was not applied. */
  readonly exception?: string;
  readonly message: string;
  /** Everything was taken; this is to be known of it. */
  readonly note?: true;
}

export interface RejectSummary {
  readonly total: number;
  readonly byCode: readonly RejectCount[];
}

export interface RejectCount {
  readonly code: string;
  readonly count: number;
  /** The first one, as an example. */
  readonly first: RejectedLine;
}

/** A line that could not be read: where, why, and its text. */
export interface RejectedLine {
  readonly file: string;
  readonly line: number;
  readonly offset: number;
  readonly code: string;
  readonly reason: string;
  /** UTF-8 with replacement characters; a long line's beginning. */
  readonly text: string;
}
