/**
 * Reading a test's YAML key by key, with what is wrong told at its place.
 */
import { type Diagnostic, diagnose } from '../diagnostic/diagnostic.ts';
import { nearestName } from '../diagnostic/nearest.ts';
import type { Span } from '../diagnostic/span.ts';
import type { YamlMap, YamlNode } from '../language/yaml.ts';

const KIND_NAMES: Readonly<Record<YamlNode['kind'], string>> = { map: 'a map', list: 'a list', scalar: 'one value' };

export class TestTree {
  readonly diagnostics: Diagnostic[] = [];

  wrong(message: string, span: Span, hint?: string): void {
    this.diagnostics.push(diagnose('test-form', 'error', message, span, hint));
  }

  map(node: YamlNode, what: string): YamlMap | undefined {
    if (node.kind === 'map') return node;
    this.wrong(`${what} is a map of keys and values; this is ${KIND_NAMES[node.kind]}.`, node.span);
    return undefined;
  }

  /** The values of the keys that are there; any other key is refused. */
  entries<K extends string>(map: YamlMap, keys: readonly K[], where: string): Partial<Record<K, YamlNode>> {
    const found: Partial<Record<K, YamlNode>> = {};
    for (const { key, keySpan, value } of map.entries) {
      const known = keys.find((one) => one === key);
      if (known !== undefined) {
        found[known] = value;
        continue;
      }
      const near = nearestName(key, keys);
      const hint = near === undefined ? `There are ${keys.join(', ')}.` : `Did you mean \`${near}\`?`;
      this.wrong(`There is no key \`${key.slice(0, 60)}\` in ${where}.`, keySpan, hint);
    }
    return found;
  }

  /** @param around what is told of where the list is missing */
  list(node: YamlNode | undefined, key: string, around: Span): readonly YamlNode[] {
    const items = this.optionalList(node, key);
    if (node === undefined || (node.kind === 'list' && items.length === 0)) {
      this.wrong(`\`${key}\` has to be there, with at least one item.`, node?.span ?? around);
    }
    return items;
  }

  optionalList(node: YamlNode | undefined, key: string): readonly YamlNode[] {
    if (node === undefined) return [];
    if (node.kind === 'list') return node.items;
    this.wrong(`\`${key}\` is a list; this is ${KIND_NAMES[node.kind]}.`, node.span, 'Put `- ` before each item.');
    return [];
  }

  text(node: YamlNode, key: string): string | undefined {
    if (node.kind === 'scalar' && typeof node.value === 'string' && node.value !== '') return node.value;
    this.wrong(`\`${key}\` takes a text here.`, node.span);
    return undefined;
  }

  /** A whole number from 0 on. */
  count(node: YamlNode, key: string): number | undefined {
    const value = node.kind === 'scalar' ? node.value : undefined;
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
    this.wrong(`\`${key}\` takes a whole number here.`, node.span);
    return undefined;
  }
}
