/**
 * One Elastic rule, from whatever file it came in, into a rule document that loses nothing.
 *
 *   table of the rule ──take what has a name and the right type──▶ document
 *                      └──everything else, as it stood──▶ extra
 *
 * Invariants: a value is either in the document exactly as written, or in `extra` under its table and key; nothing is
 * invented. Two things are in both: a threat mapping with more in it than the document has words for, and the response
 * section of the guide, which is given apart because that is what a responder looks for.
 *
 * Source of the shape: the public schema of Elastic's detection rules. `version` is ours: their repository keeps it
 * elsewhere, an exported or bundled rule may carry it beside its other keys or in `[metadata]`.
 */
import { type Diagnostic, diagnose, hasErrors } from '../diagnostic/diagnostic.ts';
import { nearestName } from '../diagnostic/nearest.ts';
import { ELASTIC_KEY } from './elastic-keys.ts';
import { isTallyType, readTally } from './elastic-tally.ts';
import { readThreat } from './elastic-threat.ts';
import { given } from './given.ts';
import type { RuleLocator } from './locator.ts';
import { markdownSection } from './markdown-section.ts';
import type { ParsedRule, RuleDraft } from './parsed-rule.ts';
import type { RuleSource, Schedule, Severity, Suppression } from './rule.ts';
import { readSuppression } from './suppression.ts';
import { isTable, type TomlTable } from './toml.ts';

export interface ElasticRuleText {
  /** The tables of the file; `rule` is the one that holds the rule, everything beside it goes to `extra`. */
  readonly root: TomlTable & { readonly rule: TomlTable };
  /** Places in the whole text of the file. */
  readonly locate: RuleLocator;
  readonly source: RuleSource;
  /** Where `source.text` starts in the file. */
  readonly sourceOffset: number;
  /** What to write where the language is missing. */
  readonly languageHint: string;
}

/** Unknown keys told of in one table: looking for what was meant takes time, and nobody reads further. */
const MOST_UNKNOWN = 250;

const SEVERITIES: readonly Severity[] = ['informational', 'low', 'medium', 'high', 'critical'];

export function readElasticRule(text: ElasticRuleText): Pick<ParsedRule, 'rule' | 'draft' | 'tally' | 'diagnostics'> {
  return new RuleReader(text).read();
}

/**
 * Keys of a table that Elastic's rules do not have.
 * @param what for the message: `key of [rule]`
 * @param path of the table, as the locator knows it
 */
export function unknownKeys(
  table: TomlTable,
  known: readonly string[],
  what: string,
  path: readonly string[],
  locate: RuleLocator,
): readonly Diagnostic[] {
  const unknown = Object.keys(table).filter((key) => !known.includes(key));
  return unknown.slice(0, MOST_UNKNOWN).map((key) => {
    const nearest = nearestName(key, known);
    const hint = nearest === undefined ? 'It is kept, and has no effect.' : `Did you mean ${nearest}?`;
    return diagnose(
      'rule-key-unknown',
      'warning',
      `${show(key)} is no known ${what}.`,
      locate.key([...path, key]),
      hint,
    );
  });
}

class RuleReader {
  private readonly text: ElasticRuleText;
  private readonly rule: TomlTable;
  private readonly metadata: TomlTable;
  private readonly locate: RuleLocator;
  private readonly diagnostics: Diagnostic[] = [];
  /** Keys of the rule that the document holds exactly. */
  private readonly taken = new Set<string>();

  constructor(text: ElasticRuleText) {
    this.text = text;
    this.rule = text.root.rule;
    this.metadata = isTable(text.root.metadata) ? text.root.metadata : {};
    this.locate = text.locate;
  }

