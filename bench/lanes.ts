/**
 * The lanes: bytes that are read again and again. Generated ones are everywhere; those from the corpora (real records,
 * repeated to a size that can be measured) only where the corpora are.
 */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateAuditLog, generateEcs } from './generate.ts';
import { FORMAT_LANES, generateFormat } from './generate-formats.ts';

export interface Lane {
  readonly name: string;
  /** Every line is a JSON document; otherwise the baseline is split + decode only. */
  readonly json: boolean;
  /** The bytes, read or made when asked for; `undefined` where they are not on this machine. */
  load(): Buffer | undefined;
}

const GENERATED_EVENTS = 10_000;
/** Fewer: there are many formats, and all lanes together are to take three minutes at most. */
const FORMAT_EVENTS = 2_000;
const MIN_BYTES = 8 * 1024 * 1024;

export const LANES: readonly Lane[] = [
  { name: 'ecs', json: true, load: () => generateEcs(GENERATED_EVENTS) },
  { name: 'audit', json: false, load: () => generateAuditLog(GENERATED_EVENTS) },
  ...FORMAT_LANES.map((lines) => ({
    name: lines.format,
    json: lines.json,
    load: () => generateFormat(lines, FORMAT_EVENTS),
  })),
  corpusLane('corpus-audit', false, 'linux-audit/audit-clean-raw.log'),
  corpusLane('corpus-laurel', true, 'linux-audit/laurel-clean.ndjson'),
];

function corpusLane(name: string, json: boolean, path: string): Lane {
  const load = () => {
    const root = fileURLToPath(new URL('..', import.meta.url));
    const file = resolve(root, process.env.VEDETTE_CORPORA ?? '../shared/corpora', path);
    if (!existsSync(file)) return undefined;
    const bytes = readFileSync(file);
    return Buffer.concat(Array(Math.ceil(MIN_BYTES / bytes.length)).fill(bytes));
  };
  return { name, json, load };
}
