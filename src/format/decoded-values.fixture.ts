/** What is promised of the texts of an event's line, decoded (`decoded-values.ts`). */
import { expect } from 'vitest';
import type { Event } from '../event/event.ts';
import { DecodedValues } from './decoded-values.ts';
import { BESIDE, LineScanner } from './line-shape.ts';
import { membersOf } from './recorded-json.ts';

const scanner = new LineScanner<unknown>();
/** Numbers, times, and what addresses of networks have. */
const MADE = /^(?:[-+.:0-9etz]*|[0-9a-f:.]*)$/;

/** @returns whether something is told of the line */
export function expectDecoded(line: Uint8Array, event: Event): boolean {
  const shape = scanner.scan(line);
  const words = event.words();
  const decoded = shape && words?.encoding && DecodedValues.of(membersOf(shape), words.encoding);
  const end = scanner.hasOddEscapes ? -1 : (decoded?.write(scanner) ?? -1);
  if (decoded === undefined || end === -1) return false;
  const values = event.saidScalars().map(({ value }) => plain(String(value)));
  const written = plain(Buffer.from(scanner.bytes.subarray(BESIDE, end)).toString());
  const places = [written, words?.fixed ?? '', ...(words?.made ?? []).map(plain)];
  for (const value of values) {
    // As an id of an event ends, and an abstract socket's name begins.
    for (const run of value
      .replace(/(?<=\/)[\d.:]+$/, '')
      .replace(/^@/, '')
      .split(/[^ -~]+/)) {
      if (!MADE.test(run) && !places.some((place) => place.includes(run))) expect.fail(`nowhere: ${run} in ${written}`);
    }
  }
  for (const word of new Set(written.match(/[!-~]+(?: [!-~]+)?| ?[!-~]/g))) {
    if (!decoded.holds(Buffer.from(word))) continue;
    if (!values.some((value) => value.includes(word))) expect.fail(`in no value: ${word} of ${written}`);
  }
  return true;
}

function plain(text: string): string {
  return text.toLowerCase();
}
