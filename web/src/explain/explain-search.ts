/** What is to be explained, as it stands in the address. */
export interface ExplainSearch {
  readonly rule?: string;
  /** Id of a stored event. */
  readonly event?: string;
}

const LONGEST = 500;

export function parseExplainSearch(raw: Readonly<Record<string, unknown>>): ExplainSearch {
  const given = ['rule', 'event'].flatMap((name) => {
    const value = raw[name];
    return typeof value === 'string' && value !== '' && value.length <= LONGEST ? [[name, value]] : [];
  });
  return Object.fromEntries(given) as ExplainSearch;
}
