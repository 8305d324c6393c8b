/** Where the reader was in the list when opening an alert, so that coming back does not lose the place. */
interface Place {
  readonly id: string;
  readonly index: number;
}

let last: Place | undefined;

export function rememberPlace(place: Place): void {
  last = place;
}

/** The remembered alert's place among these; the place it had when it is no longer among them. */
export function recallPlace(ids: readonly string[]): number | undefined {
  if (last === undefined || ids.length === 0) return undefined;
  const at = ids.indexOf(last.id);
  return at === -1 ? Math.min(last.index, ids.length - 1) : at;
}

/** A list that is shown again for another reason, a letter typed into its filter, must not take the focus. */
export function forgetPlace(): void {
  last = undefined;
}
