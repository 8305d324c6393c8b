/**
 * Changes to exceptions and value lists as the writer of a data folder carries them out, in the service and without one.
 */
import type { Exception } from '../detect/exception.ts';
import type { ExceptionStore, NewValueList } from '../store/exception-store.ts';

export type ExceptionStoreChange =
  | { readonly what: 'save'; readonly exceptions: readonly Exception[]; readonly by: string }
  | { readonly what: 'remove'; readonly id: string; readonly by: string }
  | { readonly what: 'save-list'; readonly list: NewValueList }
  /** A slice of values; `apply` follows when all are there. */
  | { readonly what: 'add-values' | 'remove-values'; readonly list: string; readonly values: readonly string[] }
  | { readonly what: 'remove-list'; readonly id: string }
  /** Lists have other values now: what runs is to use them. */
  | { readonly what: 'apply' };

/** Whoever may write: the thread that does, or the store itself where no service runs. Gives what `carryOut` gives. */
export type ExceptionWriter = (change: ExceptionStoreChange) => Promise<number>;

/** Values given to the store in one transaction: some 10 ms in a list's own order. */
export const VALUES_AT_ONCE = 5_000;

/** How many exceptions, lists or values were changed; of values, -1 where there is no such list. */
export function carryOut(store: ExceptionStore, change: ExceptionStoreChange, time: string): number {
  switch (change.what) {
    case 'save':
      store.save(change.exceptions, { by: change.by, time });
      return change.exceptions.length;
    case 'remove':
      return Number(store.remove(change.id, { by: change.by, time }));
    case 'save-list':
      store.saveList(change.list, time);
      return 1;
    case 'add-values':
      return store.addValues(change.list, change.values, time)?.added ?? -1;
    case 'remove-values':
      return store.removeValues(change.list, change.values, time) ?? -1;
    case 'remove-list':
      return Number(store.removeList(change.id));
    case 'apply':
      return 0;
  }
}
