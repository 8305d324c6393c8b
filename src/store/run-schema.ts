/** The step of the state file's schema that brings runs over stored events, gaps, and what waits to be run. */

// Times are epoch milliseconds; a request without rules is one for all of them.
export const RUNS = `
  CREATE TABLE run_record (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    rule_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    from_ms INTEGER NOT NULL,
    to_ms INTEGER NOT NULL,
    started INTEGER NOT NULL,
    ended INTEGER,
    state TEXT NOT NULL,
    matched INTEGER NOT NULL DEFAULT 0,
    excepted INTEGER NOT NULL DEFAULT 0,
    suppressed INTEGER NOT NULL DEFAULT 0,
    duplicate INTEGER NOT NULL DEFAULT 0,
    capped INTEGER NOT NULL DEFAULT 0,
    created INTEGER NOT NULL DEFAULT 0,
    events INTEGER NOT NULL DEFAULT 0,
    message TEXT,
    warnings TEXT NOT NULL DEFAULT '[]',
    request INTEGER
  ) STRICT;
  CREATE INDEX run_record_by_rule ON run_record (rule_id, id);
  CREATE INDEX run_record_running ON run_record (state) WHERE state = 'running';
  CREATE INDEX run_by_slot ON run (slot, rule_id);
  CREATE INDEX run_capped ON run (slot, rule_id) WHERE capped > 0;

  CREATE TABLE run_gap (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    rule_id TEXT NOT NULL,
    from_ms INTEGER NOT NULL,
    to_ms INTEGER NOT NULL,
    reason TEXT NOT NULL,
    detected INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'open',
    tries INTEGER NOT NULL DEFAULT 0,
    run INTEGER
  ) STRICT;
  CREATE INDEX run_gap_by_rule ON run_gap (rule_id, state, reason);
  CREATE INDEX run_gap_by_state ON run_gap (state, id);

  CREATE TABLE run_request (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    rules TEXT,
    kind TEXT NOT NULL,
    from_ms INTEGER NOT NULL,
    to_ms INTEGER NOT NULL,
    uncapped INTEGER NOT NULL,
    reason TEXT NOT NULL,
    requested INTEGER NOT NULL,
    gap INTEGER
  ) STRICT;

  CREATE TABLE run_covered (rule_id TEXT PRIMARY KEY, to_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE run_memory (
    rule_id TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (rule_id, key)
  ) STRICT, WITHOUT ROWID;
`;
