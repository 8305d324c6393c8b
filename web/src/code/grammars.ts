/**
 * Which grammar a text is coloured by: a query by its language, a rule as written by a look at it. A look, since the
 * forms that rules come in are the service's to know.
 */
import { StreamLanguage } from '@codemirror/language';
import type { RuleLanguage } from '../../../src/serve/api.ts';
import { eqlGrammar } from './eql-grammar.ts';
import { jsonGrammar } from './json-grammar.ts';
import { kueryGrammar } from './kuery-grammar.ts';
import { kustoGrammar } from './kusto-grammar.ts';
import { pageGrammar } from './page-grammar.ts';
import { tomlGrammar } from './toml-grammar.ts';
import { yamlGrammar } from './yaml-grammar.ts';

const LANGUAGES = {
  eql: StreamLanguage.define(eqlGrammar),
  kuery: StreamLanguage.define(kueryGrammar),
  // Near enough to be readable: fields, texts, words that join.
  lucene: StreamLanguage.define(kueryGrammar),
  // Pipes, names and texts look alike.
  esql: StreamLanguage.define(kustoGrammar),
  ml: StreamLanguage.define(kueryGrammar),
  kusto: StreamLanguage.define(kustoGrammar),
  sigma: StreamLanguage.define(yamlGrammar),
  yaml: StreamLanguage.define(yamlGrammar),
  toml: StreamLanguage.define(tomlGrammar),
  json: StreamLanguage.define(jsonGrammar),
  page: StreamLanguage.define(pageGrammar),
} as const satisfies Record<RuleLanguage | string, StreamLanguage<unknown>>;

export type GrammarName = keyof typeof LANGUAGES;

export function languageOf(name: GrammarName) {
  return LANGUAGES[name];
}

/** Lines that are looked at, and how much of each, of a text that may be long. */
const LINES = 40;
const LINE_LENGTH = 200;

/** @param text a rule as written, or as far as it is typed */
export function guessGrammar(text: string): GrammarName {
  const lines = text
    .split('\n', LINES)
    .map((line) => line.slice(0, LINE_LENGTH))
    .filter((line) => line.trim() !== '' && !/^\s*#(?!#| )/.test(line));
  const first = lines[0] ?? '';
  if (/^\s*[{[]\s*(?:"|$|\{)/.test(first)) return 'json';
  const count = (pattern: RegExp) => lines.filter((line) => pattern.test(line)).length;
  const toml = count(/^\s*[\w."-]+\s*=|^\s*\[\[?[\w. ]+\]\]?\s*$/);
  const yaml = count(/^\s*(?:- )?[\w.|-]+:(?:\s|$)/);
  const prose = count(/^#{1,6} |^```|[a-z]{2,} [a-z]{2,} [a-z]{2,} [a-z]{2,} [a-z]{2,}[ .,]/);
  if (toml > yaml && toml > 0) return 'toml';
  return yaml > 0 && yaml * 2 > prose ? 'yaml' : 'page';
}
