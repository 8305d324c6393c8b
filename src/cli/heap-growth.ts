/** How heaps grow in commands that run for long over much. */
import { setFlagsFromString } from 'node:v8';

/**
 * How much more than what a heap holds it may take before it is collected. V8 decides that anew from how fast the machine is just
 * then: with the same 280 MB of objects a service took 440 MB on one day and 740 on another, a scan of two gigabytes that held
 * 190 MB took 467.
 */
const HEAP_GROWTH = 50;
/**
 * While rules are read, of which all that comes stays, and each collection is in vain. Without any bound V8 lets a scan of events of which
 * most match have 70 MB more, since what it allows first holds until the first whole collection.
 */
const HEAP_GROWTH_AT_START = 150;

/** Of this thread's heap and those of threads to come. @param isStart whether rules are being read yet */
export function boundHeapGrowth(isStart = false): void {
  setFlagsFromString(`--heap-growing-percent=${isStart ? HEAP_GROWTH_AT_START : HEAP_GROWTH}`);
}
