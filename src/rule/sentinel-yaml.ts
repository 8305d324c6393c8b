/**
 * Sentinel's rules in YAML: scheduled and near-real-time analytics rules, and hunting queries.
 *
 *   text ──YAML──▶ map ──take what has a name and the right type──▶ document
 *                    ├─ severity, tactics, techniques ──tables──▶ severity, risk, ATT&CK
 *                    └─ everything else, as it stood──▶ extra
 *
 * A scheduled rule says how often it runs and how far back it looks; a near-real-time rule (`kind: NRT`) and a hunting
 * query do not, and have no schedule here. What it says of its alerts is read by `sentinel-settings.ts`.
 *
 * Source of the keys: the schema of Microsoft's public repository of rules. `license` and `references` under
 * `metadata` are ours: that schema has no place for them.
 */
import { type Diagnostic, diagnose, hasErrors } from '../diagnostic/diagnostic.ts';
import { nearestName } from '../diagnostic/nearest.ts';
import { NO_SPAN, type Span, spanOf } from '../diagnostic/span.ts';
import {
  entryOf,
  parseYaml,
  plainYaml,
  type YamlDocument,
  type YamlEntry,
  type YamlMap,
  type YamlNode,
} from '../language/yaml.ts';
import { checkSentinel } from './check-sentinel.ts';
import type { RuleFormReader } from './form.ts';
import { given } from './given.ts';
import type { DocumentPath } from './locator.ts';
import type { ParsedRule, RuleDraft } from './parsed-rule.ts';
import { PlaceMap } from './place-map.ts';
import type { RuleForm, Scenario, Schedule, Severity, Suppression } from './rule.ts';
import { readScenarios } from './scenarios.ts';
import { parseInterval } from './schedule.ts';
import { ANALYTICS_KEYS, SENTINEL_KEYS } from './sentinel-keys.ts';
import { TRIGGER_OPERATORS } from './sentinel-settings.ts';
import { sentinelThreat } from './sentinel-threat.ts';
import { RISK_OF_SEVERITY, severityOf } from './severity.ts';
import type { SigmaTag } from './sigma-threat.ts';
import { readSuppression } from './suppression.ts';
import { yamlTextPlace } from './yaml-text-place.ts';

export const sentinelYamlForm: RuleFormReader = {
  form: 'sentinel-yaml',
  name: 'Sentinel YAML',
  recognises: (text) => /^query[ \t]*:/m.test(text) && !/^detection[ \t]*:/m.test(text),
  parse: parseSentinelYaml,
  check: checkSentinel,
};

/** The highest threshold that Sentinel takes. */
const MOST_ROWS = 10_000;
/** Unknown keys told of: looking for what was meant takes time, and nobody reads further. */
const MOST_UNKNOWN = 100;

/** @param path what the documents name as their source; nothing is read from there */
export function parseSentinelYaml(text: string, path: string): readonly ParsedRule[] {
  const documents = parseYaml(text);
  const filled = documents.filter(
    ({ root, diagnostics }) => diagnostics.length > 0 || root?.kind !== 'scalar' || root.value !== null,
  );
  const several = filled.length > 1;
  return (filled.length > 0 ? filled : documents.slice(0, 1)).map((document) =>
    new SentinelReader(
      { text, path, part: several ? document.span : spanOf(0, text.length), form: 'sentinel-yaml' },
      document,
    ).read(),
  );
}

/** Where a rule stands, and in which form. */
interface SentinelText {
  readonly text: string;
  readonly path: string;
  /** Of the text. */
  readonly part: Span;
  readonly form: Extract<RuleForm, 'sentinel-yaml' | 'sentinel-arm'>;
}

/** Reads a rule whose keys were made those of this form. */
export function readSentinelMap({ map, ...where }: SentinelText & { readonly map: YamlMap }): ParsedRule {
  return new SentinelReader(where, { root: map, span: map.span, hasAliases: false, diagnostics: [] }).read();
}

