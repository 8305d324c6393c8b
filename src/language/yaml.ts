/**
 * YAML as a plain tree with places, for text that may be hostile.
 *
 *   text ─┬─plain (`plain-yaml.ts`)────────────────────────────────────────────────────────▶ tree with spans
 *         └─lex, parse (bounded)──▶ documents ──compose──▶ nodes ──copy, aliases shared──▶ tree with spans
 *
 * Invariants: spans point into the whole text; a tree has at most `MOST_NODES` nodes with its aliases written out, and
 * nests at most `DEEPEST`, so that whoever walks it needs no bounds of his own.
 *
 * The bounds stand before the library's composer, some of whose costs grow with the square of what they count. Keys are
 * compared here for the same reason.
 */
import type { Document, Node, ParsedNode, Parser, Scalar } from 'yaml';
import { type Diagnostic, diagnose } from '../diagnostic/diagnostic.ts';
import { type Span, spanOf } from '../diagnostic/span.ts';
import { parsePlainYaml } from './plain-yaml.ts';
import { yamlLibrary } from './yaml-library.ts';
import type { YamlDocument, YamlEntry, YamlMap, YamlNode, YamlScalar } from './yaml-tree.ts';

export type { YamlDocument, YamlEntry, YamlMap, YamlNode, YamlScalar } from './yaml-tree.ts';

/** The largest of SigmaHQ's rules has 22,307 tokens. */
const MOST_TOKENS = 100_000;
const MOST_NODES = 50_000;
const DEEPEST = 64;
const MOST_ANCHORS = 500;
/** Documents of one text. */
const MOST_DOCUMENTS = 1_000;
/** Mistakes told of one document: what follows the first is mostly its consequence. */
const MOST_MISTAKES = 5;

/** Every document of a text, at least one. */
export function parseYaml(text: string): readonly YamlDocument[] {
  const plain = parsePlainYaml(text);
  return plain === undefined ? parseAnyYaml(text) : [plain];
}

/** By the library, whatever the text is like: the word that counts. */
export function parseAnyYaml(text: string): readonly YamlDocument[] {
  const tokens = tokensOf(text);
  if ('diagnostic' in tokens) {
    return [{ span: spanOf(0, text.length), hasAliases: false, diagnostics: [tokens.diagnostic] }];
  }
  const documents = compose(tokens.tokens, text.length);
  return documents.map((document) => {
    const span = rangeOf(document.range, text.length);
    // What is missing at the end of a text is placed just behind it.
    const mistakes = document.errors
      .slice(0, MOST_MISTAKES)
      .map(({ message, pos }) => wrong(message, Math.min(pos[0], text.length), Math.min(pos[1], text.length)));
    if (mistakes.length > 0) return { span, hasAliases: false, diagnostics: mistakes };
    const tree = new Tree(document, text.length);
    const made = tree.root();
    const { hasAliases } = tree;
    return 'diagnostic' in made
      ? { span, hasAliases, diagnostics: [made.diagnostic] }
      : { root: made.node, span, hasAliases, diagnostics: [] };
  });
}

/** The value under a key of a map. */
export function entryOf(map: YamlMap, key: string): YamlEntry | undefined {
  return map.entries.find((entry) => entry.key === key);
}

/** The tree as JSON values. */
export function plainYaml(node: YamlNode): unknown {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'list':
      return node.items.map(plainYaml);
    case 'map':
      // A definition of each key, because assigning to `__proto__` would not make one.
      return Object.fromEntries(node.entries.map(({ key, value }) => [key, plainYaml(value)]));
  }
}

type Tokens = Parser['stack'];

function tokensOf(text: string): { readonly tokens: Tokens } | { readonly diagnostic: Diagnostic } {
  const { Lexer, Parser: TokenParser } = yamlLibrary();
  const lexer = new Lexer();
  const parser = new TokenParser();
  const tokens: Tokens = [];
  let lexemes = 0;
  let anchors = 0;
  let documents = 0;
  for (const lexeme of lexer.lex(text)) {
    lexemes += 1;
    if (lexeme.startsWith('&')) anchors += 1;
    const at = parser.offset;
    for (const token of parser.next(lexeme)) {
      tokens.push(token);
      if (token.type === 'document') documents += 1;
    }
    if (lexemes > MOST_TOKENS) return { diagnostic: wrong(`it has more than ${MOST_TOKENS} words`, at) };
    if (anchors > MOST_ANCHORS) return { diagnostic: wrong(`it has more than ${MOST_ANCHORS} anchors (&)`, at) };
    if (documents > MOST_DOCUMENTS) return { diagnostic: wrong(`it has more than ${MOST_DOCUMENTS} documents`, at) };
    if (parser.stack.length > DEEPEST) return { diagnostic: wrong(`it nests deeper than ${DEEPEST} levels`, at) };
  }
  tokens.push(...parser.end());
  return { tokens };
}

