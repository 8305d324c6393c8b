/**
 * What Elastic's rules of types threshold, new_terms and threat_match say besides their query, out of the keys of TOML
 * and of exports, which differ:
 *
 *   TOML    [rule.new_terms] field = "new_terms_fields", value = […], [[rule.new_terms.history_window_start]] value = "now-7d"
 *   export  "new_terms_fields": […], "history_window_start": "now-7d"
 *
 * Source: Elastic's public schema of rules, and the limits that Kibana sets.
 */
import { type Diagnostic, diagnose } from '../diagnostic/diagnostic.ts';
import type { IndicatorEntry, Indicators, NewTerms, Tally, Threshold } from '../plan/tally.ts';
import type { DocumentPath, RuleLocator } from './locator.ts';
import { parseLookBack } from './schedule.ts';
import { isTable, type TomlTable } from './toml.ts';

/** The pattern of indices that indicators are in where a rule names none. */
export const DEFAULT_THREAT_INDEX = 'logs-ti_*';
/** Which indicators count where a rule does not say. */
const DEFAULT_THREAT_QUERY = '@timestamp >= "now-30d/d"';

const MOST_GROUP_FIELDS = 5;
const MOST_NEW_TERMS = 3;
const MOST_MAPPINGS = 500;

export function isTallyType(type: unknown): type is 'threshold' | 'new_terms' | 'threat_match' {
  return type === 'threshold' || type === 'new_terms' || type === 'threat_match';
}

/** Without a tally exactly where a diagnostic is an error. */
export function readTally(
  rule: TomlTable,
  locate: RuleLocator,
): { readonly tally?: Tally; readonly diagnostics: readonly Diagnostic[] } {
  const reader = new TallyReader(rule, locate);
  const tally = reader.read();
  const { diagnostics } = reader;
  return diagnostics.length > 0 || tally === undefined ? { diagnostics } : { tally, diagnostics };
}

class TallyReader {
  readonly diagnostics: Diagnostic[] = [];
  private readonly rule: TomlTable;
  private readonly locate: RuleLocator;

  constructor(rule: TomlTable, locate: RuleLocator) {
    this.rule = rule;
    this.locate = locate;
  }

  read(): Tally | undefined {
    switch (this.rule.type) {
      case 'threshold':
        return this.threshold();
      case 'new_terms':
        return this.newTerms();
      case 'threat_match':
        return this.indicators();
      default:
        return undefined;
    }
  }

  private threshold(): Threshold | undefined {
    const { threshold } = this.rule;
    if (!isTable(threshold)) {
      const hint = 'Write a table with field (names of fields to group by) and value (how many events).';
      return this.wrong(['threshold'], 'A threshold rule needs threshold', hint);
    }
    const groupBy = this.fields(['threshold', 'field'], threshold.field ?? [], 0, MOST_GROUP_FIELDS);
    const atLeast = this.count(['threshold', 'value'], threshold.value);
    const cardinality = this.cardinality(threshold.cardinality);
    if (groupBy === undefined || atLeast === undefined) return undefined;
    return { kind: 'threshold', groupBy, atLeast, ...(cardinality === undefined ? {} : { cardinality }) };
  }

  private cardinality(given: unknown): Threshold['cardinality'] {
    const path = ['threshold', 'cardinality'];
    const list = isTable(given) ? [given] : (given ?? []);
    if (!Array.isArray(list) || list.length > 1 || !list.every(isTable)) {
      this.wrong(path, 'cardinality must be one table with field and value');
      return undefined;
    }
    const [one] = list as readonly TomlTable[];
    // An empty field is how Kibana's form says that there is none.
    if (one === undefined || one.field === '') return undefined;
    if (typeof one.field !== 'string') {
      this.wrong([...path, 0, 'field'], 'cardinality needs the name of a field');
      return undefined;
    }
    const atLeast = this.count([...path, 0, 'value'], one.value);
    return atLeast === undefined ? undefined : { field: one.field, atLeast };
  }

  private newTerms(): NewTerms | undefined {
    const { new_terms: table } = this.rule;
    const fields = isTable(table)
      ? this.fields(['new_terms', 'value'], table.value, 1, MOST_NEW_TERMS)
      : this.fields(['new_terms_fields'], this.rule.new_terms_fields, 1, MOST_NEW_TERMS);
    const [path, start] = historyOf(this.rule);
    const historyMs = typeof start === 'string' ? parseLookBack(start) : undefined;
    if (historyMs === undefined || historyMs === 0) {
      const message = start === undefined ? 'history_window_start is missing' : 'history_window_start cannot be read';
      return this.wrong(path, message, 'Write now- and a whole number and s, m, h or d, like "now-7d".');
    }
    return fields === undefined ? undefined : { kind: 'new-terms', fields, historyMs };
  }

