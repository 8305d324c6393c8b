/**
 * Keeps the texts of rules as they change: what a rule said before can be read and compared, and runs on where its file is
 * broken.
 *
 *   rules of the book ──another text than the newest revision's──▶ a new revision, with where it came from
 */
import { hash as digest } from 'node:crypto';
import type { RuleSource } from '../rule/rule.ts';
import type { NewRevision, RevisionOrigin, RuleStore } from '../store/rule-store.ts';
import type { RuleEntry } from './rule-book.ts';

/**
 * @param time ISO 8601
 * @param author of rules that were added on the page just now
 * @returns the ids of rules whose text is another than before, those that are new not among them
 */
export function keepRevisions(
  entries: readonly RuleEntry[],
  store: RuleStore,
  time: string,
  author?: (id: string) => string | undefined,
): readonly string[] {
  const newest = store.newestRevisions();
  const fresh: NewRevision[] = [];
  for (const { rule, kept, origin } of entries) {
    if (rule === undefined || kept !== undefined) continue;
    const { id: ruleId, source } = rule.document;
    const hash = hashOf(source);
    const before = newest.get(ruleId);
    const by = author?.(ruleId);
    if (before?.hash !== hash) {
      fresh.push({ ruleId, hash, time, text: source.text, ...origin, ...(by === undefined ? {} : { author: by }) });
    } else if (isElsewhere(before, origin)) {
      store.moveRevision(ruleId, before.commit === undefined ? origin : { ...before, path: origin.path });
    }
  }
  store.addRevisions(fresh);
  return fresh.flatMap(({ ruleId }) => (newest.has(ruleId) ? [ruleId] : []));
}

/** Of thousands of rules nearly all are the same objects as the last time. */
const HASHES = new WeakMap<RuleSource, string>();

function hashOf(source: RuleSource): string {
  let known = HASHES.get(source);
  if (known === undefined) {
    known = digest('sha256', source.text, 'hex');
    HASHES.set(source, known);
  }
  return known;
}

/** A commit is that in which the text was first seen, so that another one with the same text moves nothing. */
function isElsewhere(before: RevisionOrigin, now: RevisionOrigin): boolean {
  return before.path !== now.path;
}
