/**
 * Elastic's exception lists: the NDJSON that Kibana exports, alone or together with the rules that refer to them.
 *
 *   lines ──one by one──▶ lists (headers) · items · rules that name lists · the export's own summary
 *   item + its list ──▶ Exception, whose rules are those that name the list
 *
 * What an item and its list say stays whole under `extra.elastic`, so that what was not changed here is written again
 * word for word (`elastic-export.ts`). `os_types` become an entry over host.os.type, one of them; `expire_time` the
 * expiry; the description the reason. An item that cannot be followed exactly is refused with its line: an exception
 * that removes more than its author meant hides alerts.
 */
import { isJsonObject, type JsonObject } from '../../event/json.ts';
import { parseTime } from '../../event/time.ts';
import { linesOf, parseJsonLine } from '../../rule/ndjson-line.ts';
import type { Exception, ExceptionComment, ExceptionCondition, ExceptionEntry } from '../exception.ts';
import { type NamedList, readElasticEntry } from './elastic-entry.ts';

export interface ReadExceptions {
  readonly exceptions: readonly Exception[];
  /** Value lists that they name; Elastic exports them apart, so their values are not here. */
  readonly lists: readonly NamedList[];
  /** What was not read, or is to be known of what was; in the order of the lines. */
  readonly problems: readonly LineProblem[];
}

export interface LineProblem {
  /** From 1. */
  readonly line: number;
  readonly message: string;
  /** What stands there was read; this is to be known of it. */
  readonly note?: true;
}

export interface ElasticContext {
  /** Rules that are loaded, by the lists they refer to: `elasticListKey` → rule ids. */
  readonly rulesOfList?: ReadonlyMap<string, readonly string[]>;
  /** ISO 8601: for items that do not say when they were made. */
  readonly now: string;
  /** The rules of an item whose list no rule refers to. */
  readonly rules?: Exception['rules'];
  /** Who made what does not say by whom. */
  readonly by?: string;
}

/** Kibana exports and imports at most so many objects (`maxExceptionsImportSize`, `maxRuleImportExportSize`). */
const MOST_LINES = 10_000;

/** Lists that steer Elastic's agent itself, and have nothing to do with rules. */
const AGENT_LISTS: ReadonlySet<string> = new Set([
  'endpoint_blocklists',
  'endpoint_events',
  'endpoint_host_isolation_exceptions',
  'endpoint_trusted_apps',
  'endpoint_trusted_devices',
]);

const EXPORT_KEY = /^(?:list_id|item_id|exceptions_list|exported_\w*count)$/;

