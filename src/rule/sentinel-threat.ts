/**
 * Sentinel's `tactics` and `relevantTechniques` as an ATT&CK mapping. Tactics are written without spaces
 * (`CommandAndControl`); which technique belongs to which is left to ATT&CK, as with Sigma's tags.
 */
import { type Diagnostic, diagnose } from '../diagnostic/diagnostic.ts';
import { ATTACK_SNAPSHOT, attackTactics, attackTechnique } from './attack.ts';
import { type SigmaTag, type SigmaThreat, sigmaThreat } from './sigma-threat.ts';

export interface SentinelThreat extends Omit<SigmaThreat, 'tags'> {
  /** Every name was one of ATT&CK's, so nothing but the mapping has to be kept. */
  readonly exact: boolean;
}

export function sentinelThreat(tactics: readonly SigmaTag[], techniques: readonly SigmaTag[]): SentinelThreat {
  const diagnostics: Diagnostic[] = [];
  const unknown = (what: string, { text, span }: SigmaTag): readonly SigmaTag[] => {
    const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
    const message = `${shown} is no ${what} of MITRE ATT&CK for enterprises (as of ${ATTACK_SNAPSHOT}).`;
    diagnostics.push(diagnose('rule-attack-unknown', 'warning', message, span));
    return [];
  };
  const tags = [
    ...tactics.flatMap((tag) => {
      const tactic = attackTactics().find(({ name }) => compact(name) === compact(tag.text));
      if (tactic === undefined) return unknown('tactic', tag);
      return [{ text: `attack.${tactic.name.toLowerCase().replaceAll(' ', '-')}`, span: tag.span }];
    }),
    ...techniques.flatMap((tag) => {
      const known = attackTechnique(tag.text.trim().toUpperCase());
      return known === undefined
        ? unknown('technique', tag)
        : [{ text: `attack.${known.id.toLowerCase()}`, span: tag.span }];
    }),
  ];
  const exact = diagnostics.length === 0;
  const { threat, places, diagnostics: more } = sigmaThreat(tags);
  return { threat, places, diagnostics: [...diagnostics, ...more], exact };
}

function compact(name: string): string {
  return name.toLowerCase().replaceAll(/[\s-]/g, '');
}
