/** Which rows of the list are unfolded: kept while the workbench is open, so that coming back finds them as they were. */
import { useSyncExternalStore } from 'react';

let unfolded: ReadonlySet<string> = new Set();
const listeners = new Set<() => void>();

/** Ids of the alerts whose rows are unfolded. */
export function useUnfolded(): ReadonlySet<string> {
  return useSyncExternalStore(subscribe, () => unfolded);
}

export function toggleUnfolded(id: string): void {
  const next = new Set(unfolded);
  if (!next.delete(id)) next.add(id);
  unfolded = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
