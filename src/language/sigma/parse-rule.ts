/**
 * The log source and the detection of a Sigma rule: from YAML to the syntax tree.
 *
 *   YAML tree ──logsource──▶ category, product, service
 *             └─detection──▶ search identifiers (maps: all, lists: any, scalars: keywords) and conditions
 *
 * Other keys of the rule are left alone: `query` of a rule document is the part of the text that this reads.
 */
import { type Diagnostic, diagnose } from '../../diagnostic/diagnostic.ts';
import { NO_SPAN, type Span, spanOf } from '../../diagnostic/span.ts';
import { entryOf, type YamlEntry, type YamlMap, type YamlNode, type YamlScalar } from '../yaml.ts';
import type { Condition, Named, NamedSearch, Search, SearchItem, SigmaDetection, SigmaLogSource } from './ast.ts';
import { parseCondition } from './parse-condition.ts';

export interface ParsedDetection {
  /** Absent exactly when `diagnostics` holds an error. */
  readonly detection?: SigmaDetection;
  readonly diagnostics: readonly Diagnostic[];
}

/** Why a document that is Sigma's but no detection rule is refused; `undefined` for a detection rule. */
export function refuseOtherKind(root: YamlMap): Diagnostic | undefined {
  const correlation = entryOf(root, 'correlation');
  if (correlation !== undefined) {
    const message = 'This is a correlation rule, which stands in a file with the rules that it names.';
    return diagnose(
      'sigma-correlation',
      'error',
      message,
      correlation.keySpan,
      'Here a rule over one event is wanted.',
    );
  }
  const filter = entryOf(root, 'filter');
  if (filter !== undefined && entryOf(root, 'detection') === undefined) {
    const message = 'This is a Sigma filter, which stands in a file beside the rules that it changes.';
    return diagnose('sigma-filter', 'error', message, filter.keySpan, 'Here a rule over one event is wanted.');
  }
  return undefined;
}

/** @param text the whole text that the tree's spans point into */
export function parseDetection(root: YamlMap, text: string): ParsedDetection {
  return new DetectionParser(text).parse(root);
}

class DetectionParser {
  private readonly text: string;
  private readonly diagnostics: Diagnostic[] = [];

  constructor(text: string) {
    this.text = text;
  }

  parse(root: YamlMap): ParsedDetection {
    const logSource = this.logSource(entryOf(root, 'logsource'));
    const detection = this.detection(entryOf(root, 'detection'));
    if (logSource === undefined || detection === undefined || this.diagnostics.length > 0) {
      return { diagnostics: this.diagnostics };
    }
    return { detection: { logSource, ...detection }, diagnostics: [] };
  }

  // --- Log source -----------------------------------------------------------------------------------------------------

  private logSource(entry: YamlEntry | undefined): SigmaLogSource | undefined {
    const hint = 'For example: logsource: {product: linux, category: process_creation}';
    if (entry === undefined) return this.wrong('sigma-log-source', 'The rule has no logsource.', NO_SPAN, hint);
    if (entry.value.kind !== 'map') {
      return this.wrong('sigma-log-source', 'logsource must be a map.', entry.value.span, hint);
    }
    const map = entry.value;
    const category = this.sourcePart(map, 'category');
    const product = this.sourcePart(map, 'product');
    const service = this.sourcePart(map, 'service');
    if (category === undefined && product === undefined && service === undefined) {
      return this.wrong('sigma-log-source', 'logsource gives no category, product or service.', entry.keySpan, hint);
    }
    return {
      ...(category === undefined ? {} : { category }),
      ...(product === undefined ? {} : { product }),
      ...(service === undefined ? {} : { service }),
      span: map.span,
    };
  }

  private sourcePart(map: YamlMap, name: string): string | undefined {
    const value = entryOf(map, name)?.value;
    if (value === undefined || (value.kind === 'scalar' && value.value === null)) return undefined;
    if (value.kind === 'scalar' && value.value !== '') return String(value.value).trim().toLowerCase();
    return this.wrong('sigma-log-source', `${name} of the logsource must be one text.`, value.span);
  }

  // --- Search identifiers ---------------------------------------------------------------------------------------------

  private detection(entry: YamlEntry | undefined): Omit<SigmaDetection, 'logSource'> | undefined {
    const hint = 'A detection has search identifiers and a condition that links them.';
    if (entry === undefined) return this.wrong('sigma-detection', 'The rule has no detection.', NO_SPAN, hint);
    const map = entry.value;
    if (map.kind !== 'map') return this.wrong('sigma-detection', 'detection must be a map.', map.span, hint);
    const searches = new Map<string, NamedSearch>();
    for (const { key, keySpan, value } of map.entries) {
      if (key === 'condition') continue;
      if (key === 'timeframe') {
        const message = 'timeframe belongs to aggregations of an older Sigma, which are not run.';
        this.wrong('sigma-aggregation', message, keySpan, 'Make it a correlation rule with a timespan.');
        continue;
      }
      const search = this.search(value, keySpan);
      if (search !== undefined) searches.set(key, { name: key, nameSpan: keySpan, search });
    }
    const condition = entryOf(map, 'condition');
    if (condition === undefined) {
      return this.wrong(
        'sigma-detection',
        'The detection has no condition.',
        entry.keySpan,
        'For example: condition: selection',
      );
    }
    return { searches, conditions: this.conditions(condition.value), span: map.span };
  }

