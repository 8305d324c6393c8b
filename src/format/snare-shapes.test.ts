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

it('finds the parts of a text along ways that others took as they are found in it alone, and as it reads whole', () => {
  let found = 0;
  fc.assert(
    fc.property(fc.array(snareLine, { minLength: 1, maxLength: 8 }), (lines) => {
      const scanner = new LineScanner<unknown>();
      const texts = new TextParts<unknown>();
      for (const line of [...lines, ...lines]) {
        const scanned = scanner.scan(Buffer.from(line)) as LineShape<unknown>;
        const parts = new Map(
          [...membersOf(texts.shapeOf(scanner, scanned)).values()].filter(isPart).map((part) => {
            const [start, end] = [(scanner.starts[part.number] ?? 0) + 1, (scanner.ends[part.number] ?? 0) - 1];
            return [partOf(part), JSON.parse(`"${Buffer.from(scanner.bytes.slice(start, end)).toString()}"`) as string];
          }),
        );
        if (!parts.has('Column.4')) continue;
        found += 1;
        const { message } = JSON.parse(line) as { message: string };
        expect(parts).toEqual(splitSnareLine(message.trim()));
        const whole = parseSyslog(message.trim());
        const { snare, host } = snareLineOf('message', [...parts.keys()], (part) => parts.get(part) as string);
        expect(toldBy(snare, host)).toEqual(toldBy(snareTextIn(whole?.message ?? ''), whole?.host));
        expect(snare?.isTimed).toBe(true);
        expect(toldBy(snare, host)?.time).toBeDefined();
      }
    }),
    { numRuns: runs(300) },
  );
  expect(found).toBeGreaterThan(runs(300));
});
