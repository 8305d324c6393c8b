/**
 * The process that an alert is about under its ancestors, oldest first, and how much of the line is known.
 *
 * The service's ancestry counts; where it has none, the event may still name the parent.
 */
import type { Alert, JsonObject } from '../../../src/serve/api.ts';
import type { TreeProcess } from '../../../src/serve/triage-api.ts';
import { textOf } from './field-of.ts';

export type ProcessSummary = Alert['ancestry'][number];

export interface Lineage {
  /** Oldest first; the process itself is not among them. */
  readonly ancestors: readonly ProcessSummary[];
  readonly self: ProcessSummary;
  /** Nothing stands before the first: it is pid 1. */
  readonly isComplete: boolean;
}

export function lineageOf(alert: Alert): Lineage {
  const event = alert.events.at(-1) ?? {};
  const parent = summaryOf(event, 'process.parent');
  const nearest = alert.ancestry.length > 0 ? alert.ancestry : isKnown(parent) ? [parent] : [];
  const ancestors = [...nearest].reverse();
  return { ancestors, self: summaryOf(event, 'process'), isComplete: ancestors[0]?.pid === 1 };
}

/** What to call a process: what ran, else which program, else its number. */
export function processLine(process: ProcessSummary): string {
  return process.command_line ?? process.executable ?? process.name ?? `process ${process.pid ?? 'of unknown number'}`;
}

function summaryOf(event: JsonObject, at: string): ProcessSummary {
  const text = (name: string) => textOf(event, `${at}.${name}`);
  const pid = text('pid');
  const found = {
    pid: pid === undefined ? undefined : Number(pid),
    entity_id: text('entity_id'),
    name: text('name'),
    executable: text('executable'),
    command_line: text('command_line'),
    start: text('start'),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined)) as ProcessSummary;
}

function isKnown(process: ProcessSummary): boolean {
  return Object.keys(process).length > 0;
}

/** The line as a tree of its own: what is drawn where no events are stored, and until they have come. */
export function treeOf({ ancestors, self }: Lineage): readonly TreeProcess[] {
  return [
    ...ancestors.map((process, depth): TreeProcess => ({ ...process, relation: 'ancestor', depth, alerts: 0 })),
    { ...self, relation: 'self', depth: ancestors.length, alerts: 0 },
  ];
}
