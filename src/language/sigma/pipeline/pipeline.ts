/**
 * Processing pipelines in pySigma's form: how a house adapts rules to its own fields, values and log sources.
 *
 *   YAML ──read-pipeline──▶ steps ──by priority──▶ one pipeline ──apply-pipeline──▶ the rule's syntax tree, changed
 *
 * A step changes the rule where its conditions on the rule hold; of the rule's items those where its conditions on items
 * and field names hold. Source of the semantics: pySigma 1.5 (`sigma/processing`); docs/pipelines.md lists differences.
 */
import type { Span } from '../../../diagnostic/span.ts';
import type { ItemValue } from './item-values.ts';
import type { Run, WorkItem, WorkNode } from './work.ts';

/** Several files as one, in the order in which their steps are taken. */
export interface Pipeline {
  readonly steps: readonly Step[];
  readonly vars: Variables;
}

/** Values of placeholders by name, without percent signs. */
export type Variables = ReadonlyMap<string, readonly string[]>;

export interface Step {
  /** The step's `id`, else its label. */
  readonly id: string;
  /** For people: `ecs.yml:12 field_name_mapping`. */
  readonly label: string;
  readonly rule: Guard<RuleCondition>;
  readonly item: Guard<ItemCondition>;
  readonly field: Guard<FieldCondition>;
  readonly change: Transformation;
}

export type Transformation =
  | { readonly on: 'rule'; readonly apply: (run: Run, step: Step) => void }
  /** Gives what takes the item's place, nothing where it stays, and an empty list where it goes. */
  | { readonly on: 'item'; readonly apply: (item: WorkItem, run: Run) => readonly WorkNode[] | undefined }
  /** Gives the names that a field (of a keyword none) gets, nothing where it keeps its own. */
  | { readonly on: 'field'; readonly names: (field: string | undefined) => readonly string[] | undefined }
  /** Gives what takes the value's place, nothing where it stays. */
  | { readonly on: 'value'; readonly change: (value: ItemValue, run: Run) => readonly ItemValue[] | undefined }
  | { readonly on: 'nothing' };

/** Conditions and how they are linked; without conditions it holds. */
export interface Guard<C> {
  readonly conditions: ReadonlyMap<string, C>;
  readonly link: Link;
  readonly negated: boolean;
}

export type Link = 'all' | 'any' | BooleanTree;

export type BooleanTree =
  | { readonly kind: 'and' | 'or'; readonly children: readonly BooleanTree[] }
  | { readonly kind: 'not'; readonly child: BooleanTree }
  | { readonly kind: 'name'; readonly name: string };

export type RuleCondition = (run: Run) => boolean;
export type ItemCondition = (item: WorkItem, run: Run) => boolean;
/** `item` is absent for a field that a value refers to. */
export type FieldCondition = (field: string | undefined, run: Run, item?: WorkItem) => boolean;

/** A step cannot do what it is for with this rule. */
export class PipelineFault extends Error {
  readonly code: 'pipeline-failed' | 'pipeline-placeholder' | 'pipeline-too-large';
  readonly span: Span | undefined;

  constructor(code: PipelineFault['code'], message: string, span?: Span) {
    super(message);
    this.code = code;
    this.span = span;
  }
}

export function holds<C>(guard: Guard<C>, test: (condition: C) => boolean): boolean {
  const { conditions, link, negated } = guard;
  if (conditions.size === 0) return true;
  const all = [...conditions.values()];
  const result =
    link === 'all'
      ? all.every(test)
      : link === 'any'
        ? all.some(test)
        : holdsTree(link, (name) => test(conditions.get(name) as C));
  return result !== negated;
}

function holdsTree(tree: BooleanTree, test: (name: string) => boolean): boolean {
  switch (tree.kind) {
    case 'name':
      return test(tree.name);
    case 'not':
      return !holdsTree(tree.child, test);
    case 'and':
      return tree.children.every((child) => holdsTree(child, test));
    case 'or':
      return tree.children.some((child) => holdsTree(child, test));
  }
}
