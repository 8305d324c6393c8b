/**
 * Sigma's rule YAML into rule documents, one for each document of the text.
 *
 *   text ──YAML──▶ documents ──take what has a name and the right type──▶ rule document
 *                                 ├─ level, attack.* tags ──tables──▶ severity, risk, ATT&CK
 *                                 └─ everything else, as it stood ──▶ extra
 *
 * Documents that share keys are put together first (`sigma-collection.ts`).
 *
 * Invariants: nothing is invented but what a table says (risk of a level, names of ATT&CK); a value is in the document or
 * in `extra`. `query` is the part of the text that holds `logsource` and `detection`, as it stands, so that places in it
 * are places in the file; where that part alone would not be YAML of the same meaning (aliases, a rule in braces) it is the
 * whole text of the rule.
 *
 * Source of the keys: the Sigma rules specification 2.1. Keys of one's own are allowed and kept.
 */
import { type Diagnostic, diagnose, hasErrors } from '../diagnostic/diagnostic.ts';
import { nearestName } from '../diagnostic/nearest.ts';
import { NO_SPAN, type Span, spanOf } from '../diagnostic/span.ts';
import { isFilter, readFilter } from '../language/sigma/filter.ts';
import { entryOf, parseYaml, plainYaml, type YamlDocument, type YamlMap, type YamlNode } from '../language/yaml.ts';
import { checkSigma } from './check-sigma.ts';
import type { RuleFormReader } from './form.ts';
import type { DocumentPath, RuleLocator } from './locator.ts';
import type { ParsedRule, RuleDraft } from './parsed-rule.ts';
import type { Scenario, Severity, Suppression } from './rule.ts';
import { readScenarios } from './scenarios.ts';
import { RISK_OF_SEVERITY, severityOf } from './severity.ts';
import { isCollection, readCollection } from './sigma-collection.ts';
import { hasLostIndentation } from './sigma-indentation.ts';
import { readPastedSigma } from './sigma-pasted.ts';
import { type SigmaTag, type SigmaThreat, sigmaThreat } from './sigma-threat.ts';
import { readSuppression } from './suppression.ts';

export const sigmaYamlForm: RuleFormReader = {
  form: 'sigma-yaml',
  name: 'Sigma YAML',
  recognises: (text) => /^(?:logsource|detection|correlation|filter)[ \t]*:/m.test(text),
  parse: (text, path) =>
    hasLostIndentation(text)
      ? readPastedSigma({ path, form: 'sigma-yaml', text }, spanOf(0, text.length), parseSigmaYaml)
      : parseSigmaYaml(text, path),
  check: checkSigma,
};

/** Keys of the specification that have a name in the rule document, and those that stay in `extra`. */
const TAKEN_KEYS = [
  'title',
  'id',
  'description',
  'license',
  'references',
  'author',
  'falsepositives',
  'level',
  'tags',
  'logsource',
  'detection',
  'correlation',
] as const;
const KEPT_KEYS = [
  'related',
  'name',
  'taxonomy',
  'status',
  'date',
  'modified',
  'fields',
  'scope',
  'generate',
  'suppression',
];
const KNOWN_KEYS: readonly string[] = [...TAKEN_KEYS, ...KEPT_KEYS];

type TakenKey = (typeof TAKEN_KEYS)[number];

/** @param path what the documents name as their source; nothing is read from there */
export function parseSigmaYaml(text: string, path: string): readonly ParsedRule[] {
  const documents = parseYaml(text);
  const filled = documents.filter((document) => !isEmpty(document));
  const several = filled.length > 1;
  const readMerged = (merged: string, document: YamlDocument): ParsedRule =>
    new SigmaReader(merged, path, spanOf(0, merged.length), document).read();
  const readOwn = (document: YamlDocument): ParsedRule => {
    const part = several ? withoutMarker(text, document.span) : spanOf(0, text.length);
    return new SigmaReader(text, path, part, document).read();
  };
  if (isCollection(filled)) return readCollection(text, filled, readOwn, readMerged);
  return (filled.length > 0 ? filled : documents.slice(0, 1)).map(readOwn);
}

/** A document's text without the `---` that begins it. */
function withoutMarker(text: string, span: Span): Span {
  const [marker = ''] = /^---[ \t]*\r?\n/.exec(text.slice(span.start, span.end)) ?? [];
  return spanOf(span.start + marker.length, span.end);
}

