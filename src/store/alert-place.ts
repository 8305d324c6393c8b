/** What decides where an alert stands among others: its host, time, process, and whether it is the sample's. */
import type { Alert } from '../detect/alert.ts';
import { type ProcessLineage, processLineage } from '../detect/process-lineage.ts';
import { type PlaceColumns, placeColumnsOf } from './alert-row.ts';

export interface AlertPlace extends Omit<PlaceColumns, 'entity' | 'hash'> {
  readonly seq: number;
  readonly lineage: ProcessLineage;
}

export function placeOf(seq: number, alert: Alert): AlertPlace {
  return { seq, ...placeColumnsOf(alert), lineage: processLineage(alert) };
}
