/** The step of the state file's schema that sets building blocks apart, and gives alerts in the order of their making. */

// What rules over alerts read is asked for by when alerts were created, every few minutes.
export const ALERT_FEED = `
  CREATE TABLE building_block (
    seq INTEGER PRIMARY KEY REFERENCES alert (seq) ON DELETE CASCADE
  ) STRICT;
  CREATE INDEX alert_by_created ON alert (created);
`;
