/**
 * A pipeline's steps, one after another, on the syntax tree of a rule.
 *
 *   detection ──steps whose conditions hold──▶ detection, with the spans of the rule ──▶ lowering
 *
 * Of a search whose items were all dropped its name goes from the conditions too: a dropped item asks for nothing. Where
 * that leaves nothing at all, the rule is refused.
 */
import { type Diagnostic, diagnose } from '../../../diagnostic/diagnostic.ts';
import type { Condition, SigmaDetection } from '../ast.ts';
import { searchNamesLike } from '../search-names.ts';
import { renamed } from './change-fields.ts';
import { valuesOf, withValues } from './item-values.ts';
import { holds, type Pipeline, PipelineFault, type Step } from './pipeline.ts';
import { markApplied, type RuleFacts, Run, searchOf, type WorkItem, type WorkNode } from './work.ts';

export interface AppliedPipeline {
  /** Absent exactly when there is a diagnostic. */
  readonly detection?: SigmaDetection;
  readonly diagnostics: readonly Diagnostic[];
  /** Fields of the rule in the order of the text, with the names they have now. */
  readonly renames: readonly FieldRename[];
}

export interface FieldRename {
  readonly field: string;
  readonly names: readonly string[];
  /** Labels of the steps that did it; none where the field kept its name. */
  readonly by: readonly string[];
}

/** @param facts the keys of the rule's YAML; asked for at most once, by conditions on attributes and tags */
export function applyPipeline(detection: SigmaDetection, pipeline: Pipeline, facts: () => RuleFacts): AppliedPipeline {
  const run = new Run(detection, pipeline.vars, facts);
  try {
    runSteps(pipeline, run);
  } catch (error) {
    if (!(error instanceof PipelineFault)) throw error;
    const hint = 'The pipelines given with the rules say so.';
    return refused(diagnose(error.code, 'error', error.message, error.span ?? detection.span, hint));
  }
  const conditions = run.emptied.size === 0 ? run.conditions : prunedConditions(run);
  if (conditions.length === 0) {
    const message = 'The pipelines drop every item that the condition asks for.';
    return refused(diagnose('pipeline-failed', 'error', message, detection.span));
  }
  const searches = new Map(
    [...run.searches].map(([key, { root, ...named }]) => [key, { ...named, search: searchOf(root) }]),
  );
  return {
    detection: { logSource: run.logSource, searches, conditions, span: detection.span },
    diagnostics: [],
    renames: renamesOf(run.items()),
  };
}

/** @throws {PipelineFault} */
export function runSteps(pipeline: Pipeline, run: Run): void {
  for (const step of pipeline.steps) applyStep(step, run);
}

/** Also the steps of a `nest`, whose own conditions hold already. */
export function applyStep(step: Step, run: Run): void {
  if (!holds(step.rule, (condition) => condition(run))) return;
  const { change } = step;
  run.applied.add(step.id);
  switch (change.on) {
    case 'nothing':
      return;
    case 'rule':
      change.apply(run, step);
      return;
    default:
      // Of a correlation the fields are all there is to change: there are no items that conditions could ask about.
      if (run.isCorrelation && change.on !== 'field') return;
      run.replace((item) => {
        if (!run.isCorrelation && !holds(step.item, (condition) => condition(item, run))) return undefined;
        return changedBy(step, item, run)?.map((node) => markApplied(node, step.id));
      });
  }
}

function changedBy(step: Step, item: WorkItem, run: Run): readonly WorkNode[] | undefined {
  const { change } = step;
  if (change.on === 'field') return renamed(item, step, change.names, run);
  if (!matchesField(step, item, run)) return undefined;
  if (change.on === 'item') return change.apply(item, run);
  if (change.on !== 'value') return undefined;
  let changed = false;
  const groups = valuesOf(item).map((group) =>
    group.flatMap((value) => {
      const now = change.change(value, run);
      if (now !== undefined) changed = true;
      return now ?? [value];
    }),
  );
  if (!changed) return undefined;
  const left = groups.filter((group) => group.length > 0);
  return left.length === 0 ? [] : [withValues(item, left)];
}

/** An item is meant by its own field, or by one that a value of it refers to. */
function matchesField(step: Step, from: WorkItem, run: Run): boolean {
  const { item } = from;
  if (holds(step.field, (condition) => condition(item.field, run, from))) return true;
  if (!item.modifiers.some(({ name }) => name === 'fieldref')) return false;
  return item.values.some(({ value }) => holds(step.field, (condition) => condition(String(value), run)));
}

// --- Conditions of which nothing is left --------------------------------------------------------------------------------

function prunedConditions(run: Run): readonly Condition[] {
  const left = [...run.searches.keys()];
  const all = [...left, ...run.emptied];
  const prune = (node: Condition): Condition | undefined => {
    switch (node.kind) {
      case 'identifier':
        return run.emptied.has(node.name) ? undefined : node;
      case 'some':
        // A pattern that never meant anything stays, so that lowering tells.
        return searchNamesLike(node.pattern, left).length === 0 && searchNamesLike(node.pattern, all).length > 0
          ? undefined
          : node;
      case 'not': {
        const child = prune(node.child);
        return child === undefined ? undefined : { ...node, child };
      }
      case 'and':
      case 'or': {
        const children = node.children.map(prune).filter((child) => child !== undefined);
        const [first] = children;
        return children.length < 2 ? first : { ...node, children };
      }
    }
  };
  return run.conditions.map(prune).filter((condition) => condition !== undefined);
}

function renamesOf(items: readonly WorkItem[]): readonly FieldRename[] {
  const found = new Map<string, { readonly names: Set<string>; readonly by: Set<string> }>();
  for (const { origin, item, renamedBy } of items) {
    if (origin === undefined) continue;
    const entry = found.get(origin) ?? { names: new Set(), by: new Set() };
    found.set(origin, entry);
    if (item.field !== undefined) entry.names.add(item.field);
    for (const label of renamedBy) entry.by.add(label);
  }
  return [...found].map(([field, { names, by }]) => ({ field, names: [...names], by: [...by] }));
}

function refused(diagnostic: Diagnostic): AppliedPipeline {
  return { diagnostics: [diagnostic], renames: [] };
}
