/**
 * What came of one rule file, as bytes and back.
 *
 *   inspections ──what each start asks of them, and JSON of the rest──▶ stored file ──part by part, as it is asked for──▶
 *   inspections
 *
 * Of thousands of rules most are for log sources that nobody's logs have: their documents and plans are never read. Plans are
 * data, so that JSON gives them back as they were; what JSON would change (a function, `undefined`, an infinite number) is
 * not stored, and its file is read again each time.
 */
import type { FilteredRule } from '../language/sigma/filter.ts';
import { outlineOf } from '../match/gate.ts';
import type { Plan } from '../plan/plan.ts';
import type { Predicate } from '../plan/predicate/node.ts';
import type { Finding } from './finding.ts';
import { given } from './given.ts';
import type { Inspection, LoadedRule } from './inspect.ts';
import { type KnownInspections, textDigest } from './inspection-cache.ts';
import { lateLocator } from './late-locator.ts';
import type { RuleLocator } from './locator.ts';
import type { RuleDocument } from './rule.ts';
import { documentHead, type RuleHead } from './rule-head.ts';

/** What stands of a rule file. */
export interface StoredFile {
  readonly digest: string;
  readonly holdsFilters: boolean;
  readonly names?: string | undefined;
  readonly inspections: readonly StoredInspection[];
  /** UTF-8. */
  readonly text: Buffer;
  /** JSON in ASCII. */
  readonly rest: Buffer;
  /** The same, of the plans one behind another. */
  readonly plans: Buffer;
  /** Where these begin in a file, where they are not in memory. */
  readonly plansIn?: PlaceInFile | undefined;
}

/** In a file that is open for as long as who said so is held. */
export interface PlaceInFile {
  readonly descriptor: number;
  readonly start: number;
}

/** What each start asks of an inspection. */
export interface StoredInspection {
  /** Absent where there is no document. */
  readonly head?: RuleHead | undefined;
  readonly findings: readonly Finding[];
  /** How long its plan's text is; absent where there is no rule. */
  readonly plan?: number | undefined;
  /** As a text, of which thousands of rules have a few hundred. */
  readonly outline?: string | undefined;
  readonly beside?: Pick<LoadedRule, 'tally' | 'columns' | 'idle'> | undefined;
}

/** Half-open, in a text. */
type Part = readonly [start: number, end: number];

interface Rest {
  readonly asked: readonly FilteredRule[];
  readonly inspections: readonly RestOfInspection[];
}

interface RestOfInspection extends Pick<Inspection, 'kind'> {
  readonly isLocated?: true;
  /** Texts that are parts of the file are left empty. */
  readonly document?: RuleDocument;
  readonly source?: Part;
  readonly query?: Part;
  readonly logSources?: LoadedRule['logSources'];
}

export class StoredInspections implements KnownInspections {
  readonly stored: StoredFile;
  private readonly file: string;
  private readonly outlines: Map<string, Predicate>;
  private decodedText: string | undefined;
  private decodedRest: Rest | undefined;
  private revived: readonly Inspection[] | undefined;

  /** @param outlines by their texts, so that those that are alike are one */
  constructor(file: string, stored: StoredFile, outlines: Map<string, Predicate>) {
    this.file = file;
    this.stored = stored;
    this.outlines = outlines;
  }

  isOf(text: string): boolean {
    return this.decodedText === undefined ? textDigest(text) === this.digest : text === this.decodedText;
  }

  get digest(): string {
    return this.stored.digest;
  }

  get text(): string {
    this.decodedText ??= this.stored.text.toString();
    return this.decodedText;
  }

  get asked(): readonly FilteredRule[] {
    return this.rest.asked;
  }

  get names(): string | undefined {
    return this.stored.names;
  }

  get holdsFilters(): boolean {
    return this.stored.holdsFilters;
  }

  get inspections(): readonly Inspection[] {
    this.revived ??= this.revive();
    return this.revived;
  }

