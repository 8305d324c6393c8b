/**
 * Sigma collections: documents of one text that share keys (`action: global`, `repeat`, `reset`), as rules of their own.
 *
 *   documents ──keys put together──▶ trees ──written as YAML──▶ texts ──read──▶ rules, places ──back──▶ places in the text
 *
 * Each rule gets a text that says all of it, so that whoever has the rule alone (a conversion, a page, the data folder)
 * needs no other document. Places stay those of the document that states the key.
 *
 * Source of the semantics: the first Sigma specification, sigmac and pySigma. Globals add up until `reset`; what a global
 * document states counts more than what the rule does; `repeat` is the rule before it with what it states instead.
 * Correlations and filters stand by themselves.
 */
import { createHash } from 'node:crypto';
import { type Diagnostic, diagnose } from '../diagnostic/diagnostic.ts';
import { type Span, spanOf } from '../diagnostic/span.ts';
import { entryOf, parseYaml, plainYaml, type YamlDocument, type YamlEntry, type YamlMap } from '../language/yaml.ts';
import { yamlLibrary } from '../language/yaml-library.ts';
import type { RuleLocator } from './locator.ts';
import { mergedPlaces } from './merged-places.ts';
import type { ParsedRule } from './parsed-rule.ts';

type ReadDocument = (text: string, document: YamlDocument) => ParsedRule;

const ACTIONS = ['global', 'reset', 'repeat'] as const;
type Action = (typeof ACTIONS)[number];

/** Characters of all rules of a collection; a large global document counts once for each rule that it is part of. */
const MOST_CHARACTERS = 2 * 1024 * 1024;
/** What a key or value costs beside its text. */
const CHARACTERS_OF_NODE = 16;

export function isCollection(documents: readonly YamlDocument[]): boolean {
  return documents.some(({ root }) => root?.kind === 'map' && actionOf(root) !== undefined);
}

/**
 * @param text what the documents were read from
 * @param readOwn for a document that stands by itself; `readMerged` for the one document of a text that was put together
 */
export function readCollection(
  text: string,
  documents: readonly YamlDocument[],
  readOwn: (document: YamlDocument) => ParsedRule,
  readMerged: ReadDocument,
): readonly ParsedRule[] {
  const collection = new Collection(text, readMerged);
  const rules = documents.flatMap((document) => {
    const { root } = document;
    if (root?.kind !== 'map' || isByItself(root)) return [readOwn(document)];
    return collection.take(root, document.span);
  });
  return [...rules, ...collection.unused()];
}

class Collection {
  private readonly text: string;
  private readonly read: ReadDocument;
  private global: YamlMap | undefined;
  private previous: YamlMap | undefined;
  /** Key spans of `action` that no rule has been told of. */
  private untold: Span[] = [];
  private unusedGlobal: Span | undefined;
  private characters = 0;
  private readonly rulesOfId = new Map<string, number>();

  constructor(text: string, read: ReadDocument) {
    this.text = text;
    this.read = read;
  }

  take(root: YamlMap, span: Span): readonly ParsedRule[] {
    const action = actionOf(root);
    const own = action === undefined ? root : { ...root, entries: root.entries.filter(({ key }) => key !== 'action') };
    if (action !== undefined) this.untold.push(entryOf(root, 'action')?.keySpan ?? span);
    switch (action) {
      case 'reset':
        this.global = undefined;
        return [];
      case 'global':
        if (!this.fits(this.global, own)) return [tooLarge(span)];
        this.global = this.global === undefined ? own : merged(this.global, own);
        this.unusedGlobal = span;
        return [];
      case 'repeat':
        if (this.previous === undefined) {
          const message = 'repeat takes up the rule before it, and there is none.';
          return [refused(span, diagnose('sigma-action', 'error', message, this.untold.pop()))];
        }
        return [this.rule(this.previous, own, own, span, [])];
      default: {
        const { global = { ...own, entries: [] } } = this;
        this.unusedGlobal = undefined;
        return [this.rule(own, global, own, span, overridden(own, global))];
      }
    }
  }

  /** What stands at the end and no rule is made of. */
  unused(): readonly ParsedRule[] {
    if (this.unusedGlobal === undefined) return [];
    const hint = 'What a global document states is added to the documents behind it.';
    const message = 'No rule follows the global document.';
    return [refused(this.unusedGlobal, diagnose('sigma-action', 'error', message, this.untold.at(-1), hint))];
  }

  private rule(base: YamlMap, over: YamlMap, own: YamlMap, span: Span, notes: readonly Diagnostic[]): ParsedRule {
    if (!this.fits(base, over)) return tooLarge(span);
    const together = { ...merged(base, over), span: own.span };
    this.previous = together;
    const told = [...notes, ...this.untold.map(extension)];
    this.untold = [];
    const { root, note } = this.withOwnId(together, own);
    // Each key in full, however often a value occurs, and no line folded: what is read is what was written.
    const text = yamlLibrary().stringify(plainYaml(root), { lineWidth: 0, aliasDuplicateObjects: false });
    const [document] = parseYaml(text);
    // It was read from documents that are no larger than a text may be; together they may be.
    if (document?.root === undefined) return tooLarge(span);
    return placed(
      this.read(text, document),
      mergedPlaces({ text, node: document.root }, { text: this.text, node: root }),
      note === undefined ? told : [note, ...told],
    );
  }

