/** Threads that are ended while DuckDB works in them: the process, which that would take along, lives on. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { startQueryThread } from '../../src/engine/query-thread.ts';
import { newEvent } from '../../src/store/event.fixture.ts';
import { openSegments } from '../../src/store/open-event-store.ts';
import { runs } from '../effort.ts';

const ROUNDS = runs(4);

it('a thread that reads stored events is ended in the middle of its questions', { timeout: 600_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vedette-reading-'));
  try {
    const { store } = await openSegments(folder, { limits: { keepMs: 1e15, maxBytes: 1e9 }, logBytes: 1 });
    await store.append(Array.from({ length: 3_000 }, (_, n) => newEvent(`e${n}`, { timeMs: 1.79e12 + n })));
    while (await store.prune(Date.now()));
    for (let round = 0; round < ROUNDS; round += 1) {
      const thread = startQueryThread({ dataFolder: folder });
      expect(await thread.count({})).toBe(3_000);
      const wildcard = { kind: 'eql', text: 'any where process.command_line : "*zz*"' } as const;
      const asked = [thread.query({ limit: 3_000 }), thread.search({}, wildcard), thread.hostsWith('user.name', 'ana')];
      const answers = Promise.allSettled(asked);
      await sleep((round % 8) * 4);
      await thread.close();
      await answers;
    }
    expect(await store.status()).toMatchObject({ events: 3_000 });
    expect(await store.status()).not.toHaveProperty('damaged');
    await store.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
