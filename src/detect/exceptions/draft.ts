/**
 * An exception as it is written, and what a check says of it. Plain data, sent over HTTP as it is.
 */
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import type { Exception } from '../exception.ts';

/** An exception as it is written; whoever keeps it adds id, times and author where they are left out. */
export type ExceptionDraft = Pick<Exception, 'name' | 'rules' | 'condition' | 'reason'> &
  Partial<Omit<Exception, 'created' | 'updated'>>;

export interface ExceptionCheck {
  /** With an error among them it is neither kept nor applied. */
  readonly findings: readonly ExceptionFinding[];
  /** What it says, in a sentence. */
  readonly sentence: string;
  /** Its entries say whose it is, so that fields which must not stand alone (`ParsedField.beside`) may be offered. */
  readonly narrowed?: true;
}

export interface ExceptionFinding extends Diagnostic {
  /** The part that it is about: `name`, `condition.entries.2.value`, `expires`. */
  readonly at: string;
}

export interface ExceptionScenario {
  readonly id: string;
  readonly title: string;
  /** Who does it, and how to tell it from an attack. */
  readonly description: string;
  /** A draft to choose or to fill in; `<…>` marks what has to be filled in. */
  readonly draft: ExceptionDraft;
  /** What has to be filled in before it can be turned on. */
  readonly needs: readonly { readonly at: string; readonly what: string }[];
}
