/**
 * The ATT&CK mapping at the foot of a documentation page: a list of tactics, techniques and sub-techniques one after
 * another, each with its name, id and address under it. A technique belongs to the tactic before it, a sub-technique to
 * the technique whose id it begins with.
 */
import type { Span } from '../diagnostic/span.ts';
import type { DocumentPath } from './locator.ts';
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

interface OpenMapping extends ThreatMapping {
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
  const problems: { readonly span: Span; readonly message: string }[] = [];
  const builder = new ThreatBuilder();
  for (const label of frameworks) {
    builder.framework = label.value.text.replace(/(?:TM|™)$/, '').trim();
    for (const entry of entriesOf(label.deeper)) {
      const reference = referenceOf(entry);
      const placed = reference === undefined ? `A ${entry.kind} needs Name and ID.` : builder.place(entry, reference);
      if (typeof placed === 'string') problems.push({ span: entry.span, message: placed });
      else notePlaces(placed, entry, places);
    }
  }
  return { threat: builder.threat, problems };
}

class ThreatBuilder {
  framework = '';
  readonly threat: OpenMapping[] = [];
  /** Number of each technique of the last tactic, the last of an id counting. */
  private techniques = new Map<string, number>();

  /** @returns where in the document it went, or what is wrong if it has no place */
  place({ kind }: Entry, reference: ThreatReference): DocumentPath | string {
    const path = ['threat', this.threat.length - 1];
    const last = this.threat.at(-1);
    if (kind === 'tactic') {
      this.techniques = new Map();
      this.threat.push({ framework: this.framework, tactic: reference, technique: [] });
      return ['threat', this.threat.length - 1, 'tactic'];
    }
    if (last === undefined || last.framework !== this.framework) return `A ${kind} needs a tactic before it.`;
    if (kind === 'technique') {
      this.techniques.set(reference.id, last.technique.length);
      last.technique.push({ ...reference, subtechnique: [] });
      return [...path, 'technique', last.technique.length - 1];
    }
    const index = this.techniques.get(reference.id.replace(/\.[^.]*$/, '')) ?? last.technique.length - 1;
    const parent = last.technique[index];
    if (parent === undefined) return 'A sub-technique needs a technique before it.';
    parent.subtechnique.push(reference);
    return [...path, 'technique', index, 'subtechnique', parent.subtechnique.length - 1];
  }
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

function notePlaces(path: DocumentPath, { span, values }: Entry, places: PlaceMap): void {
  places.set(path, span);
  for (const [name, property] of Object.entries(VALUES)) {
    const value = values.get(name);
    if (value !== undefined) places.set([...path, property], value.span);
  }
}
