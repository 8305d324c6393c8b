/**
 * Indicators out of a folder: which addresses, domains, hashes … somebody has said are bad.
 *
 *   indicators/NAME.ndjson   a document a line, in ECS (`threat.indicator.ip`)
 *   indicators/NAME.csv      a first line of field names, an indicator a line
 *
 * A rule reads the files whose names fit its index patterns (`threat_index`), and value lists that it names so; where there
 * are none, all files. What it asks of
 * indicators besides (`threat_query`) is asked of each document; one that has no time counts as of when its file was written.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { documentSource, Event, setPath } from '../../event/event.ts';
import { isJsonObject, type Json, type JsonObject, parseJson } from '../../event/json.ts';
import { parseTime, timeFromMs } from '../../event/time.ts';
import { compileKuery } from '../../language/kuery/kuery.ts';
import { compileLucene } from '../../language/lucene/lucene.ts';
import { compileMatcher } from '../../match/matcher.ts';
import type { Predicate } from '../../plan/predicate/node.ts';
import type { Indicators } from '../../plan/tally.ts';
import { readFilters } from '../../rule/elastic-filters.ts';
import { compileIndexPatterns } from '../../rule/index-pattern.ts';

export interface Indicator {
  readonly event: Event;
  readonly id: string;
  /** The file’s name without its ending. */
  readonly source: string;
}

/** What could not be read; the rest is there. */
export interface IndicatorProblem {
  readonly file: string;
  readonly line?: number;
  readonly message: string;
}

/** A file larger than this is left out: indicators are held in memory. */
const LARGEST_FILE = 256 * 1024 * 1024;
const MOST_PROBLEMS = 20;

export class IndicatorBook {
  readonly problems: readonly IndicatorProblem[];
  private readonly sources: ReadonlyMap<string, readonly Indicator[]>;
  private readonly lists: ReadonlyMap<string, readonly Indicator[]>;

  constructor(
    sources: ReadonlyMap<string, readonly Indicator[]> = new Map(),
    problems: readonly IndicatorProblem[] = [],
    lists: ReadonlyMap<string, readonly Indicator[]> = new Map(),
  ) {
    this.sources = sources;
    this.problems = problems;
    this.lists = lists;
  }

  /** With value lists, by their ids: they count for rules that name them. */
  withLists(lists: ReadonlyMap<string, readonly Indicator[]>): IndicatorBook {
    return new IndicatorBook(this.sources, this.problems, lists);
  }

  /**
   * Values of lists have only a value: what the rule's filters ask of an indicator's document is not asked of them.
   * @param now what `now` in the query means, epoch milliseconds
   */
  choose({ sources, query, filters }: Indicators, now: number): readonly Indicator[] {
    const fits = compileIndexPatterns(sources);
    const named = [...this.sources, ...this.lists].filter(([name]) => fits([name]));
    const { predicate } = readFilters(filters, now);
    const filtered = holdsFor(predicate);
    const chosen = (named.length > 0 ? named : [...this.sources]).flatMap(([name, indicators]) =>
      this.lists.has(name) ? indicators : indicators.filter(filtered),
    );
    if (query === undefined) return chosen;
    const compile = query.language === 'lucene' ? compileLucene : compileKuery;
    return chosen.filter(holdsFor(compile(query.text, { now }).plan?.predicate));
  }
}

function holdsFor(predicate: Predicate | undefined): (indicator: Indicator) => boolean {
  if (predicate === undefined) return () => true;
  const matcher = compileMatcher([{ predicate, reads: () => true }]);
  return ({ event }) => {
    let holds = false;
    matcher.match(event, () => {
      holds = true;
    });
    return holds;
  };
}

/** Reads the folder; empty where there is none. Never throws for what lies in it. */
export async function readIndicators(folder: string): Promise<IndicatorBook> {
  const sources = new Map<string, Indicator[]>();
  const problems: IndicatorProblem[] = [];
  for (const name of await namesIn(folder)) {
    const [, source, ending] = /^(.+)\.(ndjson|csv)$/i.exec(name) ?? [];
    if (source === undefined || ending === undefined) continue;
    const file = join(folder, name);
    const tell = (message: string, line?: number) => {
      if (problems.length < MOST_PROBLEMS) problems.push({ file, message, ...(line === undefined ? {} : { line }) });
    };
    const indicators = sources.get(source) ?? [];
    sources.set(source, indicators);
    try {
      const { size, mtimeMs } = await stat(file);
      if (size > LARGEST_FILE) {
        tell('The file is larger than 256 MiB, and is left out.');
        continue;
      }
      const text = await readFile(file, 'utf8');
      for (const [line, document] of documentsOf(text, ending.toLowerCase(), tell)) {
        indicators.push(indicatorOf(document, `${name}:${line}`, source, mtimeMs));
      }
    } catch (error) {
      tell(`It cannot be read: ${(error as Error).message}.`);
    }
  }
  return new IndicatorBook(sources, problems);
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch {
    return [];
  }
}

function* documentsOf(
  text: string,
  ending: string,
  tell: (message: string, line: number) => void,
): Iterable<readonly [line: number, document: JsonObject]> {
  let fields: readonly string[] | undefined;
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    if (ending === 'ndjson') {
      const document = objectOf(line);
      if (document === undefined) tell('The line is not a JSON object.', at + 1);
      else yield [at + 1, document];
    } else if (fields === undefined) fields = cellsOf(line.replace(/^\ufeff/, ''));
    else yield [at + 1, rowOf(fields, cellsOf(line))];
  }
}

function objectOf(line: string): JsonObject | undefined {
  try {
    const value = parseJson(line);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function rowOf(fields: readonly string[], cells: readonly string[]): JsonObject {
  const document: Record<string, Json> = {};
  for (const [at, field] of fields.entries()) {
    const value = cells[at]?.trim() ?? '';
    if (field.trim() !== '' && value !== '') setPath(document, field.trim(), value);
  }
  return document;
}

/** Cells of one line of comma-separated values; a cell in quotes may hold commas, and quotes doubled. */
function cellsOf(line: string): readonly string[] {
  const cells = line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g);
  return [...cells].map(([, quoted, plain = '']) => quoted?.replaceAll('""', '"') ?? plain);
}

function indicatorOf(given: JsonObject, place: string, source: string, written: number): Indicator {
  const ofFile = { '@timestamp': new Date(written).toISOString() };
  const document = Object.hasOwn(given, '@timestamp') ? given : { ...ofFile, ...given };
  const time = parseTime(String(document['@timestamp'])) ?? timeFromMs(written);
  const event = new Event({
    time,
    source: documentSource(document),
    raw: new Uint8Array(),
    format: 'json',
    dataStreams: [source],
  });
  return { event, id: event.text('_id') ?? event.text('event.id') ?? place, source };
}
