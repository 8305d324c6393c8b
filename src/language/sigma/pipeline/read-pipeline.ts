/**
 * Pipeline files: YAML to steps, with every mistake where it stands.
 *
 *   text ──YAML──▶ name, priority, vars, transformations ──types, conditions──▶ steps
 *
 * A file with a mistake gives no pipeline. Text that only shapes queries (postprocessing, finalizers) is noted and left
 * out: a rule is run here, and no query is written.
 */
import { type Diagnostic, diagnose, hasErrors } from '../../../diagnostic/diagnostic.ts';
import { nearestName } from '../../../diagnostic/nearest.ts';
import { positionAt, type Span } from '../../../diagnostic/span.ts';
import { entryOf, parseYaml, type YamlMap, type YamlNode } from '../../yaml.ts';
import { applyStep } from './apply-pipeline.ts';
import { namesIn, parseConditionExpression } from './condition-expression.ts';
import { FIELD_CONDITIONS, ITEM_CONDITIONS, RULE_CONDITIONS } from './conditions.ts';
import { Parameters, textOf, textsOf } from './parameters.ts';
import type { Guard, Link, Pipeline, Step, Transformation } from './pipeline.ts';
import { REFUSED, TRANSFORMATIONS } from './transformations.ts';

export interface ReadPipeline {
  /** Absent exactly when `diagnostics` holds an error. */
  readonly pipeline?: Pipeline & { readonly priority: number };
  readonly diagnostics: readonly Diagnostic[];
}

/** @param file as labels of steps name it */
export function readPipeline(text: string, file: string): ReadPipeline {
  const [document, second] = parseYaml(text);
  if (document?.root === undefined) return { diagnostics: document?.diagnostics ?? [] };
  const wrong = (message: string, span: Span): ReadPipeline => {
    const hint = 'A pipeline is a YAML map with transformations, a list of steps that have a type.';
    return { diagnostics: [diagnose('pipeline-value', 'error', message, span, hint)] };
  };
  if (second !== undefined) return wrong('A file holds one pipeline; this is several documents.', second.span);
  if (document.root.kind !== 'map') return wrong('This is no pipeline.', document.root.span);
  if (entryOf(document.root, 'detection') !== undefined)
    return wrong('This is a rule, no pipeline.', document.root.span);
  return new PipelineReader(text, file).read(document.root);
}

/** Several pipelines as one: steps by priority, in the given order where it is the same; later values of vars win. */
export function joinPipelines(pipelines: readonly (Pipeline & { readonly priority: number })[]): Pipeline {
  const sorted = [...pipelines].sort((a, b) => a.priority - b.priority);
  return {
    steps: sorted.flatMap(({ steps }) => steps),
    vars: new Map(sorted.flatMap(({ vars }) => [...vars])),
  };
}

/** pySigma has the first two; files in use write the others and mean them. */
const OPERATORS = ['and', 'or', 'all', 'any'] as const;

/** Steps of one file, those inside others counted. */
const MOST_STEPS = 5_000;

class PipelineReader {
  private readonly text: string;
  private readonly file: string;
  private readonly diagnostics: Diagnostic[] = [];
  private count = 0;

  constructor(text: string, file: string) {
    this.text = text;
    this.file = file;
  }

  read(root: YamlMap): ReadPipeline {
    const keys = new Parameters(root, 'A pipeline', this.diagnostics);
    keys.optionalText('name');
    keys.take('allowed_backends');
    const priority = this.priority(keys);
    const vars = this.vars(keys);
    const steps = this.steps(keys.take('transformations')?.value, 'transformations');
    for (const key of ['postprocessing', 'finalizers']) {
      const entry = keys.take(key);
      if (entry === undefined) continue;
      const message = `${key} changes the text of queries, and here none is written: it is left out.`;
      keys.tell('pipeline-no-effect', message, entry.keySpan);
    }
    keys.finish();
    const { diagnostics } = this;
    return hasErrors(diagnostics) ? { diagnostics } : { pipeline: { priority, vars, steps }, diagnostics };
  }

  private priority(keys: Parameters): number {
    const value = keys.take('priority')?.value;
    if (value === undefined) return 0;
    if (value.kind === 'scalar' && typeof value.value === 'number') return value.value;
    keys.mismatch('priority', 'a number', value.span);
    return 0;
  }

  private vars(keys: Parameters): Pipeline['vars'] {
    const value = keys.take('vars')?.value;
    if (value === undefined || (value.kind === 'scalar' && value.value === null)) return new Map();
    if (value.kind !== 'map') {
      keys.mismatch('vars', 'a map', value.span);
      return new Map();
    }
    // Nested maps are for templates of queries; placeholders have texts.
    const texts = value.entries.map(({ key, value }) => [key, textsOf(value)] as const);
    return new Map(texts.filter((entry): entry is readonly [string, readonly string[]] => entry[1] !== undefined));
  }

  private steps(node: YamlNode | undefined, key: string): readonly Step[] {
    if (node === undefined || (node.kind === 'scalar' && node.value === null)) return [];
    if (node.kind !== 'list') {
      this.wrong('pipeline-value', `${key} must be a list.`, node.span);
      return [];
    }
    return node.items.map((item) => this.step(item)).filter((step) => step !== undefined);
  }

