/**
 * Where the files of a folder of events are.
 *
 *   events/manifest.sqlite          which of the files below count (`manifest.ts`)
 *   events/log/00000007.ndjson      the write-ahead log (`wal.ts`)
 *   events/segments/00000005.parquet  sorted events, and 00000005.keys beside them (`segment-keys.ts`)
 *   events/unfinished/              what is being written; emptied at each start
 *   events/damaged/                 what could not be read
 */
import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';

export class EventFiles {
  readonly folder: string;

  constructor(dataFolder: string) {
    this.folder = join(dataFolder, 'events');
  }

  get manifest(): string {
    return join(this.folder, 'manifest.sqlite');
  }

  get logs(): string {
    return join(this.folder, 'log');
  }

  get segments(): string {
    return join(this.folder, 'segments');
  }

  get unfinished(): string {
    return join(this.folder, 'unfinished');
  }

  get damaged(): string {
    return join(this.folder, 'damaged');
  }

  log(number: number): string {
    return join(this.logs, `${nameOf(number)}.ndjson`);
  }

  segment(number: number): string {
    return join(this.segments, `${nameOf(number)}.parquet`);
  }

  keys(number: number): string {
    return join(this.segments, `${nameOf(number)}.keys`);
  }

  /** Where a file that cannot be read is moved to. */
  damagedPart(path: string): string {
    return join(this.damaged, basename(path));
  }

  make(): void {
    for (const folder of [this.folder, this.logs, this.segments, this.unfinished, this.damaged]) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    }
  }
}

function nameOf(number: number): string {
  return String(number).padStart(8, '0');
}

/** The number of a part's file; nothing for other files. */
export function numberOf(file: string): number | undefined {
  const match = /^(\d{8,})\.(ndjson|parquet|keys)$/.exec(file);
  return match === null ? undefined : Number(match[1]);
}