class SentinelReader {
  private readonly text: string;
  private readonly path: string;
  private readonly part: Span;
  private readonly form: SentinelText['form'];
  private readonly document: YamlDocument;
  private readonly diagnostics: Diagnostic[];
  private readonly places = new PlaceMap();
  private map: YamlMap = { kind: 'map', entries: [], span: NO_SPAN };
  /** Keys whose value the document holds exactly. */
  private readonly taken = new Set<string>();

  constructor({ text, path, part, form }: SentinelText, document: YamlDocument) {
    this.text = text;
    this.path = path;
    this.part = part;
    this.form = form;
    this.document = document;
    this.diagnostics = [...document.diagnostics];
  }

  read(): ParsedRule {
    const { root } = this.document;
    if (root?.kind !== 'map') {
      if (root !== undefined) {
        const hint = 'A Sentinel rule is a YAML map with id, name and query.';
        this.report('rule-key-missing', 'error', 'This is no Sentinel rule.', root.span, hint);
      }
      return { diagnostics: this.diagnostics, locate: this.places.locator() };
    }
    this.map = root;
    for (const { key, keySpan, value } of root.entries) this.place(['extra', key], value, keySpan);
    const id = this.required('id', 'id');
    const name = this.required('name', 'name');
    const query = this.required('query', 'query');
    const draft = this.draft(id, name, query);
    this.checkKind();
    this.checkKeys();
    const { diagnostics } = this;
    const locate = this.places.locator(query === undefined ? undefined : this.queryPlace(query));
    if (id === undefined || name === undefined || query === undefined || hasErrors(diagnostics)) {
      return { draft, diagnostics, locate };
    }
    return { rule: { ...draft, id, name, query, language: 'kusto' }, draft, diagnostics, locate };
  }

  /** With the places of all that is in it. */
  private place(path: DocumentPath, value: YamlNode, keySpan?: Span): void {
    this.places.set(path, value.span, keySpan);
    if (value.kind === 'list') for (const [at, item] of value.items.entries()) this.place([...path, at], item);
    if (value.kind !== 'map') return;
    for (const entry of value.entries) this.place([...path, entry.key], entry.value, entry.keySpan);
  }

  private draft(id: string | undefined, name: string | undefined, query: string | undefined): RuleDraft {
    const severity = this.severity();
    const queryPlace = query === undefined ? undefined : this.queryPlace(query)(spanOf(0, 0));
    return given<RuleDraft>({
      id,
      name,
      query,
      version: this.version(),
      queryOffset: queryPlace === undefined ? undefined : queryPlace.start - this.part.start,
      description: this.one('description', 'description'),
      authors: this.author(),
      license: this.underMetadata('license'),
      references: this.metadataList('references'),
      tags: this.list('tags', 'tags').map(({ text }) => text),
      severity,
      riskScore: severity === undefined ? undefined : RISK_OF_SEVERITY[severity],
      threat: this.threat(),
      indexPatterns: [],
      schedule: this.schedule(),
      suppression: this.suppression(),
      falsePositives: [],
      scenarios: this.scenarios(),
      enabled: undefined,
      source: { path: this.path, form: this.form, text: this.text.slice(this.part.start, this.part.end) },
      extra: this.extra(),
    });
  }

  // --- Values ---------------------------------------------------------------------------------------------------------

  private required(key: string, property: string): string | undefined {
    const text = this.one(key, property);
    if (text !== undefined && text.trim() !== '') return text;
    if (text === undefined && this.entry(key) !== undefined) return undefined;
    const state = text === undefined ? 'is missing' : 'is empty';
    const hint = key === 'id' ? 'Give the rule an id of its own that never changes, best a UUID.' : undefined;
    this.report('rule-key-missing', 'error', `The rule’s ${key} ${state}.`, this.entry(key)?.keySpan, hint);
    return undefined;
  }

