/**
 * The keys of one step or condition of a pipeline file, taken by type. What is wrong or left over is told where it
 * stands; a reader goes on with a stand-in, so that all of a file's mistakes are told at once.
 */
import type { DiagnosticCode } from '../../../diagnostic/catalogue.ts';
import { type Diagnostic, diagnose } from '../../../diagnostic/diagnostic.ts';
import { nearestName } from '../../../diagnostic/nearest.ts';
import type { Span } from '../../../diagnostic/span.ts';
import { entryOf, type YamlEntry, type YamlMap, type YamlNode, type YamlScalar } from '../../yaml.ts';
import { checkPythonRegex, type PythonRegex, pythonRegex } from './python-regex.ts';

type Scalar = YamlScalar['value'];

export class Parameters {
  readonly map: YamlMap;
  /** What the keys belong to, in words: `field_name_mapping`. */
  readonly owner: string;
  private readonly diagnostics: Diagnostic[];
  private readonly taken = new Set<string>();

  constructor(map: YamlMap, owner: string, diagnostics: Diagnostic[]) {
    this.map = map;
    this.owner = owner;
    this.diagnostics = diagnostics;
  }

  take(key: string): YamlEntry | undefined {
    this.taken.add(key);
    return entryOf(this.map, key);
  }

  has(key: string): boolean {
    return entryOf(this.map, key) !== undefined;
  }

  node(key: string): YamlNode | undefined {
    const entry = this.take(key);
    if (entry === undefined) this.wrong('pipeline-key-missing', `${this.owner} needs ${key}.`, this.map.span);
    return entry?.value;
  }

  /** A scalar that must be there. */
  scalar(key: string): Scalar {
    const node = this.node(key);
    if (node === undefined || node.kind === 'scalar') return node?.value ?? null;
    this.mismatch(key, 'one value', node.span);
    return null;
  }

  text(key: string): string {
    const node = this.node(key);
    if (node === undefined) return '';
    return textOf(node) ?? this.mismatch(key, 'a text', node.span) ?? '';
  }

  optionalText(key: string): string | undefined {
    const entry = this.take(key);
    if (entry === undefined || (entry.value.kind === 'scalar' && entry.value.value === null)) return undefined;
    return textOf(entry.value) ?? this.mismatch(key, 'a text', entry.value.span);
  }

  flag(key: string): boolean {
    const entry = this.take(key);
    if (entry === undefined) return false;
    const { value } = entry;
    if (value.kind === 'scalar' && typeof value.value === 'boolean') return value.value;
    this.mismatch(key, 'true or false', value.span);
    return false;
  }

  /** One text or a list of them. */
  texts(key: string): readonly string[] {
    const node = this.node(key);
    return node === undefined ? [] : this.textsOf(key, node);
  }

  optionalTexts(key: string): readonly string[] | undefined {
    const entry = this.take(key);
    return entry === undefined ? undefined : this.textsOf(key, entry.value);
  }

  /** A map to one text or a list of texts. */
  mapping(key: string): ReadonlyMap<string, readonly string[]> {
    const node = this.node(key);
    if (node === undefined) return new Map();
    if (node.kind !== 'map') {
      this.mismatch(key, 'a map', node.span);
      return new Map();
    }
    return new Map(node.entries.map((entry) => [entry.key, this.textsOf(entry.key, entry.value)]));
  }

  choice<T extends string>(key: string, accepted: readonly T[], fallback?: T): T {
    const first = accepted[0] as T;
    const entry = fallback === undefined ? undefined : this.take(key);
    if (fallback !== undefined && entry === undefined) return fallback;
    const node = entry?.value ?? this.node(key);
    if (node === undefined) return first;
    const found = accepted.find((one) => one === textOf(node));
    if (found !== undefined) return found;
    this.wrong('pipeline-value', `${key} must be one of ${accepted.join(', ')}.`, node.span);
    return first;
  }

  regex(key: string): PythonRegex | undefined {
    const node = this.node(key);
    const pattern = node === undefined ? undefined : textOf(node);
    if (node === undefined) return undefined;
    if (pattern === undefined) return this.mismatch(key, 'a text', node.span);
    return this.regexOf(pattern, node.span);
  }

  regexOf(pattern: string, span: Span): PythonRegex | undefined {
    const fault = checkPythonRegex(pattern);
    if (fault === undefined) return pythonRegex(pattern);
    const hint = 'Expressions are run as RE2, which has no look-around and no back-references.';
    return this.wrong('pipeline-regex', `The regular expression cannot be read: ${fault}.`, span, hint);
  }

  /** Tells of the keys that nobody took. */
  finish(): void {
    for (const { key, keySpan } of this.map.entries) {
      if (this.taken.has(key)) continue;
      const nearest = nearestName(key, [...this.taken]);
      const hint = nearest === undefined ? `It has ${[...this.taken].join(', ')}.` : `Did you mean ${nearest}?`;
      this.wrong('pipeline-key-unknown', `${this.owner} has no key called ${short(key)}.`, keySpan, hint);
    }
  }

  wrong(code: DiagnosticCode, message: string, span: Span, hint?: string): undefined {
    this.diagnostics.push(diagnose(code, 'error', message, span, hint));
    return undefined;
  }

  tell(code: DiagnosticCode, message: string, span: Span): void {
    this.diagnostics.push(diagnose(code, 'info', message, span));
  }

  mismatch(key: string, wanted: string, span: Span): undefined {
    return this.wrong('pipeline-value', `${short(key)} must be ${wanted}.`, span);
  }

  private textsOf(key: string, node: YamlNode): readonly string[] {
    const texts = textsOf(node);
    if (texts !== undefined) return texts;
    const items = node.kind === 'list' ? node.items : [node];
    const wrong = items.find((item) => textOf(item) === undefined);
    this.mismatch(key, 'a text or a list of texts', wrong?.span ?? node.span);
    return [];
  }
}

/** One text or a list of them; `undefined` for anything else. */
export function textsOf(node: YamlNode): readonly string[] | undefined {
  const texts = (node.kind === 'list' ? node.items : [node]).map(textOf);
  return texts.includes(undefined) ? undefined : texts.filter((text) => text !== undefined);
}

/** Numbers and truth values are the texts that they are written as. */
export function textOf(node: YamlNode): string | undefined {
  return node.kind === 'scalar' && node.value !== null ? String(node.value) : undefined;
}

function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
