/**
 * Sigma filters: what people add to rules of others, for all rules of a log source or for named ones.
 *
 *   YAML ──parse──▶ filter ──checked by itself──▶ applies to a rule? ──▶ the rule's tree with the filter's in it
 *
 * A filter means: rule and filter condition. So it leaves out by a negation (`condition: not selection`), which is how
 * every implementation has it; the specification's own example, without `not`, would leave nothing but what it means to
 * leave out, so such a condition is warned about.
 *
 * The filter's search identifiers get names of their own in the rule, and its patterns are written out, so that neither
 * side's `1 of selection*` reaches the other's. Its nodes stand, for messages and explanations, where the rule's condition
 * stands.
 */
import { type Diagnostic, diagnose, hasErrors } from '../../diagnostic/diagnostic.ts';
import type { Span } from '../../diagnostic/span.ts';
import { entryOf, type YamlMap } from '../yaml.ts';
import type { Condition, Named, NamedSearch, Search, SigmaDetection, SigmaLogSource } from './ast.ts';
import { lowerSigma } from './lower-sigma.ts';
import { parseDetection } from './parse-rule.ts';
import { searchNamesLike } from './search-names.ts';

export interface SigmaFilter {
  readonly title: string;
  readonly id?: string;
  /** Of the filter by itself; its log source says which rules it may change. */
  readonly detection: SigmaDetection;
  /** Ids or names; `any` for every rule of the log source. */
  readonly rules: 'any' | readonly Named[];
  readonly span: Span;
}

export interface ReadFilter {
  /** Absent exactly when `diagnostics` holds an error. */
  readonly filter?: SigmaFilter;
  readonly diagnostics: readonly Diagnostic[];
}

/** What of a rule a filter asks for. */
export interface FilteredRule {
  readonly logSource: Omit<SigmaLogSource, 'span'>;
  readonly id?: string | undefined;
  readonly name?: string | undefined;
}

export function isFilter(root: YamlMap): boolean {
  return entryOf(root, 'filter') !== undefined && entryOf(root, 'detection') === undefined;
}

/** @param text the whole text that the tree's spans point into */
export function readFilter(root: YamlMap, text: string): ReadFilter {
  const entry = entryOf(root, 'filter');
  const hint = 'For example: filter: {rules: any, selection: {User: backup}, condition: not selection}';
  if (entry?.value.kind !== 'map') {
    const span = entry?.value.span ?? root.span;
    return { diagnostics: [diagnose('sigma-filter', 'error', 'filter must be a map.', span, hint)] };
  }
  const map = entry.value;
  const rules = rulesOf(map);
  const title = scalarOf(root, 'title');
  const diagnostics: Diagnostic[] = [];
  const action = entryOf(root, 'action');
  if (action !== undefined) {
    const message = 'A filter stands by itself: no action adds to it.';
    diagnostics.push(diagnose('sigma-action', 'error', message, action.keySpan, 'Leave the action out.'));
  }
  if (rules === undefined) {
    const at = entryOf(map, 'rules')?.value.span ?? entry.keySpan;
    const message = 'rules of the filter must be any, or a list of ids and names of rules.';
    diagnostics.push(diagnose('sigma-filter', 'error', message, at, hint));
  }
  if (title === undefined)
    diagnostics.push(diagnose('sigma-filter', 'error', 'The filter has no title.', entry.keySpan));
  const detection = {
    ...entry,
    key: 'detection',
    value: { ...map, entries: map.entries.filter(({ key }) => key !== 'rules') },
  };
  const source = entryOf(root, 'logsource');
  const parsed = parseDetection({ ...root, entries: source === undefined ? [detection] : [source, detection] }, text);
  diagnostics.push(...parsed.diagnostics);
  if (parsed.detection === undefined || rules === undefined || title === undefined) return { diagnostics };
  // Placeholders may have values where the filter is applied.
  const lowered = lowerSigma(parsed.detection, new Map()).diagnostics;
  diagnostics.push(
    ...lowered.filter(({ code }) => code !== 'sigma-placeholder' && code !== 'sigma-log-source-unserved'),
  );
  if (hasErrors(diagnostics)) return { diagnostics };
  const condition = entryOf(map, 'condition')?.value.span ?? map.span;
  if (!parsed.detection.conditions.every(isNegation)) diagnostics.push(keeps(text, condition));
  const id = scalarOf(root, 'id');
  const filter = { title, detection: parsed.detection, rules, span: entry.keySpan };
  return { filter: id === undefined ? filter : { ...filter, id }, diagnostics };
}