/** Whether a text looks like an export of exception lists, or of rules with their lists. */
export function isElasticExport(text: string): boolean {
  const [first] = linesOf(text);
  const read = parseJsonLine(first?.text ?? '');
  if ('value' in read) return Object.keys(read.value).some((key) => EXPORT_KEY.test(key));
  return /^\s*\{[^\n]*"(?:list_id|item_id|exceptions_list)"\s*:/.test(text);
}

/** Never throws, whatever the text is. */
export function readElasticExceptions(text: string, context: ElasticContext): ReadExceptions {
  const problems: LineProblem[] = [];
  const objects: NumberedObject[] = [];
  for (const { text: line, number } of linesOf(text)) {
    if (number > MOST_LINES) {
      problems.push({ line: number, message: `Only ${MOST_LINES.toLocaleString('en-US')} lines are read.` });
      break;
    }
    const read = parseJsonLine(line);
    if ('value' in read) objects.push({ line: number, value: read.value });
    else problems.push({ line: number, message: `This is not a JSON object: ${read.problem}.` });
  }
  const reader = new ItemReader(objects, context);
  return { exceptions: reader.exceptions, lists: reader.lists, problems: sorted([...problems, ...reader.problems]) };
}

/** The exceptions that a rule export brought with its rules (`extra.exceptions` of their documents), read as above. */
export function readAttachedExceptions(
  rules: readonly { readonly id: string; readonly extra: Readonly<Record<string, unknown>> }[],
  now: string,
): ReadExceptions {
  const objects: NumberedObject[] = [];
  const seen = new Set<string>();
  for (const { id, extra } of rules) {
    const refers = isJsonObject(extra.rule) ? extra.rule.exceptions_list : undefined;
    if (!Array.isArray(extra.exceptions) || refers === undefined) continue;
    objects.push({ line: 1, value: { rule_id: id, exceptions_list: refers } });
    for (const value of extra.exceptions.filter(isJsonObject)) {
      const key = `${value.namespace_type} ${value.list_id} ${value.item_id}`;
      if (!seen.has(key)) objects.push({ line: 1, value });
      seen.add(key);
    }
  }
  const { exceptions, lists, problems } = new ItemReader(objects, { now });
  return { exceptions, lists, problems };
}

/** A list's name among Elastic's: its id is unique within its namespace only. */
export function elasticListKey(list: Readonly<Record<string, unknown>>): string {
  return `${list.namespace_type === 'agnostic' ? 'agnostic' : 'single'}:${String(list.list_id)}`;
}

/** The exception lists that rules of Elastic's refer to: `elasticListKey` → rule ids. */
export function rulesOfLists(
  rules: Iterable<{ readonly id: string; readonly extra: Readonly<Record<string, unknown>> }>,
): ReadonlyMap<string, readonly string[]> {
  const byList = new Map<string, string[]>();
  for (const { id, extra } of rules) {
    const refers = isJsonObject(extra.rule) ? extra.rule.exceptions_list : undefined;
    for (const list of Array.isArray(refers) ? refers.filter(isJsonObject) : []) {
      const key = elasticListKey(list);
      byList.set(key, [...(byList.get(key) ?? []), id]);
    }
  }
  return byList;
}

/** What an item says of what it removes, in our words; `note`s for whoever reads the import. */
export function readElasticCondition(
  item: JsonObject,
): { readonly condition: ExceptionCondition; readonly lists: NamedList[]; readonly notes: string[] } | string {
  if (!Array.isArray(item.entries) || item.entries.length === 0) return 'It has no entries.';
  const entries: ExceptionEntry[] = [];
  const lists: NamedList[] = [];
  const notes: string[] = [];
  for (const [index, given] of item.entries.entries()) {
    const read = readElasticEntry(given);
    if ('refused' in read) return `Entry ${index + 1} ${read.refused}.`;
    entries.push(read.entry);
    if (read.list !== undefined) lists.push(read.list);
    if (read.note !== undefined) notes.push(read.note);
  }
  const systems = Array.isArray(item.os_types) ? item.os_types : [];
  if (systems.some((name) => typeof name !== 'string')) return 'Its os_types are not texts.';
  if (systems.length > 0) {
    entries.push({ field: 'host.os.type', operator: 'is_one_of', values: systems as string[] });
  }
  return { condition: { kind: 'entries', entries }, lists, notes };
}

interface NumberedObject {
  readonly line: number;
  readonly value: JsonObject;
}

class ItemReader {
  readonly exceptions: Exception[] = [];
  readonly problems: LineProblem[] = [];
  private readonly named = new Map<string, NamedList>();
  private readonly headers = new Map<string, NumberedObject>();
  private readonly rulesOfList = new Map<string, string[]>();
  private readonly context: ElasticContext;

  constructor(objects: readonly NumberedObject[], context: ElasticContext) {
    this.context = context;
    for (const [key, rules] of context.rulesOfList ?? []) this.rulesOfList.set(key, [...rules]);
    const items = objects.filter((object) => this.isItem(object));
    const ids = new Map<string, number>();
    for (const item of items) this.read(item, ids);
    this.tellOfEmptyLists(items);
  }

  get lists(): readonly NamedList[] {
    return [...this.named.values()];
  }

  private isItem({ line, value }: NumberedObject): boolean {
    if (Array.isArray(value.exceptions_list) && typeof value.rule_id === 'string') this.addRule(value, value.rule_id);
    else if (value.item_id !== undefined || value.entries !== undefined) return true;
    else if (typeof value.list_id === 'string') this.headers.set(elasticListKey(value), { line, value });
    else if (!isBeside(value)) {
      this.problems.push({ line, message: 'This is neither an exception list nor an item of one.' });
    }
    return false;
  }

  private addRule(rule: JsonObject, id: string): void {
    for (const list of (rule.exceptions_list as readonly unknown[]).filter(isJsonObject)) {
      const key = elasticListKey(list);
      const rules = this.rulesOfList.get(key) ?? [];
      if (!rules.includes(id)) rules.push(id);
      this.rulesOfList.set(key, rules);
    }
  }

  private read({ line, value: item }: NumberedObject, ids: Map<string, number>): void {
    const refuse = (why: string) => this.problems.push({ line, message: `${nameOf(item)} is not read. ${why}` });
    if (typeof item.list_id !== 'string') return void refuse('It names no list.');
    const key = elasticListKey(item);
    const header = this.headers.get(key)?.value;
    if (header !== undefined && AGENT_LISTS.has(String(header.type))) {
      return void refuse(`Its list is of the type ${header.type}, which steers Elastic’s agent and no rules.`);
    }
    const id = typeof item.item_id === 'string' && item.item_id !== '' ? item.item_id : undefined;
    if (id === undefined) return void refuse('It has no item_id.');
    const before = ids.get(id);
    if (before !== undefined) return void refuse(`Line ${before} has an item of the same id.`);
    const policy = textsOf(item.tags).find((tag) => tag.startsWith('policy:') && tag !== 'policy:all');
    if (policy !== undefined) return void refuse('It is meant for the hosts of one policy, which is not known here.');
    const expires = item.expire_time ?? undefined;
    if (expires !== undefined && (typeof expires !== 'string' || parseTime(expires) === undefined)) {
      return void refuse('Its expire_time is no time.');
    }
    const condition = readElasticCondition(item);
    if (typeof condition === 'string') return void refuse(condition);
    ids.set(id, line);
    for (const list of condition.lists) this.named.set(list.id, list);
    for (const note of condition.notes) this.problems.push({ line, message: `${nameOf(item)}: ${note}`, note: true });
    const rules = this.rulesOf(key, header);
    if (rules.length === 0) this.tellOfNoRules(line, item);
    const { now, by = 'imported' } = this.context;
    const { created = now, updated = created, author = by } = signatureOf(item);
    const comments = commentsOf(item);
    this.exceptions.push({
      id,
      name: textOf(item.name) ?? id,
      rules,
      condition: condition.condition,
      enabled: true,
      reason: textOf(item.description) ?? '',
      author,
      created,
      updated,
      ...(typeof expires === 'string' ? { expires } : {}),
      ...(comments.length === 0 ? {} : { comments }),
      extra: { elastic: header === undefined ? { item } : { list: header, item } },
    });
  }

  private rulesOf(key: string, header: JsonObject | undefined): Exception['rules'] {
    const rules = this.rulesOfList.get(key);
    if (rules !== undefined) return rules;
    const meta = isJsonObject(header?.meta) ? header.meta.vedette : undefined;
    const stated = isJsonObject(meta) ? (meta.rules === 'all' ? 'all' : textsOf(meta.rules)) : [];
    return stated.length > 0 ? stated : (this.context.rules ?? []);
  }

  private tellOfNoRules(line: number, item: JsonObject): void {
    const message = `${nameOf(item)} belongs to the list ${item.list_id}, which no rule here refers to: say which rules it is for.`;
    this.problems.push({ line, message, note: true });
  }

  private tellOfEmptyLists(items: readonly NumberedObject[]): void {
    const used = new Set(items.map(({ value }) => elasticListKey(value)));
    for (const [key, { line, value }] of this.headers) {
      if (!used.has(key))
        this.problems.push({ line, message: `The list ${value.list_id} has no items here.`, note: true });
    }
  }
}

/** Lines that an export holds beside lists and items: rules without lists, connectors, the summary. */
function isBeside(value: JsonObject): boolean {
  return (
    typeof value.rule_id === 'string' ||
    value.type === 'action' ||
    typeof value.connector_type_id === 'string' ||
    Object.keys(value).some((key) => /^exported_\w*count$/.test(key))
  );
}

function signatureOf(item: JsonObject): { created?: string; updated?: string; author?: string } {
  const [created, updated] = [timeOf(item.created_at), timeOf(item.updated_at)];
  const author = textOf(item.created_by);
  return {
    ...(created === undefined ? {} : { created }),
    ...(updated === undefined ? {} : { updated }),
    ...(author === undefined ? {} : { author }),
  };
}

export function commentsOf(item: JsonObject): readonly ExceptionComment[] {
  const given = Array.isArray(item.comments) ? item.comments.filter(isJsonObject) : [];
  return given.map((comment) => ({
    text: textOf(comment.comment) ?? '',
    author: textOf(comment.created_by) ?? '',
    time: timeOf(comment.created_at) ?? '',
  }));
}

function timeOf(value: unknown): string | undefined {
  return typeof value === 'string' && parseTime(value) !== undefined ? value : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

function nameOf({ name, item_id: id }: JsonObject): string {
  const text = textOf(name) ?? textOf(id);
  return text === undefined ? 'An item without a name' : `“${text.length > 60 ? `${text.slice(0, 60)}…` : text}”`;
}

function sorted(problems: LineProblem[]): readonly LineProblem[] {
  return problems.sort((a, b) => a.line - b.line);
}
