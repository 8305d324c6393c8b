/** Which runs are listed, as it stands in the address; what an address gets wrong is left out. */
import type { RunSummary } from '../../../src/serve/run-api.ts';
import { withChange } from '../shell/address.ts';
import { KIND_WORD, STATE_WORD } from './run-words.ts';

export interface RunSearch {
  /** Id of a rule. */
  readonly rule?: string;
  readonly kind?: RunSummary['kind'];
  readonly state?: RunSummary['state'];
}

export function parseRunSearch(raw: Readonly<Record<string, unknown>>): RunSearch {
  const { rule, kind, state } = raw;
  return withChange<RunSearch>(
    {},
    {
      rule: typeof rule === 'string' && rule !== '' ? rule.slice(0, 500) : undefined,
      kind: namesOf(KIND_WORD).find((each) => each === kind),
      state: namesOf(STATE_WORD).find((each) => each === state),
    },
  );
}

export function namesOf<K extends string>(words: Readonly<Record<K, string>>): readonly K[] {
  return Object.keys(words) as K[];
}