  private one(key: string, property: string): string | undefined {
    const entry = this.entry(key);
    if (entry === undefined || isNull(entry)) return undefined;
    this.places.set([property], entry.value.span, entry.keySpan);
    const { value } = entry;
    if (value.kind !== 'scalar' || typeof value.value !== 'string') {
      this.report('rule-value-type', 'error', `${key} must be a text.`, value.span);
      return undefined;
    }
    this.taken.add(key);
    return value.value;
  }

  /** The texts of a list, each with its place. */
  private list(key: string, property: string | undefined): readonly SigmaTag[] {
    const entry = this.entry(key);
    if (entry === undefined || isNull(entry)) return [];
    const { value } = entry;
    const items = value.kind === 'list' ? value.items : [value];
    const texts = items.flatMap((item) =>
      item.kind === 'scalar' && typeof item.value === 'string' ? [{ text: item.value, span: item.span }] : [],
    );
    if (property !== undefined) {
      this.places.set([property], value.span, entry.keySpan);
      for (const [index, { span }] of texts.entries()) this.places.set([property, index], span);
    }
    if (texts.length === items.length && value.kind === 'list') this.taken.add(key);
    // Tags may also be maps (`- Schema: ASIMProcess`), which stay as they are.
    else if (key !== 'tags') this.report('rule-value-type', 'error', `${key} must be a list of texts.`, value.span);
    return texts;
  }

  private severity(): Severity | undefined {
    const word = this.one('severity', 'severity');
    if (word === undefined) return undefined;
    const severity = severityOf(word);
    if (severity !== undefined) return severity;
    this.report(
      'rule-value-type',
      'error',
      'severity must be one of Informational, Low, Medium, High.',
      this.entry('severity')?.value.span,
    );
    return undefined;
  }

  /** `1.0.3` is kept as it is: the document's version counts whole numbers. */
  private version(): number | undefined {
    const entry = this.entry('version');
    if (entry?.value.kind !== 'scalar') return undefined;
    const { value } = entry.value;
    const number =
      typeof value === 'number'
        ? value
        : typeof value === 'string' && /^\d{1,9}$/.test(value)
          ? Number(value)
          : undefined;
    if (number === undefined || !Number.isSafeInteger(number) || number < 0) return undefined;
    if (typeof value === 'number') this.taken.add('version');
    return number;
  }

  private threat() {
    const threat = sentinelThreat(this.list('tactics', undefined), this.list('relevantTechniques', undefined));
    this.diagnostics.push(...threat.diagnostics);
    if (!threat.exact) for (const key of ['tactics', 'relevantTechniques']) this.taken.delete(key);
    for (const [index, { tactic, techniques }] of threat.places.entries()) {
      this.places.set(['threat', index], tactic);
      for (const [at, technique] of (threat.threat[index]?.technique ?? []).entries()) {
        const span = techniques.get(technique.id);
        if (span !== undefined) this.places.set(['threat', index, 'technique', at], span);
        for (const [under, { id }] of technique.subtechnique.entries()) {
          const place = techniques.get(id);
          if (place !== undefined) this.places.set(['threat', index, 'technique', at, 'subtechnique', under], place);
        }
      }
    }
    return threat.threat;
  }

  private schedule(): Schedule {
    const interval = this.duration('queryFrequency', 'interval');
    const period = this.duration('queryPeriod', 'from');
    return given<Schedule>({ interval, from: period === undefined ? undefined : `now-${period}` });
  }

  /** `1h` and ISO 8601 (`PT1H`, `P1D`) as the schedule writes them. */
  private duration(key: string, property: 'interval' | 'from'): string | undefined {
    const text = this.one(key, key);
    const entry = this.entry(key);
    if (entry !== undefined) this.places.set(['schedule', property], entry.value.span, entry.keySpan);
    if (text === undefined) return undefined;
    const [, number, unit] = /^(?:PT?)?(\d{1,9})([smhd])$/i.exec(text.trim()) ?? [];
    if (number !== undefined && unit !== undefined && Number(number) > 0) {
      // Written otherwise than the schedule writes it: then the original is kept too.
      if (text !== `${number}${unit}`) this.taken.delete(key);
      return `${number}${unit.toLowerCase()}`;
    }
    const hint = 'Write a whole number and s, m, h or d, like 5m, or PT5M.';
    this.report('rule-schedule-form', 'error', `${key} cannot be read.`, entry?.value.span, hint);
    return undefined;
  }

