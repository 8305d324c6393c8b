/**
 * A rule's ATT&CK mapping against MITRE's: ids that exist and still stand, under their own names, sub-techniques under
 * their technique, techniques under a tactic that they serve. All warnings: a mapping changes no alert.
 */
import { type Diagnostic, diagnose } from '../diagnostic/diagnostic.ts';
import { ATTACK_SNAPSHOT, type AttackTactic, attackTactic, attackTechnique } from './attack.ts';
import { attackSuccessor, isNewerTechnique } from './attack-successor.ts';
import type { DocumentPath, RuleLocator } from './locator.ts';
import type { ThreatMapping, ThreatReference } from './rule.ts';

/** Other frameworks (MITRE ATLAS, a house's own) are left alone: nothing is known of them here. */
const FRAMEWORK = /^MITRE ATT&CK/i;

export function* checkAttack(threat: readonly ThreatMapping[], locate: RuleLocator): Iterable<Diagnostic> {
  for (const [index, mapping] of threat.entries()) {
    if (!FRAMEWORK.test(mapping.framework)) continue;
    const at: DocumentPath = ['threat', index];
    const tactic = attackTactic(mapping.tactic.id);
    yield* checkName(mapping.tactic, tactic?.name, 'tactic', [...at, 'tactic'], locate);
    for (const [index, technique] of mapping.technique.entries()) {
      const path = [...at, 'technique', index];
      yield* checkTechnique(technique, tactic, path, locate);
      for (const [index, sub] of technique.subtechnique.entries()) {
        const subPath = [...path, 'subtechnique', index];
        yield* checkTechnique(sub, tactic, subPath, locate);
        if (attackTechnique(sub.id) === undefined || sub.id.startsWith(`${technique.id}.`)) continue;
        const message = `${sub.id} is no sub-technique of ${short(technique.id)}.`;
        yield diagnose('rule-attack-parent', 'warning', message, locate.value([...subPath, 'id']));
      }
    }
  }
}

function* checkTechnique(
  reference: ThreatReference,
  tactic: AttackTactic | undefined,
  path: DocumentPath,
  locate: RuleLocator,
): Iterable<Diagnostic> {
  const known = attackTechnique(reference.id);
  yield* checkName(reference, known?.name, 'technique', path, locate);
  if (known === undefined) return;
  const at = locate.value([...path, 'id']);
  if (known.retired !== undefined) {
    const message = `MITRE has ${known.retired} ${known.id} (${known.name}).`;
    const successor = attackSuccessor(known);
    const hint =
      successor === undefined
        ? `See https://attack.mitre.org/techniques/${known.id.replace('.', '/')}/ for what took its place.`
        : `${successor.id} (${successor.name}) took its place.`;
    yield diagnose('rule-attack-retired', 'warning', message, at, hint);
    return;
  }
  if (tactic === undefined || known.tactics.includes(tactic.id)) return;
  const served = known.tactics.map((id) => `${attackTactic(id)?.name} (${id})`).join(', ');
  const message = `${known.id} (${known.name}) does not serve ${tactic.name}.`;
  yield diagnose('rule-attack-tactic', 'warning', message, at, `It serves ${served}.`);
}

function* checkName(
  reference: ThreatReference,
  name: string | undefined,
  what: 'tactic' | 'technique',
  path: DocumentPath,
  locate: RuleLocator,
): Iterable<Diagnostic> {
  if (name === undefined && what === 'technique' && isNewerTechnique(reference.id)) {
    const message = `${reference.id} is probably newer than the data of MITRE ATT&CK here (${ATTACK_SNAPSHOT}).`;
    yield diagnose('rule-attack-newer', 'info', message, locate.value([...path, 'id']));
  } else if (name === undefined) {
    const message = `${short(reference.id)} is no ${what} of MITRE ATT&CK (as of ${ATTACK_SNAPSHOT}).`;
    yield diagnose(
      'rule-attack-unknown',
      'warning',
      message,
      locate.value([...path, 'id']),
      idHint(reference.id, what),
    );
  } else if (name !== reference.name) {
    const message = `${reference.id} is called ${name}, not ${short(reference.name)}.`;
    yield diagnose('rule-attack-name', 'warning', message, locate.value([...path, 'name']));
  }
}

/** The slips that happen: lower case, letter O for zero, a tactic where a technique belongs. */
function idHint(id: string, what: 'tactic' | 'technique'): string | undefined {
  const repaired = id.trim().toUpperCase().replaceAll('O', '0').replace('/', '.');
  const meant = [repaired, repaired.replace(/^TA(?=\d{4}$)/, 'T'), repaired.replace(/^T(?=\d{4}$)/, 'TA')];
  const known = meant.find((id) => (what === 'tactic' ? attackTactic(id) : attackTechnique(id)) !== undefined);
  if (known !== undefined) return `Did you mean ${known}?`;
  const form = what === 'tactic' ? 'TA0002' : 'T1059 or T1059.006';
  return `An id looks like ${form}.`;
}

function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
