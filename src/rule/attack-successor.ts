/**
 * What took the place of techniques that MITRE revoked, and which names are newer than the table.
 *
 * MITRE mostly kept a revoked technique's name for what replaced it (PowerShell, T1086, is T1059.001); the rest is listed
 * from MITRE's crosswalk to sub-techniques of 2020 and its release notes. What is in neither has no successor here.
 */
import { type AttackTechnique, attackTechnique, attackTechniques } from './attack.ts';

/** Revoked → successor, where the name is another. */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ['T1002', 'T1560'],
  ['T1017', 'T1072'],
  ['T1022', 'T1560'],
  ['T1024', 'T1573'],
  ['T1031', 'T1543.003'],
  ['T1032', 'T1573'],
  ['T1038', 'T1574.001'],
  ['T1050', 'T1543.003'],
  ['T1053.001', 'T1053.002'],
  ['T1058', 'T1574.011'],
  ['T1065', 'T1571'],
  ['T1073', 'T1574.001'],
  ['T1077', 'T1021.002'],
  ['T1079', 'T1573'],
  ['T1089', 'T1562.001'],
  ['T1094', 'T1095'],
  ['T1139', 'T1552.003'],
  ['T1141', 'T1056.002'],
  ['T1148', 'T1562.003'],
  ['T1156', 'T1546.004'],
  ['T1163', 'T1037.004'],
  ['T1169', 'T1548.003'],
  ['T1171', 'T1557.001'],
  ['T1179', 'T1056.004'],
  ['T1196', 'T1218.002'],
  ['T1206', 'T1548.003'],
  ['T1547.011', 'T1647'],
  ['T1574.002', 'T1574.001'],
]);

/** Tactics of later releases, by the name that tags write. */
const NEWER_TACTICS: ReadonlySet<string> = new Set(['defense-impairment', 'stealth']);

/** MITRE adds some twenty techniques a year. */
const FURTHEST = 500;

let living: ReadonlyMap<string, AttackTechnique> | undefined;

/** The technique that replaces a revoked one, where that is known. */
export function attackSuccessor({ id, name, retired }: AttackTechnique): AttackTechnique | undefined {
  if (retired !== 'revoked') return undefined;
  const listed = RENAMED.get(id);
  if (listed !== undefined) return attackTechnique(listed);
  living ??= new Map(
    attackTechniques()
      .filter((technique) => technique.retired === undefined)
      .map((technique) => [technique.name.toLowerCase(), technique]),
  );
  return living.get(name.toLowerCase());
}

/** `stealth`: a tactic that came after the table was made. */
export function isNewerTactic(slug: string): boolean {
  return NEWER_TACTICS.has(slug.toLowerCase().replaceAll('_', '-'));
}

/** `T1685.001`: MITRE numbers upwards, so an id beyond the last one of the table came after it. */
export function isNewerTechnique(id: string): boolean {
  const number = (id: string): number => Number(id.slice(1, 5));
  const last = Math.max(...attackTechniques().map((technique) => number(technique.id)));
  return /^T\d{4}(?:\.\d{3})?$/.test(id) && number(id) > last && number(id) <= last + FURTHEST;
}
