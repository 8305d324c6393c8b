/**
 * Steps that name fields: `field_name_mapping`, `field_name_prefix_mapping`, `field_name_prefix`, `field_name_suffix`.
 *
 * An item of a field with several new names holds if it holds for one of them; an item that asks for what is not there
 * (`null`, `exists: false`, `neq`), if it holds for all.
 */
import type { SearchItem } from '../ast.ts';
import { valueModifiers } from './item-values.ts';
import { holds, type Step, type Transformation } from './pipeline.ts';
import type { Run, WorkItem, WorkNode } from './work.ts';
import { changedItem } from './work.ts';

/** @param mapping without a field for keywords */
export function mapFields(mapping: ReadonlyMap<string | undefined, readonly string[]>): Transformation {
  return { on: 'field', names: (field) => mapping.get(field) };
}

export function mapPrefixes(mapping: ReadonlyMap<string, readonly string[]>): Transformation {
  return {
    on: 'field',
    names(field) {
      if (field === undefined) return undefined;
      for (const [prefix, names] of mapping) {
        if (field.startsWith(prefix)) return names.map((name) => name + field.slice(prefix.length));
      }
      return undefined;
    },
  };
}

export function addAround(prefix: string, suffix: string): Transformation {
  return { on: 'field', names: (field) => (field === undefined ? undefined : [`${prefix}${field}${suffix}`]) };
}

/** What takes the place of an item under a step that names fields; `undefined` where the step leaves it alone. */
export function renamed(
  from: WorkItem,
  step: Step,
  names: (field: string | undefined) => readonly string[] | undefined,
  run: Run,
): readonly WorkNode[] | undefined {
  const allowed = (field: string | undefined, item?: WorkItem): boolean =>
    holds(step.field, (condition) => condition(field, run, item));
  const referring = withReferences(from, (field) => (allowed(field) ? names(field) : undefined), step, run);
  const now = allowed(from.item.field, from) ? names(from.item.field) : undefined;
  if (now === undefined) return referring === undefined ? undefined : [referring];
  const base = referring ?? from;
  const renamedBy = [...from.renamedBy, step.label];
  const items = now.map((field): WorkNode => ({ ...changedItem(base, { ...asField(base.item), field }), renamedBy }));
  if (items.length < 2) return items;
  return [{ kind: asksForAbsence(base.item) ? 'all' : 'any', children: items, span: base.item.span }];
}

/** `fieldref` values name fields too. */
function withReferences(
  from: WorkItem,
  names: (field: string) => readonly string[] | undefined,
  step: Step,
  run: Run,
): WorkItem | undefined {
  if (!from.item.modifiers.some(({ name }) => name === 'fieldref')) return undefined;
  let changed = false;
  const values = from.item.values.flatMap((scalar) => {
    const now = typeof scalar.value === 'string' ? names(scalar.value) : undefined;
    if (now === undefined) return [scalar];
    changed = true;
    for (const name of now) run.fieldsApplied.set(name, new Set([...(run.fieldsApplied.get(name) ?? []), step.id]));
    return now.map((value) => ({ ...scalar, value }));
  });
  return changed ? changedItem(from, { ...from.item, values }) : undefined;
}

/** A keyword that gets a field is still looked for inside its value. */
function asField(item: SearchItem): SearchItem {
  if (item.field !== undefined || valueModifiers(item).length > 0) return item;
  const place = { name: 'contains', span: item.span };
  return { ...item, modifiers: [place, ...item.modifiers] };
}

function asksForAbsence({ modifiers, values }: SearchItem): boolean {
  if (modifiers.some(({ name }) => name === 'neq')) return true;
  if (modifiers.some(({ name }) => name === 'exists')) return values.every(({ value }) => value === false);
  return values.length > 0 && values.every(({ value }) => value === null);
}
