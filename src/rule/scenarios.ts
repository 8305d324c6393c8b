/**
 * Scenarios as a key of one's own in a rule's YAML (`scenarios`), which Sigma allows and a hunting page has as prose.
 */
import type { Scenario } from './rule.ts';
import { isTable } from './toml.ts';

const KEYS: readonly string[] = ['title', 'description', 'filter'];

/** @returns `undefined` where the value is anything else than a list of scenarios; it then belongs to `extra` */
export function readScenarios(value: unknown): readonly Scenario[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  return value.every(isScenario) ? value : undefined;
}

function isScenario(value: unknown): value is Scenario {
  if (!isTable(value) || typeof value.title !== 'string') return false;
  return Object.entries(value).every(([key, item]) => KEYS.includes(key) && typeof item === 'string');
}
