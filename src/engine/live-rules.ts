/**
 * The rules of the live thread: read at the start, after each change that a person makes, and when their files change.
 *
 *   files change, a person changes something ──read, one reading at a time──▶ book ──another than before──▶ detector, runs
 *                                                                              └──▶ revisions
 *
 * Rules are compiled in slices beside the other work, and swapped between two events: none is lost, none is matched by
 * half of one and half of the other. Of texts that have not changed nothing is compiled again.
 */
import type { LoadedRule } from '../rule/inspect.ts';
import { OVERLAY_KEYS, type OverlayChanges, problemWith, statedValue } from '../rule/overlay.ts';
import { openRuleCache, type RuleCache } from '../rule/rule-cache.ts';
import type { StateStore } from '../store/state-store.ts';
import { GitSources } from './git-sources.ts';
import type { LiveLog } from './live-loop.ts';
import type { LiveSettings } from './live-protocol.ts';
import {
  namesPaths,
  type RuleBook,
  type RuleBookSettings,
  type RuleEntry,
  readRuleBook,
  ruleBookPaths,
  ruleCacheOf,
  runningRules,
} from './rule-book.ts';
import { RuleFilesWatch } from './rule-files-watch.ts';
import { keepRevisions } from './rule-revisions.ts';
import { houseSchema } from './tables/house-schema.ts';
import type { OwnSchema } from './tables/own-schema.ts';

export interface LiveRulesOptions {
  readonly settings: RuleBookSettings & Pick<LiveSettings, 'rulesEveryMs'>;
  readonly store: StateStore;
  readonly now: () => number;
  readonly log: Pick<LiveLog, 'warn'> & { info(fields: object, message: string): void };
  /** After files have changed and what runs follows them. */
  readonly changed: () => void;
}

/** How often repositories are asked where nobody says: ten minutes. */
const FETCH_MS = 600_000;

/** Goes on with these rules. */
type Swap = (rules: readonly LoadedRule[]) => Promise<void>;

export class LiveRules {
  private readonly options: LiveRulesOptions;
  private readonly cache: RuleCache;
  private readonly names: () => OwnSchema;
  private readonly watch: RuleFilesWatch;
  private readonly git: GitSources;
  private current: RuleBook = { entries: [], loose: [] };
  private running: readonly LoadedRule[] = [];
  private swap: Swap = async () => {};
  private reading: Promise<unknown> = Promise.resolve();

  constructor(options: LiveRulesOptions) {
    this.options = options;
    this.cache = openRuleCache(ruleCacheOf(options.settings));
    this.names = houseSchema(options.settings.dataFolder);
    const paths = ruleBookPaths(options.settings);
    const others = namesPaths(options.settings);
    this.watch = new RuleFilesWatch({
      paths: () => paths,
      others: () => others,
      changed: () => void this.filesChanged(),
    });
    const { dataFolder, rules: named = [], rulesEveryMs: everyMs = FETCH_MS } = options.settings;
    const { now } = options;
    this.git = new GitSources({ dataFolder, paths: named, everyMs, now, changed: () => void this.filesChanged() });
  }

  /** As they were read last. */
  get book(): RuleBook {
    return this.current;
  }

  /** Reads them for the first time; changes of files count from here on. Repositories are fetched beside that. */
  async start(): Promise<readonly LoadedRule[]> {
    await this.watch.look();
    await this.reload();
    this.cache.save();
    void this.git.fetch();
    return this.running;
  }

  /** @param swap called with each later set of rules */
  follow(swap: Swap): void {
    this.swap = swap;
  }

  /** Reads all files again; kept when what runs follows them. */
  reload(author?: (id: string) => string | undefined): Promise<void> {
    const reading = this.reading.then(() => this.read(author));
    this.reading = reading.catch(() => {});
    return reading;
  }

  /**
   * Changes values of a rule here, apart from its text.
   * @returns why nothing was changed, in words, where that is so
   */
  async overlay(id: string, changes: OverlayChanges, by?: string): Promise<{ readonly problem?: string }> {
    const entry = this.current.entries.find(({ document }) => document.id === id);
    if (entry === undefined) return { problem: 'The rule is no longer loaded.' };
    const problem = problemWith(entry.document, withoutNulls(entry, changes));
    if (problem !== undefined) return { problem };
    const time = new Date(this.options.now()).toISOString();
    for (const key of OVERLAY_KEYS) {
      const value = changes[key];
      if (value === undefined) continue;
      const base = theirsOf(entry, key);
      if (value === null || value === base) this.options.store.rules.removeOverlay(id, key);
      else this.options.store.rules.setOverlay(id, { key, value, base, time, ...(by === undefined ? {} : { by }) });
    }
    await this.reload();
    return {};
  }

  /** Fetches repositories now, and reads all files again. */
  async refresh(): Promise<void> {
    await this.git.fetch();
    await this.reload();
  }

  close(): void {
    this.watch.close();
    this.git.close();
  }

  private async filesChanged(): Promise<void> {
    const { log, changed, now } = this.options;
    const began = now();
    try {
      await this.reload();
      log.info({ rules: this.running.length, ms: now() - began }, 'rules read again');
    } catch (error) {
      log.warn({ err: error }, 'rules could not be read again; those before go on');
    }
    changed();
  }

  private async read(author?: (id: string) => string | undefined): Promise<void> {
    const { settings, store, now, log } = this.options;
    const book = await readRuleBook(settings, store, { cache: this.cache.inspections, names: this.names });
    const rules = runningRules(book);
    const before = this.running;
    this.current = book;
    this.running = rules;
    if (!isSame(before, rules)) await this.swap(rules);
    for (const { document, kept } of book.entries) {
      if (kept !== undefined)
        log.warn({ rule: document.id, revision: kept }, 'the file is broken; the rule runs as before');
    }
    const changed = keepRevisions(book.entries, store.rules, new Date(now()).toISOString(), author);
    if (changed.length > 0) log.info({ rules: changed.slice(0, 100) }, 'rules with another text');
  }
}

function isSame(before: readonly LoadedRule[], now: readonly LoadedRule[]): boolean {
  return before.length === now.length && before.every((rule, at) => rule === now[at]);
}

function theirsOf({ document, overlay }: RuleEntry, key: (typeof OVERLAY_KEYS)[number]) {
  const view = overlay.find((one) => one.key === key);
  return view === undefined ? statedValue(document, key) : view.theirs;
}

/** What is taken back counts as the rule’s own value, which may be none. */
function withoutNulls(entry: RuleEntry, changes: OverlayChanges): OverlayChanges {
  const values = Object.entries(changes).map(([key, value]) => {
    return [key, value ?? theirsOf(entry, key as (typeof OVERLAY_KEYS)[number]) ?? undefined];
  });
  return Object.fromEntries(values) as OverlayChanges;
}
