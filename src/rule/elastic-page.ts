/**
 * A page of Elastic's documentation of prebuilt rules, as its Markdown source.
 *
 *   page ──outline──▶ labels, sections ──▶ document; what has no name there ──▶ extra
 *
 * The page leaves things open. It states no `rule_id`: the document gets the page's own anchor
 * (`prebuilt-rule-8-17-4-…`), which is the same each time and tells it from the rule itself. Its guide has lost its
 * headings to bold lines and is kept so; of it the false positives and the response are given apart as well. The
 * framework is written `MITRE ATT&CKTM` there, the trade mark sign having become letters.
 */
import { type Diagnostic, diagnose, hasErrors } from '../diagnostic/diagnostic.ts';
import { NO_SPAN, type Span, spanOf } from '../diagnostic/span.ts';
import { pageThreat } from './elastic-page-threat.ts';
import { isTallyType } from './elastic-tally.ts';
import type { RuleFormReader } from './form.ts';
import { given } from './given.ts';
import { markdownSection } from './markdown-section.ts';
import {
  linkTarget,
  listEntries,
  outlinePage,
  type PageLabel,
  type PageSection,
  underBoldLine,
} from './page-outline.ts';
import type { ParsedRule, RuleDraft } from './parsed-rule.ts';
import { PlaceMap } from './place-map.ts';
import type { Severity } from './rule.ts';

const TYPE = 'Rule type';

/** Labels that the document has a place for. */
const LABELS: ReadonlySet<string> = new Set([
  ...[TYPE, 'Rule indices', 'Severity', 'Risk score', 'Runs every', 'Searches indices from'],
  ...['Maximum alerts per execution', 'References', 'Tags', 'Version', 'Rule authors', 'Rule license', 'Framework'],
]);

type PageLanguage = 'eql' | 'esql' | 'kuery' | 'ml';

/** Pages do not state the language. Of the types that Kibana’s is written for it has been the only one. */
const LANGUAGE_OF_TYPE: Readonly<Record<string, PageLanguage>> = {
  eql: 'eql',
  esql: 'esql',
  machine_learning: 'ml',
  new_terms: 'kuery',
  query: 'kuery',
  threat_match: 'kuery',
  threshold: 'kuery',
};

const SEVERITIES: readonly Severity[] = ['low', 'medium', 'high', 'critical'];

export const elasticPageForm: RuleFormReader = {
  form: 'elastic-page',
  name: 'Elastic documentation page',
  recognises: (text) => /^\*\*Rule type\*\*:/m.test(text) && /^\*\*Risk score\*\*:/m.test(text),
  parse: (text, path) => [parseElasticPage(text, path)],
};

/** @param path what the document names as its source; nothing is read from there. */
export function parseElasticPage(text: string, path: string): ParsedRule {
  return new PageReader(text).read(path);
}

class PageReader {
  private readonly page: string;
  private readonly outline: ReturnType<typeof outlinePage>;
  private readonly places = new PlaceMap();
  private readonly diagnostics: Diagnostic[] = [];
  private readonly labels = new Map<string, PageLabel>();
  private readonly extra: Record<string, unknown> = {};

  constructor(page: string) {
    this.page = page;
    this.outline = outlinePage(page);
    const end = this.outline.sections[0]?.heading.span.start ?? page.length;
    for (const label of this.outline.labels) {
      const isValue = label.span.start < end || label.name === 'Framework';
      if (isValue && !this.labels.has(label.name)) this.labels.set(label.name, label);
    }
  }