/** What stands before a first `---` or behind a last one is a document too, and holds nothing. */
function isEmpty({ root, diagnostics }: YamlDocument): boolean {
  return diagnostics.length === 0 && root?.kind === 'scalar' && root.value === null;
}

class SigmaReader {
  private readonly text: string;
  private readonly path: string;
  private readonly part: Span;
  private readonly document: YamlDocument;
  private readonly diagnostics: Diagnostic[];
  private map: YamlMap = { kind: 'map', entries: [], span: NO_SPAN };
  private readonly untaken = new Set<string>();

  constructor(text: string, path: string, part: Span, document: YamlDocument) {
    this.text = text;
    this.path = path;
    this.part = part;
    this.document = document;
    this.diagnostics = [...document.diagnostics];
  }

  read(): ParsedRule {
    const { root } = this.document;
    if (root?.kind !== 'map') {
      if (root !== undefined) {
        const hint = 'A Sigma rule is a YAML map with title, logsource and detection.';
        this.wrong('rule-key-missing', 'This is no Sigma rule.', root.span, hint);
      }
      return { diagnostics: this.diagnostics, locate: nowhere(this.part) };
    }
    this.map = root;
    if (isFilter(root)) {
      // A filter is no rule: it is applied to others, and here only what is wrong with it is told.
      const { diagnostics } = readFilter(root, this.text);
      return { kind: 'filter', diagnostics: [...this.diagnostics, ...diagnostics], locate: nowhere(this.part) };
    }
    this.checkKind(root);
    const kind = entryOf(root, 'correlation') === undefined ? {} : ({ kind: 'correlation' } as const);
    const threat = sigmaThreat(this.tags());
    this.diagnostics.push(...threat.diagnostics);
    const query = this.querySpan();
    const draft = this.draft(threat, query);
    const { id, name } = draft;
    const { diagnostics } = this;
    const locate = this.locator(threat, query);
    if (id === undefined || name === undefined || query === undefined || hasErrors(diagnostics)) {
      return { ...kind, draft, diagnostics, locate };
    }
    const text = this.text.slice(query.start, query.end);
    return { ...kind, rule: { ...draft, id, name, query: text, language: 'sigma' }, draft, diagnostics, locate };
  }

  private draft(threat: SigmaThreat, query: Span | undefined): RuleDraft {
    const name = this.title();
    const severity = this.severity();
    const falsePositives = this.texts('falsepositives');
    return defined<RuleDraft>({
      id: this.id(name),
      name,
      query: query === undefined ? undefined : this.text.slice(query.start, query.end),
      queryOffset: query === undefined ? undefined : query.start - this.part.start,
      description: this.one('description'),
      authors: this.authors(),
      license: this.one('license'),
      references: this.texts('references'),
      tags: threat.tags,
      severity,
      riskScore: severity === undefined ? undefined : RISK_OF_SEVERITY[severity],
      threat: threat.threat,
      indexPatterns: [],
      schedule: {},
      suppression: this.suppression(),
      falsePositives,
      scenarios: this.scenarios(),
      source: { path: this.path, form: 'sigma-yaml', text: this.text.slice(this.part.start, this.part.end) },
      extra: this.extra(),
    });
  }

  // --- What kind of document ------------------------------------------------------------------------------------------

  private checkKind(root: YamlMap): void {
    const action = entryOf(root, 'action');
    const standsAlone = entryOf(root, 'correlation') !== undefined;
    if (action !== undefined && (standsAlone || entryOf(root, 'title') === undefined)) {
      const message = standsAlone
        ? 'A correlation stands by itself: no action adds to it.'
        : 'The action is none that documents which share keys have.';
      this.wrong('sigma-action', message, action.keySpan, 'Actions of rules are global, repeat and reset.');
      return;
    }
    const taxonomy = entryOf(root, 'taxonomy')?.value;
    if (taxonomy !== undefined && !(taxonomy.kind === 'scalar' && taxonomy.value === 'sigma')) {
      const message = 'The rule’s fields are named in a taxonomy other than sigma, which is not translated.';
      this.wrong('sigma-taxonomy', message, taxonomy.span, 'Rename the fields to Sigma’s own, and leave taxonomy out.');
    }
    for (const { key, keySpan } of root.entries) {
      if (KNOWN_KEYS.includes(key)) continue;
      const nearest = nearestName(key, KNOWN_KEYS);
      if (nearest === undefined) continue;
      const message = `${short(key)} is no key of Sigma.`;
      this.diagnostics.push(
        diagnose('rule-key-unknown', 'warning', message, keySpan, `Did you mean ${nearest}? It is kept as it is.`),
      );
    }
  }

