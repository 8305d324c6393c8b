/**
 * Prints alerts as they come: two lines each for people, with a heading before the first and the references of a rule
 * below its first, or one line of JSON each.
 */
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { Alert } from '../detect/alert.ts';
import { alertHeading, alertLines, referenceLines } from './alert-lines.ts';
import { style, type TerminalStream, widthOf } from './terminal.ts';

export type PrintAlerts = (alerts: readonly Alert[]) => Promise<void>;

/** Printing waits for a slow reader of `out`. */
export function alertPrinter(out: Writable & TerminalStream, json: boolean): PrintAlerts {
  const look = style(out);
  let isFirst = true;
  const seen = new Set<string>();
  return async (alerts) => {
    for (const alert of alerts) {
      const heading = isFirst && !json ? [alertHeading(look)] : [];
      isFirst = false;
      const references = json || seen.has(alert.rule.id) ? [] : referenceLines(alert, look);
      seen.add(alert.rule.id);
      const lines = json
        ? [JSON.stringify(alert)]
        : [...heading, ...alertLines(alert, look, widthOf(out)), ...references];
      if (!out.write(`${lines.join('\n')}\n`)) await once(out, 'drain');
    }
  };
}
