/**
 * What came of rule files, as a text that another process can go on from.
 *
 *   inspections ──without what stands in the rule’s own text──▶ JSON ──with the text again, if it is the same──▶ inspections
 *                                                                                              └──a plan when it is asked for
 *
 * Plans are data, so that JSON gives them back as they were; what JSON would change (a function, `undefined`, an infinite
 * number) is not kept, and its file is read again each time. Texts are told by their hash, and stand in no such file.
 */
import { hash } from 'node:crypto';
import type { FilteredRule } from '../language/sigma/filter.ts';
import { outlineOf } from '../match/gate.ts';
import type { Plan } from '../plan/plan.ts';
import type { Predicate } from '../plan/predicate/node.ts';
import type { Inspection, LoadedRule } from './inspect.ts';
import type { KnownInspections } from './inspection-cache.ts';
import { lateLocator } from './late-locator.ts';
import type { RuleDocument } from './rule.ts';

/** Half-open, in a text. */
type Part = readonly [start: number, end: number];

interface StoredInspection {
  readonly kind?: NonNullable<Inspection['kind']>;
  readonly findings: Inspection['findings'];
  readonly isLocated?: true;
  /** Texts that are parts of the file are left empty. */
  readonly document?: RuleDocument;
  readonly source?: Part;
  readonly query?: Part;
  /** Its document is the one above. */
  readonly rule?: StoredRule;
}

interface StoredRule extends Omit<LoadedRule, 'document' | 'plan' | 'outline'> {
  /** How long the plan’s text is. */
  readonly plan: number;
  /** As a text, of which thousands of rules have a few hundred. */
  readonly outline?: string;
}

/** What stands on a line of its own, before the plans of its rules; the first line says which file each of the others is of. */
interface StoredFile {
  readonly asked: readonly FilteredRule[];
  readonly names?: string;
  readonly inspections: readonly StoredInspection[];
}

/** Of a rule file: the hash of its text, and how long its line and its plans are. */
type Entry = readonly [file: string, digest: string, line: number, plans: number];

/** In ASCII. */
export function encodeInspections(known: ReadonlyMap<string, KnownInspections>): Buffer {
  const entries: Entry[] = [];
  const parts: Buffer[] = [];
  for (const [file, one] of known) {
    const encoded = one instanceof StoredInspections ? one.encoded : encode(file, one);
    if (encoded === undefined) continue;
    entries.push([file, encoded.digest, encoded.line.length, encoded.plans.length]);
    parts.push(encoded.line, encoded.plans);
  }
  return Buffer.concat([Buffer.from(`${asciiOf(JSON.stringify(entries))}\n`, 'latin1'), ...parts]);
}

/** What stands of a rule file. */
interface Encoded {
  readonly digest: string;
  readonly line: Buffer;
  readonly plans: Buffer;
}

/**
 * Read as it is asked for: file by file, and a plan when somebody needs it. Of thousands of rules most are for log sources
 * that nobody's logs have.
 * @param bytes of `encodeInspections`, of this version of the program
 * @param outlines those that are known, by their texts; gets the others
 */
export function decodeInspections(
  bytes: Buffer,
  outlines = new Map<string, Predicate>(),
): ReadonlyMap<string, KnownInspections> {
  const newline = bytes.indexOf('\n');
  let at = newline + 1;
  const entries = JSON.parse(bytes.toString('latin1', 0, newline)) as readonly Entry[];
  return new Map(
    entries.map(([file, digest, line, plans]) => {
      const start = at;
      at += line + plans;
      const encoded = { digest, line: bytes.subarray(start, start + line), plans: bytes.subarray(start + line, at) };
      return [file, new StoredInspections(file, encoded, outlines)];
    }),
  );
}

class StoredInspections implements KnownInspections {
  readonly encoded: Encoded;
  private readonly file: string;
  private readonly outlines: Map<string, Predicate>;
  private lastText: string | undefined;
  private revived: readonly Inspection[] = [];
  private readAsked: readonly FilteredRule[] | undefined;
  private readNames: string | undefined;

  /** @param outlines by their texts, so that those that are alike are one */
  constructor(file: string, encoded: Encoded, outlines: Map<string, Predicate>) {
    this.file = file;
    this.encoded = encoded;
    this.outlines = outlines;
  }

  get asked(): readonly FilteredRule[] {
    return this.readAsked ?? this.read().asked;
  }

  get names(): string | undefined {
    if (this.readAsked === undefined) this.read();
    return this.readNames;
  }