  read(path: string): ParsedRule {
    const { title, introduction, frontMatter } = this.outline;
    if (frontMatter !== undefined) this.extra.frontMatter = frontMatter;
    const name = title?.text === '' ? undefined : title?.text;
    const id = title?.anchor ?? (name === undefined ? undefined : slug(name));
    if (title !== undefined) {
      this.places.set(['id'], title.span);
      this.places.set(['name'], title.span);
    }
    if (name === undefined) this.missing('The page has no title (“# Name [prebuilt-rule-…]”).', title?.span);
    else {
      const message = `A documentation page does not state the rule’s id; here the rule is called ${id}.`;
      const hint =
        'Alerts of the rule from another source do not count as the same. Load it as TOML or NDJSON for that.';
      this.diagnostics.push(diagnose('rule-id-derived', 'info', message, title?.span ?? NO_SPAN, hint));
    }
    const language = this.language();
    const query = language === 'ml' ? { text: '', start: 0 } : this.query();
    const guide = this.section('Investigation guide', 'guide');
    const draft = given<RuleDraft>({
      id,
      name,
      query: query?.text,
      version: this.whole('Version', ['version'], 0, Number.MAX_SAFE_INTEGER),
      queryOffset: query?.start,
      description: introduction.text === '' ? undefined : introduction.text,
      authors: this.list('Rule authors', 'authors'),
      license: this.text('Rule license', ['license']),
      references: this.list('References', 'references').map(linkTarget),
      tags: this.list('Tags', 'tags'),
      severity: this.severity(),
      riskScore: this.whole('Risk score', ['riskScore'], 0, 100),
      threat: this.threat(),
      indexPatterns: this.list('Rule indices', 'indexPatterns'),
      schedule: given({ interval: this.text('Runs every', ['schedule', 'interval']), from: this.from() }),
      maxAlerts: this.whole('Maximum alerts per execution', ['maxAlerts'], 1, Number.MAX_SAFE_INTEGER),
      guide,
      falsePositives: guide === undefined ? [] : listEntries(within(guide, 'False positive analysis') ?? ''),
      response: guide === undefined ? undefined : within(guide, 'Response and remediation'),
      setup: this.section('Setup', 'setup'),
      source: { path, form: 'elastic-page', text: this.page },
      extra: this.rest(),
    });
    const start = query?.start ?? 0;
    const locate = this.places.locator((part) => spanOf(start + part.start, start + part.end));
    const isWhole = id !== undefined && name !== undefined && query !== undefined && language !== undefined;
    if (!isWhole || hasErrors(this.diagnostics)) return { draft, diagnostics: this.diagnostics, locate };
    const rule = { ...draft, id, name, query: query.text, language };
    const idle = this.idle();
    return { rule, draft, diagnostics: this.diagnostics, locate, ...(idle === undefined ? {} : { idle }) };
  }

  // --- Values ---------------------------------------------------------------------------------------------------------

  private text(label: string, path: readonly string[]): string | undefined {
    const found = this.labels.get(label);
    if (found === undefined) return undefined;
    this.places.set(path, found.value.span, found.span);
    return found.value.text === '' || found.value.text === 'None' ? undefined : found.value.text;
  }

  private list(label: string, property: string): readonly string[] {
    const found = this.labels.get(label);
    if (found === undefined) return [];
    this.places.set([property], found.items[0]?.span ?? found.value.span, found.span);
    if (found.value.text !== '') return found.value.text === 'None' ? [] : [found.value.text];
    for (const [index, { span }] of found.items.entries()) this.places.set([property, index], span);
    return found.items.map(({ text }) => text);
  }

  private whole(label: string, path: readonly string[], least: number, most: number): number | undefined {
    const text = this.text(label, path);
    if (text === undefined) return undefined;
    const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (number >= least && number <= most) return number;
    const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    this.wrong(label, `${label} must be a whole number ${range}`);
    return undefined;
  }

  private severity(): Severity | undefined {
    const text = this.text('Severity', ['severity'])?.toLowerCase();
    const severity = SEVERITIES.find((known) => known === text);
    if (text !== undefined && severity === undefined) {
      this.wrong('Severity', `Severity must be one of ${SEVERITIES.join(', ')}`);
    }
    return severity;
  }

  /** `now-9m`; behind it the page explains the notation, which is kept with the rest. */
  private from(): string | undefined {
    const text = this.text('Searches indices from', ['schedule', 'from']);
    const [from = '', ...explained] = text?.split(' ') ?? [];
    if (explained.length > 0) this.extra['Searches indices from'] = text;
    return from === '' ? undefined : from;
  }

