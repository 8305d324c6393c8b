/**
 * Events that are looked at twice: kept while they are few, read again where they are many and can be.
 */
import type { Event } from '../event/event.ts';

/** Calls `take` with every event until it answers false. */
export type ReadAll<T> = (take: (event: Event) => boolean) => Promise<T>;

const MOST_KEPT = 20_000;
/** Of raw bytes; parsed they take some times that. */
const MOST_BYTES = 32 << 20;

/**
 * @param isReadOnce a second reading gives nothing (standard input): then the second look has the first events only
 * @param between asked after the first look: whether there is to be a second
 */
export async function readTwice<T>(
  read: ReadAll<T>,
  isReadOnce: boolean,
  look: (event: Event) => void,
  between: () => boolean,
  lookAgain: (event: Event) => boolean,
): Promise<T> {
  const kept: Event[] = [];
  let bytes = 0;
  let isWhole = true;
  const done = await read((event) => {
    look(event);
    isWhole &&= kept.length < MOST_KEPT && bytes < MOST_BYTES;
    if (isWhole) {
      event.keep();
      kept.push(event);
      bytes += event.raw.length;
    }
    return true;
  });
  if (!between()) return done;
  if (isWhole || isReadOnce) kept.every(lookAgain);
  else {
    kept.length = 0;
    await read(lookAgain);
  }
  return done;
}
