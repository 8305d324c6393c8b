/**
 * The events of files of logs, one after the other, enriched as a scan enriches them; for whoever looks at events
 * without deciding anything: explaining, hunting.
 */
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { Event } from '../event/event.ts';
import type { FormatSettings } from '../format/format.ts';
import { ProcessTable } from '../format/process-table.ts';
import { openStream } from '../format/stream.ts';
import { expandInputs } from '../ingest/expand-inputs.ts';
import { readLines } from '../ingest/line-source.ts';
import { RejectTally } from './reject-tally.ts';
import type { RejectSummary } from './scan-summary.ts';

export interface EventsRead {
  readonly files: number;
  readonly events: number;
  /** Bytes of text (decompressed). */
  readonly bytes: number;
  /** Events released before all their lines were known to be there, to bound memory. */
  readonly forced: number;
  readonly rejects: RejectSummary;
  readonly problems: readonly Diagnostic[];
}

/** Calls `take` for every event in order until it answers false. */
export async function readEvents(paths: readonly string[], take: (event: Event) => boolean): Promise<EventsRead> {
  const { files, problems } = await expandInputs(paths);
  const settings: FormatSettings = { standsInForEndpoint: true, now: Date.now };
  const processes = new ProcessTable();
  const rejects = new RejectTally(undefined);
  const unread = problems.map(({ diagnostic }) => diagnostic);
  const ending = new AbortController();
  let [events, bytes, forced] = [0, 0, 0];
  for (const { path } of files) {
    if (ending.signal.aborted) break;
    const reader = openStream(settings, {
      event: (event) => {
        if (ending.signal.aborted) return;
        events += 1;
        processes.observe(event);
        if (!take(event)) ending.abort();
      },
      reject: (reject) => rejects.add(reject),
    });
    const read = await readLines(path, (line) => reader.line(line), {
      onReject: (reject) => reader.missed(reject),
      signal: ending.signal,
    });
    reader.end();
    bytes += read.bytes;
    forced += reader.forced;
    if (read.problem !== undefined) unread.push(read.problem);
  }
  return { files: files.length, events, bytes, forced, rejects: rejects.summary(), problems: unread };
}
