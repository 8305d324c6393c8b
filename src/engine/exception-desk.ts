/**
 * Exceptions and value lists for people: what there is, checked and counted, and every change, checked before it is kept.
 *
 *   draft ──checkException──▶ (error? nothing is kept) ──completed──▶ writer ──▶ store, and the running detector
 *   reads ◀── store, beside the writer
 *
 * The same desk serves the HTTP API, whose writer is the live thread, and the command line over a folder without a service.
 */
import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Alert } from '../detect/alert.ts';
import type { Exception, ValueList, ValueListType } from '../detect/exception.ts';
import { checkException } from '../detect/exceptions/check.ts';
import { checkSignature } from '../detect/exceptions/check-signature.ts';
import type { ExceptionCheck, ExceptionDraft } from '../detect/exceptions/draft.ts';
import { type ElasticExport, writeElasticExceptions } from '../detect/exceptions/elastic-export.ts';
import { rulesOfLists } from '../detect/exceptions/elastic-list.ts';
import { completeDraft, readExceptionText, writeExceptions } from '../detect/exceptions/exception-file.ts';
import { compileExceptions } from '../detect/exceptions/exception-set.ts';
import { exceptionsFromAlert } from '../detect/exceptions/from-alert.ts';
import { exceptionState } from '../detect/exceptions/state.ts';
import { MOST_VALUES } from '../detect/exceptions/value-list.ts';
import type { LoadedRule } from '../rule/inspect.ts';
import type { RuleDocument } from '../rule/rule.ts';
import type { ExceptionStore, NewValueList } from '../store/exception-store.ts';
import { eventsOfAlert } from './alert-events.ts';
import { type ExceptionWriter, VALUES_AT_ONCE } from './exception-change.ts';
import type { EffectJob, FoundEffect, TriedRule } from './exception-effect.ts';
import type {
  ExceptionEffect,
  ExceptionHistoryEntry,
  ExceptionSummary,
  ImportReport,
  ListChange,
  RuleRun,
} from './exception-report.ts';
import { fullMessage, type ListText, ListTooLarge, type ReadList } from './list-reader.ts';
import { listsOf } from './value-lists.ts';

export interface DeskParts {
  /** Reads; may be beside the writer. */
  readonly store: ExceptionStore;
  readonly write: ExceptionWriter;
  /** Reads the text of a list: beside other work in the service, in place in a command. */
  readonly readList: (type: ValueListType, text: ListText) => Promise<ReadList>;
  /** Absent where the rules are not known: then no rule is unknown. */
  readonly rules?: () => readonly DeskRule[];
  /** Looks what an exception would remove; beside other work. */
  readonly findEffect: (job: Omit<EffectJob, 'dataFolder' | 'megabytes'>) => Promise<FoundEffect>;
  readonly now: () => number;
}

export interface DeskRule {
  readonly document: Pick<RuleDocument, 'id' | 'name' | 'extra'>;
  /** Absent where it cannot run. */
  readonly rule?: LoadedRule;
}

/** A change was asked for that cannot be: in words. */
export class DeskRefusal extends Error {
  readonly reason: 'exists' | 'in-use';
  readonly hint: string | undefined;

  constructor(reason: DeskRefusal['reason'], message: string, hint?: string) {
    super(message);
    this.name = 'DeskRefusal';
    this.reason = reason;
    this.hint = hint;
  }
}

/** What a check looks at of a rule. */
function checkedRule({ document: { id, name }, rule }: DeskRule): { id: string; name: string; steps?: number } {
  const plan = rule?.plan;
  if (plan?.kind === 'event') return { id, name, steps: 1 };
  const isStepped = plan?.kind === 'sequence' || plan?.kind === 'sample';
  return isStepped ? { id, name, steps: plan.steps.length } : { id, name };
}

export type Saved = { readonly saved: ExceptionSummary } | { readonly refused: ExceptionCheck };

export class ExceptionDesk {
  private readonly parts: DeskParts;
  /** Checks cost a compilation each; an exception that is as it was, among lists that are as they were, keeps its own. */
  private readonly checks = new Map<string, { readonly key: string; readonly check: ExceptionCheck }>();

  constructor(parts: DeskParts) {
    this.parts = parts;
  }

