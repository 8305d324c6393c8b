import { expect, test } from 'vitest';
import type { AlertSummary } from '../../../src/serve/api.ts';
import type { ListPage } from '../api/questions.ts';
import { dropDecided, noteDecision } from './decided.ts';

const alert = (id: string): AlertSummary => ({
  id,
  time: '2026-11-22T14:00:00.000Z',
  created: '2026-11-22T14:00:01.000Z',
  severity: 'low',
  risk_score: 21,
  reason: 'Something ran.',
  status: 'open',
  rule: { id: 'r', name: 'Rule', language: 'eql' },
});
const counted = { total: 5, by_severity: { low: 5 } };
const page = (ids: string[]): ListPage => ({ alerts: ids.map(alert), total: 4, by_severity: { low: 4 }, counted });

test('a decision is noted where the alert stands, and the order stays', () => {
  const first = page(['a', 'b']);
  const noted = noteDecision(first, 'b', { status: 'closed', close_reason: 'true_positive' });
  expect(noted.alerts.map(({ id, status }) => `${id} ${status}`)).toEqual(['a open', 'b closed']);
  expect(noted.total).toBe(4);
  expect(noteDecision(noted, 'b', { status: 'open' }).alerts[1]).not.toHaveProperty('close_reason');
  expect(noteDecision(first, 'z', { status: 'closed' })).toBe(first);
});

test('decided alerts leave every page’s totals', () => {
  const pages = [noteDecision(page(['a', 'b']), 'b', { status: 'closed' }), page(['c', 'd'])];
  const left = dropDecided(pages, { status: 'open,acknowledged' });
  expect(left.map((each) => [each.alerts.map(({ id }) => id).join(), each.total, each.counted])).toEqual([
    ['a', 3, { total: 4, by_severity: { low: 4 } }],
    ['c,d', 3, { total: 4, by_severity: { low: 4 } }],
  ]);
  expect(dropDecided(pages, { status: 'open,acknowledged,closed' })).toBe(pages);
});

test('a row stays whose own alert is decided while it stands for others', () => {
  const [head, alone] = page(['a', 'b']).alerts.map((one) => ({ ...one, status: 'closed' as const }));
  const folded = [
    { ...head, folded: { alerts: 2, rules: 1 } },
    { ...alone, folded: { alerts: 1, rules: 1 } },
  ];
  const [left] = dropDecided([{ ...page([]), alerts: folded as AlertSummary[] }], { status: 'open,acknowledged' });
  expect(left?.alerts.map(({ id }) => id)).toEqual(['a']);
  expect(left?.counted.total).toBe(4);
});
