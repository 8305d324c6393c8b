import { expect, test } from 'vitest';
import type { CorrelationExplanation, KeyExplanation } from '../engine/correlation-explanation.ts';
import { correlationLines } from './correlation-lines.ts';
import { style } from './terminal.ts';

const seen = (second: number, sentence: string) => ({ time: `2026-01-01T00:00:0${second}.000Z`, sentence });

function linesOf(key: Pick<KeyExplanation, 'outcome' | 'broken_by'>): readonly string[] {
  const step = (text: string, missing: boolean) => ({ text, missing, passed: 1, keyless: 0 });
  const explanation: CorrelationExplanation = {
    kind: 'sequence',
    fires: false,
    by: ['host.id'],
    span: 3_000,
    steps: [step('[a]', false), step('![b]', true), step('[c]', false)],
    keys: [
      {
        key: ['web-07'],
        message: 'So it went.',
        steps: [{ step: 0, event: seen(1, 'one') }, { step: 1 }, { step: 2 }],
        begun: 1,
        matched: 0,
        ...key,
      },
    ],
    all_keys: 1,
    events: 2,
    unread: 0,
    unread_streams: [],
    dropped: 0,
  };
  return correlationLines(explanation, style({ isTTY: false }, {}), 80).slice(4, -1);
}

test('an event that came too late stands where it was wanted', () => {
  expect(linesOf({ outcome: 'too-late', broken_by: seen(9, 'three') })).toEqual([
    '✗ web-07  So it went.',
    '  1 ✓ 2026-01-01 00:00:01  one',
    '  2 – stayed away, or has to',
    '  3 ✗ 2026-01-01 00:00:09  three',
  ]);
});

test('an event that broke it stands after the steps', () => {
  expect(linesOf({ outcome: 'until', broken_by: seen(2, 'the end') }).slice(-2)).toEqual([
    '  3 ✗ nothing like it came',
    '    ✗ 2026-01-01 00:00:02  the end',
  ]);
});
