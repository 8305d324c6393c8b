/**
 * Elastic's exported rules: NDJSON as Kibana's “Export rules” writes it and “Import rules” reads it.
 *
 *   lines ──one by one──▶ rules · exception lists and their items · connectors · the export's own summary
 *
 * A rule has the keys of `elastic-keys.ts`, those that only an export has among them. The other lines are kept with the
 * rules that name them, under `extra.exceptions` and `extra.connectors`, and told of; what no rule names, and a summary
 * that counts other than what is there, is told with the first rule.
 *
 * A document's source is its own line, so that a rule of an export of thousands carries its own text only.
 */
import { type Diagnostic, diagnose } from '../diagnostic/diagnostic.ts';
import { NO_SPAN, type Span, spanOf } from '../diagnostic/span.ts';
import { checkElastic } from './check-elastic.ts';
import { ELASTIC_KEY, EXPORT_KEYS, RULE_KEYS } from './elastic-keys.ts';
import { readElasticRule, unknownKeys } from './elastic-rule.ts';
import type { RuleFormReader } from './form.ts';
import { JsonPlaces } from './json-positions.ts';
import type { DocumentPath, RuleLocator } from './locator.ts';
import { type Line, linesOf, parseJsonLine } from './ndjson-line.ts';
import type { ParsedRule } from './parsed-rule.ts';
import { isTable, type TomlTable } from './toml.ts';
import { partOfString } from './toml-positions.ts';

/** Kibana exports and imports at most so many objects (`maxRuleImportExportSize`). */
const MOST_LINES = 10_000;

/** Elastic's largest rule has 60 kB. */
const LONGEST_LINE = 1024 * 1024;

