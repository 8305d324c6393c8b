/** Links into MITRE ATT&CK, made from ids, so that a rule file cannot send a reader elsewhere under an ATT&CK name. */
import type { Alert } from '../../../src/serve/api.ts';

export interface AttackLink {
  readonly id: string;
  readonly name: string;
  /** Absent where the id is none of ATT&CK's. */
  readonly href: string | undefined;
}

/** The most exact technique of each mapping; the tactic where a mapping names no technique. Each once, in order. */
export function attackLinks(threat: Alert['threat']): readonly AttackLink[] {
  const links = new Map<string, AttackLink>();
  for (const { tactic, technique } of threat) {
    const exact = technique.flatMap((each) => (each.subtechnique.length > 0 ? each.subtechnique : [each]));
    for (const { id, name } of exact.length > 0 ? exact : [tactic]) links.set(id, { id, name, href: attackHref(id) });
  }
  return [...links.values()];
}

/** `TA0002` → its tactic's page, `T1059.006` → its technique's. */
export function attackHref(id: string): string | undefined {
  if (/^TA\d{4}$/.test(id)) return `https://attack.mitre.org/tactics/${id}/`;
  const technique = /^(T\d{4})(?:\.(\d{3}))?$/.exec(id);
  if (technique === null) return undefined;
  const [, base, sub] = technique;
  return `https://attack.mitre.org/techniques/${base}/${sub === undefined ? '' : `${sub}/`}`;
}

/** The address when it is one that a link may open: http or https. */
export function webAddress(text: string): string | undefined {
  return /^https?:\/\/[^\s]+$/i.test(text) ? text : undefined;
}
