/**
 * The processes of one host as the table knows them: by key, by the pid that each has now, and in the order in which they were used.
 *
 * The order is a list through the lives themselves, so that a parent that is used again costs a look at its pid and few
 * assignments. Invariant: each life stands in the list as often as under its key, once; a life that left is linked to none.
 */
import { PidCounter } from './pid-counter.ts';
import type { Life, LifeKey } from './process-life.ts';

export class HostLives {
  readonly name: string;
  readonly pids = new PidCounter();
  /** The last of all uses of hosts that was of this one. */
  usedAt: number;
  /** Lives that came or went. */
  changes = 0;
  private readonly byKey = new Map<LifeKey, Life>();
  private readonly byPid = new Map<number, Life>();
  private newest: Life | undefined;
  /** The least recently used one. */
  oldest: Life | undefined;

  constructor(name: string, usedAt: number) {
    this.name = name;
    this.usedAt = usedAt;
  }

  get size(): number {
    return this.byKey.size;
  }

  get(key: LifeKey): Life | undefined {
    return this.byKey.get(key);
  }

  /** The life that has the pid now. */
  now(pid: number): Life | undefined {
    return this.byPid.get(pid);
  }

  /** Its life stays known, as the parent of what it started. */
  ended(pid: number): void {
    this.byPid.delete(pid);
  }

  /** Has its pid from now on. @param before what is known by its key, whose place it takes */
  put(life: Life, before: Life | undefined): void {
    this.changes += 1;
    if (before !== undefined) {
      this.unlink(before);
      if (before.pid !== life.pid) this.leavePid(before);
    }
    this.byKey.set(life.key, life);
    this.byPid.set(life.pid, life);
    this.link(life);
  }

  /** Says more of the same life, which is not used by that. */
  replace(before: Life, life: Life): void {
    const { newer, older } = before;
    before.newer = undefined;
    before.older = undefined;
    life.newer = newer;
    life.older = older;
    if (newer === undefined) this.newest = life;
    else newer.older = life;
    if (older === undefined) this.oldest = life;
    else older.newer = life;
    this.byKey.set(life.key, life);
    if (this.byPid.get(life.pid) === before) this.byPid.set(life.pid, life);
  }

  use(life: Life): void {
    if (life === this.newest) return;
    this.unlink(life);
    this.link(life);
  }

  forget(life: Life): void {
    this.changes += 1;
    this.byKey.delete(life.key);
    this.leavePid(life);
    this.unlink(life);
  }

  private leavePid(life: Life): void {
    if (this.byPid.get(life.pid) === life) this.byPid.delete(life.pid);
  }

  private link(life: Life): void {
    const { newest } = this;
    life.older = newest;
    if (newest === undefined) this.oldest = life;
    else newest.newer = life;
    this.newest = life;
  }

  private unlink(life: Life): void {
    const { newer, older } = life;
    if (newer === undefined) this.newest = older;
    else newer.older = older;
    if (older === undefined) this.oldest = newer;
    else older.newer = newer;
    life.newer = undefined;
    life.older = undefined;
  }
}
