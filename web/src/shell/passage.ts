/**
 * The way from what is drawn to what the address asks for now. That takes a while to draw, in which the browser shows
 * nothing; so the sign that it is on its way (`under-way.tsx`) is on the screen first.
 *
 *   address changes ──▶ begun ──▶ the sign is painted ──▶ the page is drawn ──▶ over
 */
import type { AnyRouter } from '@tanstack/react-router';

let isBegun = false;
const listeners = new Set<() => void>();

/** For the root route: what comes before anything else is drawn. */
export function signFirst({ preload }: { readonly preload: boolean }): Promise<void> | undefined {
  return !preload && isBegun ? painted() : undefined;
}

export function watchPassages(router: AnyRouter): void {
  router.subscribe('onBeforeLoad', ({ fromLocation, hrefChanged }) => {
    change(fromLocation !== undefined && hrefChanged);
  });
  router.subscribe('onResolved', () => change(false));
}

export function isUnderWay(): boolean {
  return isBegun;
}

/** @returns what ends it */
export function onPassage(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

function change(begun: boolean): void {
  if (begun === isBegun) return;
  isBegun = begun;
  for (const listener of listeners) listener();
}

/** A window that is not drawn, behind others or minimised, has no frames; on a busy machine they come late. */
const LONGEST_WAIT_MS = 500;

/** Until a frame with what was changed up to now was handed to the screen, and what else was due with it is done. */
function painted(): Promise<void> {
  return new Promise((resolve) => {
    if (document.hidden) {
      resolve();
      return;
    }
    setTimeout(resolve, LONGEST_WAIT_MS);
    requestAnimationFrame(() => setTimeout(() => setTimeout(resolve)));
  });
}
