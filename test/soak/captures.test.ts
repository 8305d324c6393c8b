/** What SigmaHQ's rules and the bundled ones find in recorded captures: the same over files, live and over stored events. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { LATENESS_MS } from '../../src/engine/detector.ts';
import { type Arrivals, freshEvents, live, overFiles, overStore } from '../../src/engine/runs/three-ways.fixture.ts';
import { bundledRulesFolder, loadRules } from '../../src/rule/load.ts';
import { readEvents } from '../read-events.ts';
import { requireCorpora } from '../requirement.ts';

/** In the order of the file; what comes later than is waited for live is left out. */
function arrivalsOf(bytes: Uint8Array): Arrivals {
  const fresh = readEvents(bytes).events;
  let clock = 0;
  return readEvents(bytes).events.flatMap((event, number) => {
    clock = Math.max(clock, event.time.ms);
    if (event.time.ms <= clock - LATENESS_MS) return [];
    const second = fresh[number] as typeof event;
    let isFirst = true;
    const either = () => {
      const one = isFirst ? event : second;
      isFirst = false;
      return one;
    };
    return [{ event: either, at: clock }];
  });
}

describe('captures', () => {
  it('lead to the same alerts over files, live and over stored events', async (context) => {
    const captures = requireCorpora(context, 'windows-telemetry');
    const sigma = requireCorpora(context, 'sigma', 'rules');
    const loaded = (await loadRules([sigma, bundledRulesFolder()])).rules;
    const files = readdirSync(captures).filter((name) => name.endsWith('.gz'));
    expect(files).toHaveLength(5);
    for (const file of files) {
      const bytes = gunzipSync(readFileSync(join(captures, file)));
      const expected = overFiles(loaded, arrivalsOf(bytes));
      const names = new Set(expected.map((told) => told.split(' ').slice(0, -2).join(' ')));
      expect(names.size, file).toBeGreaterThan(3);
      // The others find nothing; with them the same would take ten times as long.
      const firing = loaded.filter(({ document }) => names.has(document.name));
      expect(new Set(firing.map(({ document }) => document.name)), file).toEqual(names);
      const store = freshEvents();
      expect(await live(firing, arrivalsOf(bytes), store), file).toEqual(expected);
      const found = await overStore(firing, store, { from: 0, to: Date.UTC(2100, 0) });
      expect(found, file).toEqual(expected);
      await store.close();
      console.log(`${file}: ${expected.length} matches of ${names.size} rules`);
    }
  }, 3_600_000);
});
