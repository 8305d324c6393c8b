/**
 * What one shipper sends over HTTP, as an input of the live loop.
 *
 *   delivery ──queue──▶ lines, each at its place ──deliver──▶ formats, detector ──commit──▶ committed(position) ──▶ answer
 *
 * The source counts the bytes it was sent as if they were one file, and its place is committed with the events, as a
 * file's is. Invariants: a delivery is answered when a commit covers its last line and none of its lines still waits for
 * others, so that what was acknowledged is durable with its alerts; deliveries are read one after the other, in the order
 * in which they came. What came after the last commit before a crash was never acknowledged: sent again, it stands at the
 * same place as before, so that the part of it that was stored is known again.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Event, Origin } from '../event/event.ts';
import { itemIdentity } from '../event/identity.ts';
import { isJsonObject } from '../event/json.ts';
import { formatTime } from '../event/time.ts';
import { dataStreamOfIndex, namesStream } from '../format/data-stream.ts';
import type { EventSink, FormatSettings, InputLine, Reject } from '../format/format.ts';
import { type BulkItem, readBulk } from '../ingest/bulk.ts';
import { LineSplitter } from '../ingest/line-splitter.ts';
import { type BulkOutcome, bulkAnswer, NO_INDEX } from './bulk-answer.ts';
import type { Delivered, Delivery, LineReject, NotDelivered } from './delivery.ts';
import type { InputHandlers, LiveInput } from './live-loop.ts';
import type { TokenBucket } from './token-bucket.ts';

/** Items of which a repeated `create` is told without asking the store. */
const MOST_KNOWN_IDS = 100_000;
const MOST_REJECTS_TOLD = 20;
/** Elasticsearch's limit. */
const MOST_ID_BYTES = 512;
const RETRY_SECONDS = 5;
/** Whoever sends too much is held back so long, and asked to come again beyond that: rsyslog gives up what is refused. */
const LONGEST_HOLD_SECONDS = 10;
const DAY_MS = 24 * 3_600_000;

export interface DeliveredSourceOptions {
  readonly name: string;
  readonly kind: 'http' | 'bulk';
  readonly isHistory: boolean;
  readonly settings: FormatSettings;
  /** Lines or items a second. */
  readonly bucket: TokenBucket;
  /** How old an event of the past may be to be stored, in milliseconds. */
  readonly keepMs: number;
  /** Which of these identities are stored. */
  readonly stored: (ids: readonly string[]) => Promise<ReadonlySet<string>>;
}

interface Pending {
  readonly delivery: Delivery;
  readonly since: number;
  readonly answer: (delivered: Delivered) => void;
  readonly rejects: LineReject[];
  outcomes: BulkOutcome[];
  lines: number;
  events: number;
  rejected: number;
  first: Event['time'] | undefined;
  last: Event['time'] | undefined;
  start: Place;
  /** Behind it, once it is read. */
  end: number;
}

interface Place {
  readonly offset: number;
  readonly line: number;
}

export class DeliveredSource implements LiveInput {
  readonly name: string;
  readonly kind: 'http' | 'bulk';
  readonly sample = false;
  readonly settings: FormatSettings;
  readonly isHistory: boolean;
  readonly observer: EventSink;
  private readonly options: DeliveredSourceOptions;
  private readonly known = new Set<string>();
  /** One for all: each that begins anew would step over all those that were removed. */
  private readonly oldestKnown = this.known.values();
  private readonly queue: Pending[] = [];
  /** Read and not answered yet, in order. */
  private readonly read: Pending[] = [];
  private wake: () => void = () => {};
  private isClosed = false;
  private place: Place = { offset: 0, line: 1 };

  constructor(options: DeliveredSourceOptions) {
    this.options = options;
    this.name = options.name;
    this.kind = options.kind;
    this.settings = options.settings;
    this.isHistory = options.isHistory;
    this.observer = { event: (event) => this.sawEvent(event), reject: (reject) => this.sawReject(reject) };
  }

  /** Answered when it is durable, or when it is known that it will not be. */
  take(delivery: Delivery): Promise<Delivered> {
    if (this.isClosed) return Promise.resolve(toldByItem(STOPPING, delivery));
    return new Promise((answer) => {
      this.queue.push({
        ...{
          delivery,
          since: this.settings.now(),
          answer,
          rejects: [],
          outcomes: [],
          lines: 0,
          events: 0,
          rejected: 0,
        },
        ...{ first: undefined, last: undefined, start: this.place, end: 0 },
      });
      this.wake();
    });
  }