  /** By name; those that apply to a rule where one is named. */
  async all(rule?: string): Promise<readonly ExceptionSummary[]> {
    const summaries: ExceptionSummary[] = [];
    const removals = this.parts.store.removals();
    for (const [index, exception] of this.parts.store.all().entries()) {
      if (rule !== undefined && exception.rules !== 'all' && !exception.rules.includes(rule)) continue;
      if (index % 50 === 49) await setImmediate();
      summaries.push(await this.summary(exception, removals));
    }
    return summaries;
  }

  async get(id: string): Promise<ExceptionSummary | undefined> {
    const exception = this.parts.store.get(id);
    return exception === undefined ? undefined : await this.summary(exception, this.parts.store.removals());
  }

  history(id: string): readonly ExceptionHistoryEntry[] {
    return this.parts.store.history(id);
  }

  check(draft: ExceptionDraft): Promise<ExceptionCheck> {
    const lists = new Map(this.parts.store.lists().map((list) => [list.id, list]));
    const { rules, now } = this.parts;
    return checkException(draft, {
      lists,
      now: now(),
      ...(rules === undefined ? {} : { rules: rules().map(checkedRule) }),
    });
  }

  /** What it would remove of the stored alerts and events, as if it were on; nothing where it has an error. */
  async preview(draft: ExceptionDraft, limitMs: number): Promise<ExceptionEffect> {
    const check = await this.check(draft);
    if (!isSound(check)) {
      return { check, ...NO_EFFECT };
    }
    const exception = completeDraft(draft, { id: 'draft', author: '', now: this.time() });
    const concerned = (this.parts.rules?.() ?? []).filter(
      ({ document }) => exception.rules === 'all' || exception.rules.includes(document.id),
    );
    const rules = concerned.flatMap(({ document, rule }): TriedRule[] => {
      if (rule?.plan.kind !== 'event') return [];
      const { predicate } = rule.plan;
      return [{ id: document.id, predicate, indexPatterns: rule.document.indexPatterns }];
    });
    const plans = Object.fromEntries(
      concerned.flatMap(({ document, rule }) =>
        rule === undefined || rule.plan.kind === 'event' ? [] : [[document.id, rule.plan]],
      ),
    );
    const { alerts, events, stoppedAt } = await this.parts.findEffect({ exception, rules, plans, limitMs });
    return {
      check,
      alerts,
      events,
      ...(stoppedAt === undefined ? {} : { stopped_at: new Date(stoppedAt).toISOString() }),
    };
  }

  /** Exceptions from an alert, filled in, the narrowest first; each is sound and removes the alert. */
  async fromAlert(alert: Alert): Promise<readonly ExceptionDraft[]> {
    const events = eventsOfAlert(alert);
    const last = events.at(-1);
    const drafts: ExceptionDraft[] = [];
    for (const draft of last === undefined ? [] : exceptionsFromAlert(alert, last)) {
      if (!isSound(await this.check(draft))) continue;
      const exception = completeDraft(draft, { id: 'draft', author: '', now: this.time() });
      const set = await compileExceptions([exception], { lists: new Map() });
      if (set.exceptedBy(alert.rule.id, events) !== undefined) drafts.push(draft);
    }
    return drafts;
  }

  /** Keeps a new one. @throws {DeskRefusal} where its id is taken */
  async add(draft: ExceptionDraft, by: string): Promise<Saved> {
    if (draft.id !== undefined && this.parts.store.get(draft.id) !== undefined) {
      const hint = 'Change that one instead, or leave the id out: one is made.';
      throw new DeskRefusal('exists', `There is an exception ${JSON.stringify(draft.id.slice(0, 80))} already.`, hint);
    }
    const { created: _, updated: __, ...given } = draft as Exception;
    return await this.keep(completeDraft(given, { id: randomUUID(), author: by, now: this.time() }), by);
  }

  /** Replaces one; what the draft leaves out of what an import brought stays. Undefined when there is none of this id. */
  async change(id: string, draft: ExceptionDraft, by: string): Promise<Saved | undefined> {
    const before = this.parts.store.get(id);
    if (before === undefined) return undefined;
    const { author, created } = before;
    const extra = draft.extra ?? before.extra;
    const whole = { ...draft, id, author: draft.author ?? author, created, ...(extra === undefined ? {} : { extra }) };
    // What was kept before a reason was asked for can still be turned off.
    return await this.keep(completeDraft(whole, { id, author: by, now: this.time() }), by, before.reason === '');
  }

  /** False when there is none of this id. */
  async remove(id: string, by: string): Promise<boolean> {
    return (await this.parts.write({ what: 'remove', id, by })) > 0;
  }

