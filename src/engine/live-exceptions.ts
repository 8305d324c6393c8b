/**
 * The exceptions that the live thread decides by: read from the store, made ready beside its other work, and swapped
 * between two events.
 *
 *   change in the store ──load──▶ lists in slices, exceptions compiled ──▶ detector.replaceExceptions
 *
 * Until a change is made ready, matches are decided as before it; `load` is kept when its change counts.
 */
import { setImmediate } from 'node:timers/promises';
import type { Exception } from '../detect/exception.ts';
import { readAttachedExceptions } from '../detect/exceptions/elastic-list.ts';
import { compileExceptions } from '../detect/exceptions/exception-set.ts';
import type { RuleDocument } from '../rule/rule.ts';
import type { ExceptionStore } from '../store/exception-store.ts';
import type { Detector } from './detector.ts';
import type { LiveLog } from './live-loop.ts';
import { ValueLists } from './value-lists.ts';

export class LiveExceptions {
  private readonly store: ExceptionStore;
  private readonly detector: Pick<Detector, 'replaceExceptions'>;
  private readonly log: LiveLog;
  private readonly lists = new ValueLists();
  private loading: Promise<void> = Promise.resolve();
  private next: Promise<void> | undefined;

  constructor(store: ExceptionStore, detector: Pick<Detector, 'replaceExceptions'>, log: LiveLog) {
    this.store = store;
    this.detector = detector;
    this.log = log;
  }

  /** Kept when what is in the store now is decided by. Many changes at once are made ready together. */
  load(): Promise<void> {
    this.next ??= this.loading.then(() => {
      this.next = undefined;
      this.loading = this.make();
      return this.loading;
    });
    return this.next;
  }

  /** Frees what removed lists held, a few milliseconds' worth at a time. */
  async sweep(): Promise<void> {
    while (this.store.sweep()) await setImmediate();
  }

  private async make(): Promise<void> {
    const exceptions = this.store.all().filter(({ enabled }) => enabled);
    const lists = await this.lists.load(this.store, exceptions);
    const set = await compileExceptions(exceptions, { lists });
    for (const { exception, findings } of set.refused) {
      this.log.warn({ exception: exception.id, findings }, 'exception not applied');
    }
    this.detector.replaceExceptions(set);
  }
}

/**
 * Keeps the exceptions that an export brought with its rules, once: whoever changes or removes one afterwards is not
 * overruled by the rule's file. What needs a value list is left out, since exports do not hold their values.
 */
export function adoptRuleExceptions(
  rules: readonly Pick<RuleDocument, 'id' | 'extra'>[],
  store: ExceptionStore,
  time: string,
): readonly Exception[] {
  const { exceptions } = readAttachedExceptions(rules, time);
  const names = new Set(store.lists().map(({ id }) => id));
  const fresh = exceptions.filter(({ id, condition }) => {
    if (store.history(id).length > 0 || condition.kind !== 'entries') return false;
    return condition.entries.every((entry) => !('list' in entry) || names.has(entry.list));
  });
  if (fresh.length > 0) store.save(fresh, { by: 'rule file', time });
  return fresh;
}
