import { readFileSync } from 'node:fs';

/** Vedette's version, from the package it runs in. */
export function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
