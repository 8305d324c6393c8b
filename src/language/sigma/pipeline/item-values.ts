/**
 * The values of an item as pipelines see them: with what their modifiers make of them, a text as one text in which `*`
 * and `?` are wildcards and everything else is itself.
 *
 *   `Image|endswith: '\cmd.exe'` ──seen──▶ `*\cmd.exe` ──changed──▶ … ──written──▶ `Image: '*\\cmd.exe'`
 *
 * A star or question mark that stands for itself is seen as a character of its own, so that no change makes a wildcard
 * of it (pySigma does). What is no text (`re`, `cidr`, comparisons) keeps its modifiers and is passed through.
 */
import type { Span } from '../../../diagnostic/span.ts';
import type { WildcardPattern } from '../../../plan/predicate/node.ts';
import type { YamlScalar } from '../../yaml.ts';
import type { Named, SearchItem } from '../ast.ts';
import { applyModifier, ITEM_MODIFIERS, ModifierFault, sigmaValue, VALUE_MODIFIERS } from '../modifiers.ts';
import { parsePattern } from '../pattern.ts';
import { changedItem, type WorkItem, type WorkNode } from './work.ts';

export type ItemValue =
  | { readonly kind: 'text'; readonly text: string; readonly span: Span; readonly expands: boolean }
  | { readonly kind: 'plain'; readonly value: number | boolean | null; readonly span: Span }
  | { readonly kind: 'regex'; readonly source: string; readonly flags: readonly string[]; readonly span: Span }
  /** As it stands in the rule, with the modifiers that make something else of it. */
  | { readonly kind: 'kept'; readonly scalar: YamlScalar; readonly modifiers: readonly Named[] };

/** Stand for `*` and `?` that are no wildcards; private characters, which no rule has. */
const PLAIN_STAR = '\uf8f1';
const PLAIN_MARK = '\uf8f2';

/** Modifiers that make a text of a text. */
const TEXT_MODIFIERS: ReadonlySet<string> = new Set([
  ...['contains', 'startswith', 'endswith', 'windash'],
  ...['base64', 'base64offset', 'wide', 'utf16', 'utf16le', 'utf16be'],
]);
const RELATIONS: ReadonlySet<string> = new Set(['contains', 'startswith', 'endswith']);

/** For each value of the item what it stands for: mostly one, several that are alternatives of each other. */
export function valuesOf({ item }: WorkItem): readonly (readonly ItemValue[])[] {
  const modifiers = valueModifiers(item);
  return item.values.map((scalar) => seen(scalar, modifiers, item.field === undefined));
}

/** The item with other values, which may take several items. */
export function withValues(from: WorkItem, groups: readonly (readonly ItemValue[])[]): WorkNode {
  const linksAll = from.item.modifiers.some(({ name }) => name === 'all');
  const flags = from.item.modifiers.filter(({ name }) => isItemModifier(name) && name !== 'all');
  const negates = flags.some(({ name }) => name === 'neq');
  if (!linksAll) return alternatives(from, groups.flat(), flags, negates ? 'all' : 'any');
  const children = groups.map((group) => alternatives(from, group, flags, 'any'));
  const [first] = children;
  return children.length === 1 && first !== undefined ? first : { kind: 'all', children, span: from.item.span };
}

/** A text as a value of Sigma has it, escapes and all. */
export function textValue(text: string, span: Span): ItemValue {
  return { kind: 'text', text: shown(parsePattern(text)), span, expands: false };
}

/** The text's stretches: wildcards and what stands between them. */
export function partsOf(text: string): readonly string[] {
  return text.split(/([*?])/).filter((part) => part !== '');
}

/** A stretch with its plain stars and question marks. */
export function plainPart(part: string): string {
  return part.replaceAll(PLAIN_STAR, '*').replaceAll(PLAIN_MARK, '?');
}

/** A plain text as it is seen. */
export function seenPart(text: string): string {
  return text.replaceAll('*', PLAIN_STAR).replaceAll('?', PLAIN_MARK);
}

