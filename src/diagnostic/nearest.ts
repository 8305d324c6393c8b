/**
 * The name that was probably meant: what a message offers for a word that is not known.
 */

/** At most this many edits (insert, delete, replace, swap neighbours) are a slip of the hand; short words get fewer. */
const MOST_EDITS = 2;

/**
 * The candidate with the fewest edits from `word`, letters of either case alike; `undefined` where none is near.
 * The first of equally near candidates wins, so put likelier ones first.
 */
export function nearestName(word: string, candidates: Iterable<string>): string | undefined {
  const limit = Math.min(MOST_EDITS, Math.floor(word.length / 3) + (word.length < 3 ? 1 : 0));
  const wanted = word.length > 64 ? undefined : word.toLowerCase();
  let nearest: string | undefined;
  let least = limit + 1;
  for (const candidate of candidates) {
    if (wanted === undefined || Math.abs(candidate.length - word.length) >= least) continue;
    const edits = editDistance(wanted, candidate.toLowerCase());
    if (edits < least) {
      nearest = candidate;
      least = edits;
    }
  }
  return nearest;
}

/** Optimal string alignment distance. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(
        (last[j] as number) + 1,
        (row[j - 1] as number) + 1,
        (last[j - 1] as number) + (same ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (before[j - 2] as number) + 1);
      }
      row.push(cost);
    }
    before = last;
    last = row;
  }
  return last[b.length] as number;
}
