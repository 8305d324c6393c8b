/**
 * SIGINT and SIGTERM: the first asks the program to end, a second one ends it at once with the exit code that shells know
 * (128 and the signal’s number).
 */
const SIGNALS = { SIGINT: 2, SIGTERM: 15 } as const;

export interface EndingSignals {
  /** Settles at the first signal. */
  readonly stopped: Promise<void>;
  /** Back to what signals do by themselves. */
  forget(): void;
}

/** @param atOnce what has to be done even when there is no time; must not wait for anything */
export function endingSignals(
  atOnce: () => void,
  program: Pick<NodeJS.Process, 'on' | 'off' | 'exit'> = process,
): EndingSignals {
  let isEnding = false;
  let settle = () => {};
  const stopped = new Promise<void>((resolve) => {
    settle = resolve;
  });
  const hear = (signal: NodeJS.Signals) => {
    if (isEnding) {
      atOnce();
      program.exit(128 + SIGNALS[signal as keyof typeof SIGNALS]);
    }
    isEnding = true;
    settle();
  };
  for (const signal of Object.keys(SIGNALS) as NodeJS.Signals[]) program.on(signal, hear);
  return {
    stopped,
    forget: () => {
      for (const signal of Object.keys(SIGNALS) as NodeJS.Signals[]) program.off(signal, hear);
    },
  };
}
