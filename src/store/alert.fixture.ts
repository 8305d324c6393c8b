/** Alerts for tests and benches: whole documents, repeatable, each part open to change. */
import type { Alert } from '../detect/alert.ts';
import type { JsonObject } from '../event/json.ts';
import { SEVERITIES } from './alert-row.ts';
import type { NewAlert } from './state-store.ts';

export interface AlertParts {
  readonly time?: string;
  readonly severity?: Alert['severity'];
  readonly rule?: string;
  readonly ruleName?: string;
  readonly host?: string;
  readonly user?: string;
  readonly commandLine?: string;
  readonly reason?: string;
  readonly sample?: boolean;
  readonly raw?: Uint8Array;
  readonly risk?: number;
  readonly tactic?: string;
  /** Entity id of the process. */
  readonly entity?: string;
  readonly start?: string;
  readonly hash?: string;
  /** Nearest first. */
  readonly ancestry?: Alert['ancestry'];
}

export function newAlert(id: string, parts: AlertParts = {}): NewAlert {
  const time = parts.time ?? '2026-03-01T12:00:00.000Z';
  const command = parts.commandLine ?? 'python3 -m http.server 8000';
  const event: JsonObject = {
    '@timestamp': time,
    event: { id: `event-${id}`, category: ['process'], type: ['start'] },
    host: { name: parts.host ?? 'web-01' },
    user: { name: parts.user ?? 'ana' },
    process: {
      pid: 4711,
      name: command.split(' ')[0] ?? '',
      command_line: command,
      args: command.split(' '),
      ...(parts.entity === undefined ? {} : { entity_id: parts.entity }),
      ...(parts.start === undefined ? {} : { start: parts.start }),
      ...(parts.hash === undefined ? {} : { hash: { sha256: parts.hash } }),
    },
  };
  const alert: Alert = {
    id,
    '@timestamp': '2026-03-01T12:00:01.000Z',
    rule: {
      id: parts.rule ?? 'rule-1',
      name: parts.ruleName ?? 'Web server started with Python',
      version: 1,
      language: 'eql',
      author: ['Vedette'],
      reference: [],
    },
    severity: parts.severity ?? 'low',
    risk_score: parts.risk ?? 21,
    threat: parts.tactic === undefined ? [] : [threat(parts.tactic)],
    reason: parts.reason ?? `${parts.user ?? 'ana'} started ${command} on ${parts.host ?? 'web-01'}`,
    original_time: time,
    evidence: { fields: { 'process.name': [{ value: 'python3', ranges: [[0, 6]] }] } },
    ancestry: parts.ancestry ?? [{ pid: 1, name: 'systemd' }],
    ...(parts.sample === true ? { sample: true } : {}),
    events: [event],
  };
  return parts.raw === undefined ? { alert } : { alert, raw: parts.raw };
}

function threat(name: string): Alert['threat'][number] {
  return { framework: 'MITRE ATT&CK', tactic: { id: 'TA0000', name }, technique: [] };
}

/**
 * `count` alerts of 40 rules, 200 hosts and 50 users, one every 20 seconds, as a noisy month would leave them; two of
 * every four are of one process.
 */
export function* manyAlerts(count: number): Generator<NewAlert> {
  const start = Date.UTC(2026, 1, 1);
  for (let n = 0; n < count; n += 1) {
    const spread = (n * 7_919) % 100_003; // A prime stride: repeatable, and neighbours differ.
    const process = ((n - (n % 4 === 3 ? 1 : 0)) * 7_919) % 100_003;
    const severity = SEVERITIES[[1, 1, 1, 1, 2, 2, 0, 3, 1, 4][spread % 10] as number] ?? 'low';
    yield newAlert(spread.toString(16).padStart(8, '0') + n.toString(16).padStart(32, '0'), {
      time: new Date(start + n * 20_000 + (spread % 1_000)).toISOString(),
      entity: `process-${n - (n % 4 === 3 ? 1 : 0)}`,
      hash: (spread % 5_000).toString(16).padStart(64, '0'),
      tactic: `Tactic ${spread % 14}`,
      severity,
      rule: `rule-${spread % 40}`,
      ruleName: `Unusual child process of kind ${spread % 40}`,
      host: `host-${String(process % 200).padStart(3, '0')}`,
      user: `user${process % 50}`,
      commandLine: `/usr/bin/python3.${process % 14} -m http.server ${8_000 + (process % 2_000)} --bind 0.0.0.0 --directory /srv/share/${process}`,
    });
  }
}
