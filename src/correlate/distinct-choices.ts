/**
 * Choosing one item of each list, no item twice.
 *
 * The choices come in the order of the lists (the first item of the first list leads), which is how Elasticsearch
 * combines the events of a sample. Before an item is chosen it is asked whether the remaining lists can still be
 * served (a matching of lists to items, by augmenting paths), so that no dead end is ever entered: the time between two
 * choices is polynomial, where plain backtracking can take factorial time.
 */

/** At most `most` choices. */
export function distinctChoices<T>(lists: readonly (readonly T[])[], most: number): readonly (readonly T[])[] {
  const found: T[][] = [];
  const chosen: T[] = [];
  const choose = (list: number): void => {
    if (list === lists.length) {
      found.push([...chosen]);
      return;
    }
    for (const item of new Set(lists[list])) {
      if (found.length === most) return;
      if (chosen.includes(item)) continue;
      chosen.push(item);
      if (canServe(lists.slice(list + 1), chosen)) choose(list + 1);
      chosen.pop();
    }
  };
  if (canServe(lists, [])) choose(0);
  return found;
}

/** Whether every list can have an item of its own, none of `taken`. */
function canServe<T>(lists: readonly (readonly T[])[], taken: readonly T[]): boolean {
  const owners = new Map<T, number>();
  const serve = (list: number, tried: Set<T>): boolean => {
    for (const item of lists[list] ?? []) {
      if (tried.has(item) || taken.includes(item)) continue;
      tried.add(item);
      const owner = owners.get(item);
      if (owner !== undefined && !serve(owner, tried)) continue;
      owners.set(item, list);
      return true;
    }
    return false;
  };
  return lists.every((_, list) => serve(list, new Set()));
}