  private step(node: YamlNode): Step | undefined {
    this.count += 1;
    if (this.count === MOST_STEPS + 1) {
      this.wrong('pipeline-too-large', `A pipeline has at most ${MOST_STEPS} steps.`, node.span);
    }
    if (this.count > MOST_STEPS) return undefined;
    if (node.kind !== 'map') return this.wrong('pipeline-value', 'A step must be a map with a type.', node.span);
    const type = textOf(entryOf(node, 'type')?.value ?? node);
    if (type === undefined) return this.wrong('pipeline-key-missing', 'The step has no type.', node.span);
    const keys = new Parameters(node, type.slice(0, 60), this.diagnostics);
    keys.take('type');
    const label = `${this.file}:${positionAt(this.text, node.span.start).line} ${type.slice(0, 60)}`;
    const id = keys.optionalText('id');
    const rule = this.guard(keys, 'rule', RULE_CONDITIONS);
    const item = this.guard(keys, 'detection_item', ITEM_CONDITIONS);
    const field = this.guard(keys, 'field_name', FIELD_CONDITIONS);
    const change = this.change(type, keys, entryOf(node, 'type')?.value.span ?? node.span);
    if (change === undefined) return undefined;
    keys.finish();
    return { id: id === undefined || id === '' ? label : id, label, rule, item, field, change };
  }

  private change(type: string, keys: Parameters, span: Span): Transformation | undefined {
    if (type === 'nest') {
      const steps = this.steps(keys.node('items'), 'items');
      return {
        on: 'rule',
        apply(run) {
          for (const step of steps) applyStep(step, run);
        },
      };
    }
    const read = TRANSFORMATIONS.get(type);
    if (read !== undefined) return read(keys);
    const [reason, hint] = REFUSED.get(type) ?? [];
    if (reason !== undefined) {
      return this.wrong('pipeline-type-refused', `${type} is not followed: ${reason}.`, span, hint);
    }
    const nearest = nearestName(type, [...TRANSFORMATIONS.keys(), 'nest']);
    const message = `There is no transformation called ${type.slice(0, 60)}.`;
    return this.wrong(
      'pipeline-type-unknown',
      message,
      span,
      nearest === undefined ? 'docs/pipelines.md lists them.' : `Did you mean ${nearest}?`,
    );
  }

  private guard<C>(keys: Parameters, prefix: string, readers: ReadonlyMap<string, (keys: Parameters) => C>): Guard<C> {
    const conditions = new Map<string, C>();
    const name = `${prefix}_conditions`;
    const entry = keys.take(name);
    const value = entry?.value;
    const definitions: readonly (readonly [string, YamlNode])[] =
      value?.kind === 'map'
        ? value.entries.map(({ key, value }) => [key, value])
        : value?.kind === 'list'
          ? value.items.map((item, index) => [String(index + 1), item])
          : [];
    if (value?.kind === 'scalar') keys.mismatch(name, 'a list or a map of conditions', value.span);
    for (const [key, node] of definitions) {
      const condition = this.condition(node, readers);
      if (condition !== undefined) conditions.set(key, condition);
    }
    const negated = keys.flag(`${prefix}_cond_not`);
    const operator = keys.has(`${prefix}_cond_op`) ? keys.choice(`${prefix}_cond_op`, OPERATORS) : undefined;
    const expression = this.expression(keys, prefix, value);
    const link = expression ?? (operator === 'or' || operator === 'any' ? 'any' : 'all');
    if (expression !== undefined && operator !== undefined) {
      const message = `Only one of ${prefix}_cond_op and ${prefix}_cond_expr can be given.`;
      this.wrong('pipeline-condition', message, keys.map.span);
    }
    return { conditions, link, negated };
  }

  private expression(keys: Parameters, prefix: string, conditions: YamlNode | undefined): Link | undefined {
    const key = `${prefix}_cond_expr`;
    const text = keys.optionalText(key);
    if (text === undefined) return undefined;
    const span = keys.take(key)?.value.span ?? keys.map.span;
    const tree = parseConditionExpression(text);
    if ('fault' in tree) return this.wrong('pipeline-condition', tree.fault, span);
    if (conditions?.kind !== 'map') {
      const hint = `Write ${prefix}_conditions as a map from names to conditions.`;
      return this.wrong('pipeline-condition', `${key} links conditions by name, and they have none.`, span, hint);
    }
    const known = conditions.entries.map(({ key }) => key);
    const named = namesIn(tree);
    const unknown = named.find((name) => !known.includes(name));
    const unused = known.find((name) => !named.includes(name));
    if (unknown !== undefined) {
      return this.wrong('pipeline-condition', `No condition is called ${unknown.slice(0, 60)}.`, span);
    }
    if (unused !== undefined) {
      return this.wrong('pipeline-condition', `${key} does not name the condition ${unused.slice(0, 60)}.`, span);
    }
    return tree;
  }

  private condition<C>(node: YamlNode, readers: ReadonlyMap<string, (keys: Parameters) => C>): C | undefined {
    if (node.kind !== 'map')
      return this.wrong('pipeline-condition', 'A condition must be a map with a type.', node.span);
    const type = textOf(entryOf(node, 'type')?.value ?? node);
    if (type === undefined) return this.wrong('pipeline-key-missing', 'The condition has no type.', node.span);
    const read = readers.get(type);
    const span = entryOf(node, 'type')?.value.span ?? node.span;
    if (read === undefined) {
      const nearest = nearestName(type, [...readers.keys()]);
      const known = [...readers.keys()].join(', ');
      const hint = nearest === undefined ? `There are ${known}.` : `Did you mean ${nearest}?`;
      return this.wrong('pipeline-condition', `There is no condition called ${type.slice(0, 60)} here.`, span, hint);
    }
    const keys = new Parameters(node, type, this.diagnostics);
    keys.take('type');
    const condition = read(keys);
    keys.finish();
    return condition;
  }

  private wrong(code: Diagnostic['code'], message: string, span: Span, hint?: string): undefined {
    this.diagnostics.push(diagnose(code, 'error', message, span, hint));
    return undefined;
  }
}
