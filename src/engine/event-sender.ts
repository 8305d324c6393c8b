/**
 * Sends files of logs to a running service.
 *
 *   file ──decompress──▶ batches of whole lines ──POST /api/ingest, two under way──▶ what became of them
 *
 * Two, so that an event whose lines fall into two batches finds its rest there: a service answers when nothing of a batch
 * waits for more. They name their stream, whose batches are read in the order in which they began. A batch that the service
 * has no room for, or that does not reach it, is sent again.
 */
import { randomUUID } from 'node:crypto';
import { type ClientRequest, request as openRequest } from 'node:http';
import { request as openSecureRequest } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { InputError, openBytes } from '../ingest/byte-source.ts';
import { expandInputs } from '../ingest/expand-inputs.ts';
import type { EventRange, LineReject, LinesTaken } from './delivery.ts';

const BATCH_BYTES = 2 * 1024 * 1024;
const UNDER_WAY = 2;
/** How long a batch is tried again for. */
const PATIENCE_MS = 120_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;
const MOST_REJECTS_TOLD = 20;

export interface SendOptions {
  /** Files and folders; `-` is standard input. */
  readonly files: readonly string[];
  readonly to: string;
  readonly source: string;
  /** Of the past: stored, and run over by itself, not matched as if it happened now. */
  readonly isHistory: boolean;
  readonly token?: string;
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly onProgress?: (sent: SendReport) => void;
  readonly patienceMs?: number;
}

export interface SendReport {
  readonly lines: number;
  readonly events: number;
  readonly rejected: number;
  /** The first of them, with their file. */
  readonly rejects: readonly (LineReject & { readonly file: string })[];
  readonly range?: EventRange;
  /** The run that was asked for over events of the past. */
  readonly run?: number;
  /** Files that could not be read, in words. */
  readonly problems: readonly string[];
}

/** The service did not take what was sent; everything before it was. */
export class SendError extends Error {}

/** @throws {SendError} when the service refuses, or cannot be reached for two minutes. */
export async function sendFiles(options: SendOptions): Promise<SendReport> {
  const { files, problems } = await expandInputs(options.files);
  const sending = new Sending(
    options,
    problems.map(({ diagnostic }) => diagnostic.message),
  );
  for (const { path } of files) await sending.file(path);
  if (options.isHistory) await sending.askForRun();
  return sending.report;
}

class Sending {
  report: SendReport;
  private readonly options: SendOptions;
  private failure: unknown;

  constructor(options: SendOptions, problems: readonly string[]) {
    this.options = options;
    this.report = { lines: 0, events: 0, rejected: 0, rejects: [], problems };
  }

  async file(path: string): Promise<void> {
    const stream = randomUUID();
    const underWay = new Set<Promise<void>>();
    let line = 0;
    try {
      for await (const batch of batchesOf(path, this.options.stdin)) {
        const before = line;
        line += batch.lines;
        const sent = deferred();
        const done = this.batch(path, before, stream, batch.bytes, sent.resolve)
          .catch((error: unknown) => {
            this.failure ??= error;
          })
          .finally(() => {
            sent.resolve();
            underWay.delete(done);
          });
        underWay.add(done);
        // The next one begins when this one is on its way, so that they arrive in their order.
        await sent.promise;
        if (underWay.size >= UNDER_WAY) await Promise.race(underWay);
        if (this.failure !== undefined) break;
      }
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.report = { ...this.report, problems: [...this.report.problems, error.message] };
    } finally {
      await Promise.all(underWay);
    }
    if (this.failure !== undefined) throw this.failure;
  }

  /** One run over all of it. */
  async askForRun(): Promise<void> {
    const { range } = this.report;
    if (range === undefined) return;
    const url = new URL('/api/runs', this.options.to);
    // The last event's own millisecond counts.
    const to = new Date(Date.parse(range.to) + 1).toISOString();
    const body = Buffer.from(JSON.stringify({ from: range.from, to, by: 'vedette send' }));
    const answer = await post(
      url,
      { 'content-type': 'application/json', 'content-length': body.length },
      body,
      () => {},
    );
    if (answer.status !== 202)
      throw new SendError(`The events are kept, but no run over them: ${wordsOf(answer, url)}`);
    this.report = { ...this.report, run: (JSON.parse(answer.text) as { request: number }).request };
  }

