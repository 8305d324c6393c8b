/**
 * Rules whose file is broken at the moment run on as they were: half-written files, slips of the hand, files that are gone
 * for a while. A file that is removed from its folder takes its rules with it.
 *
 *   inspections with an error ──rule’s id, else the file it stood in──▶ newest revision ──compiled as ever──▶ rule that runs on
 */
import { sep } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { diagnose } from '../diagnostic/diagnostic.ts';
import type { CompileOptions } from '../rule/compile.ts';
import { type Finding, toFindings } from '../rule/finding.ts';
import { type Inspection, inspectWhole, type LoadedRule } from '../rule/inspect.ts';
import type { RevisionHead, RuleStore } from '../store/rule-store.ts';

export interface KeptRule {
  readonly rule: LoadedRule;
  readonly head: RevisionHead;
  /** Says so. */
  readonly finding: Finding;
}

/**
 * By rule.
 * @param all everything that was read
 * @param isRemoved whether a person took the rule out
 */
export async function keepRules(
  all: readonly Inspection[],
  store: Pick<RuleStore, 'newestRevisions' | 'revision'>,
  options: CompileOptions,
  isRemoved: (id: string) => boolean,
): Promise<ReadonlyMap<string, KeptRule>> {
  const broken = all.filter(({ findings }) => findings.some(({ severity }) => severity === 'error'));
  if (broken.length === 0) return new Map();
  const heads = brokenHeads(all, broken, store.newestRevisions());
  const kept = new Map<string, KeptRule>();
  for (const head of heads) {
    if (isRemoved(head.ruleId)) continue;
    const text = store.revision(head.ruleId, head.revision)?.text;
    if (text === undefined) continue;
    const others = text.includes('correlation') ? othersOf(head.ruleId, all, kept) : [];
    const inspections = await inspectWhole(text, head.path, options, others);
    await setImmediate();
    const rule = inspections.find(({ document }) => document?.id === head.ruleId)?.rule;
    if (rule !== undefined) kept.set(head.ruleId, { rule, head, finding: findingOf(rule, head) });
  }
  return kept;
}

/** Those that have no rule now, plain rules before the correlations that may name them. */
function brokenHeads(
  all: readonly Inspection[],
  broken: readonly Inspection[],
  newest: ReadonlyMap<string, RevisionHead>,
): readonly RevisionHead[] {
  const running = new Set(all.flatMap(({ rule }) => (rule === undefined ? [] : [rule.document.id])));
  const ids = new Set(broken.flatMap(({ document }) => (document === undefined ? [] : [document.id])));
  const files = new Set(broken.map(({ file }) => file));
  const folders = broken.filter(({ text }) => text === undefined).map(({ file }) => `${file}${sep}`);
  const correlations = new Set(broken.flatMap(({ kind, document }) => (kind === 'correlation' ? [document?.id] : [])));
  return [...newest.values()]
    .filter(({ ruleId, path }) => {
      if (running.has(ruleId)) return false;
      return ids.has(ruleId) || files.has(path) || folders.some((folder) => path.startsWith(folder));
    })
    .sort((a, b) => Number(correlations.has(a.ruleId)) - Number(correlations.has(b.ruleId)));
}

/** The rules that a correlation may name. */
function othersOf(id: string, all: readonly Inspection[], kept: ReadonlyMap<string, KeptRule>) {
  const running = all.filter(({ rule, document }) => rule !== undefined && document?.id !== id);
  return [...running, ...[...kept.values()].map(({ rule }) => ({ rule, document: rule.document, findings: [] }))];
}

function findingOf({ document }: LoadedRule, { revision, time, path }: RevisionHead): Finding {
  const message = `The rule’s file has an error, so the rule runs on as it was before (revision ${revision}, loaded first at ${time}).`;
  const hint = 'Repair the file: it is read again when it changes.';
  const diagnostic = diagnose('rule-kept', 'warning', message, undefined, hint);
  return toFindings([diagnostic], '', path, document)[0] as Finding;
}
