/**
 * What is known of a field that a query names: its type, and whether any schema has it.
 *
 * Without a mapping the schemas are ECS and the integrations' fields. ECS rules over its field sets: a name under one of
 * them that neither has is a mistake, but for what an agent adds below `Ext`. Everywhere else names are the sources' own.
 */
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { nearestName } from '../diagnostic/nearest.ts';
import { ecsFieldNames, ecsFieldType } from '../event/ecs-fields.ts';
import { integrationFieldNames, integrationFieldType, isUnderEcsFieldSet } from '../event/integration-fields.ts';
import type { FieldType } from '../plan/predicate/node.ts';

export type FieldProblem = Pick<Diagnostic, 'severity' | 'message' | 'hint'>;

export interface FieldSchema {
  /** `undefined` for a field that no schema has. */
  readonly type: (name: string) => FieldType | undefined;
  /** What is wrong with naming a field that no schema has, with a near name if asked for; absent where names are free. */
  readonly problem?: (name: string, suggest: boolean) => FieldProblem;
}

/** What a language has for a field that may be missing: the end of a hint. Absent where it needs nothing. */
export interface FieldAdvice {
  /** Under a field set of ECS. */
  readonly owned?: string;
  /** Anywhere else. */
  readonly free?: (name: string) => string;
}

/** ECS and the integrations' fields. */
export function knownFields(advice: FieldAdvice): FieldSchema {
  return { type: knownFieldType, problem: (name, suggest) => unknownField(name, suggest, advice) };
}

/** The type of a field of ECS or of an integration. */
export function knownFieldType(name: string): FieldType | undefined {
  return ecsFieldType(name) ?? integrationFieldType(name);
}

/** Every field that is known by name, ECS first. */
export function* knownFieldNames(): Iterable<string> {
  yield* ecsFieldNames();
  yield* integrationFieldNames();
}

function unknownField(name: string, suggest: boolean, { owned, free }: FieldAdvice): FieldProblem {
  const known = withoutSubField(name) ?? (suggest ? nearestField(name) : undefined);
  const near = known === undefined ? undefined : `did you mean ${known}?`;
  if (isUnderEcsFieldSet(name) && !name.includes('.Ext.')) {
    return problem('error', `ECS has no field ${name}.`, near ?? owned);
  }
  const otherwise = free?.(name);
  const hint = near === undefined || otherwise === undefined ? (near ?? otherwise) : `${near} Otherwise ${otherwise}`;
  return problem('warning', `No schema that is known has the field ${name}.`, hint);
}

function problem(severity: FieldProblem['severity'], message: string, hint: string | undefined): FieldProblem {
  return hint === undefined ? { severity, message } : { severity, message, hint };
}

/** Indices have `process.name.text` beside `process.name`; events do not. */
function withoutSubField(name: string): string | undefined {
  const parent = name.replace(/\.(?:text|keyword|caseless)$/, '');
  return parent !== name && knownFieldType(parent) !== undefined ? parent : undefined;
}

/** By edits of the whole name; else the same last part, or one near it, under the same first part. */
function nearestField(name: string): string | undefined {
  const whole = nearestName(name, knownFieldNames());
  if (whole !== undefined) return whole;
  const [set = ''] = name.split('.');
  const last = name.slice(name.lastIndexOf('.') + 1);
  const lasts = new Map<string, string>();
  for (const known of knownFieldNames()) {
    if (!known.startsWith(`${set}.`)) continue;
    const leaf = known.slice(known.lastIndexOf('.') + 1);
    const other = lasts.get(leaf);
    if (other === undefined || known.length < other.length) lasts.set(leaf, known);
  }
  const leaf = lasts.has(last) ? last : nearestName(last, lasts.keys());
  return leaf === undefined ? undefined : lasts.get(leaf);
}
