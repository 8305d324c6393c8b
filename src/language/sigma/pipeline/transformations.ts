/**
 * The transformations of pySigma by name: what each reads from its step, and what it does here. Those that have no
 * meaning here are refused, or noted where leaving them out changes no match.
 */
import type { YamlNode } from '../../yaml.ts';
import { plainYaml } from '../../yaml.ts';
import { ITEM_MODIFIERS, VALUE_MODIFIERS } from '../modifiers.ts';
import { addAround, mapFields, mapPrefixes } from './change-fields.ts';
import { DROP_ITEM, failOnItem, hashFields, valuePlaceholders, wildcardPlaceholders } from './change-items.ts';
import {
  type AddedItem,
  addCondition,
  changeLogSource,
  FAIL_ON_UNMAPPED,
  failOnRule,
  setAttribute,
  setState,
} from './change-rule.ts';
import { changeCase, convertType, mapString, replaceString, setValue, toRegex } from './change-values.ts';
import type { Parameters } from './parameters.ts';
import type { Transformation } from './pipeline.ts';
import { readReplacement } from './python-regex.ts';

const NOTHING: Transformation = { on: 'nothing' };

/** `nest` stands in read-pipeline.ts, since it holds steps. */
export const TRANSFORMATIONS: ReadonlyMap<string, (parameters: Parameters) => Transformation> = new Map([
  ['field_name_mapping', fieldMapping],
  ['field_name_prefix_mapping', (parameters: Parameters) => mapPrefixes(parameters.mapping('mapping'))],
  ['field_name_prefix', (parameters: Parameters) => addAround(parameters.text('prefix'), '')],
  ['field_name_suffix', (parameters: Parameters) => addAround('', parameters.text('suffix'))],
  ['drop_detection_item', () => DROP_ITEM],
  ['hashes_fields', hashes],
  ['value_placeholders', (parameters: Parameters) => valuePlaceholders(which(parameters))],
  ['wildcard_placeholders', (parameters: Parameters) => wildcardPlaceholders(which(parameters))],
  ['add_condition', condition],
  ['change_logsource', logSource],
  ['add_field', (parameters: Parameters) => listed(parameters, 'field')],
  ['remove_field', (parameters: Parameters) => listed(parameters, 'field')],
  ['set_field', (parameters: Parameters) => listed(parameters, 'fields')],
  ['replace_string', replace],
  ['map_string', (parameters: Parameters) => mapString(parameters.mapping('mapping'))],
  ['set_state', (parameters: Parameters) => setState(parameters.text('key'), anything(parameters, 'val'))],
  ['regex', regex],
  ['set_value', value],
  ['convert_type', (parameters: Parameters) => convertType(parameters.choice('target_type', ['str', 'num']))],
  ['case', (parameters: Parameters) => changeCase(parameters.choice('method', CASES, 'lower'))],
  ['rule_failure', (parameters: Parameters) => failOnRule(parameters.text('message'))],
  ['detection_item_failure', (parameters: Parameters) => failOnItem(parameters.text('message'))],
  ['strict_field_mapping_failure', () => FAIL_ON_UNMAPPED],
  [
    'set_custom_attribute',
    (parameters: Parameters) => setAttribute(parameters.text('attribute'), anything(parameters, 'value')),
  ],
]);

const CASES = ['lower', 'upper', 'snake_case'] as const;
const OUTSIDE = 'A rule means the same wherever it is loaded, so values come from the pipeline’s vars alone.';

/** Name → why not, as the end of a message, and what to do instead. */
export const REFUSED: ReadonlyMap<string, readonly [string, string]> = new Map([
  [
    'query_expression_placeholders',
    ['it puts text of another query language into the rule', 'Use value_placeholders.'],
  ],
  ['file_placeholders', ['it reads values from a file', OUTSIDE]],
  ['http_placeholders', ['it asks a server for values', OUTSIDE]],
  ['command_placeholders', ['it runs a command', OUTSIDE]],
  ['field_name_transform', ['it takes a Python function', 'Use field_name_mapping or field_name_prefix_mapping.']],
  ['extract_fields', ['it takes texts apart into fields of another query language', 'Use hashes_fields for hashes.']],
]);

function fieldMapping(parameters: Parameters): Transformation {
  const node = parameters.take('mapping')?.value;
  // YAML's null key stands for keywords.
  const mapping = new Map<string | undefined, readonly string[]>(parameters.mapping('mapping'));
  const keywords = node?.kind === 'map' ? node.entries.find(({ key, keySpan }) => isNullKey(key, keySpan)) : undefined;
  if (keywords !== undefined) {
    mapping.set(undefined, mapping.get(keywords.key) ?? []);
    mapping.delete(keywords.key);
  }
  for (const [field, names] of mapping) {
    if (names.length === 0 && node !== undefined) {
      parameters.wrong('pipeline-value', `${field ?? 'null'} is mapped to no field.`, node.span);
    }
  }
  return mapFields(mapping);
}

