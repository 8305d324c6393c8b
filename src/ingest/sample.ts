/**
 * The sample capture: what a new installation has to show before a machine has done anything.
 *
 *   sample/web-07-audit.log ──times moved to end now──▶ <data folder>/sample/web-07-audit.log, made once
 *
 * The moved file stays as it was made, so that its events keep their identity over restarts.
 */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NAME = 'web-07-audit.log';
/** Beside `src/` in a clone and beside `dist/` in the package. */
const RECORDED = fileURLToPath(new URL(`../../sample/${NAME}`, import.meta.url));

/** Head of an audit record: `node=web-07 type=SYSCALL msg=audit(1795360297.296:458):`, seconds and milliseconds. */
const HEAD = /^((?:node=\S+ )?type=\S+ msg=audit\()(\d{10})\.(\d{3})(?=:\d+\))/gm;

/**
 * Moves every record of a raw audit log by one distance, so that the latest has the time `endAt` (epoch milliseconds).
 * Only the times in the heads of records change, and every line keeps its length; text without records stays as it is.
 */
export function shiftAuditLog(text: string, { endAt }: { readonly endAt: number }): string {
  let latest = Number.NEGATIVE_INFINITY;
  for (const [, , seconds, millis] of text.matchAll(HEAD)) latest = Math.max(latest, Number(`${seconds}${millis}`));
  const distance = Math.round(endAt) - latest;
  return text.replace(HEAD, (_all, head: string, seconds: string, millis: string) => {
    const moved = String(Number(`${seconds}${millis}`) + distance).padStart(13, '0');
    return `${head}${moved.slice(0, -3)}.${moved.slice(-3)}`;
  });
}

/** Where a data folder keeps its sample. */
export function samplePath(dataFolder: string): string {
  return join(dataFolder, 'sample', NAME);
}

/**
 * Makes the sample of a data folder where it is not there yet: the whole file or none, whatever the instant of a crash.
 * @param now epoch milliseconds, the time of the sample's last record.
 * @returns the path of the sample.
 * @throws what the system reports when the folder cannot be written.
 */
export function materialiseSample(dataFolder: string, now: number): string {
  const path = samplePath(dataFolder);
  if (existsSync(path)) return path;
  mkdirSync(dirname(path), { recursive: true });
  const unfinished = `${path}.unfinished`;
  const file = openSync(unfinished, 'w');
  try {
    writeSync(file, shiftAuditLog(readFileSync(RECORDED, 'utf8'), { endAt: now }));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(unfinished, path);
  return path;
}
