/**
 * One line on the terminal that says how far a scan is; nothing where standard error is no terminal.
 */
import type { ScanProgress } from '../engine/scan.ts';
import { count } from './scan-report.ts';
import { printable, type TerminalStream } from './terminal.ts';

/** Often enough to look alive, seldom enough not to cost. */
const EVERY_MS = 100;

export interface Progress {
  readonly show: (progress: ScanProgress) => void;
  /** Takes the line away, before other text is printed. */
  readonly clear: () => void;
}

export function showProgress(out: TerminalStream & { write(text: string): unknown }): Progress | undefined {
  if (out.isTTY !== true) return undefined;
  let shownAt = 0;
  let visible = false;
  return {
    show(progress) {
      const now = performance.now();
      if (now - shownAt < EVERY_MS) return;
      shownAt = now;
      visible = true;
      out.write(`\r\u001b[K${cut(describe(progress), (out.columns ?? 80) - 1)}`);
    },
    clear() {
      if (visible) out.write('\r\u001b[K');
      visible = false;
    },
  };
}

function describe({ file, read, total, events, alerts }: ScanProgress): string {
  const share = total === undefined || total === 0 ? '' : `${Math.floor((read / total) * 100)} %  `;
  return `${share}${count(events, 'event', 'events')}, ${count(alerts, 'alert', 'alerts')}  ${printable(file)}`;
}

function cut(text: string, columns: number): string {
  const points = [...text];
  return points.length > columns ? `${points.slice(0, columns - 1).join('')}…` : text;
}
