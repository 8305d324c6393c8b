/**
 * The ATT&CK mapping at the foot of a documentation page: a list of tactics, techniques and sub-techniques one after
 * another, each with its name, id and address under it. A technique belongs to the tactic before it, a sub-technique to
 * the technique whose id it begins with.
 */
import type { Span } from '../diagnostic/span.ts';
import { linkTarget, type PageLabel, type PageText } from './page-outline.ts';
import type { PlaceMap } from './place-map.ts';
import type { ThreatMapping, ThreatReference } from './rule.ts';

export interface PageThreat {
  readonly threat: readonly ThreatMapping[];
  readonly problems: readonly { readonly span: Span; readonly message: string }[];
}

type Kind = 'tactic' | 'technique' | 'subtechnique';

interface Entry {
  readonly kind: Kind;
  readonly span: Span;
  readonly values: Map<string, PageText>;
}

interface OpenMapping {
  readonly framework: string;
  readonly tactic: ThreatReference;
  readonly technique: (ThreatReference & { readonly subtechnique: ThreatReference[] })[];
}

const KINDS: Readonly<Record<string, Kind>> = {
  Tactic: 'tactic',
  Technique: 'technique',
  'Sub-technique': 'subtechnique',
};

/** The page's name for a value → the document's. */
const VALUES: Readonly<Record<string, 'name' | 'id' | 'reference'>> = {
  Name: 'name',
  ID: 'id',
  'Reference URL': 'reference',
};

export function pageThreat(frameworks: readonly PageLabel[], places: PlaceMap): PageThreat {
  const threat: OpenMapping[] = [];
  const problems: { readonly span: Span; readonly message: string }[] = [];
  for (const label of frameworks) {
    const framework = label.value.text.replace(/TM$/, '').replace(/™$/, '').trim();
    for (const entry of entriesOf(label.deeper)) {
      const reference = referenceOf(entry);
      const problem =
        reference === undefined ? `A ${entry.kind} needs Name and ID.` : place(threat, framework, entry, reference);
      if (problem !== undefined) problems.push({ span: entry.span, message: problem });
      else notePlaces(threat, entry, places);
    }
  }
  return { threat, problems };
}

function entriesOf(lines: readonly PageText[]): readonly Entry[] {
  const entries: Entry[] = [];
  for (const { text, span } of lines) {
    const colon = text.indexOf(':');
    const name = text.slice(0, Math.max(0, colon)).trim();
    const kind = KINDS[name];
    if (kind !== undefined) entries.push({ kind, span, values: new Map() });
    else {
      const value = text.slice(colon + 1).trim();
      const end = span.end;
      entries.at(-1)?.values.set(name, { text: value, span: { start: end - value.length, end } });
    }
  }
  return entries;
}

function referenceOf({ values }: Entry): ThreatReference | undefined {
  const [id, name, url] = [values.get('ID'), values.get('Name'), values.get('Reference URL')];
  if (id === undefined || name === undefined) return undefined;
  const reference = url === undefined ? {} : { reference: linkTarget(url.text) };
  return { id: id.text, name: name.text, ...reference };
}

/** @returns what is wrong, if it has no place */
function place(
  threat: OpenMapping[],
  framework: string,
  { kind }: Entry,
  reference: ThreatReference,
): string | undefined {
  const last = threat.at(-1);
  if (kind === 'tactic') threat.push({ framework, tactic: reference, technique: [] });
  else if (last === undefined || last.framework !== framework) return `A ${kind} needs a tactic before it.`;
  else if (kind === 'technique') last.technique.push({ ...reference, subtechnique: [] });
  else {
    const parent = last.technique.findLast(({ id }) => reference.id.startsWith(`${id}.`)) ?? last.technique.at(-1);
    if (parent === undefined) return 'A sub-technique needs a technique before it.';
    parent.subtechnique.push(reference);
  }
  return undefined;
}

/** Of the entry that was placed last. */
function notePlaces(threat: readonly OpenMapping[], { kind, span, values }: Entry, places: PlaceMap): void {
  const index = threat.length - 1;
  const techniques = threat[index]?.technique ?? [];
  const id = values.get('ID')?.text;
  const parent = techniques.findLastIndex(({ subtechnique }) => subtechnique.at(-1)?.id === id);
  const path = {
    tactic: ['threat', index, 'tactic'],
    technique: ['threat', index, 'technique', techniques.length - 1],
    subtechnique: [
      'threat',
      index,
      'technique',
      parent,
      'subtechnique',
      (techniques[parent]?.subtechnique.length ?? 1) - 1,
    ],
  }[kind];
  places.set(path, span);
  for (const [name, property] of Object.entries(VALUES)) {
    const value = values.get(name);
    if (value !== undefined) places.set([...path, property], value.span);
  }
}
