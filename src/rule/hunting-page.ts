/**
 * A hunting page: prose, one detection as a Sigma rule and as a Kusto query, and scenarios of false positives.
 *
 *   page ──parts──▶ Sigma rule ──read (indentation put back)──▶ rule document
 *                └▶ query + what the Sigma rule states of the detection ──▶ second rule document
 *
 * The page states name, authors, references, level and tags once, inside the Sigma rule; they hold for the query too. The
 * query gets the Sigma rule's id with `-kusto` behind it, because two rules cannot have one id. The prose describes the
 * query, which has no other description, and stands in the Sigma rule's `extra`. Both have the scenarios.
 */
import { type Diagnostic, diagnose, hasErrors } from '../diagnostic/diagnostic.ts';
import { NO_SPAN, type Span, spanOf } from '../diagnostic/span.ts';
import type { RuleFormReader } from './form.ts';
import { given } from './given.ts';
import { type HuntingParts, huntingParts, isHuntingPage } from './hunting-parts.ts';
import type { RuleLocator } from './locator.ts';
import type { ParsedRule, RuleDraft } from './parsed-rule.ts';
import type { RuleSource } from './rule.ts';
import { readPastedSigma } from './sigma-pasted.ts';
import { parseSigmaYaml } from './sigma-yaml.ts';

export const huntingPageForm: RuleFormReader = {
  form: 'hunting-page',
  name: 'hunting page',
  recognises: isHuntingPage,
  parse: parseHuntingPage,
};

/** @param path what the documents name as their source; nothing is read from there */
export function parseHuntingPage(text: string, path: string): readonly ParsedRule[] {
  const parts = huntingParts(text);
  if (parts === undefined) {
    const missing = diagnose('rule-key-missing', 'error', 'There is no Sigma rule (“title: …”) in the page.');
    return [{ diagnostics: [missing], locate: { key: () => NO_SPAN, value: () => NO_SPAN, query: () => NO_SPAN } }];
  }
  const source: RuleSource = { path, form: 'hunting-page', text };
  const [sigma, ...more] = readPastedSigma(source, parts.sigma, parseSigmaYaml);
  const rules = sigma === undefined ? [] : [withPage(sigma, parts, text), ...more];
  if (parts.query !== undefined) rules.push(readQuery(parts, parts.query, source, sigma));
  return rules;
}

function withPage(sigma: ParsedRule, { prose, scenarios }: HuntingParts, text: string): ParsedRule {
  const added = <T extends RuleDraft>(draft: T): T => {
    const extra =
      prose.start === prose.end ? draft.extra : { ...draft.extra, prose: text.slice(prose.start, prose.end) };
    return { ...draft, extra, ...(scenarios.length === 0 ? {} : { scenarios }) };
  };
  return {
    ...sigma,
    ...(sigma.rule === undefined ? {} : { rule: added(sigma.rule) }),
    ...(sigma.draft === undefined ? {} : { draft: added(sigma.draft) }),
  };
}

function readQuery(
  { prose, sigma: sigmaPart, scenarios }: HuntingParts,
  span: Span,
  source: RuleSource,
  sigma: ParsedRule | undefined,
): ParsedRule {
  const { text } = source;
  const query = text.slice(span.start, span.end);
  const stated = sigma?.draft;
  const written = (key: string): string | undefined => lineValue(text.slice(sigmaPart.start, sigmaPart.end), key);
  const sigmaId = stated?.id ?? written('id');
  const id = sigmaId === undefined ? undefined : `${sigmaId}-kusto`;
  const name = stated?.name ?? written('title');
  const draft = given<RuleDraft>({
    id,
    name,
    query,
    queryOffset: span.start,
    description: prose.start === prose.end ? undefined : text.slice(prose.start, prose.end),
    authors: stated?.authors ?? [],
    license: stated?.license,
    references: stated?.references ?? [],
    tags: stated?.tags ?? [],
    severity: stated?.severity,
    riskScore: stated?.riskScore,
    threat: stated?.threat ?? [],
    indexPatterns: [],
    schedule: {},
    falsePositives: stated?.falsePositives ?? [],
    scenarios: scenarios.length === 0 ? undefined : scenarios,
    source,
    extra: {},
  });
  const diagnostics: Diagnostic[] = [];
  if (id === undefined || name === undefined) {
    const message = 'The page gives the query no id and title, because its Sigma rule has none.';
    diagnostics.push(diagnose('rule-key-missing', 'error', message, span));
  } else {
    const message = `The page states no id for the query; here it is called ${id}.`;
    diagnostics.push(diagnose('rule-id-derived', 'info', message, spanOf(span.start, span.start)));
  }
  const locate = queryLocator(span, prose, sigma?.locate);
  if (id === undefined || name === undefined || hasErrors(diagnostics)) return { draft, diagnostics, locate };
  return { rule: { ...draft, id, name, query, language: 'kusto' }, draft, diagnostics, locate };
}

/** What the Sigma rule states is found there. */
function queryLocator(span: Span, prose: Span, sigma: RuleLocator | undefined): RuleLocator {
  const own: Readonly<Record<string, Span>> = { query: span, description: prose };
  return {
    key: (path) => own[String(path[0])] ?? sigma?.key(path) ?? span,
    value: (path) => own[String(path[0])] ?? sigma?.value(path) ?? span,
    query: (part) => spanOf(span.start + part.start, span.start + part.end),
  };
}

/** Of a rule that could not be read whole. */
function lineValue(sigma: string, key: string): string | undefined {
  const line = sigma.split('\n').find((line) => line.startsWith(`${key}:`));
  const value = line?.slice(key.length + 1).trim();
  return value === '' ? undefined : value;
}