  get awaitsCommit(): boolean {
    return this.read.length > 0;
  }

  async run(handlers: InputHandlers, position: string | undefined, signal: AbortSignal): Promise<void> {
    if (position !== undefined) this.place = readPlace(position);
    signal.addEventListener('abort', () => this.wake(), { once: true });
    while (!signal.aborted) {
      const pending = this.queue.shift();
      if (pending === undefined) {
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
        continue;
      }
      const seconds = this.options.bucket.take(0, this.settings.now());
      if (seconds > LONGEST_HOLD_SECONDS) {
        const later: NotDelivered = { kind: 'later', reason: `${this.name} sends more than it may.`, seconds };
        pending.answer(toldByItem(later, pending.delivery));
        continue;
      }
      if (seconds > 0) await sleep(1_000 * seconds, undefined, { signal }).catch(() => {});
      await this.readOne(pending, handlers, signal);
    }
  }

  /** Always the place between two deliveries: a part of one that is sent again has to stand where it stood. */
  position(origin: Origin | undefined): string {
    const { offset, line } = origin instanceof DeliveredOrigin ? origin.pending.start : this.place;
    return JSON.stringify({ v: 1, offset, line });
  }

  committed(position: string, isStored: boolean): void {
    const { offset } = readPlace(position);
    for (let first = this.read[0]; first !== undefined && first.end <= offset; first = this.read[0]) {
      this.read.shift();
      if (!isStored) this.forgetIds(first);
      first.answer(isStored ? this.answerOf(first) : toldByItem(NOT_STORED, first.delivery));
    }
  }

  /** Nothing is read any more: who waits is told to try again. */
  close(): void {
    this.isClosed = true;
    for (const { answer, delivery } of [...this.read.splice(0), ...this.queue.splice(0)]) {
      answer(toldByItem(STOPPING, delivery));
    }
  }

  private async readOne(pending: Pending, handlers: InputHandlers, signal: AbortSignal): Promise<void> {
    const { body, form } = pending.delivery;
    const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    pending.start = this.place;
    if (form === 'bulk') {
      const problem = await this.readItems(pending, bytes, handlers, signal);
      if (problem !== undefined) {
        pending.answer({ kind: 'malformed', reason: problem });
        return;
      }
    } else {
      await this.readLines(pending, bytes, handlers, signal);
    }
    if (signal.aborted) {
      pending.answer(toldByItem(STOPPING, pending.delivery));
      return;
    }
    // It moves even where there was nothing in it, so that a commit tells.
    pending.end = pending.start.offset + bytes.length + 1;
    this.place = { offset: pending.end, line: pending.start.line + pending.lines };
    this.options.bucket.take(pending.lines, this.settings.now());
    this.read.push(pending);
    handlers.hurry();
  }

  private async readLines(
    pending: Pending,
    bytes: Buffer,
    handlers: InputHandlers,
    signal: AbortSignal,
  ): Promise<void> {
    const { start } = pending;
    const splitter: LineSplitter = new LineSplitter({
      origin: (offset, line) => new DeliveredOrigin(this.name, offset, line, pending, line - start.line),
      onTooLong: handlers.reject,
      start,
    });
    splitter.feed(bytes);
    for (;;) {
      const line = splitter.next() ?? splitter.finish();
      pending.lines = splitter.line - start.line;
      if (line === undefined) return;
      const wait = handlers.deliver(line);
      if (wait !== undefined) await wait;
      if (signal.aborted) return;
    }
  }

  /** Gives what is wrong with the whole of it. */
  private async readItems(
    pending: Pending,
    bytes: Buffer,
    handlers: InputHandlers,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const bulk = readBulk(bytes, pending.delivery.index);
    if ('problem' in bulk) return bulk.problem;
    const { start } = pending;
    pending.outcomes = bulk.items.map(({ action, index, id, offset }) => ({
      ...{ action, index: index ?? NO_INDEX, id: id ?? (start.offset + offset).toString(36), status: 201 },
    }));
    const repeated = await this.repeatedOf(bulk.items);
    for (const [number, item] of bulk.items.entries()) {
      const outcome = pending.outcomes[number] as BulkOutcome;
      pending.lines += 1;
      if (!isWanted(item, repeated, outcome)) continue;
      const identity = identityOf(item);
      if (identity !== undefined) {
        repeated.add(identity);
        this.remember(identity);
      }
      const [offset, line] = [start.offset + item.offset, start.line + number];
      const origin = new DeliveredOrigin(this.name, offset, line, pending, number, placeOf(item));
      const wait = handlers.deliver({ bytes: hitOf(item), origin });
      // What cannot be read keeps its id from nobody.
      if (identity !== undefined && outcome.status === 400) repeated.delete(identity);
      if (wait !== undefined) await wait;
      if (signal.aborted) return undefined;
    }
    return undefined;
  }

