/**
 * Reads text or bytes as a stream of lines, for tests of formats and of what comes after them.
 */
import type { Event } from '../src/event/event.ts';
import type { FormatSettings, Reject, StreamReader } from '../src/format/format.ts';
import { openStream } from '../src/format/stream.ts';

export interface Read {
  readonly events: readonly Event[];
  readonly rejects: readonly Reject[];
  readonly reader: StreamReader;
}

const SETTINGS: FormatSettings = { standsInForEndpoint: true, now: () => Date.UTC(2026, 0, 2) };

/** `seen` is called with each event in order. */
export function readEvents(
  input: string | Uint8Array,
  settings: Partial<FormatSettings> = {},
  seen: (event: Event) => void = () => {},
): Read {
  const events: Event[] = [];
  const rejects: Reject[] = [];
  const reader = openStream(
    { ...SETTINGS, ...settings },
    {
      event: (event) => {
        seen(event);
        events.push(event);
      },
      reject: (reject) => rejects.push(reject),
    },
  );
  feed(reader, input);
  reader.end();
  return { events, rejects, reader };
}

/** Gives a reader every line of the input. */
export function feed(reader: StreamReader, input: string | Uint8Array, path = 'test.log'): void {
  const bytes = Buffer.from(input);
  let line = 1;
  for (let at = 0; at < bytes.length; line += 1) {
    const found = bytes.indexOf(0x0a, at);
    const end = found === -1 ? bytes.length : found;
    reader.line({ bytes: bytes.subarray(at, end), origin: { path, offset: at, line } });
    at = end + 1;
  }
}
