/**
 * Prints alerts as they come: two lines each for people, with a heading before the first, or one line of JSON each.
 */
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { Alert } from '../detect/alert.ts';
import { alertHeading, alertLines } from './alert-lines.ts';
import { style, type TerminalStream, widthOf } from './terminal.ts';

export type PrintAlerts = (alerts: readonly Alert[]) => Promise<void>;

/** Printing waits for a slow reader of `out`. */
export function alertPrinter(out: Writable & TerminalStream, json: boolean): PrintAlerts {
  const look = style(out);
  let isFirst = true;
  return async (alerts) => {
    for (const alert of alerts) {
      const heading = isFirst && !json ? [alertHeading(look)] : [];
      isFirst = false;
      const lines = json ? [JSON.stringify(alert)] : [...heading, ...alertLines(alert, look, widthOf(out))];
      if (!out.write(`${lines.join('\n')}\n`)) await once(out, 'drain');
    }
  };
}
