import { expect, test } from 'vitest';
import type { SourceSummary } from '../../../src/serve/api.ts';
import { sourcesHeadline } from './sources-headline.ts';

const now = Date.parse('2026-01-01T12:00:00Z');
const source = (parts: Partial<SourceSummary>): SourceSummary => ({
  name: 'a',
  kind: 'file',
  state: 'running',
  events: 0,
  rejected: 0,
  formats: { top: [], different: 0, rest: 0, exceeded: false },
  hosts: 0,
  rate: { last_minute: 0, last_quarter_hour: 0 },
  ...parts,
});

test('how many sources and events, and when the last one was', () => {
  expect(sourcesHeadline([], now)).toBe('No source is read');
  expect(sourcesHeadline([source({})], now)).toBe('1 source, no events');
  const early = source({ events: 1_200, last_event: '2026-01-01T10:00:00.000Z' });
  const late = source({ events: 4, last_event: '2026-01-01T11:57:00.000Z', state: 'failed' });
  expect(sourcesHeadline([late, early], now)).toBe('2 sources, 1 failed, 1,204 events, last one 3 minutes ago');
});
