import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { EVENT_TIME } from '../event.fixture.ts';
import { testEventStore } from '../event-store.conformance.ts';
import { openSegments } from '../open-event-store.ts';

const DAY = 24 * 3_600_000;
const LIMITS = { keepMs: DAY, maxBytes: 1024 ** 3 };

const root = mkdtempSync(join(tmpdir(), 'vedette-segments-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const freshFolder = (): string => mkdtempSync(join(root, 'case-'));

testEventStore('segments, everything still in the log', async () => {
  return (await openSegments(freshFolder(), { limits: LIMITS, now: () => EVENT_TIME, grainMs: 0 })).store;
});

testEventStore('segments, everything moved at once', async () => {
  const { store } = await openSegments(freshFolder(), {
    limits: LIMITS,
    now: () => EVENT_TIME,
    grainMs: 0,
    logBytes: 1,
  });
  const append = store.append.bind(store);
  return Object.assign(store, {
    append: async (events: Parameters<typeof append>[0]) => {
      await append(events);
      while (await store.prune(Number.MIN_SAFE_INTEGER));
      expect(await store.status()).not.toHaveProperty('problem');
    },
  });
});
