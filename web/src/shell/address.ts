/** What stands in an address: anything, from anybody; what is no value for its name is left out. */

/** Texts and times of an address's search, of at most so many letters. */
export function readAddress(raw: Readonly<Record<string, unknown>>, longest: number) {
  const text = (name: string): string | undefined => {
    const value = raw[name];
    return typeof value === 'string' && value.trim() !== '' ? value.slice(0, longest) : undefined;
  };
  const time = (name: string): string | undefined => {
    const value = text(name);
    return value !== undefined && !Number.isNaN(Date.parse(value)) ? value : undefined;
  };
  return { text, time };
}

/** Parts of a search as they are to be; `undefined` takes one away. */
export type Change<Search> = { readonly [K in keyof Search]?: Search[K] | undefined };

/**
 * Changes the search that the address has when it is called, not the one that is drawn: words that are typed right after
 * a click on a filter come before the page is drawn with that filter, and are not to take it away.
 */
export type SetSearch<Search> = (next: (before: Search) => Search) => void;

export function changed<Search extends object>(change: Change<NoInfer<Search>>): (before: Search) => Search {
  return (before) => withChange(before, change);
}

export function withChange<Search extends object>(search: Search, change: Change<Search>): Search {
  const changed = Object.entries({ ...search, ...change }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(changed) as Search;
}
