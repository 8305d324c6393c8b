/**
 * This machine's process starts as an input: from its audit log where executions are written there, else from `/proc`.
 */

import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { FormatSettings } from '../format/format.ts';
import { procfsEntityId } from '../format/process-entity.ts';
import type { ProcessTable } from '../format/process-table.ts';
import { findAuditLog } from '../ingest/audit-log.ts';
import { type HostIdentity, hostIdentity } from '../ingest/host-identity.ts';
import { ProcessWatcher, SHORTEST_LIFE_MS } from '../ingest/process-watcher.ts';
import { type ProcessRecord, Procfs } from '../ingest/procfs.ts';
import { userNames } from '../ingest/user-names.ts';
import { followedInput } from './followed-input.ts';
import type { LiveInput } from './live-loop.ts';

export interface MachineSettings {
  /** Where to look; by default the audit log where it is usable, else `/proc`. */
  readonly source?: 'audit' | 'procfs';
  /** The audit log, where it is not in the usual place. */
  readonly auditLog?: string;
  /** Whether executions also count as an endpoint agent's. Default true. */
  readonly standsInForEndpoint?: boolean;
}

/** @throws {Error} in words, when the audit log was asked for and cannot be used, or there is no `/proc`. */
export async function machineInputs(settings: MachineSettings, processes: ProcessTable): Promise<readonly LiveInput[]> {
  const host = hostIdentity();
  const userName = userNames();
  const formatSettings: FormatSettings = {
    hostName: host.name,
    ...(host.id === undefined ? {} : { hostId: host.id }),
    standsInForEndpoint: settings.standsInForEndpoint ?? true,
    now: Date.now,
    userName,
  };
  if (settings.source === 'procfs') return [procfsInput(host, formatSettings, processes)];
  const verdict = await findAuditLog(settings.auditLog);
  if (verdict.usable) return [auditInput(verdict.path, host, formatSettings, processes)];
  if (settings.source === 'audit' || settings.auditLog !== undefined) {
    throw new Error(`${verdict.reason} ${verdict.hint}`);
  }
  return [procfsInput(host, formatSettings, processes, `${verdict.reason} ${verdict.hint}`)];
}

/** The audit log says nothing of processes that were there before; `/proc` does, so that starts find their parents. */
function auditInput(path: string, host: HostIdentity, settings: FormatSettings, processes: ProcessTable): LiveInput {
  if (existsSync(PROC)) for (const process of new Procfs(PROC).processes()) learnProcess(processes, host, process);
  const about = { name: `audit-log:${path}`, kind: 'audit-log', sample: false, settings, note: `Reading ${path}.` };
  return followedInput(about, path, { startAt: 'end' });
}

const PROC = '/proc';
const PROCFS_NOTE = `Reading /proc, which misses processes that live for less than about ${SHORTEST_LIFE_MS} ms.`;

function procfsInput(host: HostIdentity, settings: FormatSettings, processes: ProcessTable, why?: string): LiveInput {
  const watcher = new ProcessWatcher({
    host,
    userName: settings.userName ?? (() => undefined),
    onKnown: (process) => learnProcess(processes, host, process),
  });
  return {
    name: 'procfs',
    kind: 'procfs',
    sample: false,
    settings,
    note: why === undefined ? PROCFS_NOTE : `${PROCFS_NOTE} ${why}`,
    run: ({ deliver }, _position, signal) => watcher.run(deliver, signal),
    // What has happened in /proc cannot be read again.
    position: () => undefined,
  };
}

/** A process that was there before, as a parent of starts to come. */
function learnProcess(processes: ProcessTable, host: HostIdentity, process: ProcessRecord): void {
  const key = host.id ?? host.name;
  const { pid, ppid, comm, exe, args, start_ticks: ticks } = process;
  processes.learn(key, {
    pid,
    ppid,
    entityId: procfsEntityId(key, pid, ticks),
    name: exe === undefined ? comm : basename(exe),
    args,
    commandLine: args.join(' '),
    ...(exe === undefined ? {} : { executable: exe }),
  });
}
