/** One line on the terminal that says how long something takes; nothing where standard error is no terminal. */
import type { TerminalStream } from './terminal.ts';

const EVERY_MS = 200;
/** What is done by then needs no line. */
const AFTER_MS = 400;

export function waitingLine(
  out: TerminalStream & { write(text: string): unknown },
  what: string,
): { readonly end: () => void } {
  if (out.isTTY !== true) return { end: () => {} };
  const began = performance.now();
  let isShown = false;
  const clock = setInterval(() => {
    const ms = performance.now() - began;
    if (ms < AFTER_MS) return;
    isShown = true;
    out.write(`\r\u001b[K${what}… ${(ms / 1_000).toFixed(1)} s  (Ctrl-C stops it)`);
  }, EVERY_MS);
  clock.unref();
  return {
    end() {
      clearInterval(clock);
      if (isShown) out.write('\r\u001b[K');
      isShown = false;
    },
  };
}
