/**
 * A form that rules are written in: how a text of it is recognised, and how it is read. One file a form, one line in
 * `forms.ts`, and how its files are named in `rule-file-names.ts`.
 */
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { RuleLocator } from './locator.ts';
import type { ParsedRule, RuleDraft } from './parsed-rule.ts';
import type { RuleForm } from './rule.ts';

export interface RuleFormReader {
  readonly form: RuleForm;
  /** As a message calls it: `Elastic TOML`. */
  readonly name: string;
  /** A cheap look at the text. Never asked for more than a guess: reading says what is wrong. */
  readonly recognises: (text: string) => boolean;
  /** Every rule in the text, in its order; at least one entry, even if it holds nothing but diagnostics. */
  readonly parse: (text: string, path: string) => readonly ParsedRule[];
  /** What only this form can get wrong, besides what `parse` and the checks of every rule say. */
  readonly check?: (draft: RuleDraft, locate: RuleLocator) => Iterable<Diagnostic>;
}