  // --- Values ---------------------------------------------------------------------------------------------------------

  private title(): string | undefined {
    const title = this.one('title');
    if (title !== undefined && title.trim() !== '') return title;
    if (!this.untaken.has('title')) {
      const state = title === undefined ? 'is missing' : 'is empty';
      this.wrong('rule-key-missing', `The rule’s title ${state}.`, entryOf(this.map, 'title')?.keySpan ?? this.start());
    }
    return undefined;
  }

  /** Sigma does not ask for an id. A name is unique by the specification; a title at least stands still. */
  private id(title: string | undefined): string | undefined {
    const id = this.one('id')?.trim();
    if (id !== undefined && id !== '') return id;
    const name = entryOf(this.map, 'name')?.value;
    const standIn = name?.kind === 'scalar' && typeof name.value === 'string' && name.value !== '' ? name.value : title;
    if (standIn === undefined || this.diagnostics.some(({ severity }) => severity === 'error')) return standIn;
    const message = 'The rule has no id; its name or title stands in, and alerts start anew when that changes.';
    const at = entryOf(this.map, 'id')?.keySpan ?? this.start();
    this.diagnostics.push(
      diagnose('rule-id-derived', 'warning', message, at, 'Give it an id that never changes: a UUID.'),
    );
    return standIn;
  }

  private severity(): Severity | undefined {
    const level = this.one('level');
    if (level === undefined) return undefined;
    const severity = severityOf(level);
    if (severity !== undefined) return severity;
    this.untaken.add('level');
    const accepted = Object.keys(RISK_OF_SEVERITY).join(', ');
    this.wrong('rule-value-type', `level must be one of ${accepted}.`, this.valueSpan('level'));
    return undefined;
  }

  /** Authors stand in one text, parted by commas; a comma inside parentheses parts nobody. */
  private authors(): readonly string[] {
    const value = entryOf(this.map, 'author')?.value;
    if (value?.kind === 'list') return this.texts('author');
    return (this.one('author') ?? '')
      .split(/,(?![^(]*\))/)
      .map((author) => author.trim())
      .filter((author) => author !== '');
  }

  private tags(): readonly SigmaTag[] {
    const value = entryOf(this.map, 'tags')?.value;
    const tags = this.texts('tags');
    return tags.map((text, index) => ({
      text,
      span: (value?.kind === 'list' ? value.items[index]?.span : undefined) ?? value?.span ?? NO_SPAN,
    }));
  }

  private one(key: TakenKey): string | undefined {
    const value = entryOf(this.map, key)?.value;
    if (value === undefined || isNull(value)) return undefined;
    if (value.kind === 'scalar') return String(value.value);
    this.untaken.add(key);
    this.wrong('rule-value-type', `${key} must be a text.`, value.span);
    return undefined;
  }

  private texts(key: TakenKey): readonly string[] {
    const value = entryOf(this.map, key)?.value;
    if (value === undefined || isNull(value)) return [];
    if (value.kind === 'scalar') return [String(value.value)];
    const items = value.kind === 'list' ? value.items : undefined;
    if (items?.every((item) => item.kind === 'scalar' && item.value !== null)) {
      return items.map((item) => (item.kind === 'scalar' ? String(item.value) : ''));
    }
    this.untaken.add(key);
    this.wrong('rule-value-type', `${key} must be a list of texts.`, value.span);
    return [];
  }

  /** A key of Vedette's own, which hunting pages have as prose. */
  private scenarios(): readonly Scenario[] | undefined {
    const value = entryOf(this.map, 'scenarios')?.value;
    return value === undefined ? undefined : readScenarios(plainYaml(value));
  }

  /** A key of Vedette's own. */
  private suppression(): Suppression | undefined {
    const value = entryOf(this.map, 'suppression')?.value;
    if (value === undefined) return undefined;
    const at = (path: DocumentPath) => this.find(path);
    const locate = { key: (path: DocumentPath) => at(path).key, value: (path: DocumentPath) => at(path).value };
    const form = { at: ['extra', 'suppression'], locate, eachMember: false };
    const { suppression, diagnostics } = readSuppression(plainYaml(value), form);
    this.diagnostics.push(...diagnostics);
    return suppression;
  }

  private extra(): Readonly<Record<string, unknown>> {
    const hasScenarios = this.scenarios() !== undefined;
    const taken = (key: string): boolean =>
      key === 'scenarios' ? hasScenarios : (TAKEN_KEYS as readonly string[]).includes(key) && !this.untaken.has(key);
    return Object.fromEntries(
      this.map.entries.filter(({ key }) => !taken(key)).map(({ key, value }) => [key, plainYaml(value)]),
    );
  }

