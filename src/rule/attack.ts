/**
 * What MITRE ATT&CK says of an id: rule checking compares a rule's mapping with it.
 *
 * The table is parsed when it is first asked, so that commands that check nothing do not pay for it.
 */
import { ATTACK_SNAPSHOT, TACTIC_ROWS, TECHNIQUE_ROWS } from './attack-table.ts';

export { ATTACK_SNAPSHOT };

export interface AttackTactic {
  readonly id: string;
  readonly name: string;
}

export interface AttackTechnique {
  readonly id: string;
  readonly name: string;
  /** Ids of the tactics it serves. */
  readonly tactics: readonly string[];
  /** Set where MITRE took it back. */
  readonly retired?: 'revoked' | 'deprecated';
}

let tactics: ReadonlyMap<string, AttackTactic> | undefined;
let techniques: ReadonlyMap<string, AttackTechnique> | undefined;

export function attackTactic(id: string): AttackTactic | undefined {
  return tacticsById().get(id);
}

/** Every tactic, in MITRE's order; the same objects each time. */
export function attackTactics(): readonly AttackTactic[] {
  return [...tacticsById().values()];
}

function tacticsById(): ReadonlyMap<string, AttackTactic> {
  tactics ??= new Map(rowsOf(TACTIC_ROWS).map(([id = '', name = '']) => [id, { id, name }]));
  return tactics;
}

/** A technique (`T1059`) or sub-technique (`T1059.006`). */
export function attackTechnique(id: string): AttackTechnique | undefined {
  return techniquesById().get(id);
}

/** Every technique and sub-technique, those among them that no longer stand. */
export function attackTechniques(): readonly AttackTechnique[] {
  return [...techniquesById().values()];
}

function techniquesById(): ReadonlyMap<string, AttackTechnique> {
  techniques ??= new Map(rowsOf(TECHNIQUE_ROWS).map((row) => [row[0] ?? '', technique(row)]));
  return techniques;
}

function technique([id = '', name = '', under = '', state]: readonly string[]): AttackTechnique {
  const known = { id, name, tactics: under.split(',') };
  return state === 'revoked' || state === 'deprecated' ? { ...known, retired: state } : known;
}

function rowsOf(text: string): string[][] {
  return text
    .trim()
    .split('\n')
    .map((line) => line.split('\t'));
}
