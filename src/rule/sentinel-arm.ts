/**
 * Sentinel's analytics rules as Azure exports and deploys them: an ARM template in JSON, with its rules among `resources`.
 *
 *   template ──resources of type …/alertRules──▶ kind, properties ──as the YAML form names them──▶ read as that form is
 *
 * JSON is YAML too, so that positions are those of the file. The rule's id is the GUID in the resource's name.
 */
import { diagnose } from '../diagnostic/diagnostic.ts';
import { spanOf } from '../diagnostic/span.ts';
import { entryOf, parseYaml, type YamlEntry, type YamlMap, type YamlNode } from '../language/yaml.ts';
import { checkSentinel } from './check-sentinel.ts';
import type { RuleFormReader } from './form.ts';
import type { ParsedRule } from './parsed-rule.ts';
import { PlaceMap } from './place-map.ts';
import { readSentinelMap } from './sentinel-yaml.ts';

export const sentinelArmForm: RuleFormReader = {
  form: 'sentinel-arm',
  name: 'Sentinel ARM template',
  recognises: (text) => /^\s*\{/.test(text) && /"[^"\n]*\/alertRules"/i.test(text) && /"resources"\s*:/.test(text),
  parse: parseSentinelArm,
  check: checkSentinel,
};

/** What the API calls otherwise than the repository of rules. */
const NAMES: Readonly<Record<string, string>> = {
  displayName: 'name',
  techniques: 'relevantTechniques',
  templateVersion: 'version',
};
/** Of the service's own books. */
const PASSED_OVER: ReadonlySet<string> = new Set([
  'lastModifiedUtc',
  'alertRuleTemplateName',
  'enabled',
  'startTimeUtc',
]);
const GUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;
const MOST_NESTED = 4;

/** @param path what the documents name as their source; nothing is read from there */
export function parseSentinelArm(text: string, path: string): readonly ParsedRule[] {
  const [document] = parseYaml(text);
  const resources = document?.root === undefined ? [] : alertRules(document.root);
  if (resources.length > 0) {
    return resources.map((resource) => {
      const part = resources.length > 1 ? resource.span : spanOf(0, text.length);
      return readSentinelMap({ text, path, part, form: 'sentinel-arm', map: asYamlForm(resource) });
    });
  }
  const hint = 'A rule is a resource of type Microsoft.SecurityInsights/alertRules with properties.';
  const nothing = diagnose('rule-key-missing', 'error', 'The template holds no analytics rule.', spanOf(0, 0), hint);
  const diagnostics = document === undefined || document.diagnostics.length === 0 ? [nothing] : document.diagnostics;
  return [{ diagnostics, locate: new PlaceMap().locator() }];
}

/** Also those of templates within templates. */
function alertRules(node: YamlNode, depth = 0): readonly YamlMap[] {
  if (node.kind !== 'map') return [];
  const type = textAt(node, 'type') ?? '';
  if (/\/alertRules$/i.test(type) && entryOf(node, 'properties')?.value.kind === 'map') return [node];
  const list = entryOf(node, 'resources')?.value;
  const inner = list?.kind === 'list' && depth < MOST_NESTED ? list.items : [];
  const properties = entryOf(node, 'properties')?.value;
  const template = properties?.kind === 'map' ? entryOf(properties, 'template')?.value : undefined;
  return [
    ...inner.flatMap((item) => alertRules(item, depth + 1)),
    ...(template === undefined || depth >= MOST_NESTED ? [] : alertRules(template, depth + 1)),
  ];
}

function asYamlForm(resource: YamlMap): YamlMap {
  const properties = entryOf(resource, 'properties')?.value;
  const entries = properties?.kind === 'map' ? properties.entries : [];
  const named = entries
    .filter(({ key }) => !PASSED_OVER.has(key))
    .map((entry): YamlEntry => ({ ...entry, key: NAMES[entry.key] ?? entry.key }));
  const id = ['name', 'id'].flatMap((key): YamlEntry[] => {
    const entry = entryOf(resource, key);
    const guid = GUID.exec(textAt(resource, key) ?? '')?.[0];
    return entry === undefined || guid === undefined ? [] : [withValue(entry, 'id', guid)];
  });
  const kind = entryOf(resource, 'kind');
  const own = [...id.slice(0, 1), ...(kind === undefined ? [] : [kind])];
  return { ...resource, entries: [...own, ...named.filter(({ key }) => key !== 'id' && key !== 'kind')] };
}

function withValue({ keySpan, value }: YamlEntry, key: string, text: string): YamlEntry {
  return { key, keySpan, value: { kind: 'scalar', value: text, span: value.span } };
}

function textAt(map: YamlMap, key: string): string | undefined {
  const value = entryOf(map, key)?.value;
  return value?.kind === 'scalar' && typeof value.value === 'string' ? value.value : undefined;
}
