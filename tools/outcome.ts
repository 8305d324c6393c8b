/**
 * What a step of `npm test` tells of its cases, through the file that VEDETTE_OUTCOMES names.
 */
import { readFileSync, writeFileSync } from 'node:fs';

export interface Case {
  readonly name: string;
  readonly state: 'passed' | 'failed' | 'skipped';
  /** Why it was skipped, `<requirement>: …` where something was missing; for a fuzzer how much it ran. */
  readonly note?: string;
}

export const OUTCOMES = 'VEDETTE_OUTCOMES';

export function writeOutcomes(cases: readonly Case[]): void {
  const path = process.env[OUTCOMES];
  if (path !== undefined) writeFileSync(path, JSON.stringify(cases));
}

/** `undefined` when the step ended without telling. */
export function readOutcomes(path: string): readonly Case[] | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as readonly Case[];
  } catch {
    return undefined;
  }
}
