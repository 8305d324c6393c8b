/**
 * What reading a rule's text gives, whatever the form: the document as far as it goes, what is wrong, and the way back
 * from the document to the text.
 */
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { Tally } from '../plan/tally.ts';
import type { RuleLocator } from './locator.ts';
import type { RuleDocument } from './rule.ts';

/** A rule as far as it could be read: what is required may be missing, which the diagnostics say. */
export type RuleDraft = Omit<RuleDocument, 'id' | 'name' | 'query' | 'language'> & {
  readonly id?: string;
  readonly name?: string;
  readonly query?: string;
};

export interface ParsedRule {
  /** What was read, where it is no rule over events. */
  readonly kind?: 'correlation' | 'filter';
  /** Absent exactly when `diagnostics` holds an error. */
  readonly rule?: RuleDocument;
  /** Absent where the text does not follow its grammar, or holds something else than a rule. */
  readonly draft?: RuleDraft;
  /** What it alerts on, where that is not each event that its query holds for. */
  readonly tally?: Tally;
  /** Why it cannot run, although nothing is wrong with it. */
  readonly idle?: string;
  /** Spans are in the whole text of the file. */
  readonly diagnostics: readonly Diagnostic[];
  readonly locate: RuleLocator;
}
