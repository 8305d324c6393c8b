/**
 * The forms that rules come in, and which of them a text has.
 *
 *   text, name ──by the name's ending, else by a look at the text──▶ form
 *
 * Of the forms that share a file ending the first that recognises the text takes it; where none does, the first reads
 * it and says what is missing. A text of no known ending (standard input, a pasted rule, a page) must be recognised.
 */
import { elasticNdjsonForm } from './elastic-ndjson.ts';
import { elasticPageForm } from './elastic-page.ts';
import { elasticTomlForm } from './elastic-toml.ts';
import type { RuleFormReader } from './form.ts';
import { huntingPageForm } from './hunting-page.ts';
import { isNamedAs } from './rule-file-names.ts';
import { sentinelArmForm } from './sentinel-arm.ts';
import { sentinelYamlForm } from './sentinel-yaml.ts';
import { sigmaYamlForm } from './sigma-yaml.ts';

/** In the order in which they are asked; the first of a file ending is its default. */
const FORMS: readonly RuleFormReader[] = [
  elasticTomlForm,
  elasticNdjsonForm,
  elasticPageForm,
  huntingPageForm,
  sigmaYamlForm,
  sentinelYamlForm,
  sentinelArmForm,
];

/** For messages: `Elastic TOML, Sigma YAML`. */
export const FORM_NAMES: string = FORMS.map(({ name }) => name).join(', ');

/** @param path only its ending counts; `-` has none */
export function ruleFormOf(text: string, path: string): RuleFormReader | undefined {
  const named = FORMS.filter(({ form }) => isNamedAs(form, path));
  return (named.length > 0 ? named : FORMS).find(({ recognises }) => recognises(text)) ?? named[0];
}