/** The rule with the filters in it, in their order. */
export function withFilters(detection: SigmaDetection, filters: readonly SigmaFilter[]): SigmaDetection {
  if (filters.length === 0) return detection;
  const span = detection.conditions[0]?.span ?? detection.span;
  const searches = new Map(detection.searches);
  const own = [...detection.searches.keys()];
  const all: Condition[] = [{ kind: 'or', children: detection.conditions.map((one) => spelled(one, own)), span }];
  for (const [number, { detection: added }] of filters.entries()) {
    const names = [...added.searches.keys()];
    const renamed = (name: string): string => `_filter${number + 1}_${name}`;
    for (const { name, search } of added.searches.values()) {
      searches.set(renamed(name), placedSearch({ name: renamed(name), nameSpan: span, search }, span));
    }
    all.push({ kind: 'or', children: added.conditions.map((one) => placed(one, names, renamed, span)), span });
  }
  return { ...detection, searches, conditions: [{ kind: 'and', children: all, span }] };
}

function rulesOf(map: YamlMap): SigmaFilter['rules'] | undefined {
  const value = entryOf(map, 'rules')?.value;
  if (value?.kind === 'scalar' && value.value === 'any') return 'any';
  const nodes = value?.kind === 'list' ? value.items : value === undefined ? [] : [value];
  const names = nodes.flatMap((node) =>
    node.kind === 'scalar' && typeof node.value === 'string' ? [{ name: node.value, span: node.span }] : [],
  );
  if (names.length === 0 || names.length < nodes.length) return undefined;
  return names.some(({ name }) => name === 'any') ? 'any' : names;
}

function scalarOf(map: YamlMap, key: string): string | undefined {
  const value = entryOf(map, key)?.value;
  return value?.kind === 'scalar' && typeof value.value === 'string' && value.value !== '' ? value.value : undefined;
}

// --- What a condition leaves ------------------------------------------------------------------------------------------

function isNegation(condition: Condition): boolean {
  if (condition.kind === 'not') return true;
  return (condition.kind === 'and' || condition.kind === 'or') && condition.children.every(isNegation);
}

function keeps(text: string, condition: Span): Diagnostic {
  const words = text.slice(condition.start, condition.end).replaceAll(/\s+/g, ' ');
  const message = `The rules would match only events that meet “${short(words)}”: nothing else would remain of their matches.`;
  const hint = `To leave those events out, write: condition: not ${/[\s[\]]/.test(words) ? '(…)' : words}`;
  return diagnose('sigma-filter-keeps', 'warning', message, condition, hint);
}

// --- Names and places -------------------------------------------------------------------------------------------------

/** Of the rule: a pattern that begins with an underscore would reach the names given to the filter's. */
function spelled(node: Condition, names: readonly string[]): Condition {
  switch (node.kind) {
    case 'identifier':
      return node;
    case 'some':
      return node.pattern.startsWith('_') ? written(node, names, (name) => name) : node;
    case 'not':
      return { ...node, child: spelled(node.child, names) };
    case 'and':
    case 'or':
      return { ...node, children: node.children.map((child) => spelled(child, names)) };
  }
}

function placed(node: Condition, names: readonly string[], renamed: (name: string) => string, span: Span): Condition {
  switch (node.kind) {
    case 'identifier':
      return { ...node, name: renamed(node.name), span };
    case 'some':
      return written({ ...node, span }, names, renamed);
    case 'not':
      return { ...node, child: placed(node.child, names, renamed, span), span };
    case 'and':
    case 'or':
      return { ...node, children: node.children.map((child) => placed(child, names, renamed, span)), span };
  }
}

function written(
  node: Extract<Condition, { kind: 'some' }>,
  names: readonly string[],
  renamed: (name: string) => string,
): Condition {
  const { span } = node;
  const children = searchNamesLike(node.pattern, names).map(
    (name): Condition => ({ kind: 'identifier', name: renamed(name), span }),
  );
  if (children.length === 0) return node;
  return { kind: node.quantifier === 'all' ? 'and' : 'or', children, span };
}

function placedSearch({ search, ...named }: NamedSearch, span: Span): NamedSearch {
  const inside = (node: Search): Search => {
    if (node.kind !== 'item') return { ...node, children: node.children.map(inside), span };
    const modifiers = node.modifiers.map(({ name }) => ({ name, span }));
    return { ...node, modifiers, values: node.values.map((value) => ({ ...value, span })), span };
  };
  return { ...named, search: inside(search) };
}

function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