  private async batch(file: string, before: number, stream: string, bytes: Buffer, sent: () => void): Promise<void> {
    const { to, source, isHistory, token, patienceMs = PATIENCE_MS } = this.options;
    const url = new URL(`/api/ingest?source=${encodeURIComponent(source)}${isHistory ? '&history=stored' : ''}`, to);
    const headers = {
      'content-type': 'application/octet-stream',
      'content-length': bytes.length,
      'x-vedette-stream': stream,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    };
    const giveUpAt = performance.now() + patienceMs;
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      const answer = await post(url, headers, bytes, sent);
      if (answer.status === 200) {
        this.took(file, before, JSON.parse(answer.text) as LinesTaken);
        return;
      }
      const isPassing = answer.status === undefined || answer.status === 429 || answer.status === 503;
      if (!isPassing || performance.now() + pause > giveUpAt) throw new SendError(wordsOf(answer, url));
      sent();
      await sleep(answer.retryAfter === undefined ? pause : Math.min(1_000 * answer.retryAfter, LONGEST_PAUSE_MS));
    }
  }

  private took(file: string, before: number, { lines, events, rejected, rejects, range }: LinesTaken): void {
    const { report } = this;
    const told = rejects.map((reject) => ({ ...reject, line: before + reject.line, file }));
    const whole = joined(report.range, range);
    this.report = {
      lines: report.lines + lines,
      events: report.events + events,
      rejected: report.rejected + rejected,
      rejects: [...report.rejects, ...told].slice(0, MOST_REJECTS_TOLD),
      ...(whole === undefined ? {} : { range: whole }),
      problems: report.problems,
    };
    this.options.onProgress?.(this.report);
  }
}

interface Answer {
  /** Absent where there was none. */
  readonly status?: number;
  readonly text: string;
  /** Seconds. */
  readonly retryAfter?: number;
}

/** Never rejects: what did not arrive has no status. */
function post(url: URL, headers: Record<string, string | number>, bytes: Buffer, sent: () => void): Promise<Answer> {
  return new Promise((resolve) => {
    const open = url.protocol === 'https:' ? openSecureRequest : openRequest;
    const request: ClientRequest = open(url, { method: 'POST', headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', (error) => resolve({ text: error.message }));
      response.on('end', () => {
        const wait = Number(response.headers['retry-after']);
        resolve({
          status: response.statusCode ?? 0,
          text: Buffer.concat(chunks).toString('utf8'),
          ...(wait > 0 ? { retryAfter: wait } : {}),
        });
      });
    });
    request.on('error', (error) => resolve({ text: error.message }));
    request.on('finish', sent);
    request.end(bytes);
  });
}

function wordsOf({ status, text }: Answer, url: URL): string {
  if (status === undefined) return `${url.origin} cannot be reached: ${text}.`;
  try {
    const { error } = JSON.parse(text) as { error: { message: string; hint?: string } };
    return error.hint === undefined ? error.message : `${error.message} ${error.hint}`;
  } catch {
    return `${url.origin} answered ${status}, and not as Vedette does.`;
  }
}

/** Whole lines, so many bytes at a time; a line that is longer comes in parts, as the service would cut it anyway. */
async function* batchesOf(path: string, stdin: AsyncIterable<Uint8Array>) {
  const source = await openBytes(path, stdin);
  let held: Buffer[] = [];
  let size = 0;
  const take = (): { readonly bytes: Buffer; readonly lines: number } => {
    const bytes = Buffer.concat(held);
    held = [];
    size = 0;
    return { bytes, lines: linesIn(bytes) };
  };
  for await (const chunk of source.chunks) {
    // The chunk is the source's again when the next one is asked for.
    const end = chunk.lastIndexOf(10) + 1;
    if (end > 0 && size + end >= BATCH_BYTES) {
      held.push(Buffer.from(chunk.subarray(0, end)));
      yield take();
      if (end < chunk.length) held.push(Buffer.from(chunk.subarray(end)));
    } else {
      held.push(Buffer.from(chunk));
    }
    size = held.reduce((sum, { length }) => sum + length, 0);
    if (size > LONGEST_BATCH_BYTES) yield take();
  }
  if (size > 0) yield take();
}

const LONGEST_BATCH_BYTES = 32 * 1024 * 1024;

function linesIn(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) lines += 1;
  return lines;
}

function joined(first: EventRange | undefined, second: EventRange | undefined): EventRange | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  // ISO 8601 in UTC sorts as text.
  return {
    from: [first.from, second.from].sort()[0] as string,
    to: [first.to, second.to].sort()[1] as string,
  };
}

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((kept) => {
    resolve = kept;
  });
  return { promise, resolve };
}
