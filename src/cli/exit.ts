/**
 * Exit codes, the same for all commands: 0 all well (alerts or not); 1 the work was done and something is to be looked
 * at (lines that could not be read, findings in a rule); 2 a file could not be read or the work could not be done;
 * 64 the command line itself is wrong.
 */
export const EXIT = { ok: 0, found: 1, failed: 2, usage: 64 } as const;
