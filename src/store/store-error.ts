/**
 * Why the store could not do what was asked, in words for the person who runs the program: the data folder is in use,
 * newer than the program, full, read-only, damaged.
 *
 *   SQLite's result code ──storeErrorFrom──▶ StoreError {code, message, hint}
 *
 * This is an exception, not a value, because it can come out of any statement and nothing in between can repair it;
 * its code stands in the catalogue as every other, so that the command line and the API show it alike.
 */
import type { DiagnosticCode } from '../diagnostic/catalogue.ts';

export type StoreErrorCode = Extract<DiagnosticCode, `store-${string}`>;

export class StoreError extends Error {
  readonly code: StoreErrorCode;
  /** What to do about it. */
  readonly hint: string | undefined;

  constructor(code: StoreErrorCode, message: string, hint?: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'StoreError';
    this.code = code;
    this.hint = hint;
  }
}

/** Runs `action`; what SQLite or the file system throws in it becomes a StoreError that names `path`. */
export function asStoreErrors<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw storeErrorFrom(error, path);
  }
}

/** The same for what is waited for. */
export async function asStoreErrorsLater<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw storeErrorFrom(error, path);
  }
}

/** The StoreError for an error of SQLite (`errcode`) or of the file system (`code`); any other error is a bug, unchanged. */
function storeErrorFrom(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || error instanceof StoreError) return error;
  const reason = reasonOf(error);
  if (reason === undefined) return error;
  const { code, message, hint } = REASONS[reason](path, error.message);
  return new StoreError(code, message, hint, error);
}

type Reason = 'full' | 'read-only' | 'busy' | 'damaged' | 'cannot-open' | 'failed';

// The primary result codes of https://www.sqlite.org/rescode.html; the extended code keeps them in its low byte.
const SQLITE_REASONS = new Map<number, Reason>([
  [5, 'busy'],
  [6, 'busy'],
  [8, 'read-only'],
  [10, 'failed'],
  [11, 'damaged'],
  [13, 'full'],
  [14, 'cannot-open'],
  [26, 'damaged'],
]);

const FILE_REASONS = new Map<string, Reason>([
  ['ENOSPC', 'full'],
  ['EDQUOT', 'full'],
  ['EROFS', 'read-only'],
  ['EACCES', 'read-only'],
  ['EPERM', 'read-only'],
  ['ENOTDIR', 'cannot-open'],
  ['EEXIST', 'cannot-open'],
  ['ENAMETOOLONG', 'cannot-open'],
  ['EIO', 'failed'],
  ['EMFILE', 'failed'],
]);

function reasonOf(error: Error): Reason | undefined {
  if ('errcode' in error && typeof error.errcode === 'number') return SQLITE_REASONS.get(error.errcode & 0xff);
  if ('code' in error && typeof error.code === 'string') return FILE_REASONS.get(error.code);
  return undefined;
}

interface Words {
  readonly code: StoreErrorCode;
  readonly message: string;
  readonly hint: string;
}

const REASONS: Record<Reason, (path: string, detail: string) => Words> = {
  full: (path) => ({
    code: 'store-full',
    message: `Nothing could be written to ${path}: the disk is full.`,
    hint: 'Free some space. What was not written is read again from its source, so nothing is lost.',
  }),
  'read-only': (path) => ({
    code: 'store-read-only',
    message: `${path} cannot be written: it is read-only for this user.`,
    hint: 'Give the user that runs Vedette write access to the data folder, or name another folder.',
  }),
  busy: (path) => ({
    code: 'store-busy',
    message: `${path} stayed locked by another program for too long.`,
    hint: 'Close whatever has the file open (a backup, a database browser) and try again.',
  }),
  damaged: (path) => ({
    code: 'store-damaged',
    message: `${path} is damaged or is not a database.`,
    hint: 'Restore it from a backup, or move it away to begin with an empty store.',
  }),
  'cannot-open': (path, detail) => ({
    code: 'store-cannot-open',
    message: `${path} cannot be opened: ${detail}.`,
    hint: 'The data folder has to be a folder that this user can read and write.',
  }),
  failed: (path, detail) => ({
    code: 'store-failed',
    message: `Reading or writing ${path} failed: ${detail}.`,
    hint: 'Look at the system log for disk errors; after one the disk may have become read-only.',
  }),
};
