/**
 * A long list in the window: only the rows in sight exist. `j` and `k` walk it; the row walked to holds the focus, so
 * that Enter opens it.
 */
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useDeferredValue, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useKeys } from '../shell/keys.ts';
import type { ListPlace } from './list-place.ts';

/** A list's sticky header, and what sticks to the window's foot, cover this much of it. */
const COVERED = 52;

/** Rows above and below those in sight, for who scrolls fast; drawn after those in sight. */
const BESIDE_SIGHT = 12;
const BESIDE_SIGHT_AT_FIRST = 2;

interface Walk {
  /** In the order of the list; the same array while they are the same, or every row is measured anew. */
  readonly ids: readonly string[];
  /** Pixels, before a row is measured. */
  readonly rowHeight: number;
  readonly place: ListPlace;
  readonly open: (id: string) => void;
}

export function useWalkedList({ ids, rowHeight, place, open }: Walk) {
  const body = useRef<HTMLDivElement>(null);
  const [margin, setMargin] = useState(0);
  useLayoutEffect(() => {
    const top = body.current === null ? 0 : body.current.getBoundingClientRect().top + window.scrollY;
    setMargin((known) => (Math.abs(known - top) < 1 ? known : top));
  });
  const getItemKey = useCallback((index: number) => ids[index] ?? index, [ids]);
  const overscan = useDeferredValue(BESIDE_SIGHT, BESIDE_SIGHT_AT_FIRST);
  const rows = useWindowVirtualizer({
    count: ids.length,
    estimateSize: () => rowHeight,
    getItemKey,
    overscan,
    scrollMargin: margin,
    scrollPaddingStart: COVERED,
    scrollPaddingEnd: COVERED,
  });

  const [walkedTo, setWalkedTo] = useState(() => {
    const index = place.recall(ids);
    return index === undefined ? undefined : { index, id: ids[index] };
  });
  const active = walkedTo && placeAmong(ids, walkedTo);
  const setActive = (index: number) => setWalkedTo({ index, id: ids[index] });
  const walkTo = (index: number) => {
    const id = ids[index];
    if (id === undefined) return;
    setActive(index);
    rows.scrollToIndex(index, { align: 'auto' });
    focusRow(id);
  };
  // Once, when the reader comes back from what the list opened.
  const walkBack = useRef(() => active !== undefined && walkTo(active));
  useEffect(() => {
    walkBack.current();
    place.forget();
  }, [place]);
  const activeId = active === undefined ? undefined : ids[active];
  useKeys({
    j: () => walkTo(active === undefined ? 0 : Math.min(active + 1, ids.length - 1)),
    k: () => walkTo(active === undefined ? 0 : Math.max(active - 1, 0)),
    Enter: activeId === undefined || document.activeElement !== document.body ? undefined : () => open(activeId),
  });
  return { body, rows, items: rows.getVirtualItems(), margin, active, setActive };
}

/** Where a row is now: rows before it may have come or gone. One that is gone leaves its place to the next. */
function placeAmong(ids: readonly string[], { index, id }: { index: number; id: string | undefined }) {
  if (ids[index] === id) return index;
  const at = id === undefined ? -1 : ids.indexOf(id);
  if (at !== -1) return at;
  return ids.length === 0 ? undefined : Math.min(index, ids.length - 1);
}

const ROW_ID = 'row-';

/** The element that a row's focus is on: the link that opens it. */
export function rowLinkId(id: string): string {
  return ROW_ID + id;
}

let pending = 0;

/**
 * At once where the row is there, since Enter opens what has the focus, and the next frame may come late. Otherwise it
 * comes into being after the scroll that makes room for it, and until then no other row is what Enter opens.
 */
function focusRow(id: string, tries = 5): void {
  cancelAnimationFrame(pending);
  const link = document.getElementById(rowLinkId(id));
  if (link !== null) {
    link.focus({ preventScroll: true });
    return;
  }
  const focused = document.activeElement;
  if (focused instanceof HTMLElement && focused.id.startsWith(ROW_ID)) focused.blur();
  if (tries > 0) pending = requestAnimationFrame(() => focusRow(id, tries - 1));
}
