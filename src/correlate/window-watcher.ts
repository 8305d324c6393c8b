/**
 * Who is told what windows hold, for explaining: the engine itself keeps only what can still count. Told in the order in
 * which the engine takes events.
 */
import type { Window } from '../plan/window.ts';
import type { JoinedKey } from './join-key.ts';
import type { WindowItem } from './window-entry.ts';
import type { Measure } from './window-measure.ts';

export interface WindowWatcher {
  /**
   * @param brought what came now; nothing where a window is only decided
   * @param items all that the window holds for the group now, the oldest first; of members in order, what came furthest
   * @param measured absent where it is measured later
   */
  gathered(
    window: Window,
    key: JoinedKey,
    brought: readonly WindowItem[],
    items: readonly WindowItem[],
    measured?: Measure,
  ): void;
}

export const NO_WINDOW_WATCHER: WindowWatcher = Object.freeze({ gathered() {} });
