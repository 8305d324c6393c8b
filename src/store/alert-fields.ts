/**
 * The fields that a search of alerts may name, and the columns that hold them. The names are those of the event and of
 * Elastic's alerts; each column has a name of its own besides.
 */
import { SEVERITIES, STATUSES } from './alert-row.ts';

export interface AlertField {
  readonly column: string;
  /** `text`: empty where the alert has none. `rank`: a position in `names`. `time`: epoch milliseconds. */
  readonly type: 'text' | 'number' | 'rank' | 'time';
  /** Of a rank, in rising order. */
  readonly names?: readonly string[];
}

const text = (column: string): AlertField => ({ column, type: 'text' });
const SEVERITY: AlertField = { column: 'severity', type: 'rank', names: SEVERITIES };
const STATUS: AlertField = { column: 'status', type: 'rank', names: STATUSES };
const RISK: AlertField = { column: 'risk_score', type: 'number' };
const TIME: AlertField = { column: 'time_ms', type: 'time' };

export const ALERT_FIELDS: ReadonlyMap<string, AlertField> = new Map([
  ['host.name', text('host')],
  ['user.name', text('user')],
  ['process.name', text('process')],
  ['process.command_line', text('command_line')],
  ['process.entity_id', text('entity')],
  ['rule.name', text('rule_name')],
  ['rule.id', text('rule_id')],
  ['severity', SEVERITY],
  ['status', STATUS],
  ['risk_score', RISK],
  ['reason', text('reason')],
  ['@timestamp', TIME],
  ['kibana.alert.rule.name', text('rule_name')],
  ['kibana.alert.rule.rule_id', text('rule_id')],
  ['kibana.alert.severity', SEVERITY],
  ['kibana.alert.workflow_status', STATUS],
  ['kibana.alert.workflow_reason', text("coalesce(close_reason, '')")],
  ['kibana.alert.risk_score', RISK],
  ['kibana.alert.reason', text('reason')],
  ['kibana.alert.original_time', TIME],
]);
