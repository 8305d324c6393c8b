/**
 * Which fields a Sigma rule asks for, and where each is looked up: for reports, beside what lowering does.
 *
 *   detection ──pipeline──▶ names ──table of fields, else as they stand──▶ fields of events
 */
import { isInSigmaTable, sigmaField } from '../../vocabulary/sigma-fields.ts';
import { parseYaml, plainYaml } from '../yaml.ts';
import type { Search, SigmaDetection } from './ast.ts';
import { parseDetection } from './parse-rule.ts';
import { applyPipeline, type FieldRename } from './pipeline/apply-pipeline.ts';
import type { RuleFacts } from './pipeline/work.ts';
import type { SigmaOptions } from './sigma.ts';

export interface SigmaFieldUse {
  /** As the rule has it; of an item that a pipeline added, as the pipeline has it. */
  readonly field: string;
  /** What a pipeline calls it; the field itself where none does. */
  readonly names: readonly string[];
  /** The steps of pipelines that named it. */
  readonly by: readonly string[];
  /** Fields of events that are looked at. */
  readonly homes: readonly string[];
  /** Whether all of the names stand in the table of Sigma's taxonomy. */
  readonly isInTable: boolean;
}

/** @returns in the order of the text; nothing for a text that is no rule over one event, or that a pipeline refuses */
export function sigmaFieldUses(text: string, { pipeline, facts }: SigmaOptions = {}): readonly SigmaFieldUse[] {
  const root = parseYaml(text)[0]?.root;
  if (root?.kind !== 'map') return [];
  const { detection } = parseDetection(root, text);
  if (detection === undefined) return [];
  if (pipeline === undefined) return usesOf(detection, []);
  const applied = applyPipeline(detection, pipeline, facts ?? (() => plainYaml(root) as RuleFacts));
  return applied.detection === undefined ? [] : usesOf(applied.detection, applied.renames);
}

function usesOf({ searches, logSource }: SigmaDetection, renames: readonly FieldRename[]): readonly SigmaFieldUse[] {
  const named = new Map<string, FieldRename>(renames.map((rename) => [rename.field, rename]));
  const known = new Set(renames.flatMap(({ names }) => names));
  for (const { search } of searches.values()) {
    for (const field of fieldsIn(search)) {
      if (!named.has(field) && !known.has(field)) named.set(field, { field, names: [field], by: [] });
    }
  }
  return [...named.values()].map(({ field, names, by }) => ({
    field,
    names,
    by,
    homes: [...new Set(names.flatMap((name) => sigmaField(name, logSource).fields.map((home) => home.name)))],
    isInTable: names.length > 0 && names.every((name) => isInSigmaTable(name, logSource)),
  }));
}

/** The fields of items and those that values refer to. */
function fieldsIn(search: Search): readonly string[] {
  if (search.kind !== 'item') return search.children.flatMap(fieldsIn);
  const refers = search.modifiers.some(({ name }) => name === 'fieldref');
  const own = search.field === undefined ? [] : [search.field];
  return refers ? [...own, ...search.values.map(({ value }) => String(value))] : own;
}
