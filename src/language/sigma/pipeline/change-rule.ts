/**
 * Steps that change the rule as a whole: `change_logsource`, `add_condition`, `set_state`, `set_custom_attribute`,
 * `rule_failure`, `strict_field_mapping_failure`.
 */
import type { YamlScalar } from '../../yaml.ts';
import type { SearchItem, SigmaLogSource } from '../ast.ts';
import { PipelineFault, type Transformation } from './pipeline.ts';
import { markApplied, type Run, workNode } from './work.ts';

export function changeLogSource(source: Omit<SigmaLogSource, 'span'>): Transformation {
  return {
    on: 'rule',
    apply(run) {
      run.logSource = { ...source, span: run.logSource.span };
    },
  };
}

export interface AddedCondition {
  readonly name: string;
  /** `field|modifier` → values. */
  readonly items: readonly AddedItem[];
  /** `$product`, `${category}` and `$service` in the values are those of the rule's log source. */
  readonly template: boolean;
  readonly negated: boolean;
}

export interface AddedItem {
  readonly field: string;
  readonly modifiers: readonly string[];
  readonly values: readonly YamlScalar['value'][];
  readonly isList: boolean;
}

export function addCondition({ name: wanted, items, template, negated }: AddedCondition): Transformation {
  return {
    on: 'rule',
    apply(run, step) {
      const name = freeName(wanted, run);
      const children = items.map(({ field, modifiers, values, isList }): SearchItem => {
        const filled = template
          ? values.map((value) => (typeof value === 'string' ? fill(value, run) : value))
          : values;
        const scalars = filled.map((value) => ({ kind: 'scalar' as const, value, span: run.span }));
        const named = modifiers.map((modifier) => ({ name: modifier, span: run.span }));
        return { kind: 'item', field, modifiers: named, values: scalars, isList, span: run.span };
      });
      const root = workNode({ kind: 'all', children, span: run.span });
      const added = root.kind === 'item' ? root : { ...root, children: root.children.map(withoutOrigin) };
      run.searches.set(name, { name, nameSpan: run.span, root: markApplied(added, step.id) });
      run.conditions = run.conditions.map((condition) => {
        const { span } = condition;
        const identifier = { kind: 'identifier', name, span } as const;
        const child = negated ? ({ kind: 'not', child: identifier, span } as const) : identifier;
        return { kind: 'and', children: [child, condition], span };
      });
    },
  };
}

export function setState(key: string, value: unknown): Transformation {
  return { on: 'rule', apply: (run) => run.state.set(key, value) };
}

export function setAttribute(name: string, value: unknown): Transformation {
  return { on: 'rule', apply: (run) => run.attributes.set(name, value) };
}

export function failOnRule(message: string): Transformation {
  return {
    on: 'rule',
    apply() {
      throw new PipelineFault('pipeline-failed', message);
    },
  };
}

/** Refuses a rule with fields that no step before has named. */
export const FAIL_ON_UNMAPPED: Transformation = {
  on: 'rule',
  apply(run) {
    for (const { item, origin, renamedBy } of run.items()) {
      if (origin === undefined || renamedBy.length > 0) continue;
      throw new PipelineFault(
        'pipeline-failed',
        `The pipelines map no field called ${origin.slice(0, 60)}.`,
        item.span,
      );
    }
  },
};

function withoutOrigin(node: ReturnType<typeof workNode>): ReturnType<typeof workNode> {
  return node.kind === 'item' ? { ...node, origin: undefined } : node;
}

/** A rule may have a search of that name; pySigma writes over it. */
function freeName(wanted: string, run: Run): string {
  let name = wanted;
  for (let count = 2; run.searches.has(name) || run.emptied.has(name); count += 1) name = `${wanted}_${count}`;
  return name;
}

/** Python's `string.Template`: `$$` is a dollar sign, and unknown names stay as they are. */
function fill(text: string, { logSource }: Run): string {
  const parts = new Map([
    ['category', logSource.category ?? ''],
    ['product', logSource.product ?? ''],
    ['service', logSource.service ?? ''],
  ]);
  return text.replaceAll(/\$(?:\$|\{(\w+)\}|(\w+))/g, (whole: string, braced?: string, bare?: string) =>
    whole === '$$' ? '$' : (parts.get(braced ?? bare ?? '') ?? whole),
  );
}
