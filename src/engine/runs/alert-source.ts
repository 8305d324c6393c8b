/**
 * Alerts as stored events, for a rule that runs over them: in the order in which they were created. An alert that the rule
 * itself led to is left out, or two rules over each other's alerts would never end.
 */
import { alertDocument, comesFrom } from '../../detect/alert-event.ts';
import { ALERT_STREAMS } from '../../rule/alert-index.ts';
import type { EventStore, StoredEvent } from '../../store/event-store.ts';
import type { StateStore } from '../../store/state-store.ts';

export function alertSource(
  alerts: Pick<StateStore, 'alertsCreated'>,
  ruleId: string,
): Pick<EventStore, 'scan' | 'status'> {
  return {
    scan: async function* ({ from = 0, to = Number.MAX_SAFE_INTEGER }) {
      let arrival = 0;
      for (const alert of alerts.alertsCreated(from, Math.min(to, LAST_TIME))) {
        if (comesFrom(alert, ruleId)) continue;
        const timeMs = Date.parse(alert['@timestamp']);
        arrival += 1;
        const stored: StoredEvent = {
          id: `alert:${alert.id}`,
          timeMs,
          ticks: 0,
          format: 'alert',
          dataStreams: ALERT_STREAMS,
          standsInFor: [],
          document: alertDocument(alert),
          sample: alert.sample === true,
          ingestedMs: timeMs,
          arrival,
        };
        yield stored;
      }
    },
    // Alerts are kept; what is not there never was.
    status: async () => ({ events: 0, bytes: 0, pruned: 0, arrival: 0, oldest: 0 }),
  };
}

/** The last time that is written in four digits of a year, so that times sort as texts. */
const LAST_TIME = Date.UTC(9_999, 11, 31);
