/**
 * What is measured: one pass over a lane's bytes, in memory, giving the number of events that came out.
 *
 *   baseline   split into lines + UTF-8 decode + what parses a line with none of our code: JSON.parse where the lane is JSON; of the
 *              audit log, each record split at spaces and `=` into names and values, as whoever has no parser would; of other text nothing
 *   lines      of the audit log: split into lines + UTF-8 decode, and nothing parsed
 *   decode     the formats: lines to ECS events, lazily
 *   derive     decode + every field of each event, as storing and writing them need
 *   scan       decode + process table + the bundled rules + alerts
 *   fields     of the audit log: lines + each record's names and values, as they are meant
 *   match:…    decode + process table + the rules of a set, without alerts: what matching costs, up to which rules hold; of a line
 *              that tells that by its bytes no event is made, as nobody alerts on it
 *
 * Each yields to nobody and keeps nothing, so that a round of all passes sees the same machine.
 */
import { Detector, MemoryLedger } from '../src/engine/detector.ts';
import type { Event } from '../src/event/event.ts';
import { parseAuditRecord } from '../src/format/auditd-record.ts';
import type { LineFilter, SievedLine } from '../src/format/format.ts';
import type { ProcessNote } from '../src/format/process-note.ts';
import { ProcessTable } from '../src/format/process-table.ts';
import { openStream } from '../src/format/stream.ts';
import { bundledRules } from '../src/rule/load.ts';
import { eachLine } from './each-line.ts';
import type { Lane } from './lanes.ts';
import { SETTINGS } from './read-settings.ts';
import type { RuleSet } from './rule-sets.ts';

export interface Pass {
  readonly name: string;
  /** Absent of one that is for all lanes. */
  readonly isOf?: (lane: Lane) => boolean;
  run(lane: Lane, bytes: Buffer): PassResult;
}

export interface PassResult {
  /** Lines for the baseline, events for the others. */
  readonly events: number;
  /** Of a pass that only matches: matches. */
  readonly alerts?: number;
  readonly rejected?: number;
}

const BATCH_EVENTS = 1_000;
const NEWLINE = 10;

interface Sieving {
  readonly filter: LineFilter | undefined;
  readonly onSieved: (line: SievedLine) => void;
  readonly onNote: (note: ProcessNote) => void;
}

const NO_SIEVE: Sieving = { filter: undefined, onSieved: () => {}, onNote: () => {} };

/** @param only the ids of the rules to scan with; absent for all that are bundled */
export async function openPasses(only?: readonly string[], sets: readonly RuleSet[] = []): Promise<readonly Pass[]> {
  const bundled = (await bundledRules()).rules;
  const rules = only === undefined ? bundled : bundled.filter(({ document }) => only.includes(document.id));
  return [
    { name: 'baseline', run: baseline },
    { name: 'decode', run: (lane, bytes) => decode(lane, bytes, () => {}) },
    { name: 'derive', run: (lane, bytes) => decode(lane, bytes, (event) => event.document()) },
    { name: 'scan', run: (lane, bytes) => scan(lane, bytes, rules) },
    { name: 'lines', isOf: isAudit, run: lines },
    { name: 'fields', isOf: isAudit, run: fields },
    ...sets.map((set) => ({ name: `match:${set.name}`, run: (lane: Lane, bytes: Buffer) => match(lane, bytes, set) })),
  ];
}

/** How many rules of a set have to be evaluated for an event: what a matcher's index leaves to do, without the sieve. */
export function candidatesAnEvent(lane: Lane, bytes: Buffer, set: RuleSet): number {
  let candidates = 0;
  const matcher = set.measured({
    evaluated: () => {
      candidates += 1;
    },
  });
  const { events } = decode(lane, bytes, (event) => matcher.match(event, () => {}));
  return candidates / events;
}

function match(lane: Lane, bytes: Buffer, { matcher, sieveOf }: RuleSet): PassResult {
  const processes = new ProcessTable();
  let matches = 0;
  const onEvent = (event: Event) => {
    processes.observe(event);
    matcher.match(event, () => {
      matches += 1;
    });
  };
  const onSieved = (line: SievedLine) => {
    processes.sieved(line);
    matches += line.matching().length;
  };
  const onNote = (note: ProcessNote) => processes.note(note);
  const result = decode(lane, bytes, onEvent, { filter: sieveOf(lane.name), onSieved, onNote });
  return { ...result, alerts: matches };
}

