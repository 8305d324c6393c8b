/**
 * A log of any size is read in the same memory: gigabytes through a pipe, and out of a file.
 *
 * VEDETTE_MEMORY_GIGABYTES says how many; at least one, since less is only the warming up.
 */
import { expect, it } from 'vitest';
import { measureMemory } from '../../bench/memory.ts';
import { requireLinux } from '../requirement.ts';

const GIGABYTES = Number(process.env.VEDETTE_MEMORY_GIGABYTES ?? 4);
/** Seconds a gigabyte may take; it takes about ninety on a quiet machine. */
const SECONDS_EACH = 900;
/** What the last quarter of a run may take more than the second, and a run at all, in MiB. */
const MOST_GROWTH = 80;
const MOST = 768;

it(
  `reads ${GIGABYTES} GB without growing`,
  async (context) => {
    requireLinux(context);
    for (const run of await measureMemory(GIGABYTES * 1e9)) {
      const { command, events, peak, early, late } = run;
      console.log(`${command}: ${events} events, resident ${early} then ${late} MB, at most ${peak}`);
      expect(events).toBeGreaterThan(run.bytes / 2_000);
      expect(late - early, command).toBeLessThan(MOST_GROWTH);
      expect(peak, command).toBeLessThan(MOST);
    }
  },
  GIGABYTES * SECONDS_EACH * 1000,
);
