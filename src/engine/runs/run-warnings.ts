/** What a run says that came to its end, where something is missing all the same. */
import type { Funnel } from '../../detect/alert.ts';
import { DEFAULT_MAX_ALERTS } from '../../detect/run-grid.ts';
import type { RunWarning } from '../../detect/run-record.ts';
import type { LoadedRule } from '../../rule/inspect.ts';

export function cappedWarning({ capped }: Funnel, { document }: LoadedRule): readonly RunWarning[] {
  if (capped === 0) return [];
  const cap = document.maxAlerts ?? DEFAULT_MAX_ALERTS;
  const matches = capped === 1 ? '1 match was' : `${capped.toLocaleString('en-US')} matches were`;
  const message = `${matches} cut off by the rule’s maximum of ${cap.toLocaleString('en-US')} alerts an interval.`;
  return [{ code: 'run-capped', message }];
}

export function pastRetention(oldest: number | undefined, from: number): readonly RunWarning[] {
  if (oldest !== undefined && oldest <= from) return [];
  const begin =
    oldest === undefined ? 'No events are stored' : `Stored events begin at ${new Date(oldest).toISOString()}`;
  return [{ code: 'run-past-retention', message: `${begin}: what happened before was not looked at.` }];
}

export const MEMORY: RunWarning = {
  code: 'run-memory',
  message: 'So much had to be remembered at once that some of it was given up: matches may be missing.',
};

export function undecided(until: number, why: string): RunWarning {
  const message = `What happened after ${new Date(until).toISOString()} cannot be decided yet: ${why}.`;
  return { code: 'run-undecided', message };
}

/** Of a rule whose query is over tables. */
export function unasked(problem: string): RunWarning {
  return { code: 'run-query', message: `The rule’s query could not be run: ${problem}` };
}

export function rowsCut(most: number): RunWarning {
  const message = `The rule’s query gives more than ${most.toLocaleString('en-US')} rows; the others were not looked at.`;
  return { code: 'run-rows', message };
}
