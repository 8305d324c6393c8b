/**
 * Rules whose query is over tables, in a scan of files: the events are kept aside while they are read, and the rules run
 * over them at the end, slot by slot, as over stored events.
 */
import type { ExceptionSet } from '../detect/exceptions/exception-set.ts';
import type { Event } from '../event/event.ts';
import type { LoadedRule } from '../rule/inspect.ts';
import { LooseEvents } from '../store/segments/loose-events.ts';
import type { Ledger } from './detector.ts';
import type { RunBatch } from './runs/run-range.ts';
import { runTables } from './runs/run-tables.ts';
import type { GivenSchema } from './tables/given-tables.ts';
import { writtenEvent } from './written-event.ts';

const LIMITS = { threads: 2, memoryMb: 1_024 };

export interface ScanTablesOptions {
  readonly ledger: Ledger;
  readonly exceptions: ExceptionSet;
  readonly uncapped: boolean;
  /** What the rules may name beside the tables of the house. */
  readonly names?: GivenSchema;
  readonly signal?: AbortSignal;
}

export class ScanTables {
  private readonly rules: readonly LoadedRule[];
  private readonly events = new LooseEvents(LIMITS);
  private count = 0;
  private oldest = Number.POSITIVE_INFINITY;
  private newest = Number.NEGATIVE_INFINITY;

  /** @param rules those whose query is over tables */
  constructor(rules: readonly LoadedRule[]) {
    this.rules = rules;
  }

  /** @throws where the disk does not take it */
  add(event: Event): void {
    const written = writtenEvent(event, false);
    if (written === undefined) return;
    this.events.append(written);
    this.count += 1;
    this.oldest = Math.min(this.oldest, written.timeMs);
    this.newest = Math.max(this.newest, written.timeMs);
  }

  /** After the last event. @returns what could not be run, in words */
  async run(
    { ledger, exceptions, uncapped, names, signal }: ScanTablesOptions,
    take: (batch: RunBatch) => Promise<void>,
  ): Promise<readonly string[]> {
    if (this.count === 0) return [];
    const { events, oldest, newest } = this;
    await events.seal();
    // No event comes any more, so the last slot is over.
    const range = { rules: this.rules, from: oldest, to: newest + 1, uncapped, isComplete: true };
    const means = {
      events: { scan: async function* () {}, status: async () => ({ ...STATUS, oldest }) },
      tables: { withRange: events.withRange.bind(events), count: async () => 0 },
      ledger,
      exceptions,
      now: Date.now,
      ...(names === undefined ? {} : { names }),
      ...(signal === undefined ? {} : { signal }),
    };
    const { byRule } = await runTables(range, means, take);
    return this.rules.flatMap(({ document: { id, name } }) => {
      const warning = byRule.get(id)?.warnings.find(({ code }) => code === 'run-query');
      return warning === undefined ? [] : [`${name}: ${warning.message}`];
    });
  }

  close(): Promise<void> {
    return this.events.close();
  }
}

const STATUS = { events: 0, bytes: 0, pruned: 0, arrival: 0 };
