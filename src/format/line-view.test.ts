import fc from 'fast-check';
import { expect, it } from 'vitest';
import { anyText } from '../../test/any-text.ts';
import { runs } from '../../test/effort.ts';
import { type JsonObject, parseJson } from '../event/json.ts';
import { LineScanner } from './line-shape.ts';
import { LineView } from './line-view.ts';
import { membersOf } from './recorded-json.ts';

const name = fc.oneof(fc.constantFrom('EventID', 'a', 'b', '10', 'Image', '__proto__'), fc.string({ maxLength: 6 }));
const text = fc.oneof(
  anyText({ maxLength: 20 }),
  fc.stringMatching(/^[\w\\":/ -]{0,40}$/),
  fc.constantFrom('straße', '\n', 'C:\\Windows'),
);
/** As somebody may write it; JSON.parse alone loses digits of these. */
const written = fc.oneof(
  text.map((one) => JSON.stringify(one)),
  text.map((one) => `"\\u0041\\/${JSON.stringify(one).slice(1)}`),
  fc.constantFrom('9007199254740993', '-18446744073709551615', '0', '-0', '1.5', '123456789012345', 'true', 'false'),
  fc.constantFrom('null', '[]', '[9007199254740993, "x", {"a": 1.25}]', '[[-0]]'),
);
const object: fc.Arbitrary<string> = fc.letrec<{ any: string; object: string }>((tie) => ({
  any: fc.oneof({ depthSize: 'small' }, written, tie('object')),
  object: fc
    .dictionary(name, tie('any'), { minKeys: 1, maxKeys: 4 })
    .map((members) => `{${Object.entries(members).map(([key, one]) => `${JSON.stringify(key)}: ${one}`)}}`),
})).object;

it('shows of a line what parsing it gives', () => {
  const scanner = new LineScanner<LineView>();
  let shown = 0;
  fc.assert(
    fc.property(fc.array(object, { minLength: 1, maxLength: 3 }), (lines) => {
      for (const line of [...lines, ...lines]) {
        const shape = scanner.scan(Buffer.from(line));
        if (shape === undefined) continue;
        shape.known ??= new LineView(membersOf(shape), scanner);
        shape.known.turn();
        const { object: view } = shape.known;
        const parsed = parseJson(line) as JsonObject;
        expect(JSON.stringify(view)).toBe(JSON.stringify(parsed));
        for (const [key, value] of Object.entries(parsed)) {
          expect(Object.hasOwn(view, key)).toBe(true);
          if (typeof value !== 'object') expect(view[key]).toBe(value);
        }
        shown += 1;
      }
    }),
    { numRuns: runs(300) },
  );
  expect(shown).toBeGreaterThan(runs(300));
});