  // --- Places ---------------------------------------------------------------------------------------------------------

  private querySpan(): Span | undefined {
    const correlation = entryOf(this.map, 'correlation');
    const source = correlation === undefined ? entryOf(this.map, 'logsource') : undefined;
    const detection = correlation ?? entryOf(this.map, 'detection');
    if (detection === undefined) {
      if (this.diagnostics.every(({ severity }) => severity !== 'error')) {
        this.wrong('rule-key-missing', 'The rule’s detection is missing.', this.start());
      }
      return undefined;
    }
    const entries = source === undefined ? [detection] : [source, detection];
    const start = Math.min(...entries.map(({ keySpan }) => keySpan.start));
    const atLineStart = entries.every(({ keySpan }) => /^$|\n$/.test(this.text.slice(0, keySpan.start).slice(-1)));
    if (this.document.hasAliases || !atLineStart) return this.part;
    const last = Math.max(...entries.map(({ value, keySpan }) => Math.max(value.span.end, keySpan.end)));
    const newline = this.text[last - 1] === '\n' ? last - 1 : this.text.indexOf('\n', last);
    const end = newline === -1 || newline > this.part.end ? this.part.end : newline;
    return spanOf(start, start + this.text.slice(start, end).trimEnd().length);
  }

  private locator(threat: SigmaThreat, query: Span | undefined): RuleLocator {
    const start = query?.start ?? this.part.start;
    const find = (path: DocumentPath): { readonly key: Span; readonly value: Span } => {
      if (path[0] === 'threat') return both(threatSpan(threat, path));
      return this.find(path);
    };
    return {
      key: (path) => find(path).key,
      value: (path) => find(path).value,
      query: (part) => spanOf(start + part.start, start + part.end),
    };
  }

  private find([property = '', ...rest]: DocumentPath): { readonly key: Span; readonly value: Span } {
    const keys = property === 'extra' ? rest : [SIGMA_KEY.get(String(property)) ?? property, ...rest];
    let found = { key: this.start(), value: this.start() };
    let node: YamlNode | undefined = this.map;
    for (const key of keys) {
      if (node?.kind === 'map') {
        const entry = entryOf(node, String(key));
        if (entry === undefined) break;
        found = { key: entry.keySpan, value: entry.value.span };
        node = entry.value;
      } else if (node?.kind === 'list') {
        node = node.items[Number(key)];
        if (node === undefined) break;
        found = both(node.span);
      }
    }
    return found;
  }

  private valueSpan(key: string): Span {
    return entryOf(this.map, key)?.value.span ?? this.start();
  }

  private start(): Span {
    return spanOf(this.map.span.start, this.map.span.start);
  }

  private wrong(code: Diagnostic['code'], message: string, span: Span, hint?: string): void {
    this.diagnostics.push(diagnose(code, 'error', message, span, hint));
  }
}

/** Document property → key, where the two differ. */
const SIGMA_KEY: ReadonlyMap<string, string> = new Map([
  ['name', 'title'],
  ['authors', 'author'],
  ['falsePositives', 'falsepositives'],
  ['severity', 'level'],
  ['riskScore', 'level'],
  ['query', 'detection'],
]);

function threatSpan({ threat, places }: SigmaThreat, path: DocumentPath): Span {
  const [, index, part, at, , sub] = path;
  const place = places[Number(index)];
  if (part !== 'technique') return place?.tactic ?? NO_SPAN;
  const technique = threat[Number(index)]?.technique[Number(at)];
  const subtechniques = technique?.subtechnique ?? [];
  const id = typeof sub === 'number' ? subtechniques[sub]?.id : technique?.id;
  // A technique that only its sub-techniques brought in stands where the first of them does.
  return place?.techniques.get(id ?? '') ?? place?.techniques.get(subtechniques[0]?.id ?? '') ?? NO_SPAN;
}

function nowhere(part: Span): RuleLocator {
  const start = spanOf(part.start, part.start);
  return { key: () => start, value: () => start, query: () => start };
}

function both(span: Span): { readonly key: Span; readonly value: Span } {
  return { key: span, value: span };
}

function isNull(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.value === null;
}

function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** The object without the properties that are undefined: in a document what is not given is left out. */
function defined<T extends object>(value: { readonly [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as T;
}
