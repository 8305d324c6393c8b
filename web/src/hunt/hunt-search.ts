/** What is hunted for, as it stands in the address; what an address gets wrong is left out. */
import type { HuntAnswer, HuntLanguage } from '../../../src/serve/hunt-api.ts';
import type { TableHuntAnswer } from '../../../src/serve/table-api.ts';
import { readAddress, withChange } from '../shell/address.ts';
import { counted, grouped } from '../words/counts.ts';

export interface HuntSearch {
  /** Default EQL. */
  readonly language?: HuntLanguage;
  /** The query. */
  readonly q?: string;
  /** ISO 8601, inclusive. */
  readonly from?: string;
  /** ISO 8601, exclusive. */
  readonly to?: string;
  /** Fields shown beside what is always shown, with commas between. */
  readonly columns?: string;
}

export const LANGUAGES: readonly HuntLanguage[] = ['eql', 'kuery', 'lucene', 'sigma', 'kusto'];
/** Addresses longer than some 30,000 letters are refused on their way. */
const LONGEST_QUERY = 16_000;
const MOST_COLUMNS = 12;

export function parseHuntSearch(raw: Readonly<Record<string, unknown>>): HuntSearch {
  const { text, time } = readAddress(raw, LONGEST_QUERY);
  return withChange<HuntSearch>(
    {},
    {
      language: LANGUAGES.find((each) => each === raw.language),
      q: text('q'),
      from: time('from'),
      to: time('to'),
      columns: joined((text('columns') ?? '').split(',')),
    },
  );
}

export function columnsOf({ columns }: HuntSearch): readonly string[] {
  return columns?.split(',') ?? [];
}

/** Without what is empty or twice; nothing for none. */
export function joined(columns: readonly string[]): string | undefined {
  const names = [...new Set(columns.map((name) => name.trim()).filter((name) => name !== ''))].slice(0, MOST_COLUMNS);
  return names.length === 0 ? undefined : names.join(',');
}

/** The page's sentence. */
export function huntHeadline(answer: HuntAnswer | undefined): string {
  if (answer === undefined) return 'Hunt in the stored events';
  const { findings, found, kind, stopped_at: stopped } = answer;
  if (findings.some(({ severity }) => severity === 'error')) return 'The query cannot be run';
  const noun = kind === 'groups' ? 'group of events' : 'event';
  const count =
    kind === 'groups' && found !== 1 ? `${found === 0 ? 'no' : grouped(found)} groups of events` : counted(found, noun);
  const words = stopped === undefined ? count : `At least ${count}`;
  return `${words.charAt(0).toUpperCase()}${words.slice(1)} found`;
}

export function tableHeadline({ findings, rows, cut }: Pick<TableHuntAnswer, 'findings' | 'rows' | 'cut'>): string {
  if (findings.some(({ code }) => code === 'kusto-time' || code === 'kusto-memory')) return 'The query was stopped';
  if (findings.some(({ severity }) => severity === 'error')) return 'The query cannot be run';
  if (rows.length === 0) return 'No rows';
  return cut ? `More than ${counted(rows.length, 'row')}` : counted(rows.length, 'row');
}