  private section(title: string, property: string): string | undefined {
    const found = this.sectionNamed(title);
    if (found === undefined || found.text === '') return undefined;
    this.places.set([property], found.span, found.heading.span);
    return found.text;
  }

  private query(): { readonly text: string; readonly start: number } | undefined {
    const section = this.sectionNamed('Rule query');
    const fence = section?.fences[0];
    if (fence !== undefined && fence.text.trim() !== '') {
      this.places.set(['query'], fence.span);
      return { text: fence.text, start: fence.span.start };
    }
    if (this.typeLanguage() !== undefined)
      this.missing('The page has no query in a fenced block under “## Rule query”.', section?.heading.span);
    return undefined;
  }

  private threat(): RuleDraft['threat'] {
    const frameworks = this.outline.labels.filter(({ name }) => name === 'Framework');
    const { threat, problems } = pageThreat(frameworks, this.places);
    for (const { span, message } of problems) {
      this.diagnostics.push(diagnose('rule-value-type', 'error', message, span));
    }
    return threat;
  }

  /** Labels and sections that the document has no place for. */
  private rest(): Readonly<Record<string, unknown>> {
    for (const [name, { value, items }] of this.labels) {
      if (!LABELS.has(name)) this.extra[name] = items.length > 0 ? items.map(({ text }) => text) : value.text;
    }
    const known = ['Investigation guide', 'Setup', 'Rule query'];
    for (const { heading, text } of this.outline.sections) {
      if (!known.includes(heading.text)) this.extra[heading.text] = text;
    }
    return this.extra;
  }

  // --- Judging --------------------------------------------------------------------------------------------------------

  private typeLanguage(): PageLanguage | undefined {
    const type = this.labels.get(TYPE)?.value.text ?? '';
    return Object.hasOwn(LANGUAGE_OF_TYPE, type) ? LANGUAGE_OF_TYPE[type] : undefined;
  }

  /** The language that the rule’s type tells, where it is one that is run; says so otherwise. */
  private language(): PageLanguage | undefined {
    const type = this.text(TYPE, ['language']);
    const language = this.typeLanguage();
    if (isTallyType(type) || language === 'esql' || language === 'ml') this.extra[TYPE] = type;
    if (language !== undefined) return language;
    if (type === undefined) this.missing('The page does not say the rule’s type.', this.labels.get(TYPE)?.span);
    else {
      const message = `The rule is of type ${type.slice(0, 60)}; Vedette runs rules of type eql and query.`;
      this.diagnostics.push(diagnose('rule-language-unsupported', 'error', message, this.labels.get(TYPE)?.value.span));
    }
    return undefined;
  }

  /** A page does not say of how many events, new values of which fields, or indicators of which kind. */
  private idle(): string | undefined {
    const type = this.extra[TYPE];
    if (!isTallyType(type)) return undefined;
    const why = `A documentation page leaves out what makes a ${type} rule alert, so the rule is shown and not run.`;
    const hint = 'Load it as TOML or NDJSON.';
    this.diagnostics.push(diagnose('rule-not-run', 'info', why, this.labels.get(TYPE)?.value.span, hint));
    return why;
  }

  private missing(message: string, span: Span = NO_SPAN): void {
    this.diagnostics.push(diagnose('rule-key-missing', 'error', message, span));
  }

  private wrong(label: string, message: string): void {
    this.diagnostics.push(diagnose('rule-value-type', 'error', `${message}.`, this.labels.get(label)?.value.span));
  }

  private sectionNamed(title: string): PageSection | undefined {
    return this.outline.sections.find(({ heading }) => heading.text.toLowerCase() === title.toLowerCase());
  }
}

function within(guide: string, title: string): string | undefined {
  return markdownSection(guide, title) ?? underBoldLine(guide, title);
}

function slug(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}
