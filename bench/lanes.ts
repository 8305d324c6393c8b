/**
 * The lanes: bytes that are read again and again. Generated ones are everywhere; those from the corpora (real records,
 * repeated to a size that can be measured) only where the corpora are.
 */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { generateAuditLog, generateEcs } from './generate.ts';
import { FORMAT_LANES, generateFormat } from './generate-formats.ts';

export interface Lane {
  readonly name: string;
  /** Every line is a JSON document; otherwise the baseline is another; see `passes.ts`. */
  readonly json: boolean;
  /** What all its events come from, as Sigma names it (`product=…,service=…`); absent where it is not said. */
  readonly logsource?: string;
  /** The bytes, read or made when asked for; `undefined` where they are not on this machine. */
  load(): Buffer | undefined;
}

const GENERATED_EVENTS = 10_000;
/** Fewer: there are many formats, and all lanes together are to take three minutes at most. */
const FORMAT_EVENTS = 2_000;
const MIN_BYTES = 8 * 1024 * 1024;
/** Of a large capture the start: what a round takes is to stay within seconds. */
const MAX_BYTES = 12 * 1024 * 1024;
const NEWLINE = 10;
const WINDOWS = 'product=windows';
/** Who routes rules by what is said to conflict takes rules of other logs for these, too, unless the log is said. */
const SYSMON = `${WINDOWS},service=sysmon`;

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
  corpusLane(
    'capture-wevtutil',
    true,
    'windows-telemetry/cmd_wevtutil_modify_security_eventlog_path.ndjson.gz',
    WINDOWS,
  ),
  foreignLane('foreign-wevtutil', 'capture-wevtutil'),
  corpusLane(
    'capture-minint',
    true,
    'windows-telemetry/cmd_stop_event_logging_controlset001_minint_key.ndjson.gz',
    WINDOWS,
  ),
  corpusLane('capture-covenant', true, 'windows-telemetry/covenant_dcom_iertutil_dll_hijack.ndjson.gz', WINDOWS),
  corpusLane('capture-mimikatz', true, 'windows-telemetry/empire_mimikatz_logonpasswords.ndjson.gz', WINDOWS),
  corpusLane('capture-psinject', true, 'windows-telemetry/empire_psinject_PEinjection.ndjson.gz', WINDOWS),
  corpusLane('structured', true, 'bench/structured_windows.ndjson.gz', SYSMON),
  corpusLane('low-match', true, 'bench/low_match.ndjson.gz', SYSMON),
  corpusLane('raw-windows', true, 'bench/raw_windows.ndjson.gz', WINDOWS),
  corpusLane('file-events', true, 'bench/sysmon_file_event.ndjson.gz', SYSMON),
  corpusLane('cisco', true, 'bench/cisco_syslog.ndjson.gz', 'product=cisco'),
  corpusLane('correlation', true, 'bench/correlation.ndjson.gz'),
];

/** Before each line of a lane so many of a log source that no rule reads: what has to be read of what does not matter. */
const FOREIGN_LINES = 9;

function foreignLane(name: string, of: string): Lane {
  const load = () => {
    const bytes = LANES.find((lane) => lane.name === of)?.load();
    if (bytes === undefined) return undefined;
    const lines = bytes.toString('latin1').trimEnd().split('\n');
    const parts: string[] = [];
    let size = 0;
    for (const [at, line] of lines.entries()) {
      for (let number = 0; number < FOREIGN_LINES; number += 1) parts.push(foreignLine(at * FOREIGN_LINES + number));
      parts.push(line);
      size += line.length;
      // The start of the lane: with the lines before each it is as large.
      if (size > MAX_BYTES / FOREIGN_LINES) break;
    }
    return Buffer.from(`${parts.join('\n')}\n`, 'latin1');
  };
  return { name, json: true, load };
}

/** A printer's record, of about the size that the capture's have. */
function foreignLine(number: number): string {
  const time = new Date(Date.UTC(2022, 6, 5, 2) + number * 100).toISOString();
  return JSON.stringify({
    SourceName: 'Example-PrintQueue',
    ProviderGuid: '{11111111-2222-3333-4444-555555555555}',
    Level: '4',
    Keywords: '0x4000000000000840',
    Channel: 'Example-PrintQueue/Operational',
    Hostname: 'DESKTOP-EXAMPLE',
    TimeCreated: time,
    '@timestamp': time,
    EventID: 7307,
    Message: `Document ${number}, Quarterly figures owned by user${number % 40} on \\\\DESKTOP-EXAMPLE was printed on Printer ${number % 7} through port 192.0.2.${number % 200}. Size in bytes: ${number * 311}. Pages printed: ${number % 30}. ${'No user action is required. '.repeat(28)}`,
    JobId: String(number),
    Owner: `user${number % 40}`,
    Port: `192.0.2.${number % 200}`,
    Size: String(number * 311),
    Task: '26',
  });
}

function corpusLane(name: string, json: boolean, path: string, logsource?: string): Lane {
  const load = () => {
    const root = fileURLToPath(new URL('..', import.meta.url));
    const file = resolve(root, process.env.VEDETTE_CORPORA ?? '../shared/corpora', path);
    if (!existsSync(file)) return undefined;
    const read = readFileSync(file);
    const bytes = path.endsWith('.gz') ? gunzipSync(read) : read;
    if (bytes.length > MAX_BYTES) return bytes.subarray(0, bytes.lastIndexOf(NEWLINE, MAX_BYTES) + 1);
    return Buffer.concat(Array(Math.ceil(MIN_BYTES / bytes.length)).fill(bytes));
  };
  return { name, json, load, ...(logsource === undefined ? {} : { logsource }) };
}
