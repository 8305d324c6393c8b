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

/** Elastic's largest rule has 60 kB; this keeps out what was never meant as one. */
const LARGEST_FILE = 1024 * 1024;

/** How names of rule files end. */
export const RULE_FILE_ENDINGS: readonly string[] = [...new Set(FORMS.flatMap(({ fileEndings }) => fileEndings))];

/** Endings of files that may hold a rule, and mostly hold something else. */
const SHARED_ENDINGS: readonly string[] = [...new Set(FORMS.flatMap(({ sharedEndings = [] }) => sharedEndings))];

/** For messages: `Elastic TOML, Sigma YAML`. */
export const FORM_NAMES: string = FORMS.map(({ name }) => name).join(', ');

/** Whether a file of a folder is read: `perhaps` where its text has to be recognised first. */
export function isRuleFile(name: string): boolean | 'perhaps' {
  if (endsWithOne(name, RULE_FILE_ENDINGS)) return true;
  return endsWithOne(name, SHARED_ENDINGS) ? 'perhaps' : false;
}

/** Bytes that a file of this name may have. */
export function largestFile(name: string): number {
  const named = FORMS.filter(({ fileEndings }) => endsWithOne(name, fileEndings));
  return Math.max(LARGEST_FILE, ...named.map(({ largestFile = 0 }) => largestFile));
}

/** @param path only its ending counts; `-` has none */
export function ruleFormOf(text: string, path: string): RuleFormReader | undefined {
  const named = FORMS.filter(({ fileEndings }) => endsWithOne(path, fileEndings));
  return (named.length > 0 ? named : FORMS).find(({ recognises }) => recognises(text)) ?? named[0];
}

function endsWithOne(name: string, endings: readonly string[]): boolean {
  const lower = name.toLowerCase();
  return endings.some((ending) => lower.endsWith(ending));
}