  /** Identities of those items that are stored. An earlier Vedette stored them by their ids alone. */
  private async repeatedOf(items: readonly BulkItem[]): Promise<Set<string>> {
    const repeated = new Set<string>();
    const asked = new Map<string, string>();
    for (const item of items) {
      const identity = identityOf(item);
      if (identity === undefined) continue;
      if (this.known.has(identity)) repeated.add(identity);
      else asked.set(identity, `id:${item.id}`);
    }
    if (asked.size === 0) return repeated;
    const stored = await this.options.stored([...new Set([...asked.keys(), ...asked.values()])]);
    for (const [identity, before] of asked) if (stored.has(identity) || stored.has(before)) repeated.add(identity);
    return repeated;
  }

  private remember(identity: string): void {
    this.known.add(identity);
    if (this.known.size <= MOST_KNOWN_IDS) return;
    const { value: oldest } = this.oldestKnown.next();
    if (oldest !== undefined) this.known.delete(oldest);
  }

  private forgetIds({ outcomes }: Pending): void {
    for (const outcome of outcomes) if (outcome.status === 201) this.known.delete(identityOf(outcome) ?? '');
  }

  private sawEvent(event: Event): void {
    const { origin, time } = event;
    if (!(origin instanceof DeliveredOrigin)) return;
    const { pending, number } = origin;
    const { keepMs } = this.options;
    if (this.isHistory && time.ms < this.settings.now() - keepMs) {
      const reason = `Events of the past are kept for ${Math.round(keepMs / DAY_MS)} days (events.days); this is older.`;
      this.refused(pending, number, 'too-old', reason);
      return;
    }
    pending.events += 1;
    if (pending.first === undefined || time.ms < pending.first.ms) pending.first = time;
    if (pending.last === undefined || time.ms > pending.last.ms) pending.last = time;
  }

  private sawReject({ origin, code, reason, bytes }: Reject): void {
    if (!(origin instanceof DeliveredOrigin)) return;
    const { pending, number } = origin;
    const isDocument = pending.delivery.form === 'bulk' && code === 'not-json';
    this.refused(pending, number, code, isDocument ? documentProblem(bytes, reason) : reason);
  }

  private refused(pending: Pending, number: number, code: string, reason: string): void {
    pending.rejected += 1;
    const outcome = pending.outcomes[number];
    if (outcome !== undefined) {
      refuse(outcome, 400, 'document_parsing_exception', `${reason} [${code}]`);
      this.known.delete(identityOf(outcome) ?? '');
    } else if (pending.rejects.length < MOST_REJECTS_TOLD) {
      pending.rejects.push({ line: number + 1, code, reason });
    }
  }

  private answerOf(pending: Pending): Delivered {
    const { delivery, lines, events, rejected, rejects, first, last, outcomes, since } = pending;
    const range =
      first === undefined || last === undefined ? {} : { range: { from: formatTime(first), to: formatTime(last) } };
    if (delivery.form === 'lines') return { kind: 'lines', taken: { lines, events, rejected, rejects, ...range } };
    const answer = bulkAnswer(outcomes, this.settings.now() - since, delivery.isBrief === true);
    return { kind: 'bulk', answer, ...range };
  }
}

const STOPPING: NotDelivered = { kind: 'later', reason: 'The service is stopping.', seconds: RETRY_SECONDS };
const NOT_STORED: NotDelivered = {
  kind: 'failed',
  reason: 'Events cannot be stored at present; the System page says why.',
};

/**
 * rsyslog looks at the items of an answer and never at its status, so each of them says that it is to be sent again.
 * @see https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-bulk
 */
function toldByItem(told: NotDelivered, { form, body, index, isBrief }: Delivery): NotDelivered {
  const bulk =
    form === 'bulk' ? readBulk(Buffer.from(body.buffer, body.byteOffset, body.byteLength), index) : undefined;
  if (bulk === undefined || 'problem' in bulk) return told;
  const outcomes = bulk.items.map(({ action, index: of, id }) => ({
    ...{ action, index: of ?? NO_INDEX, id: id ?? '', status: 429 },
    ...{ type: 'es_rejected_execution_exception', reason: told.reason },
  }));
  return { ...told, answer: bulkAnswer(outcomes, 0, isBrief === true) };
}

