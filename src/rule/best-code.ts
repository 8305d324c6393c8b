/**
 * When V8 makes the best code of a function. Each thread has its own made, by threads that take turns with it on few processors;
 * what learns rules or lines runs for a second or two and changes what it is asked, so that much of that code is made in vain.
 */
import { setFlagsFromString } from 'node:v8';

/** V8's own. */
const [USUAL_RUNS, USUAL_RUNS_BEFORE_GOOD_CODE] = [3_000, 400];

/** How often a function is seen to run before. Of all threads of the process. */
export function setRunsBeforeBestCode(runs = USUAL_RUNS): void {
  setFlagsFromString(`--invocation-count-for-turbofan=${runs}`);
}

/**
 * The same of the code before that, made soon and in a hurry, by several threads at once: what making it takes stays with the process,
 * 10 to 15 MB for each thread.
 */
export function setRunsBeforeGoodCode(runs = USUAL_RUNS_BEFORE_GOOD_CODE): void {
  setFlagsFromString(`--invocation-count-for-maglev=${runs}`);
}
