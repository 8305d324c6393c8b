/**
 * One at a time: a lock file that holds its owner's process id. The lock of a process that is gone is taken over.
 */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 200;

export async function withLock(path, work) {
  mkdirSync(dirname(path), { recursive: true });
  await acquire(path);
  const release = () => rmSync(path, { force: true });
  // Node's defaults would end the process without the `finally` below.
  const stop = (signal) => {
    release();
    process.exit(signal === 'SIGINT' ? 130 : 143);
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    return await work();
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    release();
  }
}

async function acquire(path) {
  const own = `${path}.${process.pid}`;
  // Written aside and linked into place, so that a lock never exists without its owner's id in it.
  writeFileSync(own, String(process.pid));
  let told = false;
  try {
    for (;;) {
      try {
        linkSync(own, path);
        return;
      } catch (error) {
        if (error.code !== 'EEXIST') throw error;
      }
      const owner = readOwner(path);
      if (owner === undefined) continue;
      if (!isAlive(owner)) {
        takeAway(path, owner);
        continue;
      }
      if (!told) process.stderr.write(`vedette: waiting for another set-up (process ${owner})\n`);
      told = true;
      await sleep(POLL_MS);
    }
  } finally {
    rmSync(own, { force: true });
  }
}

function readOwner(path) {
  try {
    return Number(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Removes a dead owner's lock; one that another process put in its place meanwhile is put back. */
function takeAway(path, owner) {
  const aside = `${path}.${process.pid}.stale`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  if (readOwner(aside) !== owner) {
    try {
      linkSync(aside, path);
    } catch {
      // A third one holds it by now, and the one put aside finds its lock gone when it releases, which is harmless.
    }
  }
  rmSync(aside, { force: true });
}
