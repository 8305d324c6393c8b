/**
 * The service's rules: those that come with Vedette or that a person named, those added on the page, and which of them
 * are turned off.
 *
 *   pipelines/, --pipeline, placeholders.yml, --placeholders ──▶ what Sigma rules are changed by; a file with a mistake is
 *   left out, and told
 *
 *   rules/ or --rules ─┐
 *   <data>/rules ──────┴──▶ entries ──enabled, without an error──▶ the detector
 *
 * Added rules are files in the data folder, as they were pasted; what a person changed about a rule (on, off) is kept
 * apart from its text, so that an update of the rule does not undo it.
 */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Placeholders } from '../language/sigma/modifiers.ts';
import type { Pipeline } from '../language/sigma/pipeline/pipeline.ts';
import type { CompileOptions } from '../rule/compile.ts';
import { type FieldUse, fieldUses } from '../rule/field-report.ts';
import type { Finding } from '../rule/finding.ts';
import { ruleFormOf } from '../rule/forms.ts';
import { inspectWhole, type LoadedRule } from '../rule/inspect.ts';
import { bundledRulesFolder, inspectRules } from '../rule/load.ts';
import { loadPipelines } from '../rule/pipelines.ts';
import { loadPlaceholders } from '../rule/placeholders.ts';
import type { RuleDocument } from '../rule/rule.ts';
import type { StateStore } from '../store/state-store.ts';

export interface RuleEntry {
  readonly document: RuleDocument;
  /** Absent where a finding is an error: then it does not run. */
  readonly rule?: LoadedRule;
  readonly findings: readonly Finding[];
  /** Which of its fields resolved to what; worked out when it is asked for. */
  readonly fieldUses?: () => readonly FieldUse[];
  /** Added on the page, and so removable there. */
  readonly added: boolean;
  readonly enabled: boolean;
  /** Stopped for a while by a person. */
  readonly paused: boolean;
}

export interface RuleBook {
  readonly entries: readonly RuleEntry[];
  /** Findings of files that hold no rule. */
  readonly loose: readonly Finding[];
  /** What Sigma rules were changed by; absent where there are no pipelines. */
  readonly pipeline?: Pipeline;
  /** Values of placeholders; absent where there are none. */
  readonly placeholders?: Placeholders;
}

export interface RuleBookSettings {
  readonly dataFolder: string;
  /** Rule files and folders; absent for the bundled rules. */
  readonly rules?: readonly string[];
  /** Files and folders of pipelines, beside those of the data folder. */
  readonly pipelines?: readonly string[];
  /** Files of values of placeholders, beside `placeholders.yml` of the data folder, which counts most. */
  readonly placeholders?: readonly string[];
}

type Settings = Pick<StateStore, 'setting' | 'setSetting'>;

export async function readRuleBook(settings: RuleBookSettings, store: Settings): Promise<RuleBook> {
  const own = addedRulesFolder(settings.dataFolder);
  mkdirSync(own, { recursive: true });
  const named = settings.rules === undefined || settings.rules.length === 0 ? [bundledRulesFolder()] : settings.rules;
  const ownPipelines = join(settings.dataFolder, 'pipelines');
  mkdirSync(ownPipelines, { recursive: true });
  const { pipeline, findings: mistakes } = await loadPipelines([...(settings.pipelines ?? []), ownPipelines]);
  const ownValues = join(settings.dataFolder, 'placeholders.yml');
  const valueFiles = [...(settings.placeholders ?? []), ...(existsSync(ownValues) ? [ownValues] : [])];
  const { placeholders, findings: wrongValues } = await loadPlaceholders(valueFiles);
  const changes = { ...(pipeline && { pipeline }), ...(placeholders.size > 0 && { placeholders }) };
  const entries: RuleEntry[] = [];
  const loose: Finding[] = [...mistakes, ...wrongValues];
  for await (const { file, document, rule, findings } of inspectRules([...named, own], changes)) {
    if (document === undefined) {
      // An empty folder of added rules is how every data folder starts.
      if (file !== own) loose.push(...findings);
      continue;
    }
    const added = file.startsWith(own);
    if (added && store.setting(removedKey(document.id)) === 'true') continue;
    entries.push({
      document,
      findings,
      fieldUses: () => fieldUses(document, rule?.plan, changes),
      added,
      enabled: (store.setting(enabledKey(document.id)) ?? String(document.enabled ?? true)) === 'true',
      paused: store.setting(pausedKey(document.id)) === 'true',
      ...(rule === undefined ? {} : { rule }),
    });
  }
  return { entries, loose, ...changes };
}

