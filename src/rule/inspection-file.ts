/**
 * What came of rule files, as a text that another process can go on from.
 *
 *   inspections ──without what stands in the rule’s own text──▶ JSON ──with the text again, if it is the same──▶ inspections
 *
 * Plans are data, so that JSON gives them back as they were; what JSON would change (a function, `undefined`, an infinite
 * number) is not kept, and its file is read again each time. Texts are told by their hash, and stand in no such file.
 */
import { hash } from 'node:crypto';
import type { FilteredRule } from '../language/sigma/filter.ts';
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
  readonly rule?: Omit<LoadedRule, 'document'>;
}

/** What stands on a line of its own; the first line says which file each of the others is of. */
interface StoredFile {
  readonly asked: readonly FilteredRule[];
  readonly names?: string;
  readonly inspections: readonly StoredInspection[];
}

/** Of a line: the rule file, the hash of its text, and the line's length. */
type Entry = readonly [file: string, digest: string, length: number];

/** In ASCII. */
export function encodeInspections(known: ReadonlyMap<string, KnownInspections>): Buffer {
  const entries: Entry[] = [];
  const lines: string[] = [];
  for (const [file, one] of known) {
    const { text } = one;
    const stored = text === undefined ? undefined : storedFile(file, text, one);
    // Of what a rule asks its filters by, `undefined` is as good as nothing.
    if (text === undefined || !stored?.inspections.every(isData)) continue;
    const line = asciiOf(JSON.stringify(stored));
    lines.push(line);
    entries.push([file, digestOf(text), line.length]);
  }
  return Buffer.from([asciiOf(JSON.stringify(entries)), ...lines].join('\n'), 'latin1');
}

/**
 * Read line by line, as the files are asked for: all at once would take several times the room.
 * @param bytes of `encodeInspections`, of this version of the program
 */
export function decodeInspections(bytes: Buffer): ReadonlyMap<string, KnownInspections> {
  const newline = bytes.indexOf('\n');
  let at = newline === -1 ? bytes.length : newline;
  const entries = JSON.parse(bytes.toString('latin1', 0, at)) as readonly Entry[];
  return new Map(
    entries.map(([file, digest, length]) => {
      const start = at + 1;
      at = start + length;
      return [file, new StoredInspections(file, digest, bytes.subarray(start, at))];
    }),
  );
}

class StoredInspections implements KnownInspections {
  private readonly file: string;
  private readonly digest: string;
  private bytes: Buffer | undefined;
  private stored: StoredFile | undefined;
  private revived: readonly Inspection[] | undefined;

  constructor(file: string, digest: string, bytes: Buffer) {
    this.file = file;
    this.digest = digest;
    this.bytes = bytes;
  }

  get asked(): readonly FilteredRule[] {
    return this.read().asked;
  }

  get names(): string | undefined {
    return this.read().names;
  }

  of(text: string): readonly Inspection[] | undefined {
    if (digestOf(text) !== this.digest) return undefined;
    this.revived ??= this.read().inspections.map((stored, at) => revive(stored, this.file, text, at));
    return this.revived;
  }

  private read(): StoredFile {
    this.stored ??= JSON.parse(this.bytes?.toString('latin1') ?? '') as StoredFile;
    this.bytes = undefined;
    return this.stored;
  }
}

function storedFile(file: string, text: string, known: KnownInspections): StoredFile | undefined {
  const { asked, names } = known;
  const inspections = known.of(text);
  if (inspections === undefined) return undefined;
  const stored: StoredInspection[] = [];
  for (const inspection of inspections) {
    const { document, rule } = inspection;
    const isOwn = inspection.text === text && inspection.file === file;
    if (!isOwn || (rule !== undefined && rule.document !== document)) return undefined;
    stored.push(storedInspection(inspection, text));
  }
  return { asked, ...(names === undefined ? {} : { names }), inspections: stored };
}

function storedInspection({ kind, findings, locate, document, rule }: Inspection, text: string): StoredInspection {
  const source = document === undefined ? undefined : partOf(text, document.source.text, 0);
  const query = document === undefined || source === undefined ? undefined : queryPart(document, source, text);
  const { document: _document, ...rest } = rule ?? {};
  return {
    ...(kind === undefined ? {} : { kind }),
    findings,
    ...(locate === undefined ? {} : { isLocated: true }),
    ...(document === undefined ? {} : { document: withTexts(document, source && '', query && '') }),
    ...(source === undefined ? {} : { source }),
    ...(query === undefined ? {} : { query }),
    ...(rule === undefined ? {} : { rule: rest as Omit<LoadedRule, 'document'> }),
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

function revive(stored: StoredInspection, file: string, text: string, at: number): Inspection {
  const { kind, findings, isLocated, document: emptied, source, query, rule } = stored;
  const document = emptied && withTexts(emptied, source && text.slice(...source), query && text.slice(...query));
  return {
    file,
    text,
    ...(kind === undefined ? {} : { kind }),
    ...(document === undefined ? {} : { document }),
    ...(document === undefined || rule === undefined ? {} : { rule: { ...rule, document } }),
    ...(isLocated === undefined ? {} : { locate: lateLocator(text, file, at) }),
    findings,
  };
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
