/** Events for tests: what matters to a case is given, the rest is alike. */
import type { JsonObject } from '../event/json.ts';
import type { EventRecord } from './event-store.ts';

export interface EventFields {
  readonly timeMs?: number;
  readonly ticks?: number;
  readonly host?: string;
  readonly user?: string;
  readonly name?: string;
  readonly entity?: string;
  readonly category?: string | readonly string[];
  readonly sample?: boolean;
  readonly document?: JsonObject;
}

export const EVENT_TIME = Date.UTC(2026, 2, 1, 12);

export function newEvent(id: string, fields: EventFields = {}): EventRecord {
  const { host = 'web-01', user = 'ana', name = 'python3', entity = `entity-${id}`, category = 'process' } = fields;
  return {
    id,
    timeMs: fields.timeMs ?? EVENT_TIME,
    ticks: fields.ticks ?? 0,
    format: 'auditd',
    dataStreams: ['logs-auditd_manager.auditd-vedette', 'logs-endpoint.events.process-vedette'],
    standsInFor: ['logs-endpoint.events.process-vedette'],
    sample: fields.sample ?? false,
    document: fields.document ?? {
      event: { category, type: ['start'], action: 'executed' },
      host: { name: host },
      user: { name: user },
      process: {
        name,
        entity_id: entity,
        executable: `/usr/bin/${name}`,
        command_line: `${name} -m http.server 8000`,
        args: [name, '-m', 'http.server', '8000'],
      },
    },
  };
}