export const elasticNdjsonForm: RuleFormReader = {
  form: 'elastic-ndjson',
  name: 'Elastic NDJSON',
  recognises: (text) => /^\s*\{[^\n]*"(?:rule_id|exported_count|list_id|exported_rules_count)"\s*:/.test(text),
  parse: parseElasticNdjson,
  check: checkElastic,
};

interface Attachment {
  readonly line: Line;
  readonly value: TomlTable;
}

/** @param path what the documents name as their source; nothing is read from there. */
export function parseElasticNdjson(text: string, path: string): readonly ParsedRule[] {
  const file = new ExportReader(path);
  for (const line of linesOf(text)) {
    if (line.number > MOST_LINES) {
      const message = `The export has more than ${MOST_LINES.toLocaleString('en-US')} lines; those that follow are not read.`;
      file.refuse(line, diagnose('rule-file-too-large', 'error', message, placeOf(line)));
      break;
    }
    file.read(line);
  }
  return file.finish();
}

class ExportReader {
  private readonly path: string;
  private readonly parsed: ParsedRule[] = [];
  private readonly rules: { readonly line: Line; readonly value: TomlTable; readonly index: number }[] = [];
  private readonly exceptions: Attachment[] = [];
  private readonly connectors: Attachment[] = [];
  private summary: Attachment | undefined;

  constructor(path: string) {
    this.path = path;
  }

  read(line: Line): void {
    if (line.text.length > LONGEST_LINE) {
      this.refuse(line, diagnose('rule-file-too-large', 'error', 'The line is larger than 1 MiB.', placeOf(line)));
      return;
    }
    const value = this.parseLine(line);
    if (value === undefined) return;
    if (isRule(value)) {
      this.rules.push({ line, value, index: this.parsed.length });
      this.parsed.push({ diagnostics: [], locate: nowhere(line) });
    } else if (typeof value.list_id === 'string') this.exceptions.push({ line, value });
    else if (value.type === 'action' || typeof value.connector_type_id === 'string') {
      this.connectors.push({ line, value });
    } else if (value.exported_count !== undefined || value.exported_rules_count !== undefined) {
      this.summary = { line, value };
    } else {
      const hint = 'A rule has rule_id, name, type, language and query.';
      this.refuse(line, diagnose('rule-key-missing', 'error', 'The line holds no rule.', placeOf(line), hint));
    }
  }

  refuse(line: Line, diagnostic: Diagnostic): void {
    this.parsed.push({ diagnostics: [diagnostic], locate: nowhere(line) });
  }

  finish(): readonly ParsedRule[] {
    const used = new Set<Attachment>();
    for (const { line, value, index } of this.rules) this.parsed[index] = this.rule(line, value, used);
    const loose = [...this.aboutLoose(used), ...this.aboutSummary()];
    const first = this.rules[0]?.index ?? 0;
    const holder = this.parsed[first];
    if (holder !== undefined) {
      this.parsed[first] = { ...holder, diagnostics: [...holder.diagnostics, ...loose] };
      return this.parsed;
    }
    const empty = diagnose('rule-key-missing', 'error', 'The export holds no rule.');
    return [{ diagnostics: [empty, ...loose], locate: nowhere({ text: '', start: 0, number: 1 }) }];
  }

  private parseLine(line: Line): TomlTable | undefined {
    const read = parseJsonLine(line.text);
    if ('value' in read) return read.value;
    const at = line.start + read.at;
    const message = `Line ${line.number} is not a JSON object: ${read.problem}.`;
    const hint = 'Each line is a whole rule; a rule may not be spread over several lines.';
    this.refuse(line, diagnose('rule-file-not-json', 'error', message, spanOf(at, at), hint));
    return undefined;
  }

  private rule(line: Line, value: TomlTable, used: Set<Attachment>): ParsedRule {
    const locate = lineLocator(line);
    const root: { readonly [table: string]: unknown; readonly rule: TomlTable } = { rule: value };
    const { rule, draft, tally, diagnostics } = readElasticRule({
      root,
      locate,
      source: { path: this.path, form: 'elastic-ndjson', text: line.text },
      sourceOffset: line.start,
      languageHint: 'Write "language": "eql".',
    });
    const notes: Diagnostic[] = [
      ...diagnostics,
      ...unknownKeys(value, [...RULE_KEYS, ...EXPORT_KEYS], 'key of a rule', ['extra', 'rule'], locate),
    ];
    const lists = namesIn(value.exceptions_list, 'list_id');
    const actions = namesIn(value.actions, 'id');
    const kept = {
      exceptions: this.exceptions.filter(({ value }) => lists.has(String(value.list_id))),
      connectors: this.connectors.filter(({ value }) => actions.has(String(value.id))),
    };
    const extra: Record<string, unknown> = {};
    for (const [name, attachments] of Object.entries(kept)) {
      if (attachments.length === 0) continue;
      for (const attachment of attachments) used.add(attachment);
      extra[name] = attachments.map(({ value }) => value);
      const lines = attachments.map(({ line }) => line.number).join(', ');
      const what = name === 'exceptions' ? 'they are applied with it' : 'they are kept with it and not followed';
      const message = `The export brings ${name} for the rule (line ${lines}); ${what}.`;
      notes.push(diagnose('rule-export-attached', 'info', message, placeOf((attachments[0] as Attachment).line)));
    }
    return {
      ...(rule === undefined ? {} : { rule: { ...rule, extra: { ...rule.extra, ...extra } } }),
      ...(draft === undefined ? {} : { draft: { ...draft, extra: { ...draft.extra, ...extra } } }),
      ...(tally === undefined ? {} : { tally }),
      diagnostics: notes,
      locate,
    };
  }

  private aboutLoose(used: ReadonlySet<Attachment>): readonly Diagnostic[] {
    const loose = [...this.exceptions, ...this.connectors].filter((attachment) => !used.has(attachment));
    return loose.map(({ line, value }) => {
      const what = typeof value.list_id === 'string' ? `exception list ${short(value.list_id)}` : 'connector';
      const message = `The ${what} belongs to no rule of this export, and is left out.`;
      return diagnose('rule-export-loose', 'warning', message, placeOf(line));
    });
  }

  private aboutSummary(): readonly Diagnostic[] {
    if (this.summary === undefined) return [];
    const { line, value } = this.summary;
    // Kibana 7 counted rules only, under the name that now counts all objects.
    const count = value.exported_rules_count ?? value.exported_count;
    const missing = Array.isArray(value.missing_rules) ? value.missing_rules.length : 0;
    const said = typeof count === 'number' && count !== this.rules.length;
    if (!said && missing === 0) return [];
    const message = said
      ? `The export says it has ${count} rules, and ${this.rules.length} are here.`
      : `The export says that ${missing} rules could not be exported.`;
    return [diagnose('rule-export-incomplete', 'warning', message, placeOf(line))];
  }
}

function isRule(value: TomlTable): boolean {
  return value.rule_id !== undefined || (value.query !== undefined && value.name !== undefined);
}

/** Values of one key in a list of objects. */
function namesIn(list: unknown, key: string): ReadonlySet<string> {
  return new Set(Array.isArray(list) ? list.filter(isTable).map((entry) => String(entry[key])) : []);
}

/** Places are looked for when the first is asked: a rule without findings never pays. */
function lineLocator(line: Line): RuleLocator {
  let scanned: JsonPlaces | undefined;
  const find = (path: DocumentPath) => {
    scanned ??= new JsonPlaces(line.text, line.start);
    return scanned.find(jsonPath(path));
  };
  const partOf = (path: DocumentPath, part: Span): Span => {
    const value = find(path)?.value ?? placeOf(line);
    if (line.text[value.start - line.start] !== '"') return value;
    const inLine = partOfString(line.text, spanOf(value.start - line.start, value.end - line.start), part);
    return spanOf(inLine.start + line.start, inLine.end + line.start);
  };
  return {
    key: (path) => find(path)?.key ?? placeOf(line),
    value: (path) => find(path)?.value ?? placeOf(line),
    query: (part) => partOf(['query'], part),
    part: partOf,
  };
}

function jsonPath([property = '', ...rest]: DocumentPath): DocumentPath {
  if (property === 'extra') return rest.slice(1);
  if (property === 'schedule') return jsonPath(rest);
  return [(ELASTIC_KEY as Readonly<Record<string, string>>)[property] ?? property, ...rest];
}

function nowhere(line: Line): RuleLocator {
  const at = () => placeOf(line);
  return { key: at, value: at, query: at };
}

/** The start of the line: the whole of it would be a screenful. */
function placeOf({ start }: Line): Span {
  return start === 0 ? NO_SPAN : spanOf(start, start);
}

function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
