/**
 * The mapping report: for each rule which field resolved to what, and over many rules which names nothing knows.
 *
 *   rule ──its language──▶ fields asked for, with their homes ──ECS, integrations──▶ how each resolved
 *
 * Of a Sigma rule the names are those of its text, before pipelines and tables; of a rule in another language they are the
 * fields of its plan, which its compiler has resolved.
 */
import { ecsFieldType } from '../event/ecs-fields.ts';
import { integrationFieldType } from '../event/integration-fields.ts';
import { sigmaFieldUses } from '../language/sigma/field-uses.ts';
import type { Plan } from '../plan/plan.ts';
import { type CompileOptions, sigmaOptions } from './compile.ts';
import type { RuleDocument } from './rule.ts';

/**
 * `taxonomy`: a table of Vedette says where it is. `ecs`: the name is ECS’s. `vendor`: an integration gives fields of this
 * name. `unresolved`: it is looked up as it stands, and nothing that is read is known to have it.
 */
export type FieldResolution = 'taxonomy' | 'ecs' | 'vendor' | 'unresolved';

export interface FieldUse {
  readonly field: string;
  /** What pipelines call it, where they call it something else. */
  readonly names?: readonly string[];
  /** The steps that do: `ours.yml:7 field_name_mapping`. */
  readonly by?: readonly string[];
  /** Fields of events in which it is looked up. */
  readonly homes: readonly string[];
  readonly resolution: FieldResolution;
}

/** @param plan of a rule that compiles; a Sigma rule needs none */
export function fieldUses(
  rule: Pick<RuleDocument, 'language' | 'query' | 'id' | 'extra' | 'source'>,
  plan: Plan | undefined,
  options: CompileOptions = {},
): readonly FieldUse[] {
  if (rule.language !== 'sigma') {
    const names = plan === undefined ? [] : [...planFields(plan)].sort();
    return names.map((field) => ({ field, homes: [field], resolution: resolutionOf([field], false) }));
  }
  return sigmaFieldUses(rule.query, sigmaOptions(rule, options)).map(({ field, names, by, homes, isInTable }) => ({
    field,
    ...(by.length === 0 ? {} : { names, by }),
    homes,
    resolution: resolutionOf(homes, isInTable),
  }));
}

export interface FieldSummary {
  readonly rules: number;
  /** Uses by resolution: a field counts once a rule. */
  readonly uses: Readonly<Record<FieldResolution, number>>;
  /** Names that did not resolve, those of most rules first. */
  readonly unresolved: readonly { readonly field: string; readonly rules: number }[];
}

export class FieldSummaryTally {
  private rules = 0;
  private readonly uses = { taxonomy: 0, ecs: 0, vendor: 0, unresolved: 0 };
  private readonly unresolved = new Map<string, number>();

  add(uses: readonly FieldUse[]): void {
    this.rules += 1;
    for (const { field, resolution } of uses) {
      this.uses[resolution] += 1;
      if (resolution === 'unresolved') this.unresolved.set(field, (this.unresolved.get(field) ?? 0) + 1);
    }
  }

  summary(): FieldSummary {
    const unresolved = [...this.unresolved].map(([field, rules]) => ({ field, rules }));
    unresolved.sort((a, b) => b.rules - a.rules || (a.field < b.field ? -1 : 1));
    return { rules: this.rules, uses: this.uses, unresolved };
  }
}

function resolutionOf(homes: readonly string[], isInTable: boolean): FieldResolution {
  if (isInTable) return 'taxonomy';
  if (homes.some((home) => ecsFieldType(withoutIndex(home)) !== undefined)) return 'ecs';
  return homes.some((home) => integrationFieldType(withoutIndex(home)) !== undefined) ? 'vendor' : 'unresolved';
}

/** `process.args[1]` is an element of `process.args`. */
function withoutIndex(field: string): string {
  return field.replaceAll(/\[\d+\]/g, '');
}

/** References to fields are the only objects of a plan with a name and a type and no kind. */
function planFields(node: unknown, found = new Set<string>()): Set<string> {
  if (typeof node !== 'object' || node === null) return found;
  if (!('kind' in node) && 'name' in node && 'type' in node && typeof node.name === 'string') found.add(node.name);
  for (const child of Object.values(node)) planFields(child, found);
  return found;
}
