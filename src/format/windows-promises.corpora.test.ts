import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type Copies, LOG_SOURCE_FIELDS } from '../event/event.ts';
import { openStream } from './stream.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = resolve(root, process.env.VEDETTE_CORPORA ?? '../shared/corpora', 'windows-telemetry');
/** Of many thousand events of each capture, one in so many. */
const STEP = 199;

describe.skipIf(!existsSync(folder))('promises of Windows events (skipped where the captures are not there)', () => {
  it('words stand in the raw bytes, or the format owns up to them; one sort is one log source; copies are some', () => {
    const sources = new Map<string, string>();
    const missing = new Set<string>();
    let events = 0;
    let copies = 0;
    let copied = 0;
    const stream = openStream(
      { standsInForEndpoint: true, now: Date.now },
      {
        event(event) {
          const words = event.words();
          expect(words, event.format).toBeDefined();
          events += 1;
          const source = JSON.stringify(LOG_SOURCE_FIELDS.map((field) => event.values(field)));
          const sort = event.sort();
          if (sort !== undefined) {
            expect(sources.get(sort) ?? source).toBe(source);
            sources.set(sort, source);
          }
          const all = [Buffer.from(event.raw).toString(), words?.fixed, ...(words?.made ?? []), words?.flow?.()]
            .join('\n')
            .toLowerCase();
          const members = JSON.parse(Buffer.from(event.raw).toString()) as Record<string, unknown>;
          for (const { field, value } of event.allScalars()) {
            const { names, isPart, isEnd, orNumber, isNumber, lines } = event.copies(field) ?? NO_COPIES;
            const text = String(value);
            if (lines !== undefined && !names.some((name) => String(members[name]) === text)) {
              copied += 1;
              const found = lines.of.flatMap((name) => linesOf(String(members[name]), lines.names));
              expect(found, field).toContain(text);
            } else if (names.length > 0 && !(orNumber && /^\d+$/.test(text))) {
              copies += 1;
              const stands = (one: string) => {
                if (isNumber) return Number(one) === value;
                if (isEnd) return one.endsWith(text);
                return isPart ? one.toLowerCase().includes(text.toLowerCase()) : one === text;
              };
              expect(
                names.some((name) => stands(String(members[name]))),
                field,
              ).toBe(true);
            }
            for (const [run] of String(value).matchAll(/[A-Za-z :._-]{3,}/g)) {
              if (/[g-z]/i.test(run) && !all.includes(run.toLowerCase())) missing.add(run);
            }
          }
        },
        reject: () => {},
      },
    );
    for (const name of readdirSync(folder).filter((each) => each.endsWith('.ndjson.gz'))) {
      const lines = gunzipSync(readFileSync(join(folder, name)))
        .toString()
        .split('\n');
      for (let at = 0; at < lines.length; at += STEP) {
        const line = lines[at] ?? '';
        if (line === '') continue;
        for (const one of [line, asWinlogbeat(line)]) {
          stream.line({ bytes: Buffer.from(one), origin: { path: name, offset: at, line: at + 1 } });
        }
      }
    }
    stream.end();
    expect(events).toBeGreaterThan(300);
    expect(copies).toBeGreaterThan(events / 2);
    expect(copied).toBeGreaterThan(events / 4);
    expect([...missing]).toEqual([]);
  });
});

const NO_COPIES: Copies = { names: [], isPart: false };

/** The values of a text's lines of these names. */
function linesOf(text: string, names: readonly string[]): readonly string[] {
  return text
    .split('\n')
    .map((line) => /^([^=]*)=(.*)$/s.exec(line) ?? [])
    .flatMap(([, name = '', value = '']) => (names.includes(name.replaceAll(' ', '').trim()) ? [value.trim()] : []));
}

/** The record of a capture as winlogbeat ships it. */
function asWinlogbeat(line: string): string {
  const { EventID, Channel, SourceName, Hostname, Message, TimeCreated, ...data } = JSON.parse(line);
  const winlog = { event_id: EventID, channel: Channel, provider_name: SourceName, computer_name: Hostname };
  const time = data['@timestamp'] ?? TimeCreated;
  return JSON.stringify({ '@timestamp': time, message: Message, winlog: { ...winlog, event_data: data } });
}
