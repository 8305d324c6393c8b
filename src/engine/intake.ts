/**
 * How much may wait between the thread that receives and the thread that reads.
 *
 *   request ──reserve, as its bytes come──▶ delivery ──answered──▶ release
 *
 * A request that finds no room is told to come again (429), which holds shippers back instead of filling the memory.
 */

/** Bytes, decompressed; of all requests that are being received or read. */
const MOST_BYTES = 128 * 1024 * 1024;

/** Shippers are held back rather than refused, as long as that does not look like a broken connection. */
const PATIENCE_MS = 4_000;

/** The queue as the System page and metrics show it. */
export interface IntakeStatus {
  /** Requests being received or read. */
  readonly requests: number;
  readonly bytes: number;
  readonly most_bytes: number;
  /** Requests answered since the start, those refused for want of room among them. */
  readonly answered: number;
  readonly refused: number;
  /** How long the last request waited for its answer, in milliseconds. */
  readonly last_ms?: number;
}

export class Intake {
  readonly mostBytes: number;
  private readonly patienceMs: number;
  private requests = 0;
  private bytes = 0;
  private answered = 0;
  private refused = 0;
  private last: number | undefined;

  constructor(mostBytes = MOST_BYTES, patienceMs = PATIENCE_MS) {
    this.mostBytes = mostBytes;
    this.patienceMs = patienceMs;
  }

  /** A request begins; it is `end`ed in any case. */
  begin(): Reservation {
    this.requests += 1;
    let held = 0;
    const begun = performance.now();
    return {
      patienceMs: this.patienceMs,
      grow: (bytes) => {
        if (this.bytes + bytes > this.mostBytes) return false;
        this.bytes += bytes;
        held += bytes;
        return true;
      },
      end: (isRefused) => {
        this.requests -= 1;
        this.bytes -= held;
        held = 0;
        this.answered += 1;
        if (isRefused) this.refused += 1;
        this.last = performance.now() - begun;
      },
    };
  }

  get status(): IntakeStatus {
    const { requests, bytes, mostBytes, answered, refused, last } = this;
    const waited = last === undefined ? {} : { last_ms: Math.round(last) };
    return { requests, bytes, most_bytes: mostBytes, answered, refused, ...waited };
  }
}

export interface Reservation {
  /** How long to try again for, where there is no room, in milliseconds. */
  readonly patienceMs: number;
  /** False when there is no room for so many more bytes. */
  grow(bytes: number): boolean;
  end(isRefused: boolean): void;
}
