import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runs } from '../../test/effort.ts';
import { LineScanner, type LineShape } from './line-shape.ts';
import { isPart, partOf } from './part-names.ts';
import { membersOf } from './recorded-json.ts';
import { ODD_LINES, snareLine } from './snare.fixture.ts';
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
  if (line.some((byte) => byte > 0x7f)) expect(scanner.isOdd).toBe(true);
  if (/\\[u/]/.test(line.toString().replaceAll('\\\\', ''))) expect(scanner.hasOddEscapes).toBe(true);
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

it('finds them in a text that is as others but for one value, whatever that looks like', () => {
  let found = 0;
  for (const { usual, odd } of ODD_LINES) {
    const scanner = new LineScanner<unknown>();
    const texts = new TextParts<unknown>();
    for (let turn = 0; turn < 2; turn += 1) expect(holdsParts(scanner, texts, Buffer.from(usual))).toBe(true);
    const escaped = ['\\/', '\\u0061', '\\n', '\\\\/'].map((written) => usual.replace('ada', () => `a${written}da`));
    for (const line of [...odd, ...escaped]) if (holdsParts(scanner, texts, Buffer.from(line))) found += 1;
  }
  expect(found).toBeGreaterThan(500);
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

/** A few characters of a line become others, mostly where its header, its id and its date stand; or what is around its text does. */
const edit = fc.oneof(
  fc.record({
    at: fc.oneof(fc.nat(150), fc.nat(600)),
    to: fc.constantFrom(...'0123459aZ :<>-é ', '\\t', '\\\\', '  ', ''),
    takes: fc.nat(1),
  }),
  fc.constantFrom<readonly [RegExp, string]>(
    ...[/(?=","|"}$)/, /(?<=Jul |Feb )(?=\d)/].flatMap((at) =>
      [' ', '\\t', '\\\\', '1'].map((to) => [at, to] as const),
    ),
    ...[[/"product":"/, '"product":"é'] as const, [/<131>/, '<13>'] as const],
  ),
);

function edited(line: string, one: typeof edit extends fc.Arbitrary<infer E> ? E : never): string {
  if ('to' in one) {
    const at = one.at % line.length;
    return line.slice(0, at) + one.to + line.slice(at + one.takes);
  }
  return line.replace(one[0], () => one[1]);
}

it('says of a line what tells that another has the same parts, and up to which member a scan alone tells where they are', () => {
  let known = 0;
  fc.assert(
    fc.property(
      snareLine,
      fc.array(fc.array(edit, { minLength: 1, maxLength: 2 }), { minLength: 6, maxLength: 16 }),
      fc.boolean(),
      (text, edits, isUsual) => {
        const scanner = new LineScanner<unknown>();
        const texts = new TextParts<unknown>();
        const scan = (line: string) => {
          // Places of the line before are of no use.
          for (const places of [scanner.starts, scanner.ends]) places.fill(0);
          return scanner.scan(Buffer.from(line));
        };
        const shapeOf = (line: string) => texts.shapeOf(scanner, scan(line) as LineShape<unknown>);
        for (let turn = 0; turn < 2; turn += 1) shapeOf(text);
        const one = isUsual ? text : (edits[0] ?? []).reduce(edited, text);
        const scanned = scan(one);
        if (scanned === undefined) return;
        const shape = texts.shapeOf(scanner, scanned);
        const told = texts.toldOf(scanner, scanned);
        if (told === undefined) return;
        const record = scanner.ranges.add(told.ranges);
        const placesOf = () => [scanner.starts, scanner.ends].map((places) => [...places.subarray(0, told.told)]);
        for (const some of [[], ...edits]) {
          const other = some.reduce(edited, text);
          if (scan(other) !== scanned || !scanner.ranges.holds(record) || !texts.isTold(scanner, told)) continue;
          known += 1;
          const places = placesOf();
          expect(texts.shapeOf(scanner, scanned), other).toBe(shape);
          expect(placesOf(), other).toEqual(places);
        }
      },
    ),
    { numRuns: runs(160) },
  );
  expect(known).toBeGreaterThan(runs(10));
});

function isJson(line: Buffer): boolean {
  try {
    JSON.parse(line.toString());
    return true;
  } catch {
    return false;
  }
}
