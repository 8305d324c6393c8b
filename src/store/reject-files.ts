/**
 * Lines that could not be read, kept aside with their reason: NDJSON in `rejects/` of the data folder, two files a source
 * at most, so that no source pushes out another's.
 *
 *   reject ──add──▶ waiting, a moment ──append──▶ rejects/NAME.ndjson ──full──▶ rejects/NAME.1.ndjson
 *
 * They are for people to look into. So they are bounded, what comes in a rush is left out and counted, and a disk that
 * fails only loses them.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Reject } from '../format/format.ts';

/** Of one file. */
const MOST_BYTES = 2 * 1024 * 1024;
/** Of one line's text. */
const MOST_TEXT = 16 * 1024;
/** What waits to be written of all sources, in UTF-16 units. */
const MOST_WAITING = 1024 * 1024;
const WAIT_MS = 200;
const MOST_SOURCES = 1_000;
const FOLDER = 'rejects';

/** A line of a file. */
export interface KeptReject {
  /** When it came. */
  readonly time: string;
  readonly file: string;
  readonly line: number;
  readonly offset: number;
  readonly code: string;
  readonly reason: string;
  /** UTF-8 with replacement characters. */
  readonly text: string;
  /** Only the beginning of `text` is there. */
  readonly is_cut?: true;
}

export interface RejectFilesOptions {
  readonly dataFolder: string;
  readonly now: () => number;
  readonly warn: (fields: object, message: string) => void;
  readonly mostBytes?: number;
}

export class RejectFiles {
  private readonly options: RejectFilesOptions;
  private readonly waiting = new Map<string, string[]>();
  private readonly sources = new Set<string>();
  private size = 0;
  private leftOut = 0;
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(options: RejectFilesOptions) {
    this.options = options;
  }

  add(source: string, { origin, code, reason, bytes }: Reject): void {
    const isKnown = this.sources.has(source) || this.sources.size < MOST_SOURCES;
    if (!isKnown || this.size >= MOST_WAITING) {
      this.leftOut += 1;
      return;
    }
    this.sources.add(source);
    const kept: KeptReject = {
      time: new Date(this.options.now()).toISOString(),
      ...{ file: origin.path, line: origin.line, offset: origin.offset, code, reason },
      text: Buffer.from(bytes.subarray(0, MOST_TEXT)).toString('utf8'),
      ...(bytes.length > MOST_TEXT ? { is_cut: true } : {}),
    };
    const line = `${JSON.stringify(kept)}\n`;
    const lines = this.waiting.get(source) ?? [];
    lines.push(line);
    this.waiting.set(source, lines);
    this.size += line.length;
    this.timer ??= setTimeout(() => void this.flush(), WAIT_MS);
  }

  /** Writes what waits. Never rejects. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.writing = this.writing.then(() => this.write());
    return this.writing;
  }

  private async write(): Promise<void> {
    const batch = [...this.waiting];
    this.waiting.clear();
    this.size = 0;
    if (this.leftOut > 0)
      this.options.warn({ left_out: this.leftOut }, 'lines that cannot be read come too fast to be kept');
    this.leftOut = 0;
    try {
      if (batch.length > 0) await mkdir(join(this.options.dataFolder, FOLDER), { recursive: true, mode: 0o700 });
      for (const [source, lines] of batch) await this.append(source, lines.join(''));
    } catch (error) {
      this.options.warn({ err: error }, 'lines that cannot be read could not be kept aside');
    }
  }

  private async append(source: string, text: string): Promise<void> {
    const [older, newer] = pathsOf(this.options.dataFolder, source);
    const size = await stat(newer).then(
      (status) => status.size,
      () => 0,
    );
    if (size > 0 && size + Buffer.byteLength(text) > (this.options.mostBytes ?? MOST_BYTES)) await rename(newer, older);
    await appendFile(newer, text, { mode: 0o600 });
  }
}

/** The files that there are of a source, the older one first; each line is a `KeptReject`. */
export function rejectFilesOf(dataFolder: string, source: string): readonly string[] {
  return pathsOf(dataFolder, source).filter((path) => existsSync(path));
}

/** Sources are named after paths, and file names are shorter and cannot hold everything. */
function pathsOf(dataFolder: string, source: string): readonly [string, string] {
  const words = source.replace(/[^\w.-]+/g, '_').slice(-60);
  const name = `${words}-${createHash('sha256').update(source).digest('hex').slice(0, 8)}`;
  return [join(dataFolder, FOLDER, `${name}.1.ndjson`), join(dataFolder, FOLDER, `${name}.ndjson`)];
}
