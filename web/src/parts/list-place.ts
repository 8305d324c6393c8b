/** Where the reader was in a list when opening something of it, so that coming back does not lose the place. */
interface Place {
  readonly id: string;
  readonly index: number;
}

export interface ListPlace {
  readonly remember: (place: Place) => void;
  /** The remembered one's place among these; the place it had when it is no longer among them. */
  readonly recall: (ids: readonly string[]) => number | undefined;
  /** A list that is shown again for another reason, a letter typed into its filter, must not take the focus. */
  readonly forget: () => void;
}

export const alertPlace = listPlace();
export const rulePlace = listPlace();
export const sourcePlace = listPlace();
export const eventPlace = listPlace();
export const huntPlace = listPlace();
export const incidentPlace = listPlace();
export const exceptionPlace = listPlace();

function listPlace(): ListPlace {
  let last: Place | undefined;
  return {
    remember: (place) => {
      last = place;
    },
    recall: (ids) => {
      if (last === undefined || ids.length === 0) return undefined;
      const at = ids.indexOf(last.id);
      return at === -1 ? Math.min(last.index, ids.length - 1) : at;
    },
    forget: () => {
      last = undefined;
    },
  };
}
