/**
 * A query in any of the languages, made ready to be asked of the stored events.
 *
 *   text ──compile──▶ plan, columns ──EventSearch.hunt──▶ events or groups, how they lie in time
 *
 * Compiled here, since the plan is what crosses threads: Kusto's parser is loaded once, whoever asks.
 */
import { type Diagnostic, hasErrors } from '../diagnostic/diagnostic.ts';
import { compileKusto } from '../language/kusto/kusto.ts';
import type { Compiled } from '../language/language.ts';
import { compileRule } from '../rule/compile.ts';
import type { EventFilter } from '../store/event-store.ts';
import type { EventSearch, HuntFinds, HuntOptions } from './event-search.ts';

/** Languages that run over stored events, in the order in which they are offered. */
export const HUNT_LANGUAGES = ['eql', 'kuery', 'lucene', 'sigma', 'kusto'] as const;
export type HuntLanguage = (typeof HUNT_LANGUAGES)[number];

export interface HuntQuestion {
  readonly language: HuntLanguage;
  /** Of Sigma a rule, or its `detection` and `logsource`. */
  readonly text: string;
  readonly filter: EventFilter;
  /** What `now()` is, epoch milliseconds. */
  readonly now: number;
}

export interface HuntResult {
  /** Places are in the text; with an error among them nothing was read. */
  readonly diagnostics: readonly Diagnostic[];
  readonly finds?: HuntFinds;
  /** Names of what the query computes or chooses of each event. */
  readonly columns: readonly string[];
}

/** @throws {SearchError} when the stored events cannot be asked; the signal's reason when the caller gives up. */
export async function huntStored(
  search: Pick<EventSearch, 'hunt'>,
  { language, text, filter, now }: HuntQuestion,
  options: HuntOptions,
): Promise<HuntResult> {
  const { plan, diagnostics, output }: Compiled =
    language === 'kusto'
      ? await compileKusto(text, { now, ...(options.signal === undefined ? {} : { signal: options.signal }) })
      : await compileRule({ language, query: text });
  if (plan === undefined || hasErrors(diagnostics)) return { diagnostics, columns: [] };
  const columns = output?.columns ?? output?.extended ?? [];
  const ask = { plan, columns, ...(output?.take === undefined ? {} : { take: output.take }) };
  const finds = await search.hunt(filter, ask, options);
  return { diagnostics, finds, columns: columns.map(({ name }) => name) };
}
