/**
 * The schema of the file of events, and what kind of file that is.
 *
 * An event is one row with its document packed (`event-body.ts`), and one row of `event_term` for each of its values that
 * a lookup is quick for (`event-terms.ts`). The rows of a term lie in the order of time, so a page of a lookup reads its
 * own rows only; with the host beside them, hosts are counted in there alone. `terms` of an event repeats its terms, so
 * that they are found when it goes, whatever a later version makes of the same document.
 */
import type { FileKind } from './migrations.ts';

// `key` is 16 bytes of the identity's hash: identities are long, and hold the whole path of a log.
// A host, too, is known by its term; 0 stands for none.
const VERSION_1 = `
  CREATE TABLE event (
    seq INTEGER PRIMARY KEY,
    key BLOB NOT NULL UNIQUE,
    time_ms INTEGER NOT NULL,
    ticks INTEGER NOT NULL,
    host INTEGER NOT NULL,
    sample INTEGER NOT NULL,
    dictionary INTEGER NOT NULL,
    terms BLOB NOT NULL,
    body BLOB NOT NULL
  ) STRICT;
  CREATE INDEX event_by_time ON event (time_ms, ticks, seq);
  CREATE INDEX event_of_sample ON event (sample) WHERE sample = 1;

  CREATE TABLE event_term (
    term INTEGER NOT NULL,
    time_ms INTEGER NOT NULL,
    ticks INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    host INTEGER NOT NULL,
    PRIMARY KEY (term, time_ms, ticks, seq)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE host (host INTEGER PRIMARY KEY, events INTEGER NOT NULL) STRICT;

  CREATE TABLE dictionary (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    shelf TEXT NOT NULL,
    made_ms INTEGER NOT NULL,
    examples INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    events INTEGER NOT NULL
  ) STRICT;
`;

// When an event was stored; 0 where nobody wrote it down.
const VERSION_2 = 'ALTER TABLE event ADD COLUMN ingested_ms INTEGER NOT NULL DEFAULT 0;';

export const EVENT_MIGRATIONS: readonly string[] = Object.freeze([VERSION_1, VERSION_2]);

// "VEDE"
export const EVENT_FILE: FileKind = {
  applicationId: 0x56454445,
  isCopied: false,
  newerHint: 'Update Vedette, or move the file away: events are kept for a few days only, and alerts are not in it.',
};
