/**
 * Watches this machine's process starts and hands over alerts as they come, keeping nothing.
 */
import type { Alert } from '../detect/alert.ts';
import type { Finding } from '../rule/finding.ts';
import { loadChosenRules, type RuleChanges } from './chosen-rules.ts';
import { Detector, LATENESS_MS, MemoryLedger } from './detector.ts';
import { LiveLoop, type LiveStore } from './live-loop.ts';
import type { LiveCounters } from './live-status.ts';
import { type MachineSettings, machineInputs } from './machine-input.ts';

export interface WatchOptions extends MachineSettings, RuleChanges {
  /** Rule files and folders; the bundled rules where none are named. */
  readonly rules?: readonly string[];
  readonly signal: AbortSignal;
  /** Once watching has begun: how, and what a reader should know of it. */
  readonly onStart: (start: WatchStart) => void;
  readonly onAlerts: (alerts: readonly Alert[]) => void;
}

export interface WatchStart {
  readonly rules: number;
  readonly findings: readonly Finding[];
  readonly notes: readonly string[];
}

/** Watches until the signal aborts; gives what was counted. */
export async function watchMachine(options: WatchOptions): Promise<LiveCounters> {
  const { rules, findings } = await loadChosenRules(options.rules, options);
  const detector = new Detector({ rules, now: Date.now, lateness: LATENESS_MS });
  const ledger = new MemoryLedger();
  const store: LiveStore = {
    position: () => undefined,
    hasAlert: (id) => ledger.hasAlert(id),
    runCounters: (ruleId, slot) => ledger.runCounters(ruleId, slot),
    suppressionWindow: (...asked) => ledger.suppressionWindow(...asked),
    isSuppressed: (id) => ledger.isSuppressed(id),
    commit: (commit) => {
      ledger.record(commit);
      if (commit.alerts.length > 0) options.onAlerts(commit.alerts.map(({ alert }) => alert));
    },
  };
  const loop = new LiveLoop({ store, detector, now: Date.now, onCreated: () => {} });
  const inputs = await machineInputs(options, detector.processes);
  options.signal.addEventListener('abort', () => loop.stop(), { once: true });
  options.onStart({
    rules: rules.length,
    findings,
    notes: inputs.flatMap(({ note }) => (note === undefined ? [] : [note])),
  });
  await loop.run(inputs);
  const failed = loop.status().sources.find(({ state }) => state === 'failed');
  if (failed !== undefined) throw new Error(failed.note);
  return loop.status().counters;
}