/** A place that knows its delivery. */
class DeliveredOrigin implements Origin {
  readonly path: string;
  readonly offset: number;
  readonly line: number;
  readonly item?: NonNullable<Origin['item']>;
  readonly #pending: Pending;
  readonly #number: number;

  constructor(
    path: string,
    offset: number,
    line: number,
    pending: Pending,
    number: number,
    item?: NonNullable<Origin['item']>,
  ) {
    if (item !== undefined) this.item = item;
    this.path = path;
    this.offset = offset;
    this.line = line;
    this.#pending = pending;
    this.#number = number;
  }

  get pending(): Pending {
    return this.#pending;
  }

  /** Which line or item of the delivery, from 0. */
  get number(): number {
    return this.#number;
  }
}

/** An id without an index is one for itself. */
function placeOf({ index = NO_INDEX, id }: Pick<BulkItem, 'index' | 'id'>): Origin['item'] {
  return index === NO_INDEX || id === undefined ? undefined : { index: dataStreamOfIndex(index), id };
}

function identityOf(item: Pick<BulkItem, 'index' | 'id'>): string | undefined {
  const place = placeOf(item);
  if (place !== undefined) return itemIdentity(place);
  return item.id === undefined ? undefined : `id:${item.id}`;
}

/** Whether it is to be read; else its outcome says why not. */
function isWanted(item: BulkItem, repeated: ReadonlySet<string>, outcome: BulkOutcome): boolean {
  const { action, id, document } = item;
  if (action === 'update' || action === 'delete') {
    refuse(outcome, 400, 'illegal_argument_exception', 'Events are not changed: create and index are accepted.');
    return false;
  }
  if (document !== undefined && !OBJECT.test(Buffer.from(document.subarray(0, 64)).toString('latin1'))) {
    refuse(outcome, 400, 'document_parsing_exception', 'A document is an object of JSON, and starts with a brace.');
    return false;
  }
  if (id === undefined) return true;
  if (Buffer.byteLength(id) > MOST_ID_BYTES) {
    refuse(outcome, 400, 'illegal_argument_exception', `An id has at most ${MOST_ID_BYTES} bytes.`);
    return false;
  }
  if (!repeated.has(identityOf(item) ?? '')) return true;
  if (action === 'index') outcome.status = 200;
  else refuse(outcome, 409, 'version_conflict_engine_exception', `[${id}]: version conflict, document already exists`);
  return false;
}

function refuse(outcome: BulkOutcome, status: number, type: string, reason: string): void {
  outcome.status = status;
  outcome.type = type;
  outcome.reason = reason;
}

/** The document in the form of a search hit, which formats read. An index that names no data stream says nothing. */
function hitOf({ index, id, document = new Uint8Array() }: BulkItem): InputLine['bytes'] {
  const names = {
    ...(index !== undefined && namesStream(index) ? { _index: index } : {}),
    ...(id === undefined ? {} : { _id: id }),
  };
  const head = JSON.stringify(names).slice(0, -1);
  return Buffer.concat([Buffer.from(`${head}${head === '{' ? '' : ','}${SOURCE}`), document, CLOSE]);
}

/** What keeps the document from being JSON, without the hit around it, which its sender does not know. */
function documentProblem(hit: Uint8Array, otherwise: string): string {
  const text = Buffer.from(hit).toString();
  try {
    JSON.parse(text.slice(text.indexOf(SOURCE) + SOURCE.length, -1));
    return otherwise;
  } catch (error) {
    return `The document is no JSON: ${(error as Error).message}.`;
  }
}

const SOURCE = '"_source":';
const CLOSE = Buffer.from('}');
const OBJECT = /^\s*\{/;

function readPlace(position: string): Place {
  let value: unknown;
  try {
    value = JSON.parse(position);
  } catch {
    value = undefined;
  }
  const count = (found: unknown, otherwise: number) =>
    typeof found === 'number' && Number.isSafeInteger(found) && found >= 0 ? found : otherwise;
  return isJsonObject(value) ? { offset: count(value.offset, 0), line: count(value.line, 1) } : { offset: 0, line: 1 };
}
