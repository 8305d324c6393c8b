/**
 * What CrowdStrike's side records tell of hosts and users: a sensor's id (`aid`) has a name, a user's SID has one.
 *
 * Filled from aidmaster and userinfo records and from any event that says both. Invariants: 16,384 of each are kept, the
 * least recently learnt going first; a name that was waited for in vain is marked, so that nobody waits for it again.
 */
export interface KnownHost {
  readonly name: string;
  readonly domain?: string;
  readonly osVersion?: string;
}

export interface KnownUser {
  readonly name: string;
  readonly domain?: string;
}

export class CrowdstrikeDirectory {
  readonly hosts = new Names<KnownHost>();
  readonly users = new Names<KnownUser>();
}

const CAPACITY = 16_384;
/** Longer keys and names than any sensor writes are not kept. */
const MAX_TEXT = 1_024;

class Names<T extends { readonly name: string }> {
  private readonly known = new Map<string, T | undefined>();

  get(key: string): T | undefined {
    return this.known.get(key);
  }

  /** Nothing is known of the key, and nobody has given it up. */
  isNew(key: string): boolean {
    return !this.known.has(key);
  }

  learn(key: string, value: T): void {
    if (Object.values(value).every((text) => String(text).length <= MAX_TEXT)) this.keep(key, value);
  }

  giveUp(key: string): void {
    if (this.isNew(key)) this.keep(key, undefined);
  }

  private keep(key: string, value: T | undefined): void {
    if (key.length > MAX_TEXT) return;
    this.known.delete(key);
    this.known.set(key, value);
    if (this.known.size > CAPACITY) this.known.delete(this.known.keys().next().value as string);
  }
}
