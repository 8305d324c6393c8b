/**
 * What a data folder holds, as the present program reads it: compared between the program that recorded the folder and
 * every later one.
 */
import { createHash } from 'node:crypto';
import type { Service } from '../src/engine/service.ts';

export interface DataFolderDigest {
  readonly alerts: readonly object[];
  readonly incidents: number;
  readonly exceptions: readonly object[];
  readonly lists: readonly object[];
  readonly rules: readonly object[];
  readonly runs: readonly object[];
  /** Runs over stored events, and gaps; not in the first recording. */
  readonly overStored?: readonly object[];
  readonly gaps?: readonly object[];
  /** Absent from alerts that stand for themselves alone. */
  readonly suppressed?: readonly object[];
  readonly setting: string | undefined;
  readonly position: boolean;
  readonly events: { readonly events: number; readonly hosts: number; readonly ids: string; readonly first: unknown };
}

/** @param source whose read position is looked for */
export async function digestOf(service: Service, source: string): Promise<DataFolderDigest> {
  const { store, events, exceptions, rules } = service;
  const alerts = store.alerts({ limit: 500, sort: 'time', status: 'open,acknowledged,closed' }).alerts;
  const stored = (await events.query({ limit: 2_000, order: 'oldest' })).events;
  const { events: kept, hosts } = await events.status();
  return {
    alerts: alerts.map(({ id }) => {
      const { alert, raw, ...rest } = store.alert(id) ?? {};
      return { id, rule: alert?.rule.id, reason: alert?.reason, raw: raw?.length, ...rest };
    }),
    incidents: store.triage.incidents({ status: 'all' }).incidents.length,
    exceptions: (await exceptions.all()).map(({ exception, removed }) => ({
      exception,
      removed,
      history: exceptions.history(exception.id),
    })),
    lists: exceptions.lists().map((list) => ({ ...list, values: [...(exceptions.values(list.id) ?? [])].join('') })),
    rules: rules.entries.map(({ document, added, enabled }) => ({ id: document.id, added, enabled })),
    runs: rules.entries.flatMap(({ document }) => exceptions.runs(document.id, 100)),
    overStored: store.runLog
      .records({ limit: 500 })
      .map(({ ruleId, kind, state, funnel }) => ({ ruleId, kind, state, funnel })),
    gaps: store.runLog.gaps({ limit: 500 }).map(({ id: _, ...gap }) => gap),
    suppressed: alerts.flatMap(({ id }) => {
      const suppression = store.alert(id)?.alert.suppression;
      return suppression === undefined ? [] : [{ id, suppression }];
    }),
    setting: store.setting('incident-gap-ms'),
    position: store.position(source) !== undefined,
    events: { events: kept, hosts, ids: hashOf(stored.map(({ id }) => id)), first: stored[0]?.document },
  };
}

function hashOf(texts: readonly string[]): string {
  return createHash('sha256').update(texts.toSorted().join('\n')).digest('hex');
}