  /** @param number of the inspection in its text */
  restOf(number: number): RestOfInspection {
    return this.rest.inspections[number] as RestOfInspection;
  }

  private get rest(): Rest {
    this.decodedRest ??= JSON.parse(this.stored.rest.toString('latin1')) as Rest;
    return this.decodedRest;
  }

  private revive(): readonly Inspection[] {
    let at = 0;
    return this.stored.inspections.map((one, number) => {
      const start = at;
      at += one.plan ?? 0;
      if (one.head === undefined) return this.withoutDocument(one.findings, number);
      const inspection = new LateInspection(this, this.file, one.findings, number);
      if (one.plan !== undefined) inspection.rule = this.reviveRule(one, inspection, start, at);
      return inspection;
    });
  }

  private withoutDocument(findings: readonly Finding[], number: number): Inspection {
    const { file, text } = this;
    const { kind, isLocated } = this.restOf(number);
    return {
      file,
      text,
      ...(kind === undefined ? {} : { kind }),
      ...(isLocated === undefined ? {} : { locate: lateLocator(text, file, number) }),
      findings,
    };
  }

  /** With getters of its own, so that a copy of it has what they give. */
  private reviveRule(one: StoredInspection, late: LateInspection, start: number, end: number): LoadedRule {
    const { stored } = this;
    let plan: Plan | undefined;
    const rule = {
      head: one.head,
      get document() {
        return late.document;
      },
      get plan() {
        plan ??= JSON.parse(stored.plans.toString('latin1', start, end)) as Plan;
        return plan;
      },
      outline: one.outline === undefined ? undefined : { predicate: this.outlineOf(one.outline) },
      get logSources() {
        return late.logSources;
      },
    } as LoadedRule;
    if (one.beside !== undefined) Object.assign(rule, one.beside);
    PLANS.set(rule, { stored, start, end });
    return rule;
  }

  private outlineOf(text: string): Predicate {
    let outline = this.outlines.get(text);
    if (outline === undefined) {
      outline = JSON.parse(text) as Predicate;
      this.outlines.set(text, outline);
    }
    return outline;
  }
}

/** An inspection with a document, which is read when somebody asks for it. */
class LateInspection implements Inspection {
  readonly file: string;
  readonly findings: readonly Finding[];
  rule?: LoadedRule;
  private readonly of: StoredInspections;
  private readonly number: number;
  private read: RuleDocument | undefined;

  constructor(of: StoredInspections, file: string, findings: readonly Finding[], number: number) {
    this.file = file;
    this.findings = findings;
    this.of = of;
    this.number = number;
  }

  get text(): string {
    return this.of.text;
  }

  get kind(): NonNullable<Inspection['kind']> {
    return this.of.restOf(this.number).kind ?? 'rule';
  }

  get document(): RuleDocument {
    if (this.read === undefined) {
      const { document, source, query } = this.of.restOf(this.number);
      const { text } = this.of;
      this.read = withTexts(document as RuleDocument, source && text.slice(...source), query && text.slice(...query));
    }
    return this.read;
  }

  get locate(): RuleLocator {
    return lateLocator(this.of.text, this.file, this.number);
  }

  get logSources(): LoadedRule['logSources'] {
    return this.of.restOf(this.number).logSources;
  }
}

/** Where plans stand that came from the cache. */
const PLANS = new WeakMap<LoadedRule, { readonly stored: StoredFile; readonly start: number; readonly end: number }>();

/** A rule's plan as JSON in ASCII, for other threads, or where they find that; good for as long as the rule is held. */
export function planText(rule: LoadedRule): Uint8Array | (PlaceInFile & { readonly length: number }) {
  const place = PLANS.get(rule);
  if (place === undefined) return asciiBytes(JSON.stringify(rule.plan));
  const { stored, start, end } = place;
  const file = stored.plansIn;
  if (file === undefined) return stored.plans.subarray(start, end);
  return { descriptor: file.descriptor, start: file.start + start, length: end - start };
}

