/**
 * Files of exceptions: Elastic's exported lists, or Vedette's own form in YAML or JSON.
 *
 *   text ──isElasticExport──▶ elastic-list.ts
 *     └── else YAML (JSON is YAML): {exceptions: […], lists: […]}, a list of exceptions, or one ──readDraft──▶ Exception
 *
 * Whatever the form, the same comes out; what was not read is told with its line. An exception that states no id gets
 * one from its name and rules, so that reading the file again changes it instead of adding another.
 */
import { createHash } from 'node:crypto';
import { positionAt } from '../../diagnostic/span.ts';
import { isJsonObject } from '../../event/json.ts';
import { entryOf, parseYaml, plainYaml, type YamlDocument, type YamlMap, type YamlNode } from '../../language/yaml.ts';
import type { Exception } from '../exception.ts';
import { VALUE_LIST_TYPES, type ValueListType } from '../exception.ts';
import { checkSignature } from './check-signature.ts';
import type { ExceptionDraft } from './draft.ts';
import { readDraft } from './draft-shape.ts';
import {
  type ElasticContext,
  isElasticExport,
  type LineProblem,
  type ReadExceptions,
  readElasticExceptions,
} from './elastic-list.ts';

/** An export of 10,000 items, which is the most that Kibana writes, has some 8 MB. */
export const LONGEST_EXCEPTIONS_TEXT = 16 * 1024 * 1024;

export interface ReadFile extends ReadExceptions {
  /** Value lists that stand in the file with their values. */
  readonly filled: readonly FilledList[];
}

export interface FilledList {
  readonly id: string;
  readonly name: string;
  readonly type: ValueListType;
  readonly description?: string;
  /** As written; they are still to be read one by one (`readListValue`). */
  readonly values: readonly string[];
}

/** Never throws, whatever the text is. */
export function readExceptionText(text: string, context: ElasticContext): ReadFile {
  if (text.length > LONGEST_EXCEPTIONS_TEXT) {
    return {
      exceptions: [],
      lists: [],
      filled: [],
      problems: [{ line: 1, message: 'The text is larger than 16 MiB.' }],
    };
  }
  if (isElasticExport(text)) return { ...readElasticExceptions(text, context), filled: [] };
  const reader = new OwnForm(text, context);
  return { exceptions: reader.exceptions, lists: [], filled: reader.filled, problems: reader.problems };
}

/** Exceptions in Vedette's own form, whole, and their lists without values; JSON with a line break at its end. */
export function writeExceptions(
  exceptions: readonly Exception[],
  lists: readonly { readonly id: string; readonly name: string; readonly type: ValueListType }[],
): string {
  const about = lists.map(({ id, name, type }) => ({ id, name, type, values: [] }));
  return `${JSON.stringify({ exceptions, ...(about.length === 0 ? {} : { lists: about }) }, undefined, 2)}\n`;
}

/** A draft as it is kept: what it leaves out is filled in. */
export function completeDraft(draft: ExceptionDraft, given: { id: string; author: string; now: string }): Exception {
  const { created } = draft as { created?: string };
  return {
    ...draft,
    id: draft.id ?? given.id,
    author: draft.author ?? given.author,
    enabled: draft.enabled ?? true,
    created: created ?? given.now,
    updated: given.now,
  };
}

class OwnForm {
  readonly exceptions: Exception[] = [];
  readonly filled: FilledList[] = [];
  readonly problems: LineProblem[] = [];
  private readonly text: string;
  private readonly context: ElasticContext;
  private readonly ids = new Set<string>();

  constructor(text: string, context: ElasticContext) {
    this.text = text;
    this.context = context;
    for (const document of parseYaml(text)) this.document(document);
    if (this.exceptions.length + this.filled.length + this.problems.length === 0) {
      this.problems.push({ line: 1, message: 'The file holds no exceptions.' });
    }
  }

  private document({ root, diagnostics }: YamlDocument): void {
    for (const { message, span } of diagnostics) this.refuse(span.start, message);
    if (root === undefined || (root.kind === 'scalar' && root.value === null)) return;
    if (root.kind === 'list') for (const item of root.items) this.exception(item);
    else if (root.kind === 'map' && isBook(root)) this.book(root);
    else this.exception(root);
  }

  private book(root: YamlMap): void {
    for (const { key, keySpan, value } of root.entries) {
      const items = value.kind === 'list' ? value.items : undefined;
      if (key !== 'exceptions' && key !== 'lists')
        this.refuse(keySpan.start, `There is no key \`${key}\` beside them.`);
      else if (items === undefined) this.refuse(value.span.start, `\`${key}\` has to be a list.`);
      else for (const item of items) key === 'lists' ? this.list(item) : this.exception(item);
    }
  }

  private exception(node: YamlNode): void {
    const read = readDraft(plainYaml(node));
    if ('problem' in read) {
      const { at, message, hint } = read.problem;
      this.refuse(placeIn(node, at), hint === undefined ? message : `${message} ${hint}`);
      return;
    }
    const { draft } = read;
    const exception = completeDraft(draft, {
      id: idOf(draft),
      author: this.context.by ?? 'file',
      now: this.context.now,
    });
    const [unsigned] = checkSignature(exception);
    if (unsigned !== undefined) {
      this.refuse(placeIn(node, unsigned.at), [unsigned.message, unsigned.hint].join(' '));
      return;
    }
    if (this.ids.has(exception.id))
      return void this.refuse(node.span.start, 'An exception of the same id stands above.');
    this.ids.add(exception.id);
    this.exceptions.push(exception);
  }

  private list(node: YamlNode): void {
    const given = plainYaml(node);
    const { id, name, type = 'keyword', description, values = [] } = isJsonObject(given) ? given : {};
    const known = VALUE_LIST_TYPES.find((one) => one === type);
    if (typeof id !== 'string' || id === '') return void this.refuse(node.span.start, 'A list needs an `id`.');
    if (known === undefined) {
      return void this.refuse(
        node.span.start,
        `The list ${id} needs a \`type\`: one of ${VALUE_LIST_TYPES.join(', ')}.`,
      );
    }
    if (!Array.isArray(values))
      return void this.refuse(node.span.start, `\`values\` of the list ${id} has to be a list.`);
    this.filled.push({
      id,
      name: typeof name === 'string' && name !== '' ? name : id,
      type: known,
      ...(typeof description === 'string' ? { description } : {}),
      values: values.map(String),
    });
  }

  private refuse(offset: number, message: string): void {
    this.problems.push({ line: positionAt(this.text, offset).line, message });
  }
}

function isBook(root: YamlMap): boolean {
  return entryOf(root, 'exceptions') !== undefined || entryOf(root, 'lists') !== undefined;
}

/** Where the part of a path stands, or the nearest thing around it that is written down. */
function placeIn(node: YamlNode, path: string): number {
  let at = node;
  for (const part of path.split('.')) {
    const next = at.kind === 'list' ? at.items[Number(part)] : at.kind === 'map' ? entryOf(at, part)?.value : undefined;
    if (next === undefined) break;
    at = next;
  }
  return at.span.start;
}

function idOf({ name, rules }: ExceptionDraft): string {
  return createHash('sha256')
    .update(JSON.stringify([name, rules]))
    .digest('hex')
    .slice(0, 20);
}