  private indicators(): Indicators | undefined {
    const mappings = this.mappings();
    const sources = this.texts(['threat_index'], this.rule.threat_index ?? [DEFAULT_THREAT_INDEX]);
    if (mappings === undefined || sources === undefined) return undefined;
    const { threat_query: text = DEFAULT_THREAT_QUERY, threat_language: language } = this.rule;
    // What is wrong with the query is told where it is compiled to be checked.
    if (typeof text !== 'string') return undefined;
    const query = { text, language: language === 'lucene' ? 'lucene' : 'kuery' } as const;
    const { threat_filters: filters } = this.rule;
    return {
      kind: 'indicators',
      mappings,
      sources,
      ...(isEverything(text) ? {} : { query }),
      ...(Array.isArray(filters) && filters.length > 0 ? { filters } : {}),
    };
  }

  private mappings(): Indicators['mappings'] | undefined {
    const { threat_mapping: groups } = this.rule;
    if (!Array.isArray(groups) || groups.length === 0) {
      const hint = 'Write a list of tables with entries, each of field, type = "mapping" and value.';
      return this.wrong(['threat_mapping'], 'A threat_match rule needs threat_mapping', hint);
    }
    if (groups.length > MOST_MAPPINGS) {
      return this.wrong(['threat_mapping'], `threat_mapping has more than ${MOST_MAPPINGS} entries`);
    }
    const mappings = groups.map((group, at) => this.entries(group, ['threat_mapping', at, 'entries']));
    return mappings.every((entries) => entries !== undefined) ? mappings : undefined;
  }

  private entries(group: unknown, path: DocumentPath): readonly IndicatorEntry[] | undefined {
    const list = isTable(group) ? group.entries : undefined;
    if (!Array.isArray(list) || list.length === 0) {
      return this.wrong(path, 'entries must be a list of tables with field and value');
    }
    const entries = list.map((entry, at): IndicatorEntry | undefined => {
      const { field, value, negate = false } = isTable(entry) ? entry : {};
      const isEntry = isName(field) && isName(value) && typeof negate === 'boolean';
      if (isEntry) return { field, indicatorField: value, negated: negate };
      return this.wrong([...path, at], 'An entry needs field (of the event) and value (the field of the indicator)');
    });
    if (!entries.every((entry) => entry !== undefined)) return undefined;
    if (entries.some(({ negated }) => !negated)) return entries;
    const hint = 'An entry that is not negated says which indicator is meant.';
    return this.wrong(path, 'Every entry is negated, so nearly every event would match', hint);
  }

  private fields(path: DocumentPath, given: unknown, least: number, most: number): readonly string[] | undefined {
    const list = typeof given === 'string' ? [given] : given;
    // Kibana's form leaves an empty name behind where no field was chosen.
    const names = Array.isArray(list) ? list.filter((name) => name !== '') : undefined;
    const isFine = names?.every(isName) === true && names.length >= least && names.length <= most;
    if (isFine && new Set(names).size === names.length) return names;
    return this.wrong(path, `${path.join('.')} must be a list of ${least} to ${most} different names of fields`);
  }

  private texts(path: DocumentPath, given: unknown): readonly string[] | undefined {
    if (Array.isArray(given) && given.every((item) => typeof item === 'string')) return given;
    return this.wrong(path, `${path.join('.')} must be a list of texts`);
  }

  private count(path: DocumentPath, given: unknown): number | undefined {
    if (typeof given === 'number' && Number.isSafeInteger(given) && given >= 1) return given;
    return this.wrong(path, `${path.filter((part) => part !== 0).join('.')} must be a whole number of at least 1`);
  }

  private wrong(path: DocumentPath, message: string, hint?: string): undefined {
    const code = this.rule[String(path[0])] === undefined ? 'rule-key-missing' : 'rule-value-type';
    const at = this.locate.value(['extra', 'rule', ...(code === 'rule-key-missing' ? ['type'] : path)]);
    this.diagnostics.push(diagnose(code, 'error', `${message}.`, at, hint));
    return undefined;
  }
}

/** Where the start of the history stands, and what it is. */
function historyOf({ new_terms: table, history_window_start: plain }: TomlTable): readonly [DocumentPath, unknown] {
  if (!isTable(table)) return [['history_window_start'], plain];
  const list = table.history_window_start;
  const first: unknown = Array.isArray(list) ? list[0] : list;
  const path = ['new_terms', 'history_window_start'];
  return isTable(first) ? [[...path, 0, 'value'], first.value] : [path, first];
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

function isEverything(query: string): boolean {
  return /^(?:\*(?::\*)?)?$/.test(query.trim());
}
