/**
 * Sigma's `attack.*` tags as an ATT&CK mapping.
 *
 *   attack.exfiltration, attack.t1048.003 ──▶ TA0010 Exfiltration → T1048 … → T1048.003 …
 *
 * Tags name tactics and techniques side by side. A technique goes under each tagged tactic that it serves; where none
 * is tagged, under every tactic that MITRE lists for it. What is no tactic or technique (groups, software, other
 * namespaces) stays a tag, and so does what MITRE does not know.
 */
import { type Diagnostic, diagnose } from '../diagnostic/diagnostic.ts';
import { nearestName } from '../diagnostic/nearest.ts';
import type { Span } from '../diagnostic/span.ts';
import { ATTACK_SNAPSHOT, type AttackTactic, type AttackTechnique, attackTactics, attackTechnique } from './attack.ts';
import { isNewerTactic, isNewerTechnique } from './attack-successor.ts';
import type { ThreatMapping, ThreatReference } from './rule.ts';

export interface SigmaTag {
  readonly text: string;
  readonly span: Span;
}

export interface SigmaThreat {
  readonly threat: readonly ThreatMapping[];
  /** For each mapping the tag of its tactic, or of the technique that brought it, and of each technique by its id. */
  readonly places: readonly { readonly tactic: Span; readonly techniques: ReadonlyMap<string, Span> }[];
  readonly tags: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

interface Technique {
  readonly known: AttackTechnique;
  readonly span: Span;
}

const TECHNIQUE = /^attack\.(t\d{4}(?:\.\d{3})?)$/i;
/** Groups, software, data sources, mitigations, assets. */
const OTHER_OBJECT = /^attack\.(?:g|s|ds|m|a)\d+$/i;

export function sigmaThreat(tags: readonly SigmaTag[]): SigmaThreat {
  const tactics = new Map<AttackTactic, Span>();
  const techniques: Technique[] = [];
  const rest: string[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const tag of tags) {
    const id = TECHNIQUE.exec(tag.text)?.[1]?.toUpperCase();
    const known = id === undefined ? undefined : attackTechnique(id);
    const tactic = tacticOf(tag.text);
    if (known?.tactics.some((served) => served !== '')) techniques.push({ known, span: tag.span });
    else if (tactic !== undefined) tactics.set(tactic, tactics.get(tactic) ?? tag.span);
    else {
      rest.push(tag.text);
      if (tag.text.toLowerCase().startsWith('attack.') && !OTHER_OBJECT.test(tag.text)) {
        diagnostics.push(unknownTag(tag, id));
      }
    }
  }
  return { ...arrange(tactics, techniques), tags: rest, diagnostics };
}

/** Rules follow MITRE's releases sooner than the table: what may be newer than it is no mistake. */
function unknownTag({ text, span }: SigmaTag, id: string | undefined): Diagnostic {
  if (id === undefined ? isNewerTactic(text.slice('attack.'.length)) : isNewerTechnique(id)) {
    const message = `${short(text)} is probably newer than the data of MITRE ATT&CK here (${ATTACK_SNAPSHOT}).`;
    return diagnose('rule-attack-newer', 'info', message, span);
  }
  const what = id === undefined ? 'tactic' : 'technique';
  const message = `${short(text)} is no ${what} of MITRE ATT&CK (as of ${ATTACK_SNAPSHOT}).`;
  const slugs = attackTactics().map(({ name }) => `attack.${name.toLowerCase().replaceAll(' ', '-')}`);
  const near = id === undefined ? nearestName(text.toLowerCase(), slugs) : undefined;
  const hint = near === undefined ? undefined : `Did you mean ${near}?`;
  // A tactic that is near to none may be one of a later release.
  const severity = id === undefined && near === undefined ? 'info' : 'warning';
  return diagnose('rule-attack-unknown', severity, message, span, hint);
}

function arrange(
  tagged: ReadonlyMap<AttackTactic, Span>,
  techniques: readonly Technique[],
): Pick<SigmaThreat, 'threat' | 'places'> {
  const under = new Map<AttackTactic, { readonly span: Span; readonly techniques: Technique[] }>();
  for (const [tactic, span] of tagged) under.set(tactic, { span, techniques: [] });
  for (const technique of techniques) {
    const serves = attackTactics().filter(({ id }) => technique.known.tactics.includes(id));
    const chosen = serves.filter((tactic) => tagged.has(tactic));
    for (const tactic of chosen.length > 0 ? chosen : serves) {
      const entry = under.get(tactic) ?? { span: technique.span, techniques: [] };
      under.set(tactic, entry);
      entry.techniques.push(technique);
    }
  }
  const entries = [...under];
  return {
    threat: entries.map(([tactic, { techniques }]) => ({
      framework: 'MITRE ATT&CK',
      tactic: reference(tactic, 'tactics'),
      technique: nest(techniques),
    })),
    places: entries.map(([, { span, techniques }]) => ({
      tactic: span,
      techniques: new Map(techniques.map(({ known, span }) => [known.id, span])),
    })),
  };
}

/** Sub-techniques under their technique, which need not be tagged itself. */
function nest(techniques: readonly Technique[]): ThreatMapping['technique'] {
  const parents = new Map<string, { readonly reference: ThreatReference; readonly subs: ThreatReference[] }>();
  for (const { known } of techniques) {
    const parentId = known.id.split('.')[0] as string;
    const parent = attackTechnique(parentId) ?? known;
    const entry = parents.get(parentId) ?? { reference: reference(parent, 'techniques'), subs: [] };
    parents.set(parentId, entry);
    if (known.id !== parentId && !entry.subs.some(({ id }) => id === known.id)) {
      entry.subs.push(reference(known, 'techniques'));
    }
  }
  return [...parents.values()].map(({ reference, subs }) => ({ ...reference, subtechnique: subs }));
}

function reference({ id, name }: { readonly id: string; readonly name: string }, kind: string): ThreatReference {
  return { id, name, reference: `https://attack.mitre.org/${kind}/${id.replace('.', '/')}/` };
}

/** `attack.defense-evasion`; older rules write an underscore. */
function tacticOf(tag: string): AttackTactic | undefined {
  const [, slug = ''] = /^attack\.([a-z_-]+)$/i.exec(tag) ?? [];
  return slug === '' ? undefined : TACTICS.get(slug.toLowerCase().replaceAll('_', '-'));
}

const TACTICS: ReadonlyMap<string, AttackTactic> = new Map(
  attackTactics().map((tactic) => [tactic.name.toLowerCase().replaceAll(' ', '-'), tactic]),
);

function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
