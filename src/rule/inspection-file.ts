/**
 * What came of rule files, as bytes that another process can go on from.
 *
 *   files ──columns of what each start asks of every rule──▶ index, one text of JSON
 *        └──text, rest, plans (`stored-inspections.ts`)────▶ bytes behind it ──as they are asked for──▶ inspections
 *
 * The bytes behind the index need not be in memory: of most rules they are never asked for.
 */
import type { Predicate } from '../plan/predicate/node.ts';
import type { FileStamp } from './file-stamp.ts';
import type { Finding } from './finding.ts';
import type { KnownFile } from './inspection-cache.ts';
import type { RuleForm } from './rule.ts';
import {
  asciiBytes,
  type PlaceInFile,
  type StoredFile,
  type StoredInspection,
  StoredInspections,
  storedFile,
} from './stored-inspections.ts';

/** In columns, since thousands of small objects of one shape take several times as long to read. */
interface Index {
  readonly files: string[];
  readonly digests: string[];
  /** `NUMBERS` of each file. */
  readonly numbers: number[];
  /** Of each inspection; null where it has no document. */
  readonly ids: (string | null)[];
  /** Of each inspection: place of its form, of its index patterns and, plus one, of its outline, and the length of its plan. */
  readonly places: number[];
  readonly forms: RuleForm[];
  readonly patterns: (readonly string[])[];
  readonly outlines: string[];
  /** Of few files and inspections, with their numbers. */
  readonly names: (readonly [file: number, names: string])[];
  readonly findings: (readonly [inspection: number, findings: readonly Finding[]])[];
  readonly beside: (readonly [inspection: number, beside: NonNullable<StoredInspection['beside']>])[];
}

/** Of each file: its stamp, or zeros; whether filters stand in it; how many inspections, and bytes of each kind, it has. */
const NUMBERS = 9;
const PLACES = 4;

/** @returns the index and what stands behind it, in its order */
export function encodeInspections(files: ReadonlyMap<string, KnownFile>): {
  readonly index: Buffer;
  readonly bodies: readonly Buffer[];
} {
  const writer = new IndexWriter();
  const bodies: Buffer[] = [];
  for (const [file, { known, stamp }] of files) {
    const stored = storedFile(file, known);
    if (stored === undefined) continue;
    writer.add(file, stored, stamp);
    bodies.push(stored.text, stored.rest, stored.plans);
  }
  return { index: asciiBytes(JSON.stringify(writer.index)), bodies };
}

/** Gives bytes of what stands behind an index. */
export type ReadBodies = (start: number, length: number) => Buffer;

/**
 * @param index of `encodeInspections`, of this version of the program
 * @param read asked when something of a file is asked for
 * @param outlines those that are known, by their texts; gets the others
 * @param place of what stands behind the index, where that is a file that is open for as long as `read` is held
 */
export function decodeInspections(
  index: Buffer,
  read: ReadBodies,
  outlines = new Map<string, Predicate>(),
  place?: PlaceInFile,
): ReadonlyMap<string, KnownFile> {
  const columns = JSON.parse(index.toString('latin1')) as Index;
  const { files, digests, numbers } = columns;
  const [names, findings, beside] = [new Map(columns.names), new Map(columns.findings), new Map(columns.beside)];
  const known = new Map<string, KnownFile>();
  let [body, inspection] = [0, 0];
  for (let file = 0; file < files.length; file += 1) {
    const at = file * NUMBERS;
    const number = (place: number): number => numbers[at + place] as number;
    const inspections: StoredInspection[] = [];
    for (const end = inspection + number(5); inspection < end; inspection += 1)
      inspections.push(storedInspection(columns, inspection, findings.get(inspection), beside.get(inspection)));
    const lengths = { text: number(6), rest: number(7), plans: number(8) };
    const told = {
      digest: digests[file] as string,
      holdsFilters: number(4) === 1,
      names: names.get(file),
      inspections,
    };
    const name = files[file] as string;
    const of = new StoredInspections(name, new FileInStore(told, read, { start: body, lengths, place }), outlines);
    body += lengths.text + lengths.rest + lengths.plans;
    const stamp = { size: number(0), mtimeMs: number(1), ctimeMs: number(2), ino: number(3) };
    known.set(name, stamp.ctimeMs === 0 ? { known: of } : { known: of, stamp });
  }
  return known;
}

/** One whose bytes are read when they are asked for. */
class FileInStore implements StoredFile {
  readonly digest: string;
  readonly holdsFilters: boolean;
  readonly names: string | undefined;
  readonly inspections: readonly StoredInspection[];
  private readonly read: ReadBodies;
  private readonly at: BodyPlace;

