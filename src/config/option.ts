/**
 * What kinds of values options take, and how each is read from a file, from a variable of the environment and from a
 * flag. A value that is not taken gives `undefined`; `accepts` says in words what would be.
 */
import type { YamlNode } from '../language/yaml.ts';

export type OptionKind =
  /** A whole number. */
  | { readonly kind: 'count'; readonly least: number; readonly most: number }
  | { readonly kind: 'switch' }
  | { readonly kind: 'choice'; readonly of: readonly string[] }
  /** One line; `secret` is never shown again. */
  | { readonly kind: 'text'; readonly secret?: true }
  | { readonly kind: 'path' }
  | { readonly kind: 'paths' }
  /** Host names or addresses. */
  | { readonly kind: 'names' };

export type OptionValue = string | number | boolean | readonly string[];

/** An option of the service, as it is declared once in `options.ts`. */
export type Option = OptionKind & {
  /** One or two sentences for people. */
  readonly about: string;
  readonly environment: `VEDETTE_${string}`;
  /** As commander takes it; a switch that is on by default has `--no-…`. */
  readonly flag: string;
  readonly default?: OptionValue;
  /** What holds without it, where that is no plain value. */
  readonly otherwise?: string;
  /** A value worth showing in the commented file, where the default is none. */
  readonly example?: OptionValue;
};

/** What would be taken, to follow “It takes”. */
export function accepts(option: OptionKind): string {
  switch (option.kind) {
    case 'count':
      return `a whole number from ${option.least} to ${option.most}`;
    case 'switch':
      return 'true or false';
    case 'choice':
      return `one of ${option.of.join(', ')}`;
    case 'text':
      return 'a text of one line';
    case 'path':
      return 'a path';
    case 'paths':
      return 'a path or a list of paths';
    case 'names':
      return 'a name or a list of names';
  }
}

/** From a file of configuration. */
export function valueOfNode(option: OptionKind, node: YamlNode): OptionValue | undefined {
  if (option.kind === 'paths' || option.kind === 'names') {
    const items = node.kind === 'list' ? node.items : [node];
    const texts = items.map((item) => (item.kind === 'scalar' ? textOf(item.value) : undefined));
    return texts.every((text) => text !== undefined) ? texts : undefined;
  }
  if (node.kind !== 'scalar') return undefined;
  switch (option.kind) {
    case 'count':
      return typeof node.value === 'number' ? countWithin(option, node.value) : undefined;
    case 'switch':
      return typeof node.value === 'boolean' ? node.value : undefined;
    default:
      return valueOfText(option, textOf(node.value) ?? '');
  }
}

/** From a flag or a variable of the environment; paths are told apart by `separator`, names by commas. */
export function valueOfText(option: OptionKind, text: string, separator = ':'): OptionValue | undefined {
  switch (option.kind) {
    case 'count':
      return /^\d{1,15}$/.test(text) ? countWithin(option, Number(text)) : undefined;
    case 'switch':
      return SWITCHES.get(text.toLowerCase());
    case 'choice':
      return option.of.includes(text) ? text : undefined;
    case 'text':
    case 'path':
      return textOf(text);
    case 'paths':
    case 'names': {
      const parts = (option.kind === 'names' ? text.split(',') : splitPaths(text, separator)).map((part) =>
        part.trim(),
      );
      const given = parts.filter((part) => part !== '');
      return given.every((part) => textOf(part) !== undefined) ? given : undefined;
    }
  }
}

/** Addresses of repositories have the separator in them, and end at white space or where a path begins. */
function splitPaths(text: string, separator: string): readonly string[] {
  const parts = text.split(/\s+(?=git\+)|(?<=git\+\S*)\s+/);
  return parts.flatMap((part) => (part.startsWith('git+') ? [part] : part.split(separator)));
}

const SWITCHES: ReadonlyMap<string, boolean> = new Map([
  ...['true', 'yes', 'on', '1'].map((word) => [word, true] as const),
  ...['false', 'no', 'off', '0'].map((word) => [word, false] as const),
]);

function countWithin({ least, most }: { readonly least: number; readonly most: number }, count: number) {
  return Number.isInteger(count) && count >= least && count <= most ? count : undefined;
}

/** No path or name has a control character, and none is longer. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is the point
  return typeof value === 'string' && value !== '' && value.length <= 4_096 && !/[\0-\x1f\x7f]/.test(value)
    ? value
    : undefined;
}
