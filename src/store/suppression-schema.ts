/** The step of the state file's schema that brings suppression: what alerts stand for besides themselves. */

// Times are epoch milliseconds. A match is kept by the first half of its id, as bytes: there may be many of them.
export const SUPPRESSION = `
  CREATE TABLE suppression (
    seq INTEGER PRIMARY KEY REFERENCES alert (seq) ON DELETE CASCADE,
    rule_id TEXT NOT NULL,
    alike TEXT NOT NULL,
    from_ms INTEGER NOT NULL,
    until_ms INTEGER NOT NULL,
    start_ms INTEGER NOT NULL,
    end_ms INTEGER NOT NULL,
    matches INTEGER NOT NULL DEFAULT 0,
    floor_ms INTEGER
  ) STRICT;
  CREATE INDEX suppression_by_group ON suppression (rule_id, alike, from_ms);

  CREATE TABLE suppressed_match (
    id BLOB PRIMARY KEY,
    seq INTEGER NOT NULL REFERENCES suppression (seq) ON DELETE CASCADE,
    time_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX suppressed_match_of ON suppressed_match (seq, time_ms);
`;
