/**
 * What people add to alerts, and how alerts stand together: by process (groups) and by host and time (incidents).
 *
 * Groups and incidents are made where alerts are committed. They only show alerts together; none is changed or removed.
 */
import type { AlertNote, StepDone } from '../detect/triage.ts';
import type { AlertSummary } from './alert-query.ts';
import type { IncidentDetail, IncidentPage, IncidentQuery } from './incident.ts';

export interface TriageStore {
  /** False when there is no such alert. */
  addNote(alert: string, note: Omit<AlertNote, 'id'>): boolean;
  /** Says that a response step was done, or, without `done`, takes that back. False when there is no such alert. */
  setStep(alert: string, step: string, done?: Omit<StepDone, 'step'>): boolean;
  /**
   * The alerts of this one's group, itself among them, in the order of their events; of very many, the first 500.
   * `undefined` when there is no such alert.
   */
  members(alert: string): readonly AlertSummary[] | undefined;
  /** The query has been checked (`selectIncidents`). */
  incidents(query: IncidentQuery): IncidentPage;
  /** One that was joined to another is that other. */
  incident(id: string): IncidentDetail | undefined;
  /** How many alerts each of these processes of a host has; those without any are left out. */
  alertsByProcess(host: string, entities: readonly string[]): ReadonlyMap<string, number>;
  /** How many alerts have this value, counted no further than `upTo`. */
  alertsLike(what: AlertLikeness, value: string, upTo: number): number;
}

/** Of the (last) event: `user.name`, `process.hash.sha256`, `process.command_line`. */
export type AlertLikeness = 'user' | 'hash' | 'command';
