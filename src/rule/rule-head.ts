/** What each start asks of every rule, known of a rule from a cache without its document. */
import type { LoadedRule } from './inspect.ts';
import type { RuleDocument, RuleForm } from './rule.ts';

export interface RuleHead extends Pick<RuleDocument, 'id' | 'indexPatterns'> {
  readonly form: RuleForm;
}

export function documentHead({ id, indexPatterns, source }: RuleDocument): RuleHead {
  return { id, form: source.form, indexPatterns };
}

export function ruleHead(rule: LoadedRule): Pick<RuleHead, 'id' | 'indexPatterns'> {
  return rule.head ?? rule.document;
}

/** Whether exceptions may have come with it, or lists of them be named there: in Elastic's forms only. */
export function mayNameExceptions(rule: LoadedRule): boolean {
  return (rule.head?.form ?? rule.document.source.form).startsWith('elastic');
}