  constructor(
    told: Pick<FileInStore, 'digest' | 'holdsFilters' | 'names' | 'inspections'>,
    read: ReadBodies,
    at: BodyPlace,
  ) {
    this.digest = told.digest;
    this.holdsFilters = told.holdsFilters;
    this.names = told.names;
    this.inspections = told.inspections;
    this.read = read;
    this.at = at;
  }

  get text(): Buffer {
    return this.read(this.at.start, this.at.lengths.text);
  }

  get rest(): Buffer {
    return this.read(this.at.start + this.at.lengths.text, this.at.lengths.rest);
  }

  get plans(): Buffer {
    return this.read(this.startOfPlans, this.at.lengths.plans);
  }

  get plansIn(): PlaceInFile | undefined {
    const { place } = this.at;
    return place && { descriptor: place.descriptor, start: place.start + this.startOfPlans };
  }

  private get startOfPlans(): number {
    const { start, lengths } = this.at;
    return start + lengths.text + lengths.rest;
  }
}

/** Where the bytes of a file stand behind the index. */
interface BodyPlace {
  readonly start: number;
  readonly lengths: { readonly text: number; readonly rest: number; readonly plans: number };
  readonly place: PlaceInFile | undefined;
}

type FileNumbers = [
  size: number,
  mtimeMs: number,
  ctimeMs: number,
  ino: number,
  filters: number,
  count: number,
  text: number,
  rest: number,
  plans: number,
];

const NO_FINDINGS: readonly Finding[] = [];

function storedInspection(
  { ids, places, forms, patterns, outlines }: Index,
  number: number,
  findings: readonly Finding[] | undefined,
  beside: StoredInspection['beside'],
): StoredInspection {
  const id = ids[number];
  const at = number * PLACES;
  const outline = places[at + 2] as number;
  const plan = places[at + 3] as number;
  return {
    head:
      typeof id === 'string'
        ? {
            id,
            form: forms[places[at] as number] as RuleForm,
            indexPatterns: patterns[places[at + 1] as number] as string[],
          }
        : undefined,
    findings: findings ?? NO_FINDINGS,
    plan: plan > 0 ? plan : undefined,
    outline: outline > 0 ? (outlines[outline - 1] as string) : undefined,
    beside,
  };
}

class IndexWriter {
  readonly index: Index = {
    files: [],
    digests: [],
    numbers: [],
    ids: [],
    places: [],
    forms: [],
    patterns: [],
    outlines: [],
    names: [],
    findings: [],
    beside: [],
  };
  private readonly forms = new Map<string, number>();
  private readonly patterns = new Map<string, number>();
  private readonly outlines = new Map<string, number>();

  add(file: string, stored: StoredFile, stamp: FileStamp = { size: 0, mtimeMs: 0, ctimeMs: 0, ino: 0 }): void {
    const { files, digests, numbers, names } = this.index;
    const { digest, holdsFilters, inspections, text, rest, plans } = stored;
    if (stored.names !== undefined) names.push([files.length, stored.names]);
    files.push(file);
    digests.push(digest);
    const { size, mtimeMs, ctimeMs, ino } = stamp;
    const row: FileNumbers = [
      size,
      mtimeMs,
      ctimeMs,
      ino,
      holdsFilters ? 1 : 0,
      inspections.length,
      text.length,
      rest.length,
      plans.length,
    ];
    numbers.push(...row);
    for (const inspection of inspections) this.addInspection(inspection);
  }

  private addInspection({ head, findings, plan = 0, outline, beside }: StoredInspection): void {
    const { index } = this;
    const number = index.ids.length;
    if (findings.length > 0) index.findings.push([number, findings]);
    if (beside !== undefined) index.beside.push([number, beside]);
    index.ids.push(head?.id ?? null);
    const form = head === undefined ? 0 : place(this.forms, head.form, () => index.forms.push(head.form));
    const patterns =
      head === undefined
        ? 0
        : place(this.patterns, JSON.stringify(head.indexPatterns), () => index.patterns.push(head.indexPatterns));
    const outlined = outline === undefined ? 0 : 1 + place(this.outlines, outline, () => index.outlines.push(outline));
    index.places.push(form, patterns, outlined, plan);
  }
}

/** The place of what is written once; `write` puts it behind the others. */
function place(places: Map<string, number>, key: string, write: () => void): number {
  let at = places.get(key);
  if (at === undefined) {
    at = places.size;
    places.set(key, at);
    write();
  }
  return at;
}
