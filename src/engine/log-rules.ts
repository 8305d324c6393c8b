/**
 * What rules over files of logs look at beside them, and what is told of it: indicators come from a folder, alerts from nowhere.
 */
import { type Diagnostic, diagnose } from '../diagnostic/diagnostic.ts';
import { readsOnlyAlerts } from '../rule/alert-index.ts';
import type { LoadedRule } from '../rule/inspect.ts';
import { ruleHead } from '../rule/rule-head.ts';
import type { IndicatorBook } from './runs/indicator-book.ts';

export interface BesideLogs {
  readonly indicators?: IndicatorBook;
  readonly problems: readonly Diagnostic[];
}

/** @param folder of indicators */
export async function readBesideLogs(rules: readonly LoadedRule[], folder: string | undefined): Promise<BesideLogs> {
  const indicators =
    folder === undefined ? undefined : await (await import('./runs/indicator-book.ts')).readIndicators(folder);
  const unread = (indicators?.problems ?? []).map(({ file, line, message }) => {
    const place = line === undefined ? file : `${file}, line ${line}`;
    return diagnose('ingest-indicators', 'warning', `${place}: ${message}`);
  });
  const overAlerts = rules
    .filter((rule) => rule.idle === undefined && readsOnlyAlerts(ruleHead(rule)))
    .map(({ document }) => {
      const message = `Rule “${document.name}” looks at alerts, and files of logs hold none.`;
      const hint = 'Run it over the data folder of a service: vedette backtest.';
      return diagnose('ingest-no-alerts', 'warning', message, undefined, hint);
    });
  return { ...(indicators === undefined ? {} : { indicators }), problems: [...unread, ...overAlerts] };
}
