/**
 * The forms that rules come in, and which of them a text has.
 *
 *   text, name ──by the name's ending, else by a look at the text──▶ form
 *
 * Of the forms that share a file ending the first that recognises the text takes it; where none does, the first reads
 * it and says what is missing. A text of no known ending (standard input, a pasted rule) must be recognised.
 */
import { elasticTomlForm } from './elastic-toml.ts';
import type { RuleFormReader } from './form.ts';

/** In the order in which they are asked; the first of a file ending is its default. */
const FORMS: readonly RuleFormReader[] = [elasticTomlForm];

/** How names of rule files end. */
export const RULE_FILE_ENDINGS: readonly string[] = [...new Set(FORMS.flatMap(({ fileEndings }) => fileEndings))];

/** For messages: `Elastic TOML, Sigma YAML`. */
export const FORM_NAMES: string = FORMS.map(({ name }) => name).join(', ');

/** Whether a file of a folder is taken for a rule file. */
export function isRuleFile(name: string): boolean {
  const lower = name.toLowerCase();
  return RULE_FILE_ENDINGS.some((ending) => lower.endsWith(ending));
}

/** @param path only its ending counts; `-` has none */
export function ruleFormOf(text: string, path: string): RuleFormReader | undefined {
  const lower = path.toLowerCase();
  const named = FORMS.filter(({ fileEndings }) => fileEndings.some((ending) => lower.endsWith(ending)));
  return (named.length > 0 ? named : FORMS).find(({ recognises }) => recognises(text)) ?? named[0];
}