  /**
   * After an alert Sentinel runs the rule no more for a while: then all its alerts are alike. Which are otherwise is a key
   * of Vedette's own, the same as in Sigma's rules.
   */
  private suppression(): Suppression | undefined {
    const own = this.entry('suppression');
    const enabled = this.entry('suppressionEnabled');
    if (own !== undefined && !isNull(own)) {
      const find = (path: DocumentPath) => placeIn(own, path.slice(2));
      const locate = { key: find, value: find };
      const form = { at: ['extra', 'suppression'], locate, eachMember: false };
      const { suppression, diagnostics } = readSuppression(plainYaml(own.value), form);
      this.diagnostics.push(...diagnostics);
      return suppression;
    }
    if (enabled === undefined || plainYaml(enabled.value) !== true) return undefined;
    const entry = this.entry('suppressionDuration');
    const text = entry === undefined ? undefined : plainYaml(entry.value);
    const durationMs = typeof text === 'string' ? sentinelDuration(text) : undefined;
    if (durationMs !== undefined)
      return { groupBy: [], durationMs, missing: 'suppress', eachMember: false, sparesRun: true };
    const at = (entry ?? enabled).value.span;
    const message = `suppressionDuration ${entry === undefined ? 'is missing' : 'cannot be read'}.`;
    this.report('rule-suppression-form', 'error', message, at, 'Write PT5H, or a whole number and m, h or d, like 5h.');
    return undefined;
  }

  private author(): readonly string[] {
    const author = this.metadata()?.entries.find(({ key }) => key === 'author');
    const name = author?.value.kind === 'map' ? entryOf(author.value, 'name')?.value : author?.value;
    return name?.kind === 'scalar' && typeof name.value === 'string' ? [name.value] : [];
  }

  private metadata(): YamlMap | undefined {
    const value = this.entry('metadata')?.value;
    return value?.kind === 'map' ? value : undefined;
  }

  private underMetadata(key: string): string | undefined {
    const metadata = this.metadata();
    const value = metadata === undefined ? undefined : entryOf(metadata, key)?.value;
    return value?.kind === 'scalar' && typeof value.value === 'string' ? value.value : undefined;
  }

  private metadataList(key: string): readonly string[] {
    const metadata = this.metadata();
    const value = metadata === undefined ? undefined : entryOf(metadata, key)?.value;
    if (value?.kind !== 'list') return [];
    return value.items.flatMap((item) =>
      item.kind === 'scalar' && typeof item.value === 'string' ? [item.value] : [],
    );
  }

  private queryPlace(query: string): (part: Span) => Span {
    return yamlTextPlace(this.text, this.entry('query')?.value.span ?? NO_SPAN, query);
  }

  // --- Judging ----------------------------------------------------------------------------------------------------------

  /** What a scheduled rule must have, what a near-real-time rule cannot have, and what raises an alert. */
  private checkKind(): void {
    const kindEntry = this.entry('kind');
    const written = kindEntry?.value.kind === 'scalar' ? String(kindEntry.value.value) : undefined;
    const kind = written?.toLowerCase();
    if (written !== undefined && kind !== 'scheduled' && kind !== 'nrt') {
      this.report(
        'rule-language-unsupported',
        'error',
        `Rules of kind ${written} are not run.`,
        kindEntry?.value.span,
        'Scheduled and NRT are.',
      );
    }
    const isAnalytics = kindEntry !== undefined || ANALYTICS_KEYS.some((key) => this.entry(key) !== undefined);
    if (!isAnalytics) return;
    const needed = kind === 'nrt' ? (['severity'] as const) : ANALYTICS_KEYS;
    const missing = needed.filter((key) => this.entry(key) === undefined);
    if (missing.length > 0) {
      const message = `An analytics rule should have ${missing.join(', ')}.`;
      this.report('rule-key-missing', 'warning', message, this.map.entries[0]?.keySpan);
    }
    this.checkTrigger();
  }