  /**
   * Reads a text in any form that `exception-file.ts` knows and keeps what has no errors; one whose id is there already
   * is replaced. What names a value list that is not here is kept turned off, and the list made, empty.
   * @param rules for those of a list that no rule here refers to
   */
  async import(text: string, { by, rules }: { by: string; rules?: Exception['rules'] }): Promise<ImportReport> {
    const rulesOfList = rulesOfLists((this.parts.rules?.() ?? []).map(({ document }) => document));
    const read = readExceptionText(text, {
      now: this.time(),
      rulesOfList,
      by,
      ...(rules === undefined ? {} : { rules }),
    });
    const problems = [...read.problems];
    const touched = new Set<string>();
    for (const list of read.filled) {
      const problem = await this.importList(list);
      if (problem === undefined) touched.add(list.id);
      else problems.push({ line: 1, message: problem });
    }
    const empty = new Set<string>();
    for (const { id, type } of read.lists) {
      if (this.parts.store.list(id) !== undefined) continue;
      await this.parts.write({ what: 'save-list', list: { id, name: id, type } });
      empty.add(id);
      touched.add(id);
      const message = `The value list ${id} (${type}) is named and not in the export: it was made, empty. What names it is off until you add its values and turn it on.`;
      problems.push({ line: 1, message, note: true });
    }
    const report: { id: string; name: string; check: ExceptionCheck }[] = [];
    const kept: Exception[] = [];
    for (const [index, one] of read.exceptions.entries()) {
      if (index % 50 === 49) await setImmediate();
      const waits = [...listsOf([one]).keys()].some((id) => empty.has(id));
      const exception = { ...one, enabled: one.enabled && !waits };
      const check = await this.check(exception);
      report.push({ id: exception.id, name: exception.name, check });
      if (isSound(check)) kept.push(exception);
    }
    if (kept.length > 0) await this.parts.write({ what: 'save', exceptions: kept, by });
    else if (touched.size > 0) await this.parts.write({ what: 'apply' });
    const lists = this.parts.store.lists().filter(({ id }) => touched.has(id));
    return { exceptions: report, lists, problems };
  }

  /** Elastic's NDJSON, with what was left out of it. */
  exportElastic(): ElasticExport {
    return writeElasticExceptions(this.parts.store.all(), (id) => this.parts.store.list(id)?.type);
  }

  /** Everything in Vedette's own form, but for the values of lists. */
  exportOwn(): string {
    return writeExceptions(this.parts.store.all(), this.parts.store.lists());
  }

  lists(): readonly ValueList[] {
    return this.parts.store.lists();
  }

  /** @throws {DeskRefusal} where its id is taken */
  async addList(list: NewValueList): Promise<ValueList> {
    if (this.parts.store.list(list.id) !== undefined) {
      throw new DeskRefusal('exists', `There is a value list ${JSON.stringify(list.id)} already.`);
    }
    await this.parts.write({ what: 'save-list', list });
    return this.parts.store.list(list.id) as ValueList;
  }

  /**
   * Adds values to a list, or takes them out; one a line. All are read before the first is written. Undefined when there is
   * no such list. @throws {ListTooLarge}
   */
  async changeValues(id: string, how: 'add' | 'remove', text: ListText): Promise<ListChange | undefined> {
    const list = this.parts.store.list(id);
    if (list === undefined) return undefined;
    return await this.writeValues(list, how, await this.parts.readList(list.type, text));
  }

  /** The values of a list, a line each, piece by piece. Undefined when there is no such list. */
  values(id: string): Iterable<string> | undefined {
    const { store } = this.parts;
    if (store.list(id) === undefined) return undefined;
    return (function* () {
      for (let after: string | undefined; ; ) {
        const values = store.values(id, VALUES_AT_ONCE, after);
        if (values.length > 0) yield `${values.join('\n')}\n`;
        if (values.length < VALUES_AT_ONCE) return;
        after = values.at(-1);
      }
    })();
  }

  /** False when there is no such list. @throws {DeskRefusal} where an exception names it */
  async removeList(id: string): Promise<boolean> {
    const users = this.parts.store.all().filter((exception) => listsOf([exception]).has(id));
    if (users.length > 0) {
      const names = users.slice(0, 3).map(({ name }) => `“${name.slice(0, 60)}”`);
      const message = `The list is used by ${names.join(', ')}${users.length > 3 ? ` and ${users.length - 3} more` : ''}.`;
      throw new DeskRefusal('in-use', message, 'Change or remove those exceptions first.');
    }
    return (await this.parts.write({ what: 'remove-list', id })) > 0;
  }

