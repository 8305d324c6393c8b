import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runs } from '../../test/effort.ts';
import { LineScanner, type LineShape } from './line-shape.ts';
import { isPart, partOf } from './part-names.ts';
import { membersOf } from './recorded-json.ts';
import { snareLine } from './snare.fixture.ts';
import { SnareRecord, snareTextIn } from './snare.ts';
import { snareLineOf, splitSnareLine } from './snare-line.ts';
import { parseSyslog } from './syslog-line.ts';
import { TextParts } from './text-parts.ts';

const SETTINGS = { standsInForEndpoint: true, now: () => 0 };

/** What a record says, read of some text. */
function toldBy(text: ReturnType<typeof snareTextIn>, host: string | undefined) {
  const record = text && new SnareRecord(text, { host: () => host, original: () => '' }, SETTINGS);
  return (
    record && {
      ...{
        host,
        data: record.data,
        message: record.message,
        code: record.code,
        channel: record.channel,
        user: record.user,
      },
      ...{ time: record.createdTime, computer: record.computer, names: { ...record.names }, rest: record.text.rest },
    }
  );
}

let seenHeld = 0;

/** Holds what a scanner tells of a line to what is found in its text alone; whether it told of its parts. */
function holdsParts(
  scanner: LineScanner<unknown>,
  texts: TextParts<unknown>,
  line: Buffer,
  held = new Map<number, string>(),
): boolean {
  const scanned = scanner.scan(line);
  if (scanned === undefined) return false;
  const { message } = JSON.parse(line.toString()) as { message: string };
  const parts = new Map(
    [...membersOf(texts.shapeOf(scanner, scanned)).values()].filter(isPart).map((part) => {
      const [start, end] = [(scanner.starts[part.number] ?? 0) + 1, (scanner.ends[part.number] ?? 0) - 1];
      const written = Buffer.from(scanner.bytes.slice(start, end)).toString();
      const number = scanner.heldOf(part.number);
      expect(number === 0 ? written : (held.get(number) ?? written)).toBe(written);
      if (number !== 0) seenHeld += 1;
      held.set(number, written);
      return [partOf(part), JSON.parse(`"${written}"`) as string];
    }),
  );
  if (!parts.has('Column.4')) return false;
  expect(parts).toEqual(splitSnareLine(message.trim()));
  if (message.includes('"')) expect(scanner.hasQuotes).toBe(true);
  const whole = parseSyslog(message.trim());
  const { snare, host } = snareLineOf('message', [...parts.keys()], (part) => parts.get(part) as string);
  expect(toldBy(snare, host)).toEqual(toldBy(snareTextIn(whole?.message ?? ''), whole?.host));
  expect(snare?.isTimed).toBe(true);
  expect(toldBy(snare, host)?.time).toBeDefined();
  return true;
}

it('finds the parts of a text along ways that others took as they are found in it alone, and as it reads whole', () => {
  let found = 0;
  fc.assert(
    fc.property(fc.array(snareLine, { minLength: 1, maxLength: 8 }), (lines) => {
      const scanner = new LineScanner<unknown>();
      const texts = new TextParts<unknown>();
      for (const line of [...lines, ...lines]) if (holdsParts(scanner, texts, Buffer.from(line))) found += 1;
    }),
    { numRuns: runs(200) },
  );
  expect(found).toBeGreaterThan(runs(200));
});

it('finds them where much was seen of them before, and of a line that is broken nothing that JSON.parse does not', () => {
  const usual = fc.sample(snareLine, { numRuns: 3, seed: 7 }).map((line) => Buffer.from(line));
  fc.assert(
    fc.property(fc.array(fc.tuple(snareLine, fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 }), (lines) => {
      const scanner = new LineScanner<unknown>();
      const texts = new TextParts<unknown>();
      const tell = (line: Buffer) => scanner.scan(line) !== undefined;
      const held = new Map<number, string>();
      const seen = [...usual, ...lines.map(([line]) => Buffer.from(line))];
      for (let turn = 0; turn < 30; turn += 1) {
        for (const line of seen) {
          const scanned = scanner.scan(line) as LineShape<unknown>;
          texts.shapeOf(scanner, scanned);
        }
      }
      for (const [text, place, byte] of lines) {
        const line = Buffer.from(text);
        expect(tell(line)).toBe(true);
        holdsParts(scanner, texts, line, held);
        const broken = Buffer.from(line);
        broken[place % line.length] = byte;
        if (isJson(broken)) holdsParts(scanner, texts, broken, held);
        else expect(tell(broken)).toBe(false);
      }
    }),
    { numRuns: runs(150) },
  );
  expect(seenHeld).toBeGreaterThan(runs(150));
});

function isJson(line: Buffer): boolean {
  try {
    JSON.parse(line.toString());
    return true;
  } catch {
    return false;
  }
}
