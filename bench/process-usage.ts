/** What another process takes of memory and of processors, as Linux tells. */
import { readdirSync, readFileSync } from 'node:fs';

const MEBIBYTE_KB = 1024;
/** Of `times` in /proc: Linux has had 100 a second on all machines for long. */
const TICKS_A_SECOND = 100;

/** Resident memory in MiB, or the most that it was; NaN once the process has ended. */
export function residentMebibytes(pid: number, name: 'VmRSS' | 'VmHWM' = 'VmRSS'): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / MEBIBYTE_KB;
  } catch {
    return Number.NaN;
  }
}

/** Seconds of processor time so far, by the name of the thread. */
export function processorSeconds(pid: number): ReadonlyMap<string, number> {
  const seconds = new Map<string, number>();
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const [, name = '', rest = ''] =
      /\((.*)\) (.*)$/s.exec(readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8')) ?? [];
    const fields = rest.split(' ');
    const ticks = Number(fields[11]) + Number(fields[12]);
    seconds.set(name, (seconds.get(name) ?? 0) + ticks / TICKS_A_SECOND);
  }
  return seconds;
}
