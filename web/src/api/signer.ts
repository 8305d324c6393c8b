/**
 * Under whose name this browser decides. Asked for on the page, kept in the browser; without one the service puts the
 * user that it runs as.
 */
import { useSyncExternalStore } from 'react';

const KEY = 'vedette.by';
const LONGEST_NAME = 200;
const listeners = new Set<() => void>();

/** Fit to be spread into a request: `{ by: 'ana' }`, or nothing. */
export function signature(): { readonly by?: string } {
  const by = signerOf();
  return by === undefined ? {} : { by };
}

/** `undefined` until a name was given. */
export function useSigner(): string | undefined {
  return useSyncExternalStore(subscribe, signerOf);
}

/** An empty name takes it back. */
export function setSigner(name: string): void {
  const kept = name.trim().slice(0, LONGEST_NAME);
  if (kept === '') localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, kept);
  for (const listener of listeners) listener();
}

function signerOf(): string | undefined {
  return localStorage.getItem(KEY) ?? undefined;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  // Another tab of the same browser.
  window.addEventListener('storage', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('storage', listener);
  };
}