  private checkTrigger(): void {
    const operator = this.entry('triggerOperator');
    const threshold = this.entry('triggerThreshold');
    const word = operator === undefined ? undefined : plainYaml(operator.value);
    if (word !== undefined && !(typeof word === 'string' && word.toLowerCase() in TRIGGER_OPERATORS)) {
      this.report('rule-value-type', 'error', 'triggerOperator must be one of gt, lt, eq, ne.', operator?.value.span);
    }
    const count = threshold === undefined ? 0 : plainYaml(threshold.value);
    if (typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 && count <= MOST_ROWS) return;
    const message = `triggerThreshold must be a whole number from 0 to ${MOST_ROWS.toLocaleString('en-US')}.`;
    this.report('rule-sentinel-limit', 'error', message, threshold?.value.span);
  }

  private checkKeys(): void {
    const unknown = this.map.entries.filter(({ key }) => !SENTINEL_KEYS.includes(key));
    for (const { key, keySpan } of unknown.slice(0, MOST_UNKNOWN)) {
      const near = nearestName(key, SENTINEL_KEYS);
      const hint = near === undefined ? 'It is kept, and has no effect.' : `Did you mean ${near}?`;
      const shown = key.length > 60 ? `${key.slice(0, 60)}…` : key;
      this.report('rule-key-unknown', 'warning', `${shown} is no known key of a Sentinel rule.`, keySpan, hint);
    }
  }

  private entry(key: string): YamlEntry | undefined {
    return entryOf(this.map, key);
  }

  /** A key of Vedette's own, which hunting pages have as prose. */
  private scenarios(): readonly Scenario[] | undefined {
    const value = this.entry('scenarios')?.value;
    const scenarios = value === undefined ? undefined : readScenarios(plainYaml(value));
    if (scenarios !== undefined) this.taken.add('scenarios');
    return scenarios;
  }

  private extra(): Readonly<Record<string, unknown>> {
    const kept = this.map.entries.filter(({ key }) => !this.taken.has(key));
    return Object.fromEntries(kept.map(({ key, value }) => [key, plainYaml(value)]));
  }

  private report(
    code: Diagnostic['code'],
    severity: Diagnostic['severity'],
    message: string,
    span: Span = this.map.span,
    hint?: string,
  ): void {
    this.diagnostics.push(diagnose(code, severity, message, span, hint));
  }
}

/** `PT1H30M`, `P1D`, `5h`; a day at most, as Sentinel has it. */
function sentinelDuration(text: string): number | undefined {
  const [, days, hours, minutes] = /^P(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,4})M)?)?$/i.exec(text.trim()) ?? [];
  const iso = Number(days ?? 0) * 86_400_000 + Number(hours ?? 0) * 3_600_000 + Number(minutes ?? 0) * 60_000;
  const ms = iso === 0 ? parseInterval(text.trim()) : iso;
  return ms !== undefined && ms <= 86_400_000 ? ms : undefined;
}

/** The nearest thing around a part of a value. */
function placeIn(entry: YamlEntry, path: DocumentPath): Span {
  let node: YamlNode = entry.value;
  for (const key of path) {
    const inner: YamlNode | undefined =
      node.kind === 'map'
        ? entryOf(node, String(key))?.value
        : node.kind === 'list'
          ? node.items[Number(key)]
          : undefined;
    if (inner === undefined) break;
    node = inner;
  }
  return node.span;
}

function isNull({ value }: YamlEntry): boolean {
  return value.kind === 'scalar' && value.value === null;
}
