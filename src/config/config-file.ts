/**
 * The file of configuration: YAML with the keys of `options.ts`.
 *
 *   text ──parseYaml──▶ tree ──each key─▶ value, with its line
 *                                    └──▶ diagnostic: what is wrong, where, what would be taken
 *
 * Invariants: a key that is not known is an error, so that a slip of the hand never leaves a default in place unseen; a
 * key without a value is as if it were not there. Relative paths begin at the file’s folder, `~/` at the home folder.
 */
import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { type Diagnostic, diagnose } from '../diagnostic/diagnostic.ts';
import { nearestName } from '../diagnostic/nearest.ts';
import { positionAt } from '../diagnostic/span.ts';
import { parseYaml, type YamlEntry, type YamlMap, type YamlNode } from '../language/yaml.ts';
import { accepts, type OptionValue, valueOfNode } from './option.ts';
import { GROUPS, OPTION_NAMES, type OptionName, optionOf, placeOf } from './options.ts';

export interface ConfigFile {
  readonly path: string;
  readonly text: string;
  readonly values: ReadonlyMap<OptionName, { readonly value: OptionValue; readonly line: number }>;
  readonly diagnostics: readonly Diagnostic[];
}

/** @param path absolute; paths in the text begin at its folder */
export function readConfigText(text: string, path: string): ConfigFile {
  const reading = new Reading(text, dirname(path));
  reading.read();
  return { path, text, values: reading.values, diagnostics: reading.diagnostics };
}

class Reading {
  readonly values = new Map<OptionName, { readonly value: OptionValue; readonly line: number }>();
  readonly diagnostics: Diagnostic[] = [];
  private readonly text: string;
  private readonly folder: string;

  constructor(text: string, folder: string) {
    this.text = text;
    this.folder = folder;
  }

  read(): void {
    const [document, second] = parseYaml(this.text);
    for (const { message, span, hint } of document?.diagnostics ?? []) {
      const words = message.replace('This is not YAML as rules use it', 'The file cannot be read as YAML');
      this.diagnostics.push(diagnose('config-not-yaml', 'error', words, span, hint));
    }
    if (second !== undefined) {
      this.diagnostics.push(diagnose('config-not-yaml', 'error', 'The file has more than one document.', second.span));
    }
    if (document?.root === undefined || isEmpty(document.root)) return;
    if (document.root.kind === 'map') this.readMap(document.root, undefined);
    else this.refuse('config-value', 'The file has to be a map of options.', document.root.span, EXAMPLE);
  }

  private readMap(map: YamlMap, group: keyof typeof GROUPS | undefined): void {
    for (const entry of map.entries) {
      const name = OPTION_NAMES.find((one) => sameplace(placeOf(one), group, entry.key));
      if (name !== undefined) this.readOption(name, entry);
      else if (group === undefined && isGroup(entry.key)) this.readGroup(entry.key, entry.value);
      else this.unknown(entry, group);
    }
  }

  private readGroup(group: keyof typeof GROUPS, value: YamlNode): void {
    if (isEmpty(value)) return;
    if (value.kind === 'map') this.readMap(value, group);
    else
      this.refuse(
        'config-value',
        `\`${group}\` is a group of options.`,
        value.span,
        `It has ${listed(keysOf(group))}.`,
      );
  }

  private readOption(name: OptionName, { value: node, keySpan }: YamlEntry): void {
    if (isEmpty(node)) return;
    const option = optionOf(name);
    const value = valueOfNode(option, node);
    if (value === undefined) {
      this.refuse('config-value', `\`${name}\` does not take this value.`, node.span, `It takes ${accepts(option)}.`);
      return;
    }
    const placed = option.kind === 'path' || option.kind === 'paths' ? this.absolute(value) : value;
    this.values.set(name, { value: placed, line: positionAt(this.text, keySpan.start).line });
  }

  private absolute(value: OptionValue): OptionValue {
    if (typeof value === 'string') return absolutePath(value, this.folder);
    return Array.isArray(value) ? value.map((path: string) => absolutePath(path, this.folder)) : value;
  }

  private unknown({ key, keySpan }: YamlEntry, group: keyof typeof GROUPS | undefined): void {
    const elsewhere = OPTION_NAMES.filter((name) => name === key || placeOf(name)[1] === key);
    const known = keysOf(group);
    const near = nearestName(key, known);
    const [first] = elsewhere;
    const hint =
      near !== undefined
        ? `Did you mean \`${near}\`?`
        : first !== undefined
          ? placeWords(first)
          : `${group === undefined ? 'There are' : 'It has'} ${listed(known)}.`;
    const where = group === undefined ? '' : ` under \`${group}\``;
    this.refuse('config-key-unknown', `There is no option \`${key.slice(0, 60)}\`${where}.`, keySpan, hint);
  }

  private refuse(code: 'config-key-unknown' | 'config-value', message: string, span: YamlNode['span'], hint: string) {
    this.diagnostics.push(diagnose(code, 'error', message, span, hint));
  }
}

const EXAMPLE = '`vedette config init` writes a file with every option in it.';

/** `~/` is the home folder, `-` standard input, `git+…` a repository; anything else that is relative begins at `folder`. */
function absolutePath(path: string, folder: string): string {
  if (path === '-' || path.startsWith('git+')) return path;
  return path === '~' || path.startsWith('~/') ? resolve(homedir(), path.slice(2)) : resolve(folder, path);
}

function isEmpty(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.value === null;
}

function isGroup(key: string): key is keyof typeof GROUPS {
  return Object.hasOwn(GROUPS, key);
}

function sameplace([group, key]: ReturnType<typeof placeOf>, wanted: string | undefined, name: string): boolean {
  return group === wanted && key === name;
}

function keysOf(group: keyof typeof GROUPS | undefined): readonly string[] {
  const keys = OPTION_NAMES.map(placeOf).flatMap(([of, key]) => (of === group ? [key] : []));
  return group === undefined ? [...keys, ...Object.keys(GROUPS)] : keys;
}

function placeWords(name: OptionName): string {
  const [group, key] = placeOf(name);
  return group === undefined ? `\`${key}\` stands in no group.` : `Write \`${key}\` under \`${group}\`.`;
}

function listed(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}
