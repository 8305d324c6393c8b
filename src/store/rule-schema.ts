/** The step of the state file's schema that brings what was changed here about rules, and their revisions. */

// Values are JSON. A base that is NULL is not known: such are the rules that were turned on or off before there was one.
export const RULE_CHANGES = `
  CREATE TABLE rule_overlay (
    rule_id TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    base TEXT,
    time TEXT,
    author TEXT,
    PRIMARY KEY (rule_id, key)
  ) STRICT, WITHOUT ROWID;

  INSERT INTO rule_overlay (rule_id, key, value)
    SELECT substr(key, 14), 'enabled', value FROM setting WHERE key LIKE 'rule-enabled:%' AND value IN ('true', 'false');
  DELETE FROM setting WHERE key LIKE 'rule-enabled:%';

  CREATE TABLE rule_revision (
    rule_id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    hash TEXT NOT NULL,
    time TEXT NOT NULL,
    path TEXT NOT NULL,
    repository TEXT,
    commit_id TEXT,
    author TEXT,
    text BLOB NOT NULL,
    encoding TEXT NOT NULL,
    PRIMARY KEY (rule_id, revision)
  ) STRICT;
`;
