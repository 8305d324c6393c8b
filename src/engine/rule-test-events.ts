/**
 * The events of a case, read as a scan reads them.
 *
 *   inline records │ files (.json: objects one after another, in a list, over lines; else lines) ──▶ formats ──▶ events
 *
 * A record that cannot be read is a problem of the case: a test that expects nothing must not pass because nothing was
 * read. What says no time gets one from a fixed moment on, a second a record, so that a test gives the same on any day.
 */
import { Buffer } from 'node:buffer';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Event } from '../event/event.ts';
import type { JsonObject } from '../event/json.ts';
import type { Reject } from '../format/format.ts';
import { openStream } from '../format/stream.ts';
import { readLines } from '../ingest/line-source.ts';
import type { TestCase } from './rule-test.ts';

const FIRST_TIME = Date.UTC(2026, 0, 1);
const LARGEST_JSON = 64 * 1024 * 1024;
const MOST_PROBLEMS = 5;

/** @returns why parts could not be read, in sentences; of many the first */
export async function readTestEvents(
  test: Pick<TestCase, 'events' | 'files'>,
  take: (event: Event) => void,
): Promise<readonly string[]> {
  const problems: string[] = [];
  const tell = (problem: string) => {
    if (problems.length < MOST_PROBLEMS) problems.push(problem);
  };
  let records = 0;
  const settings = { standsInForEndpoint: true, now: () => FIRST_TIME + records * 1_000 };
  // A reader for all inline records, as if they stood in one file: an audit event may be given line by line.
  const open = (path: string) => {
    const reader = openStream(settings, {
      event: take,
      reject: ({ origin, reason }: Reject) => tell(placeOf(path, origin.line, reason)),
    });
    let offset = 0;
    let line = 1;
    return {
      reader,
      record(text: string) {
        records += 1;
        const bytes = Buffer.from(text);
        reader.line({ bytes, origin: { path, offset, line } });
        offset += bytes.length + 1;
        line += 1;
      },
    };
  };
  const inline = open('');
  for (const record of test.events) for (const line of linesOf(record)) inline.record(line);
  inline.reader.end();
  for (const path of test.files) {
    const name = basename(path);
    const input = open(name);
    if (/\.json$/i.test(path)) {
      const text = await readJsonText(path, tell);
      for (const object of splitObjects(text)) input.record(object);
    } else {
      const { problem } = await readLines(
        path,
        (line) => {
          records += 1;
          input.reader.line(line);
        },
        { onReject: (reject) => input.reader.missed(reject) },
      );
      if (problem !== undefined) tell(problem.message);
    }
    input.reader.end();
  }
  return problems;
}

function linesOf(record: JsonObject | string): readonly string[] {
  if (typeof record !== 'string') return [JSON.stringify(record)];
  return record.split('\n').filter((line) => line.trim() !== '');
}

function placeOf(path: string, line: number, reason: string): string {
  return `${path === '' ? 'Record' : `${path}, record`} ${line} cannot be read: ${reason}`;
}

async function readJsonText(path: string, tell: (problem: string) => void): Promise<string> {
  try {
    if ((await stat(path)).size <= LARGEST_JSON) return (await readFile(path, 'utf8')).replace(/^\ufeff/, '');
    tell(`${path} is larger than ${LARGEST_JSON / 1024 / 1024} MiB.`);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    tell(code === 'ENOENT' ? `There is no file ${path}.` : `${path} cannot be read (${code}).`);
  }
  return '';
}

/**
 * The JSON objects of a text, whether they stand in a list, one a line, or one after another over several lines, as
 * SigmaHQ's regression data has them. What stands between them and is no list comes out as a part too, so that its reader
 * refuses it.
 */
export function splitObjects(text: string): readonly string[] {
  const parts: string[] = [];
  // A string as a whole, so that no brace within it counts; else a brace, or what should not stand between objects.
  const token = /"[^"\\]*(?:\\.[^"\\]*)*"?|[{}]|[^\s{}"[\],]+/gs;
  let depth = 0;
  let start = 0;
  for (const { 0: found, index } of text.matchAll(token)) {
    if (found === '{') {
      if (depth === 0) start = index;
      depth += 1;
    } else if (found === '}' && depth > 0) {
      depth -= 1;
      if (depth === 0) parts.push(text.slice(start, index + 1));
    } else if (depth === 0) {
      parts.push(found);
    }
  }
  if (depth > 0) parts.push(text.slice(start));
  return parts;
}