  private search(node: YamlNode, nameSpan: Span): Search | undefined {
    switch (node.kind) {
      case 'map': {
        if (node.entries.length === 0) return this.empty(nameSpan);
        const children = node.entries.map((entry) => this.fieldItem(entry)).filter((item) => item !== undefined);
        return { kind: 'all', children, span: spanOf(node.span.start, node.span.end) };
      }
      case 'list': {
        if (node.items.length === 0) return this.empty(nameSpan);
        const keywords = node.items.filter((item) => item.kind === 'scalar');
        const rest = node.items.filter((item) => item.kind !== 'scalar');
        const children = rest.map((item) => (item.kind === 'list' ? this.nested(item) : this.search(item, nameSpan)));
        if (keywords.length > 0) children.unshift(keywordItem(keywords, true, node.span));
        return { kind: 'any', children: children.filter((child) => child !== undefined), span: node.span };
      }
      case 'scalar':
        if (node.value === null) return this.empty(nameSpan);
        return keywordItem([node], false, node.span);
    }
  }

  private fieldItem({ key, keySpan, value }: YamlEntry): SearchItem | undefined {
    const [field, ...modifiers] = this.keyParts(key, keySpan);
    const isList = value.kind === 'list';
    const nodes = value.kind === 'list' ? value.items : [value];
    if (nodes.length === 0) return this.wrong('sigma-value', 'The list of values is empty.', keySpan);
    const values: YamlScalar[] = [];
    for (const node of nodes) {
      if (node.kind === 'scalar') values.push(node);
      else if (node.kind === 'list') this.nested(node);
      else {
        const hint = 'Fields of nested objects are written with dots: parent.child: value';
        this.wrong('sigma-value', 'A value must be a text, a number, true, false or null, not a map.', node.span, hint);
      }
    }
    return {
      kind: 'item',
      ...(field.name === '' ? {} : { field: field.name }),
      modifiers,
      values,
      isList,
      span: spanOf(keySpan.start, Math.max(keySpan.end, value.span.end)),
    };
  }

  /** The field and its modifiers, each with its place where the key stands in the text as it is. */
  private keyParts(key: string, keySpan: Span): readonly [Named, ...Named[]] {
    const written = this.text.slice(keySpan.start, keySpan.end);
    const shift = written.indexOf(key);
    let at = 0;
    const parts = key.split('|').map((name): Named => {
      const start = keySpan.start + shift + at;
      at += name.length + 1;
      return { name, span: shift === -1 ? keySpan : spanOf(start, start + name.length) };
    });
    return parts as [Named, ...Named[]];
  }

  // --- Conditions -----------------------------------------------------------------------------------------------------

  private conditions(node: YamlNode): readonly Condition[] {
    const nodes = node.kind === 'list' ? node.items : [node];
    if (nodes.length === 0) this.wrong('sigma-condition', 'The list of conditions is empty.', node.span);
    const conditions: Condition[] = [];
    for (const item of nodes) {
      if (item.kind !== 'scalar' || typeof item.value !== 'string') {
        this.wrong('sigma-condition', 'A condition must be a text.', item.span, 'For example: condition: selection');
        continue;
      }
      const parsed = parseCondition(item.value, this.placeIn(item, item.value));
      if ('condition' in parsed) conditions.push(parsed.condition);
      else this.diagnostics.push(parsed.diagnostic);
    }
    return conditions;
  }

  /** Parts of a text that stands in the YAML as it is have places of their own, others that of the whole. */
  private placeIn({ span }: YamlScalar, value: string): (start: number, end: number) => Span {
    const shift = this.text.slice(span.start, span.end).indexOf(value);
    if (shift === -1 || value === '') return () => span;
    return (start, end) => spanOf(span.start + shift + start, span.start + shift + end);
  }

  // --- Mistakes -------------------------------------------------------------------------------------------------------

  private empty(span: Span): undefined {
    return this.wrong('sigma-detection', 'The search identifier is empty.', span, 'Give it fields, or keywords.');
  }

  private nested(node: YamlNode): undefined {
    return this.wrong('sigma-value', 'A list cannot stand inside a list.', node.span);
  }

  private wrong(code: Diagnostic['code'], message: string, span: Span, hint?: string): undefined {
    this.diagnostics.push(diagnose(code, 'error', message, span, hint));
    return undefined;
  }
}

function keywordItem(values: readonly YamlScalar[], isList: boolean, span: Span): SearchItem {
  return { kind: 'item', modifiers: [], values, isList, span };
}
