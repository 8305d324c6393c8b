/**
 * Value lists as indicators: a rule that names a list in `threat_index` compares events with its values.
 *
 *   threat_index = ["bad-addresses"]  ──▶ list `bad-addresses`: each value stands for any `threat.indicator.…` that a mapping names
 *
 * A list says nothing of when its values were added, so they count whatever time the rule's query for indicators asks for.
 */
import type { ValueListType } from '../../detect/exception.ts';
import { Event } from '../../event/event.ts';
import { timeFromMs } from '../../event/time.ts';
import { compileIndexPatterns } from '../../rule/index-pattern.ts';
import type { LoadedRule } from '../../rule/inspect.ts';
import type { ExceptionStore } from '../../store/exception-store.ts';
import type { Indicator } from './indicator-book.ts';

/** Types whose values are compared whole. */
const WHOLE: ReadonlySet<ValueListType> = new Set(['keyword', 'text', 'ip']);
const PAGE = 5_000;
/** Values of all lists together that are held in memory. */
const MOST_VALUES = 500_000;

/** The lists that these rules name, by their ids. Ranges and patterns are left out: values are compared whole. */
export function listedIndicators(
  rules: readonly LoadedRule[],
  store: Pick<ExceptionStore, 'lists' | 'values'>,
  now: number,
): ReadonlyMap<string, readonly Indicator[]> {
  const listed = new Map<string, Indicator[]>();
  let left = MOST_VALUES;
  for (const { id, type } of store.lists()) {
    if (!WHOLE.has(type) || !rules.some((rule) => names(rule, id))) continue;
    const indicators: Indicator[] = [];
    listed.set(id, indicators);
    for (let after: string | undefined; left > 0; ) {
      const page = store.values(id, Math.min(PAGE, left), after);
      for (const value of page) indicators.push(indicatorOf(value, id, now));
      left -= page.length;
      after = page.at(-1);
      if (page.length < PAGE) break;
    }
  }
  return listed;
}

function names({ tally }: LoadedRule, id: string): boolean {
  return tally?.kind === 'indicators' && compileIndexPatterns(tally.sources)([id]);
}

function indicatorOf(value: string, list: string, now: number): Indicator {
  const time = timeFromMs(now);
  const written = new Date(now).toISOString();
  const event = new Event({
    time,
    source: {
      get: (field) => {
        if (field === '@timestamp') return written;
        if (field === 'threat.indicator') return { name: value };
        return field.startsWith('threat.indicator.') ? value : undefined;
      },
      document: () => ({ '@timestamp': written, threat: { indicator: { name: value } } }),
    },
    raw: new Uint8Array(),
    format: 'json',
    dataStreams: [list],
  });
  return { event, id: `${list}:${value}`, source: list };
}