  /**
   * A rule that shares its id with others gets one made of it and its number among them; the first keeps it.
   */
  private withOwnId(root: YamlMap, own: YamlMap): { readonly root: YamlMap; readonly note?: Diagnostic } {
    if (textOf(own, 'id') !== undefined) return { root };
    const shared = textOf(root, 'id') ?? textOf(root, 'name') ?? textOf(root, 'title');
    if (shared === undefined) return { root };
    const number = (this.rulesOfId.get(shared) ?? 0) + 1;
    this.rulesOfId.set(shared, number);
    if (number === 1) return { root };
    const start = spanOf(own.span.start, own.span.start);
    const id = derivedId(shared, number);
    const entry: YamlEntry = { key: 'id', keySpan: start, value: { kind: 'scalar', value: id, span: start } };
    const note = diagnose(
      'rule-id-derived',
      'warning',
      `The rule shares the id of others in its collection, so it is called ${id}; alerts start anew when its place among them changes.`,
      start,
      'Give it an id of its own, which never changes: a UUID.',
    );
    return { root: { ...root, entries: [entry, ...root.entries.filter(({ key }) => key !== 'id')] }, note };
  }

  private fits(one: YamlMap | undefined, other: YamlMap): boolean {
    this.characters += (one === undefined ? 0 : sizeOf(one)) + sizeOf(other);
    return this.characters <= MOST_CHARACTERS;
  }
}

function isByItself(root: YamlMap): boolean {
  return entryOf(root, 'correlation') !== undefined || entryOf(root, 'filter') !== undefined;
}

function actionOf(root: YamlMap): Action | undefined {
  const value = entryOf(root, 'action')?.value;
  return value?.kind === 'scalar' ? ACTIONS.find((action) => action === value.value) : undefined;
}

/** Maps are put together key by key, down to what is no map; there `over` counts. */
function merged(base: YamlMap, over: YamlMap): YamlMap {
  const entries = new Map(base.entries.map((entry) => [entry.key, entry]));
  for (const entry of over.entries) {
    const known = entries.get(entry.key);
    const isDeeper = known?.value.kind === 'map' && entry.value.kind === 'map';
    entries.set(entry.key, isDeeper ? { ...known, value: merged(known.value, entry.value) } : entry);
  }
  return { ...base, entries: [...entries.values()] };
}

function overridden(own: YamlMap, global: YamlMap): readonly Diagnostic[] {
  const byKey = new Map(global.entries.map(({ key, value }) => [key, value]));
  return own.entries.flatMap(({ key, keySpan, value }) => {
    const stronger = byKey.get(key);
    if (stronger === undefined) return [];
    if (stronger.kind === 'map' && value.kind === 'map') return overridden(value, stronger);
    if (JSON.stringify(plainYaml(stronger)) === JSON.stringify(plainYaml(value))) return [];
    const message = `The global document states ${key.slice(0, 60)} too, and what it states counts.`;
    return [diagnose('sigma-global-overrides', 'warning', message, keySpan, 'State it in one of the two.')];
  });
}

/** Of a UUID, a UUID by RFC 9562 (version 5, with the id as the namespace); of anything else, the id and the number. */
function derivedId(id: string, number: number): string {
  const digits = id.replaceAll('-', '').toLowerCase();
  if (!/^[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}$/i.test(id)) return `${id}-${number}`;
  const bytes = createHash('sha1').update(Buffer.from(digits, 'hex')).update(String(number)).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function textOf(map: YamlMap, key: string): string | undefined {
  const value = entryOf(map, key)?.value;
  const text = value?.kind === 'scalar' && value.value !== null ? String(value.value).trim() : '';
  return text === '' ? undefined : text;
}

function sizeOf(node: YamlMap['entries'][number]['value']): number {
  switch (node.kind) {
    case 'scalar':
      return CHARACTERS_OF_NODE + String(node.value).length;
    case 'list':
      return node.items.reduce((sum, item) => sum + sizeOf(item), CHARACTERS_OF_NODE);
    case 'map':
      return node.entries.reduce((sum, { key, value }) => sum + key.length + sizeOf(value), CHARACTERS_OF_NODE);
  }
}

// --- Findings and places ----------------------------------------------------------------------------------------------

function extension(span: Span): Diagnostic {
  const message = 'Collections (action) are not in the Sigma specification; other tools may not read them.';
  return diagnose('sigma-extension', 'info', message, span);
}

function tooLarge(span: Span): ParsedRule {
  const message = 'With what the global documents state in each, the rules of the collection are too large.';
  return refused(span, diagnose('sigma-too-large', 'error', message, spanOf(span.start, span.start)));
}

function refused(span: Span, diagnostic: Diagnostic): ParsedRule {
  const at = (): Span => spanOf(span.start, span.start);
  return { diagnostics: [diagnostic], locate: { key: at, value: at, query: at } };
}

function placed(parsed: ParsedRule, back: (span: Span) => Span, notes: readonly Diagnostic[]): ParsedRule {
  const { locate } = parsed;
  const located: RuleLocator = {
    key: (path) => back(locate.key(path)),
    value: (path) => back(locate.value(path)),
    query: (part) => back(locate.query(part)),
  };
  const diagnostics = parsed.diagnostics.map((diagnostic) => ({ ...diagnostic, span: back(diagnostic.span) }));
  return { ...parsed, diagnostics: [...notes, ...diagnostics], locate: located };
}