export function valueModifiers({ modifiers }: SearchItem): readonly Named[] {
  return modifiers.filter(({ name }) => !isItemModifier(name));
}

function isItemModifier(name: string): boolean {
  return (ITEM_MODIFIERS as readonly string[]).includes(name);
}

function seen(scalar: YamlScalar, modifiers: readonly Named[], isKeyword: boolean): readonly ItemValue[] {
  const { span } = scalar;
  const kept: readonly ItemValue[] = [{ kind: 'kept', scalar, modifiers }];
  const names = modifiers.map(({ name }) => name);
  const expands = names.includes('expand');
  const rest = names.filter((name) => name !== 'expand');
  if (!rest.every((name) => (expands ? RELATIONS : TEXT_MODIFIERS).has(name) && VALUE_MODIFIERS.has(name))) return kept;
  let values = [sigmaValue(scalar)];
  for (const name of rest) {
    const next: typeof values = [];
    for (const value of values) {
      const changed = applyModifier(name, value, new Map());
      if (changed instanceof ModifierFault) return kept;
      next.push(...changed);
    }
    values = next;
  }
  return values.map((value): ItemValue => {
    if (value.kind === 'text') {
      const before = value.relation === 'contains' || value.relation === 'ends-with' ? '*' : '';
      const after = value.relation === 'contains' || value.relation === 'starts-with' ? '*' : '';
      const text = `${before}${shown(value.pattern)}${after}`.replace(/^\*{2,}|\*{2,}$/g, '*');
      return { kind: 'text', text, span, expands };
    }
    if (value.kind === 'number' || value.kind === 'boolean') return { kind: 'plain', value: value.value, span };
    if (value.kind === 'null' && !isKeyword) return { kind: 'plain', value: null, span };
    return { kind: 'kept', scalar, modifiers };
  });
}

function shown(pattern: WildcardPattern): string {
  return pattern.map((part) => (typeof part === 'object' ? seenPart(part.text) : part)).join('');
}

function alternatives(
  from: WorkItem,
  values: readonly ItemValue[],
  flags: readonly Named[],
  kind: 'all' | 'any',
): WorkNode {
  const groups = new Map<string, { readonly modifiers: readonly Named[]; readonly scalars: YamlScalar[] }>();
  for (const value of values) {
    const { scalar, modifiers } = written(value);
    const key = modifiers.map(({ name }) => name).join('|');
    const group = groups.get(key) ?? { modifiers, scalars: [] };
    groups.set(key, group);
    group.scalars.push(scalar);
  }
  const children = [...groups.values()].map(({ modifiers, scalars }) =>
    changedItem(from, {
      ...from.item,
      modifiers: [...modifiers, ...flags],
      values: scalars,
      isList: from.item.isList || scalars.length > 1,
    }),
  );
  const [first] = children;
  return children.length === 1 && first !== undefined ? first : { kind, children, span: from.item.span };
}

function written(value: ItemValue): { readonly scalar: YamlScalar; readonly modifiers: readonly Named[] } {
  switch (value.kind) {
    case 'kept':
      return value;
    case 'plain':
      return { scalar: { kind: 'scalar', value: value.value, span: value.span }, modifiers: [] };
    case 'regex': {
      const modifiers = ['re', ...value.flags].map((name) => ({ name, span: value.span }));
      return { scalar: { kind: 'scalar', value: value.source, span: value.span }, modifiers };
    }
    case 'text': {
      const escaped = value.text.replaceAll(value.expands ? /\\(?!%)/g : '\\', '\\\\');
      const text = escaped.replaceAll(PLAIN_STAR, '\\*').replaceAll(PLAIN_MARK, '\\?');
      const modifiers = value.expands ? [{ name: 'expand', span: value.span }] : [];
      return { scalar: { kind: 'scalar', value: text, span: value.span }, modifiers };
    }
  }
}