  /** The last runs of a rule, newest first. */
  runs(rule: string, limit: number): readonly RuleRun[] {
    const names = new Map<string, string>();
    const nameOf = (id: string): string => {
      const known =
        names.get(id) ?? this.parts.store.get(id)?.name ?? this.parts.store.history(id).at(-1)?.exception.name;
      names.set(id, known ?? id);
      return known ?? id;
    };
    return this.parts.store.runs(rule, limit).map(({ slot, funnel, byException }) => ({
      start: new Date(slot).toISOString(),
      funnel,
      removed_by: [...byException].map(([id, removed]) => ({ id, name: nameOf(id), removed })),
    }));
  }

  private async keep(exception: Exception, by: string, isSigned = false): Promise<Saved> {
    const checked = await this.check(exception);
    const signature = isSigned ? [] : checkSignature(exception);
    const check = { ...checked, findings: [...signature, ...checked.findings] };
    if (!isSound(check)) return { refused: check };
    await this.parts.write({ what: 'save', exceptions: [exception], by });
    return { saved: await this.summary(exception, this.parts.store.removals()) };
  }

  private async summary(
    exception: Exception,
    removals: ReturnType<ExceptionStore['removals']>,
  ): Promise<ExceptionSummary> {
    const total = removals.get(exception.id);
    return {
      exception,
      state: exceptionState(exception, this.parts.now()),
      removed: total?.removed ?? 0,
      ...(total === undefined ? {} : { last_removed: new Date(total.lastSlot).toISOString() }),
      check: await this.checkOf(exception),
    };
  }

  private async checkOf(exception: Exception): Promise<ExceptionCheck> {
    const lists = this.parts.store.lists().map(({ id, updated }) => `${id} ${updated}`);
    const rules = this.parts.rules?.().length ?? 0;
    // What a check says of expiry changes with the day.
    const key = JSON.stringify([exception.updated, rules, lists, this.time().slice(0, 10)]);
    const known = this.checks.get(exception.id);
    if (known?.key === key) return known.check;
    const check = await this.check(exception);
    this.checks.set(exception.id, { key, check });
    return check;
  }

  private async importList(list: NewValueList & { readonly values: readonly string[] }): Promise<string | undefined> {
    const { values, ...about } = list;
    const there = this.parts.store.list(list.id);
    if (there !== undefined && there.type !== list.type) {
      return `The value list ${list.id} is not read: there is one of the type ${there.type}, and this is of the type ${list.type}.`;
    }
    if (there === undefined) await this.parts.write({ what: 'save-list', list: about });
    const made = this.parts.store.list(list.id) as ValueList;
    const text = new TextEncoder().encode(values.map((value) => value.replaceAll('\n', ' ')).join('\n'));
    const { refused, refused_in_all: refusedInAll } = await this.writeValues(
      made,
      'add',
      await this.parts.readList(list.type, [text]),
    );
    const [first] = refused;
    return first === undefined
      ? undefined
      : `Values of the list ${list.id} that are not read: ${refusedInAll}. The first, ${JSON.stringify(first.value)}: ${first.message}`;
  }

  private async writeValues(list: ValueList, how: 'add' | 'remove', read: ReadList): Promise<ListChange> {
    const { count, repeated, refused, refusedInAll } = read;
    if (how === 'add' && list.size + count > MOST_VALUES[list.type]) {
      throw new ListTooLarge(fullMessage(list.type), `It has ${list.size}, and ${count} would come to it.`);
    }
    let changed = 0;
    for await (const values of read.slices) {
      changed += Math.max(0, await this.parts.write({ what: `${how}-values`, list: list.id, values }));
    }
    if (changed > 0) await this.parts.write({ what: 'apply' });
    const isAdding = how === 'add';
    return {
      list: this.parts.store.list(list.id) ?? list,
      added: isAdding ? changed : 0,
      known: isAdding ? count - changed + repeated : 0,
      removed: isAdding ? 0 : changed,
      refused,
      refused_in_all: refusedInAll,
    };
  }

  private time(): string {
    return new Date(this.parts.now()).toISOString();
  }
}

const NO_EFFECT: Omit<ExceptionEffect, 'check'> = {
  alerts: { count: 0, examined: 0, shown: [], undecided: [] },
  events: { count: 0, examined: 0, matched: 0, shown: [] },
};

function isSound({ findings }: ExceptionCheck): boolean {
  return !findings.some(({ severity }) => severity === 'error');
}