  of(text: string): readonly Inspection[] | undefined {
    if (this.lastText !== undefined) return text === this.lastText ? this.revived : undefined;
    if (digestOf(text) !== this.encoded.digest) return undefined;
    let at = 0;
    this.revived = this.read().inspections.map((stored, number) => {
      const start = at;
      at += stored.rule?.plan ?? 0;
      return this.revive(stored, text, number, this.encoded.plans.subarray(start, at));
    });
    this.lastText = text;
    return this.revived;
  }

  private read(): StoredFile {
    const stored = JSON.parse(this.encoded.line.toString('latin1')) as StoredFile;
    this.readAsked = stored.asked;
    this.readNames = stored.names;
    return stored;
  }

  private revive(stored: StoredInspection, text: string, number: number, plan: Buffer): Inspection {
    const { kind, findings, isLocated, document: emptied, source, query, rule } = stored;
    const document = emptied && withTexts(emptied, source && text.slice(...source), query && text.slice(...query));
    return {
      file: this.file,
      text,
      ...(kind === undefined ? {} : { kind }),
      ...(document === undefined ? {} : { document }),
      ...(document === undefined || rule === undefined ? {} : { rule: this.reviveRule(rule, document, plan) }),
      ...(isLocated === undefined ? {} : { locate: lateLocator(text, this.file, number) }),
      findings,
    };
  }

  private reviveRule({ plan: _, outline, ...rest }: StoredRule, document: RuleDocument, bytes: Buffer): LoadedRule {
    let plan: Plan | undefined;
    const revived: LoadedRule = {
      ...rest,
      document,
      ...(outline === undefined ? {} : { outline: { predicate: this.outlineOf(outline) } }),
      get plan() {
        plan ??= JSON.parse(bytes.toString('latin1')) as Plan;
        return plan;
      },
    };
    PLANS.set(revived, bytes);
    return revived;
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

const PLANS = new WeakMap<LoadedRule, Buffer>();

/** A rule's plan as JSON in ASCII, for other threads: of a rule from the cache without its being read here. */
export function planText(rule: LoadedRule): Uint8Array {
  return PLANS.get(rule) ?? asciiBytes(JSON.stringify(rule.plan));
}

function encode(file: string, known: KnownInspections): Encoded | undefined {
  const { asked, names, text } = known;
  const inspections = text === undefined ? undefined : known.of(text);
  if (text === undefined || inspections === undefined) return undefined;
  const stored: StoredInspection[] = [];
  const plans: Buffer[] = [];
  for (const inspection of inspections) {
    const { document, rule } = inspection;
    const isOwn = inspection.text === text && inspection.file === file;
    if (!isOwn || (rule !== undefined && (rule.document !== document || !isData(rule.plan)))) return undefined;
    const plan = asciiBytes(rule === undefined ? '' : JSON.stringify(rule.plan));
    plans.push(plan);
    const one = storedInspection(inspection, text, plan.length);
    // Of what a rule asks its filters by, `undefined` is as good as nothing.
    if (!isData(one)) return undefined;
    stored.push(one);
  }
  const line: StoredFile = { asked, ...(names === undefined ? {} : { names }), inspections: stored };
  return { digest: digestOf(text), line: asciiBytes(JSON.stringify(line)), plans: Buffer.concat(plans) };
}

function storedInspection(inspection: Inspection, text: string, planLength: number): StoredInspection {
  const { kind, findings, locate, document, rule } = inspection;
  const source = document === undefined ? undefined : partOf(text, document.source.text, 0);
  const query = document === undefined || source === undefined ? undefined : queryPart(document, source, text);
  return {
    ...(kind === undefined ? {} : { kind }),
    findings,
    ...(locate === undefined ? {} : { isLocated: true }),
    ...(document === undefined ? {} : { document: withTexts(document, source && '', query && '') }),
    ...(source === undefined ? {} : { source }),
    ...(query === undefined ? {} : { query }),
    ...(rule === undefined ? {} : { rule: storedRule(rule, planLength) }),
  };
}

function storedRule({ document: _document, plan, outline: _outline, ...rest }: LoadedRule, length: number): StoredRule {
  if (plan.kind !== 'event') return { ...rest, plan: length };
  return { ...rest, plan: length, outline: JSON.stringify(outlineOf(plan.predicate)) };
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
function asciiOf(json: string): string {
  return json.replaceAll(/[\u0080-\uffff]/g, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function asciiBytes(json: string): Buffer {
  return Buffer.from(asciiOf(json), 'latin1');
}

function digestOf(text: string): string {
  return hash('sha256', text, 'base64');
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