/**
 * What a pasted text holds and what is wrong with it; places are lines and columns of the text.
 * @param book whose rules the text's correlation rules may name, and whose pipelines and placeholders apply
 */
export async function checkRuleText(
  text: string,
  { entries = [], ...changes }: Partial<Pick<RuleBook, 'entries' | 'pipeline' | 'placeholders'>> = {},
): Promise<{ rules: readonly RuleDocument[]; findings: readonly Finding[] }> {
  const inspections = await inspectWhole(text, '-', compileOptionsOf(changes), entries);
  return {
    rules: inspections.flatMap(({ document }) => (document === undefined ? [] : [document])),
    findings: inspections.flatMap(({ findings }) => findings),
  };
}

/** What rules of the book were compiled with. */
export function compileOptionsOf({
  pipeline,
  placeholders,
}: Pick<RuleBook, 'pipeline' | 'placeholders'>): CompileOptions {
  return {
    ...(pipeline === undefined ? {} : { pipeline }),
    ...(placeholders === undefined ? {} : { placeholders }),
  };
}

/** The rules that run. */
export function runningRules({ entries }: RuleBook): readonly LoadedRule[] {
  return entries.flatMap(({ rule, enabled, paused }) => (rule !== undefined && enabled && !paused ? [rule] : []));
}

export function setRuleEnabled(store: Settings, id: string, enabled: boolean): void {
  store.setSetting(enabledKey(id), String(enabled));
}

/** A rule that is paused keeps its place: it goes on where a person says so, and the time between is a gap. */
export function setRulePaused(store: Settings, id: string, paused: boolean): void {
  store.setSetting(pausedKey(id), String(paused));
}

/**
 * Since when a rule has not run for that reason, epoch milliseconds; forgotten by asking.
 * @param now remembered as the beginning, where it does not run from now on
 */
export function offSince(
  store: Settings,
  { id, reason, now }: { readonly id: string; readonly reason: 'paused' | 'disabled'; readonly now?: number },
): number | undefined {
  const key = `rule-${reason}-since:${id}`;
  const since = store.setting(key);
  store.setSetting(key, now === undefined ? '' : since === undefined || since === '' ? String(now) : since);
  return since === undefined || since === '' ? undefined : Number(since);
}

/**
 * Keeps a text of rules as a file of the data folder: all of it or nothing.
 * @param ids of the rules in the text; the file is named after the first
 * @throws what the system reports
 */
export function addRule(dataFolder: string, store: Settings, ids: readonly string[], text: string): void {
  const [id = ''] = ids;
  const path = fileOf(dataFolder, id, ruleFormOf(text, '-')?.fileEndings[0] ?? '.txt');
  mkdirSync(addedRulesFolder(dataFolder), { recursive: true });
  const unfinished = `${path}.unfinished`;
  const file = openSync(unfinished, 'w', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(unfinished, path);
  for (const added of ids) store.setSetting(removedKey(added), 'false');
}

/** Removes an added rule: from then on it is passed over, and its file goes with the last rule that stands in it. */
export function removeRule({ entries }: RuleBook, store: Settings, id: string): boolean {
  const entry = entries.find(({ document, added }) => added && document.id === id);
  if (entry === undefined) return false;
  const { path } = entry.document.source;
  const left = entries.filter(({ document }) => document.source.path === path && document.id !== id);
  if (left.length === 0) rmSync(path, { force: true });
  store.setSetting(removedKey(id), 'true');
  return true;
}

function addedRulesFolder(dataFolder: string): string {
  return join(dataFolder, 'rules');
}

function fileOf(dataFolder: string, id: string, ending: string): string {
  const name =
    id
      .toLowerCase()
      .replaceAll(/[^a-z0-9-]+/g, '-')
      .slice(0, 100) || 'rule';
  return join(addedRulesFolder(dataFolder), `${name}${ending}`);
}

function enabledKey(id: string): string {
  return `rule-enabled:${id}`;
}

function pausedKey(id: string): string {
  return `rule-paused:${id}`;
}

function removedKey(id: string): string {
  return `rule-removed:${id}`;
}