/** What of a file is stored; nothing where JSON would change it. */
export function storedFile(file: string, known: KnownInspections): StoredFile | undefined {
  if (known instanceof StoredInspections) return known.stored;
  const { text, digest, asked, names, holdsFilters } = known;
  if (!text.isWellFormed()) return undefined;
  const inspections: StoredInspection[] = [];
  const rest: RestOfInspection[] = [];
  const plans: Buffer[] = [];
  for (const inspection of known.inspections) {
    const { document, rule } = inspection;
    const isOwn = inspection.text === text && inspection.file === file;
    if (!isOwn || (rule !== undefined && (rule.document !== document || !isData(rule.plan)))) return undefined;
    const plan = rule === undefined ? undefined : asciiBytes(JSON.stringify(rule.plan));
    if (plan !== undefined) plans.push(plan);
    const one = { stored: stored(inspection, plan?.length), rest: restOf(inspection, text) };
    // Of what a rule asks its filters by, `undefined` is as good as nothing.
    if (!isData(one)) return undefined;
    inspections.push(one.stored);
    rest.push(one.rest);
  }
  return {
    digest,
    holdsFilters,
    ...(names === undefined ? {} : { names }),
    inspections,
    text: Buffer.from(text),
    rest: asciiBytes(JSON.stringify({ asked, inspections: rest } satisfies Rest)),
    plans: Buffer.concat(plans),
  };
}

function stored({ document, findings, rule }: Inspection, plan: number | undefined): StoredInspection {
  const head = document && documentHead(document);
  if (rule === undefined) return { ...(head && { head }), findings };
  const { tally, columns, idle } = rule;
  return {
    ...(head && { head }),
    findings,
    ...(plan === undefined ? {} : { plan }),
    ...(rule.plan.kind === 'event' ? { outline: JSON.stringify(outlineOf(rule.plan.predicate)) } : {}),
    ...(tally === undefined && columns === undefined && idle === undefined
      ? {}
      : { beside: given<NonNullable<StoredInspection['beside']>>({ tally, columns, idle }) }),
  };
}

function restOf({ kind, locate, document, rule }: Inspection, text: string): RestOfInspection {
  const source = document === undefined ? undefined : partOf(text, document.source.text, 0);
  const query = document === undefined || source === undefined ? undefined : queryPart(document, source, text);
  return {
    ...(kind === undefined ? {} : { kind }),
    ...(locate === undefined ? {} : { isLocated: true }),
    ...(document === undefined ? {} : { document: withTexts(document, source && '', query && '') }),
    ...(source === undefined ? {} : { source }),
    ...(query === undefined ? {} : { query }),
    ...(rule?.logSources === undefined ? {} : { logSources: rule.logSources }),
  };
}

function queryPart({ query, queryOffset }: RuleDocument, [start]: Part, text: string): Part | undefined {
  if (query === '' || queryOffset === undefined) return undefined;
  const at = start + queryOffset;
  return text.startsWith(query, at) ? [at, at + query.length] : undefined;
}

function partOf(text: string, part: string, from: number): Part | undefined {
  const at = part === '' ? -1 : text.indexOf(part, from);
  return at === -1 ? undefined : [at, at + part.length];
}

function withTexts(document: RuleDocument, source: string | undefined, query: string | undefined): RuleDocument {
  return {
    ...document,
    query: query ?? document.query,
    source: { ...document.source, text: source ?? document.source.text },
  };
}

/** JSON says the same with escapes, and a text of single bytes is read several times as fast. */
export function asciiBytes(json: string): Buffer {
  const ascii = json.replaceAll(/[\u0080-\uffff]/g, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return Buffer.from(ascii, 'latin1');
}

/** Whether JSON gives back what it is given. */
function isData(value: unknown): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0);
    case 'object':
      break;
    default:
      return false;
  }
  if (value === null) return true;
  if (Array.isArray(value)) return value.every(isData);
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  for (const key in value) {
    const child = (value as Record<string, unknown>)[key];
    if (!isData(child)) return false;
  }
  return true;
}
