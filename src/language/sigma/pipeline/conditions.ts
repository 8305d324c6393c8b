/**
 * The conditions of steps: on the rule, on an item of its detection, on a field name. One entry a name of pySigma's.
 */
import { plainYaml } from '../../yaml.ts';
import { type ItemValue, plainPart, textValue, valuesOf } from './item-values.ts';
import type { Parameters } from './parameters.ts';
import type { FieldCondition, ItemCondition, RuleCondition } from './pipeline.ts';
import { ATTRIBUTE_OPERATORS, compareAttribute } from './rule-attribute.ts';
import type { Run, WorkItem } from './work.ts';

type Reader<C> = (parameters: Parameters) => C;

export const RULE_CONDITIONS: ReadonlyMap<string, Reader<RuleCondition>> = new Map<string, Reader<RuleCondition>>([
  ['logsource', logSource],
  ['contains_field', (parameters) => containsField(parameters.text('field'))],
  ['contains_detection_item', containsItem],
  ['processing_item_applied', (parameters) => ruleApplied(parameters.text('processing_item_id'))],
  ['processing_state', (parameters) => state(parameters)],
  ['is_sigma_rule', () => (run) => !run.isCorrelation],
  ['is_sigma_correlation_rule', () => (run) => run.isCorrelation],
  ['rule_attribute', attribute],
  ['tag', (parameters) => hasTag(parameters.text('tag'))],
]);

export const ITEM_CONDITIONS: ReadonlyMap<string, Reader<ItemCondition>> = new Map<string, Reader<ItemCondition>>([
  ['match_string', matchString],
  ['match_value', (parameters) => ofValues(parameters, sameAs(parameters.scalar('value')))],
  ['contains_wildcard', (parameters) => ofValues(parameters, hasWildcard)],
  ['is_null', (parameters) => ofValues(parameters, (value) => value.kind === 'plain' && value.value === null)],
  ['processing_item_applied', (parameters) => itemApplied(parameters.text('processing_item_id'))],
  ['processing_state', (parameters) => onState(parameters)],
]);

export const FIELD_CONDITIONS: ReadonlyMap<string, Reader<FieldCondition>> = new Map<string, Reader<FieldCondition>>([
  ['include_fields', (parameters) => includes(parameters)],
  ['exclude_fields', (parameters) => excludes(parameters)],
  ['processing_item_applied', (parameters) => fieldApplied(parameters.text('processing_item_id'))],
  ['processing_state', (parameters) => onFieldState(parameters)],
]);

// --- On the rule --------------------------------------------------------------------------------------------------------

/** What the condition leaves out is not asked for. */
function logSource(parameters: Parameters): RuleCondition {
  const wanted = (['category', 'product', 'service'] as const).map(
    (part) => [part, parameters.optionalText(part)?.toLowerCase()] as const,
  );
  if (wanted.every(([, text]) => text === undefined)) {
    parameters.wrong('pipeline-key-missing', 'logsource needs category, product or service.', parameters.map.span);
  }
  return ({ logSources }) =>
    logSources.some((source) => wanted.every(([part, text]) => text === undefined || source[part] === text));
}

function containsField(field: string): RuleCondition {
  return (run) => run.items().some(({ item }) => item.field === field);
}

function containsItem(parameters: Parameters): RuleCondition {
  const field = parameters.text('field');
  const isWanted = sameAs(parameters.scalar('value'));
  return (run) => run.items().some((item) => item.item.field === field && valuesOf(item).flat().some(isWanted));
}

function ruleApplied(id: string): RuleCondition {
  return ({ applied }) => applied.has(id);
}

function attribute(parameters: Parameters): RuleCondition {
  const name = parameters.text('attribute');
  const value = parameters.scalar('value');
  const operator = parameters.choice('op', ATTRIBUTE_OPERATORS, 'eq');
  return (run) => compareAttribute(run.rule[name] ?? run.attributes.get(name), name, operator, value);
}

function hasTag(tag: string): RuleCondition {
  const wanted = tag.toLowerCase();
  return ({ rule }) => Array.isArray(rule.tags) && rule.tags.some((one) => String(one).toLowerCase() === wanted);
}

// --- State --------------------------------------------------------------------------------------------------------------

function state(parameters: Parameters): (run: Run) => boolean {
  const key = parameters.text('key');
  const node = parameters.node('val');
  const value = node === undefined ? null : plainYaml(node);
  const operator = parameters.choice('op', ATTRIBUTE_OPERATORS, 'eq');
  return (run) => run.state.has(key) && compareAttribute(run.state.get(key), '', operator, value);
}

function onState(parameters: Parameters): ItemCondition {
  const holds = state(parameters);
  return (_, run) => holds(run);
}

function onFieldState(parameters: Parameters): FieldCondition {
  const holds = state(parameters);
  return (_, run) => holds(run);
}

// --- On an item ---------------------------------------------------------------------------------------------------------

function ofValues(parameters: Parameters, test: (value: ItemValue) => boolean): ItemCondition {
  const any = parameters.choice('cond', ['any', 'all']) === 'any';
  return (item) => {
    const values = valuesOf(item).flat();
    return any ? values.some(test) : values.every(test);
  };
}

function matchString(parameters: Parameters): ItemCondition {
  const pattern = parameters.regex('pattern');
  const negated = parameters.flag('negate');
  return ofValues(parameters, (value) => {
    const matches = value.kind === 'text' && pattern?.matchesStart(plainPart(value.text)) === true;
    return matches !== negated;
  });
}

function sameAs(wanted: string | number | boolean | null): (value: ItemValue) => boolean {
  if (typeof wanted !== 'string') return (value) => value.kind === 'plain' && value.value === wanted;
  const text = textValue(wanted, { start: 0, end: 0 });
  return (value) => value.kind === 'text' && text.kind === 'text' && value.text === text.text;
}

function hasWildcard(value: ItemValue): boolean {
  return value.kind === 'text' && /[*?]/.test(value.text);
}

function itemApplied(id: string): ItemCondition {
  return ({ applied }) => applied.has(id);
}

// --- On a field name ----------------------------------------------------------------------------------------------------

function includes(parameters: Parameters): FieldCondition {
  const fields = parameters.texts('fields');
  if (parameters.choice('mode', ['plain', 're'], 'plain') === 'plain') {
    const names = new Set(fields);
    return (field) => field !== undefined && names.has(field);
  }
  const span = parameters.take('fields')?.value.span ?? parameters.map.span;
  const patterns = fields.map((field) => parameters.regexOf(field, span)).filter((pattern) => pattern !== undefined);
  return (field) => field !== undefined && patterns.some(({ matchesStart }) => matchesStart(field));
}

function excludes(parameters: Parameters): FieldCondition {
  const included = includes(parameters);
  return (field, run, item?: WorkItem) => !included(field, run, item);
}

function fieldApplied(id: string): FieldCondition {
  return (field, run, item) =>
    item === undefined ? run.fieldsApplied.get(field ?? '')?.has(id) === true : item.applied.has(id);
}