function compose(tokens: Tokens, length: number): readonly Document.Parsed[] {
  // The library makes an Error of every mistake; their stack traces are most of what a text full of mistakes costs.
  const depth = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    const { Composer } = yamlLibrary();
    const composer = new Composer<ParsedNode>({ uniqueKeys: false, prettyErrors: false });
    return [...composer.compose(tokens, true, length)];
  } finally {
    Error.stackTraceLimit = depth;
  }
}

class Refused extends Error {
  readonly diagnostic: Diagnostic;

  constructor(diagnostic: Diagnostic) {
    super(diagnostic.message);
    this.diagnostic = diagnostic;
  }
}

/** Copies one document's nodes. An alias shares the copy of what it names, and counts as much as it. */
class Tree {
  private readonly document: Document.Parsed;
  private readonly length: number;
  private readonly copies = new Map<Node, { readonly node: YamlNode; readonly size: number }>();
  private readonly open = new Set<Node>();
  hasAliases = false;

  constructor(document: Document.Parsed, length: number) {
    this.document = document;
    this.length = length;
  }

  root(): { readonly node: YamlNode } | { readonly diagnostic: Diagnostic } {
    try {
      return { node: this.copy(this.document.contents, this.document.range[0], 0).node };
    } catch (error) {
      if (error instanceof Refused) return { diagnostic: error.diagnostic };
      throw error;
    }
  }

  /** @param at where an absent value would stand */
  private copy(node: Node | null, at: number, depth: number): { readonly node: YamlNode; readonly size: number } {
    if (node === null) return { node: { kind: 'scalar', value: null, span: spanOf(at, at) }, size: 1 };
    const span = rangeOf(node.range, this.length);
    if (depth > DEEPEST) throw new Refused(wrong(`it nests deeper than ${DEEPEST} levels`, span.start, span.end));
    if (yamlLibrary().isAlias(node)) {
      this.hasAliases = true;
      const target = node.resolve(this.document);
      if (target === undefined || this.open.has(target)) {
        throw new Refused(wrong(`*${node.source} names nothing that stands before it`, span.start, span.end));
      }
      return this.copies.get(target) ?? this.copy(target, span.start, depth + 1);
    }
    this.open.add(node);
    const copied = this.copyContent(node, span, depth);
    this.open.delete(node);
    if (copied.size > MOST_NODES) {
      throw new Refused(wrong(`it has more than ${MOST_NODES} values, with its aliases (*) written out`, span.start));
    }
    this.copies.set(node, copied);
    return copied;
  }

  private copyContent(node: Node, span: Span, depth: number): { readonly node: YamlNode; readonly size: number } {
    const { isMap, isScalar, isSeq } = yamlLibrary();
    if (isMap<Node, Node | null>(node)) {
      const entries: YamlEntry[] = [];
      const keys = new Set<string>();
      let size = 1;
      for (const { key, value } of node.items) {
        const keySpan = rangeOf(key.range, this.length);
        const name = this.keyOf(key, keySpan);
        if (keys.has(name)) {
          throw new Refused(wrong(`the key “${short(name)}” stands here twice`, keySpan.start, keySpan.end));
        }
        keys.add(name);
        const copy = this.copy(value, keySpan.end, depth + 1);
        size += copy.size;
        entries.push({ key: name, keySpan, value: copy.node });
      }
      return { node: { kind: 'map', entries, span }, size };
    }
    if (isSeq<Node | null>(node)) {
      const copies = node.items.map((item) => this.copy(item, span.end, depth + 1));
      const size = copies.reduce((sum, copy) => sum + copy.size, 1);
      return { node: { kind: 'list', items: copies.map((copy) => copy.node), span }, size };
    }
    if (isScalar(node)) return { node: { kind: 'scalar', value: scalarValue(node), span }, size: 1 };
    throw new Refused(wrong('a value is neither text, list nor map', span.start, span.end));
  }

  private keyOf(key: Node, span: Span): string {
    const { isAlias, isScalar } = yamlLibrary();
    const node = isAlias(key) ? key.resolve(this.document) : key;
    if (!isScalar(node)) throw new Refused(wrong('a key must be a text', span.start, span.end));
    const name = typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
    if (name === '<<') {
      throw new Refused(wrong('merge keys (<<) are not part of YAML 1.2; write the keys out', span.start, span.end));
    }
    return name;
  }
}

function scalarValue({ value, source }: Scalar): YamlScalar['value'] {
  if (typeof value === 'number') {
    const written = source ?? String(value);
    // `007` and integers beyond 2^53 are more than a number: their digits count.
    const exact = Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
    return exact && !/^[-+]?0\d/.test(written) ? value : written;
  }
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  return source ?? String(value);
}

/** From a node's first to its last character, without what trails it. */
function rangeOf(
  range: readonly [number, number, number] | readonly number[] | null | undefined,
  length: number,
): Span {
  const [start = 0, end = start] = range ?? [];
  return spanOf(Math.min(start, length), Math.min(Math.max(end, start), length));
}

function wrong(what: string, start: number, end = start): Diagnostic {
  return diagnose('rule-file-not-yaml', 'error', `This is not YAML as rules use it: ${what}.`, spanOf(start, end));
}

function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
