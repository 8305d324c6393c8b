/**
 * The way from what is drawn to what the address asks for now. A page takes a while to draw, in which the browser shows
 * nothing; so the sign that it is on its way (`under-way.tsx`) is on the screen first.
 *
 *   address changes ──▶ begun ──▶ the sign is painted ──▶ the page is drawn ──▶ over
 *
 * A filter, an order or a folding changes the page that stands there, and does not wait for the sign.
 */
import type { AnyRouter } from '@tanstack/react-router';

type Passage = 'none' | 'within the page' | 'to another page';

let passage: Passage = 'none';
const listeners = new Set<() => void>();

/** For the root route: what comes before another page is drawn. */
export function beforeOtherPage({ preload }: { readonly preload: boolean }): Promise<void> | undefined {
  return !preload && isToOtherPage() ? painted() : undefined;
}

export function watchPassages(router: AnyRouter): void {
  router.subscribe('onBeforeLoad', ({ fromLocation, pathChanged }) => {
    if (fromLocation !== undefined) change(pathChanged ? 'to another page' : 'within the page');
  });
  router.subscribe('onResolved', () => change('none'));
}

export function isUnderWay(): boolean {
  return passage !== 'none';
}

export function isToOtherPage(): boolean {
  return passage === 'to another page';
}

/** @returns what ends it */
export function onPassage(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

function change(next: Passage): void {
  if (next === passage) return;
  passage = next;
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
