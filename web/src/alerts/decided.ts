/**
 * The list's pages after a decision. While an alert is read, the list keeps its order, so that "next" stays next; the
 * decided ones leave when the list is shown again, and its totals with them.
 */
import type { AlertQuery, AlertSummary, CloseReason } from '../../../src/serve/api.ts';
import type { ListPage } from '../api/questions.ts';

export type Decision = Pick<AlertSummary, 'status'> & { readonly close_reason?: CloseReason };

/** The page with one alert's state changed in place; the same page where the alert is not on it. */
export function noteDecision(page: ListPage, id: string, decision: Decision): ListPage {
  if (!page.alerts.some((alert) => alert.id === id)) return page;
  return { ...page, alerts: page.alerts.map((alert) => (alert.id === id ? decided(alert, decision) : alert)) };
}

export function decided(alert: AlertSummary, decision: Decision): AlertSummary {
  const { close_reason: _, ...rest } = alert;
  return { ...rest, ...decision };
}

/**
 * The pages without the alerts whose state the query no longer asks for; every page carries the totals. A row that stands
 * for several stays: it is there for those of them that are not decided, whatever became of the one that it shows, and
 * only the service knows which these are.
 */
export function dropDecided(pages: readonly ListPage[], query: AlertQuery): readonly ListPage[] {
  const wanted = new Set((query.status ?? 'open,acknowledged').split(','));
  const isGone = ({ status, folded }: AlertSummary) => !wanted.has(status) && (folded?.alerts ?? 1) === 1;
  const gone = pages.flatMap((page) => page.alerts.filter(isGone));
  if (gone.length === 0) return pages;
  return pages.map((page) => {
    const bySeverity = { ...page.counted.by_severity };
    for (const { severity } of gone) bySeverity[severity] = Math.max(0, (bySeverity[severity] ?? 0) - 1);
    return {
      ...page,
      alerts: page.alerts.filter((alert) => !isGone(alert)),
      total: Math.max(0, page.total - gone.length),
      counted: { total: Math.max(0, page.counted.total - gone.length), by_severity: bySeverity },
    };
  });
}
