/**
 * Rules and events of others, for those who are held to them.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { Event } from '../src/event/event.ts';
import { openStream } from '../src/format/stream.ts';
import type { MatcherRule } from '../src/match/matcher.ts';
import { compileIndexPatterns } from '../src/rule/index-pattern.ts';
import { loadRules } from '../src/rule/load.ts';
import { runs } from './effort.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const corpora = resolve(root, process.env.VEDETTE_CORPORA ?? '../shared/corpora');
export const hasCorpora = existsSync(corpora);
/** The long test takes all rules, and leaves out each step in turn. */
export const IS_LONG = runs(1) > 1;

/** Nothing left out, and each step in turn; in `npm test` one of them. */
export function sampled<S extends object>(switches: readonly S[]): readonly Partial<S>[] {
  const one = switches[Math.floor(Math.random() * switches.length)];
  return [{}, ...(IS_LONG || one === undefined ? switches : [one])];
}

/** Of each file in the folder so many lines, evenly taken. */
export function linesOf(folder: string, count: number): readonly (readonly string[])[] {
  const names = readdirSync(join(corpora, folder)).filter((name) => name.endsWith('.gz'));
  return names.map((name) => linesIn(join(folder, name), count));
}

/** By file and count: several tests take the same. */
const taken = new Map<string, readonly string[]>();

export function linesIn(file: string, count: number): readonly string[] {
  const key = `${count} ${file}`;
  const lines = taken.get(key) ?? linesOfBytes(gunzipSync(readFileSync(join(corpora, file))), count);
  taken.set(key, lines);
  return lines;
}

/** Of tens of megabytes a text is made of no more than is taken. */
function linesOfBytes(bytes: Buffer, count: number): readonly string[] {
  const starts = [0];
  for (let end = bytes.indexOf('\n'); end !== -1; end = bytes.indexOf('\n', end + 1)) starts.push(end + 1);
  if (starts.at(-1) !== bytes.length) starts.push(bytes.length + 1);
  const ends = starts.slice(1);
  const step = Math.max(1, Math.floor(ends.length / count));
  const chosen = ends.keys().filter((at) => at % step === step - 1);
  return [...chosen.take(count)].map((at) => bytes.toString('utf8', starts[at], (ends[at] as number) - 1));
}

export function eventsOf(files: readonly (readonly string[])[]): readonly Event[] {
  const events: Event[] = [];
  for (const [number, lines] of files.entries()) {
    const sink = { event: (event: Event) => events.push(event), reject: () => {} };
    const stream = openStream({ standsInForEndpoint: true, now: Date.now }, sink);
    for (const [at, line] of lines.entries()) {
      stream.line({ bytes: Buffer.from(line), origin: { path: String(number), offset: at, line: at + 1 } });
    }
    stream.end();
  }
  return events;
}

/** Elastic Defend's own documents, and what is read of so many lines of each capture, as documents in ECS. */
export function ecsDocuments(count: number): readonly string[] {
  const folder = join(corpora, 'vendor/elastic_defend');
  const own = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const documents = own.map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as object);
  const read = eventsOf(linesOf('windows-telemetry', count)).map((event) => event.document());
  return [...documents, ...read].map((document) => JSON.stringify(document));
}

export async function rulesOf(...folders: readonly string[]): Promise<readonly MatcherRule[]> {
  const { rules } = await loadRules(folders.map((folder) => join(corpora, folder)));
  return rules.flatMap(({ plan, document }) =>
    plan.kind === 'event' ? [{ predicate: plan.predicate, reads: compileIndexPatterns(document.indexPatterns) }] : [],
  );
}