function baseline(lane: Lane, bytes: Buffer): PassResult {
  if (lane.json) return eachText(lane, bytes, (text) => JSON.parse(text) !== undefined);
  return isAudit(lane) ? eachText(lane, bytes, (text) => pairsOf(text).type !== undefined) : lines(lane, bytes);
}

/** It says what it parses, where that is not JSON. */
export function nameOfBaseline(lane: Lane): string {
  if (lane.json) return 'baseline';
  return isAudit(lane) ? 'baseline (names and values)' : 'baseline (no JSON.parse)';
}

function isAudit({ name, json }: Lane): boolean {
  return !json && name.endsWith('audit');
}

function lines(lane: Lane, bytes: Buffer): PassResult {
  return eachText(lane, bytes, (text) => text !== '');
}

/** @param isUsed what is made of a line is used, so that no compiler may leave the work out */
function eachText(lane: Lane, bytes: Buffer, isUsed: (text: string) => boolean): PassResult {
  let events = 0;
  let used = 0;
  eachLine(bytes, (start, end) => {
    if (isUsed(bytes.toString('utf8', start, end))) used += 1;
    events += 1;
  });
  if (used === 0) throw new Error(`nothing of the lane ${lane.name} can be read`);
  return { events };
}

function pairsOf(text: string): Readonly<Record<string, string>> {
  const record: Record<string, string> = {};
  for (const part of text.split(' ')) {
    const equals = part.indexOf('=');
    if (equals > 0) record[part.slice(0, equals)] = part.slice(equals + 1);
  }
  return record;
}

function fields(lane: Lane, bytes: Buffer): PassResult {
  let events = 0;
  let names = 0;
  eachLine(bytes, (start, end) => {
    names += parseAuditRecord(bytes.toString('utf8', start, end))?.fields.size ?? 0;
    events += 1;
  });
  if (names === 0) throw new Error(`the lane ${lane.name} has no records`);
  return { events };
}

function decode(lane: Lane, bytes: Buffer, onEvent: (event: Event) => void, sieving: Sieving = NO_SIEVE): PassResult {
  const { filter, onSieved, onNote } = sieving;
  let events = 0;
  let rejected = 0;
  const stream = openStream(
    SETTINGS,
    {
      event: (event) => {
        events += 1;
        onEvent(event);
      },
      sieved: (line) => {
        events += 1;
        onSieved(line);
      },
      reject: () => {
        rejected += 1;
      },
      passed: ({ note }) => {
        events += 1;
        if (note !== undefined) onNote(note);
      },
    },
    filter,
  );
  const block = { bytes };
  let line = 0;
  for (let at = stream.passOver(block, 0); at < bytes.length; at = stream.passOver(block, at)) {
    const newline = bytes.indexOf(NEWLINE, at);
    const end = newline === -1 ? bytes.length : newline;
    line += 1;
    const origin = { path: lane.name, offset: at, line: stream.passedOver + line };
    stream.line({ bytes: bytes.subarray(at, end), origin });
    at = end + 1;
  }
  stream.end();
  return { events, rejected };
}

function scan(lane: Lane, bytes: Buffer, rules: Awaited<ReturnType<typeof bundledRules>>['rules']): PassResult {
  const detector = new Detector({ rules, now: Date.now, maxAlerts: Number.POSITIVE_INFINITY });
  const ledger = new MemoryLedger();
  let alerts = 0;
  let inBatch = 0;
  const drain = () => {
    const decided = detector.drain(ledger);
    ledger.record(decided);
    alerts += decided.alerts.length;
    inBatch = 0;
  };
  const count = () => {
    inBatch += 1;
    if (inBatch === BATCH_EVENTS) drain();
  };
  const onEvent = (event: Event) => {
    detector.observe(event);
    count();
  };
  const onSieved = (line: SievedLine) => {
    detector.sieved(line);
    count();
  };
  const onNote = (note: ProcessNote) => detector.note(note);
  const result = decode(lane, bytes, onEvent, { filter: detector.lineFilter(SETTINGS), onSieved, onNote });
  drain();
  return { ...result, alerts };
}
