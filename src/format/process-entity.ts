/**
 * The identity of a process: host, pid, and the start of that pid's life.
 */
import { hash } from 'node:crypto';

/**
 * Stable for the same three, on any machine and in any version: half of a SHA-256, 22 characters of base64url.
 * `host` is the host's id, or its name where it has none; `start` anything that only this life of the pid has.
 */
export function processEntityId(host: string, pid: number, start: string): string {
  return hash('sha256', JSON.stringify([host, pid, start]), 'base64url').slice(0, 22);
}

/** Of a process seen in `/proc`; `startTicks` is field 22 of its `stat`: clock ticks from boot to its start. */
export function procfsEntityId(host: string, pid: number, startTicks: number): string {
  return processEntityId(host, pid, `ticks ${startTicks}`);
}