  read(): Pick<ParsedRule, 'rule' | 'draft' | 'tally' | 'diagnostics'> {
    const id = this.required('id');
    const name = this.required('name');
    const language = this.language();
    const query = language === undefined ? this.string('query') : language === 'ml' ? '' : this.required('query');
    const guide = this.string('guide');
    const metadataVersion = this.rule.version === undefined ? wholeNumber(this.metadata.version) : undefined;
    const { threat, exact } = readThreat(this.rule.threat, (path, message) => this.wrong(path, message));
    if (exact) this.taken.add('threat');

    const draft = given<RuleDraft>({
      id,
      name,
      query,
      version: this.whole('version', 0, Number.MAX_SAFE_INTEGER) ?? metadataVersion,
      queryOffset:
        query === undefined
          ? undefined
          : this.locate.query({ start: 0, end: query.length }).start - this.text.sourceOffset,
      description: this.string('description'),
      authors: this.texts('authors'),
      license: this.string('license'),
      references: this.texts('references'),
      tags: this.texts('tags'),
      severity: this.severity(),
      riskScore: this.whole('riskScore', 0, 100),
      threat,
      indexPatterns: this.texts('indexPatterns'),
      schedule: given<Schedule>({
        interval: this.string('interval'),
        from: this.string('from'),
        to: this.string('to'),
      }),
      maxAlerts: this.whole('maxAlerts', 1, Number.MAX_SAFE_INTEGER),
      suppression: this.suppression(),
      guide,
      falsePositives: this.texts('falsePositives'),
      response: guide === undefined ? undefined : markdownSection(guide, 'Response and remediation'),
      setup: this.string('setup'),
      enabled: this.flag('enabled'),
      source: this.text.source,
      extra: this.extra(metadataVersion !== undefined),
    });
    const { tally, diagnostics } = readTally(this.rule, this.locate);
    this.diagnostics.push(...diagnostics);
    const isWhole = id !== undefined && name !== undefined && query !== undefined && language !== undefined;
    if (!isWhole || hasErrors(this.diagnostics)) return { draft, diagnostics: this.diagnostics };
    const rule = { ...draft, id, name, query, language };
    return { rule, draft, diagnostics: this.diagnostics, ...(tally === undefined ? {} : { tally }) };
  }

  // --- Values ---------------------------------------------------------------------------------------------------------

  private value(property: keyof typeof ELASTIC_KEY): unknown {
    const key = ELASTIC_KEY[property];
    return Object.hasOwn(this.rule, key) ? this.rule[key] : undefined;
  }

  private take<T>(property: keyof typeof ELASTIC_KEY, value: T): T {
    this.taken.add(ELASTIC_KEY[property]);
    return value;
  }

  private required(property: 'id' | 'name' | 'query'): string | undefined {
    const text = this.string(property);
    if (text !== undefined && text.trim() !== '') return text;
    if (text === undefined && this.value(property) !== undefined) return undefined;
    const key = ELASTIC_KEY[property];
    const state = text === undefined ? 'is missing' : 'is empty';
    const hint = property === 'id' ? 'Give the rule an id of its own that never changes, best a UUID.' : undefined;
    this.diagnostics.push(
      diagnose('rule-key-missing', 'error', `The rule’s ${key} ${state}.`, this.locate.key([property]), hint),
    );
    return undefined;
  }

  private string(property: keyof typeof ELASTIC_KEY): string | undefined {
    const value = this.value(property);
    if (value === undefined) return undefined;
    if (typeof value === 'string') return this.take(property, value);
    this.wrong([property], `${ELASTIC_KEY[property]} must be a text`);
    return undefined;
  }

  private texts(property: keyof typeof ELASTIC_KEY): readonly string[] {
    const value = this.value(property);
    if (value === undefined) return [];
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return this.take(property, value);
    this.wrong([property], `${ELASTIC_KEY[property]} must be a list of texts`);
    return [];
  }

  private whole(property: keyof typeof ELASTIC_KEY, least: number, most: number): number | undefined {
    const value = this.value(property);
    if (value === undefined) return undefined;
    const number = wholeNumber(value);
    if (number !== undefined && number >= least && number <= most) return this.take(property, number);
    const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    this.wrong([property], `${ELASTIC_KEY[property]} must be a whole number ${range}`);
    return undefined;
  }

  private flag(property: 'enabled'): boolean | undefined {
    const value = this.value(property);
    if (value === undefined) return undefined;
    if (typeof value === 'boolean') return this.take(property, value);
    this.wrong([property], `${ELASTIC_KEY[property]} must be true or false`);
    return undefined;
  }

  private severity(): Severity | undefined {
    const value = this.value('severity');
    const severity = SEVERITIES.find((known) => known === value);
    if (severity !== undefined) return this.take('severity', severity);
    if (value !== undefined) this.wrong(['severity'], `severity must be one of ${SEVERITIES.join(', ')}`);
    return undefined;
  }