/** A plain `null` or `~`, not the text in quotes, which is two characters longer. */
function isNullKey(key: string, span: { readonly start: number; readonly end: number }): boolean {
  return (key === 'null' || key === '~' || key === '') && span.end - span.start === key.length;
}

function hashes(parameters: Parameters): Transformation {
  return hashFields({
    algorithms: parameters.texts('valid_hash_algos').map((name) => name.toUpperCase()),
    prefix: parameters.optionalText('field_prefix') ?? '',
    dropsAlgorithm: parameters.flag('drop_algo_prefix'),
  });
}

function which(parameters: Parameters): { include?: readonly string[]; exclude?: readonly string[] } {
  const include = parameters.optionalTexts('include');
  const exclude = parameters.optionalTexts('exclude');
  if (include !== undefined && exclude !== undefined) {
    parameters.wrong('pipeline-value', 'Only one of include and exclude can be given.', parameters.map.span);
  }
  return { ...(include === undefined ? {} : { include }), ...(exclude === undefined ? {} : { exclude }) };
}

function condition(parameters: Parameters): Transformation {
  const node = parameters.node('conditions');
  const items: AddedItem[] = [];
  if (node !== undefined && (node.kind !== 'map' || node.entries.length === 0)) {
    parameters.mismatch('conditions', 'a map of fields and values', node.span);
  }
  for (const { key, keySpan, value } of node?.kind === 'map' ? node.entries : []) {
    const [field = '', ...modifiers] = key.split('|');
    const unknown = modifiers.find(
      (name) => !VALUE_MODIFIERS.has(name) && !(ITEM_MODIFIERS as readonly string[]).includes(name),
    );
    if (field === '') parameters.wrong('pipeline-value', 'A condition needs a field.', keySpan);
    if (unknown !== undefined) {
      parameters.wrong('pipeline-value', `Sigma has no modifier “${unknown.slice(0, 40)}”.`, keySpan);
    }
    const values = value.kind === 'list' ? value.items : [value];
    const scalars = values.filter((one): one is Extract<YamlNode, { kind: 'scalar' }> => one.kind === 'scalar');
    if (scalars.length < values.length || values.length === 0) {
      parameters.mismatch(key, 'a value or a list of values', value.span);
    }
    items.push({ field, modifiers, values: scalars.map((one) => one.value), isList: value.kind === 'list' });
  }
  return addCondition({
    name: parameters.optionalText('name') ?? '_pipeline',
    items,
    template: parameters.flag('template'),
    negated: parameters.flag('negated'),
  });
}

function logSource(parameters: Parameters): Transformation {
  const parts = (['category', 'product', 'service'] as const).map(
    (part) => [part, parameters.optionalText(part)?.trim().toLowerCase()] as const,
  );
  const given = parts.filter(([, text]) => text !== undefined && text !== '');
  if (given.length === 0) {
    parameters.wrong(
      'pipeline-key-missing',
      'change_logsource needs category, product or service.',
      parameters.map.span,
    );
  }
  return changeLogSource(Object.fromEntries(given));
}

function listed(parameters: Parameters, key: string): Transformation {
  parameters.texts(key);
  const message = `${parameters.owner} changes which fields a query shows, which no match depends on: it is left out.`;
  parameters.tell('pipeline-no-effect', message, parameters.map.span);
  return NOTHING;
}

function replace(parameters: Parameters): Transformation {
  const regex = parameters.regex('regex');
  const text = parameters.text('replacement');
  const skipsSpecial = parameters.flag('skip_special');
  const interpretsSpecial = parameters.flag('interpret_special');
  if (regex === undefined) return NOTHING;
  const replacement = readReplacement(text, regex);
  if ('fault' in replacement) {
    const span = parameters.take('replacement')?.value.span ?? parameters.map.span;
    parameters.wrong('pipeline-regex', replacement.fault, span);
    return NOTHING;
  }
  return replaceString({ regex, replacement, skipsSpecial, interpretsSpecial });
}

function regex(parameters: Parameters): Transformation {
  return toRegex(
    parameters.choice('method', ['plain', 'ignore_case_flag', 'ignore_case_brackets'], 'ignore_case_brackets'),
  );
}

function value(parameters: Parameters): Transformation {
  const value = parameters.scalar('value');
  const force = parameters.has('force_type') ? parameters.choice('force_type', ['str', 'num']) : undefined;
  if (force === undefined) return setValue(value);
  const span = parameters.take('value')?.value.span ?? parameters.map.span;
  if (value === null || typeof value === 'boolean') {
    parameters.wrong('pipeline-value', 'force_type goes with texts and numbers only.', span);
    return NOTHING;
  }
  if (force === 'str') return setValue(String(value));
  const number = Number(value);
  if (String(value).trim() === '' || !Number.isFinite(number)) parameters.mismatch('value', 'a number', span);
  return setValue(number);
}

function anything(parameters: Parameters, key: string): unknown {
  const node = parameters.node(key);
  return node === undefined ? null : plainYaml(node);
}