  /** Of a query each value of an array is a group, of the other types all of them together. */
  private suppression(): Suppression | undefined {
    const { alert_suppression: value, type, threshold } = this.rule;
    if (value === undefined) return undefined;
    const fields = isTable(threshold) ? threshold.field : undefined;
    const texts = (Array.isArray(fields) ? fields : [fields]).filter((one) => typeof one === 'string' && one !== '');
    const { suppression, diagnostics } = readSuppression(value, {
      at: ['extra', 'rule', 'alert_suppression'],
      locate: this.locate,
      eachMember: type === 'query',
      ...(type === 'threshold' ? { groupBy: texts as readonly string[] } : {}),
    });
    this.diagnostics.push(...diagnostics);
    return suppression;
  }

  // --- Judging --------------------------------------------------------------------------------------------------------

  /** The language, where it is one that is run and goes with the rule’s type; says so otherwise. */
  private language(): 'eql' | 'esql' | 'kuery' | 'lucene' | 'ml' | undefined {
    const language = this.value('language');
    const type = this.rule.type;
    if (type === 'esql' && (language === undefined || language === 'esql')) return this.take('language', 'esql');
    // Such a rule names a job instead of a query.
    if (type === 'machine_learning' && language === undefined) return this.machineLearning();
    if (language === 'eql' && (type === undefined || type === 'eql')) return this.take('language', language);
    const isKuery = type === 'query' || isTallyType(type);
    if ((language === 'kuery' || language === 'lucene') && (type === undefined || isKuery)) {
      return this.take('language', language);
    }
    // What Kibana takes where an exported rule says nothing.
    if (language === undefined && isKuery) return 'kuery';
    const wrong = language !== undefined && typeof language !== 'string';
    if (wrong) this.wrong(['language'], 'language must be a text');
    else if (language === undefined && (type === undefined || type === 'eql')) {
      const message = 'The rule’s language is missing.';
      this.diagnostics.push(
        diagnose('rule-key-missing', 'error', message, this.locate.key(['language']), this.text.languageHint),
      );
    } else {
      const what = language === undefined ? `of type ${show(type)}` : `in ${show(language)} (type ${show(type)})`;
      const message = `The rule is ${language === undefined ? '' : 'written '}${what}; Vedette runs rules in eql (type eql), kuery and lucene (types query, threshold, new_terms and threat_match).`;
      const at = this.locate.value(
        language === undefined || ['eql', 'kuery', 'lucene'].includes(String(language))
          ? ['extra', 'rule', 'type']
          : ['language'],
      );
      this.diagnostics.push(diagnose('rule-language-unsupported', 'error', message, at));
    }
    return undefined;
  }

  private machineLearning(): 'ml' | undefined {
    const { machine_learning_job_id: jobs, anomaly_threshold: score } = this.rule;
    const names = Array.isArray(jobs) ? jobs : [jobs];
    const hasJobs = names.length > 0 && names.every((name) => typeof name === 'string' && name !== '');
    const hasScore = typeof score === 'number' && score >= 0 && score <= 100;
    if (hasJobs && hasScore) return 'ml';
    const key = hasJobs ? 'anomaly_threshold' : 'machine_learning_job_id';
    const message = hasJobs ? `${key} must be a number from 0 to 100` : `${key} must name one or several jobs`;
    this.wrong(['extra', 'rule', this.rule[key] === undefined ? 'type' : key], message);
    return undefined;
  }

  private wrong(path: readonly (string | number)[], message: string): void {
    this.diagnostics.push(diagnose('rule-value-type', 'error', `${message}.`, this.locate.value(path)));
  }

  private extra(tookMetadataVersion: boolean): Readonly<Record<string, unknown>> {
    const rule = Object.entries(this.rule).filter(([key]) => !this.taken.has(key));
    const metadata = Object.entries(this.metadata).filter(([key]) => !(tookMetadataVersion && key === 'version'));
    const tables = Object.entries(this.text.root).map(([key, value]): [string, unknown] => {
      if (key === 'rule') return [key, Object.fromEntries(rule)];
      return key === 'metadata' && isTable(value) ? [key, Object.fromEntries(metadata)] : [key, value];
    });
    return Object.fromEntries(tables.filter(([, value]) => !isTable(value) || Object.keys(value).length > 0));
  }
}

function wholeNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;
}

/** A value of the file inside a sentence, cut to a length that leaves the sentence readable. */
function show(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'none');
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
