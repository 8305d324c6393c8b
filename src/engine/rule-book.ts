/**
 * The service's rules: those that come with Vedette or that a person named, those added on the page, and what was changed
 * here about them.
 *
 *   pipelines/, --pipeline, placeholders.yml, --placeholders ──▶ what Sigma rules are changed by; a file with a mistake is
 *   left out, and told
 *
 *   rules/ or --rules ─┐
 *   <data>/rules ──────┴──▶ entries ──values changed here──▶ entries ──enabled, without an error──▶ the detector
 *                              └─ with an error ──▶ the rule as it was before, if it ever ran
 *
 * Added rules are files in the data folder, as they were pasted; what a person changed about a rule (on, off, severity…) is
 * kept apart from its text, so that an update of the rule does not undo it.
 */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { diagnose } from '../diagnostic/diagnostic.ts';
import type { Placeholders } from '../language/sigma/modifiers.ts';
import type { Pipeline } from '../language/sigma/pipeline/pipeline.ts';
import type { CompileOptions } from '../rule/compile.ts';
import { type FieldUse, fieldUses } from '../rule/field-report.ts';
import { type Finding, toFindings } from '../rule/finding.ts';
import { ruleFormOf } from '../rule/forms.ts';
import { type Inspection, inspectWhole, type LoadedRule } from '../rule/inspect.ts';
import type { InspectionCache } from '../rule/inspection-cache.ts';
import { bundledRulesFolder, inspectRules } from '../rule/load.ts';
import { type OverlaidValue, type OverlayView, overlaid, viewsOf } from '../rule/overlay.ts';
import { loadPipelines } from '../rule/pipelines.ts';
import { loadPlaceholders } from '../rule/placeholders.ts';
import type { RuleDocument } from '../rule/rule.ts';
import type { RuleCacheOptions } from '../rule/rule-cache.ts';
import { usualEnding } from '../rule/rule-file-names.ts';
import { SigmaFilters } from '../rule/sigma-filters.ts';
import type { RevisionOrigin } from '../store/rule-store.ts';
import type { StateStore } from '../store/state-store.ts';
import { gitRulesFolder, isGitAddress, parseGitAddress } from './git-address.ts';
import { type GitSourceState, gitSourceState } from './git-sources.ts';
import { keepRules } from './kept-rules.ts';
import { houseSchema, ownFolderOf } from './tables/house-schema.ts';
import { ownFindings } from './tables/own-findings.ts';
import type { OwnSchema } from './tables/own-schema.ts';

export interface RuleEntry {
  /** With what was changed here. */
  readonly document: RuleDocument;
  /** Absent where it does not run: a finding is an error, and it never ran before. */
  readonly rule?: LoadedRule;
  readonly findings: readonly Finding[];
  /** Which of its fields resolved to what; worked out when it is asked for. */
  readonly fieldUses?: () => readonly FieldUse[];
  /** Added on the page, and so removable there. */
  readonly added: boolean;
  readonly enabled: boolean;
  /** Stopped for a while by a person. */
  readonly paused: boolean;
  /** What was changed here. */
  readonly overlay: readonly OverlayView[];
  readonly origin: RevisionOrigin;
  /** The revision that runs because the rule’s file is broken; `document` is the file’s where that can be read. */
  readonly kept?: number;
}

export interface RuleBook {
  readonly entries: readonly RuleEntry[];
  /** Findings of files that hold no rule. */
  readonly loose: readonly Finding[];
  /** Git repositories that rules come from. */
  readonly repositories?: readonly GitSourceState[];
  /** What Sigma rules were changed by; absent where there are no pipelines. */
  readonly pipeline?: Pipeline;
  /** Values of placeholders; absent where there are none. */
  readonly placeholders?: Placeholders;
  /** What rules in Kusto may name beside the tables of the house. */
  readonly names?: OwnSchema;
}

export interface RuleBookSettings {
  readonly dataFolder: string;
  /** Rule files, folders and addresses of git repositories (`git-address.ts`); absent for the bundled rules. */
  readonly rules?: readonly string[];
  /** Files and folders of pipelines, beside those of the data folder. */
  readonly pipelines?: readonly string[];
  /** Files of values of placeholders, beside `placeholders.yml` of the data folder, which counts most. */
  readonly placeholders?: readonly string[];
}

type Settings = Pick<StateStore, 'setting' | 'setSetting'>;
type BookStore = Settings & Pick<StateStore, 'rules'>;

export interface Remembered {
  /** What is known of texts from reading before. */
  readonly cache?: InspectionCache;
  /** What rules in Kusto may name; remembered, since a parser belongs to it. */
  readonly names?: () => OwnSchema;
}

export async function readRuleBook(
  settings: RuleBookSettings,
  store: BookStore,
  { cache, names: namesNow = houseSchema(settings.dataFolder) }: Remembered = {},
): Promise<RuleBook> {
  const own = addedRulesFolder(settings.dataFolder);
  mkdirSync(own, { recursive: true });
  const names = namesNow();
  const { paths: named, repositories, wrong } = namedPaths(settings);
  const ownPipelines = join(settings.dataFolder, 'pipelines');
  mkdirSync(ownPipelines, { recursive: true });
  const { pipeline, digest, findings: mistakes } = await loadPipelines([...(settings.pipelines ?? []), ownPipelines]);
  const ownValues = join(settings.dataFolder, 'placeholders.yml');
  const valueFiles = [...(settings.placeholders ?? []), ...(existsSync(ownValues) ? [ownValues] : [])];
  const { placeholders, findings: wrongValues } = await loadPlaceholders(valueFiles);
  const changes = { ...(pipeline && { pipeline }), ...(placeholders.size > 0 && { placeholders }), names };
  const loose: Finding[] = [...mistakes, ...wrongValues, ...wrong, ...ownFindings(names)];
  cache?.begin(JSON.stringify([digest, ...placeholders]), names.digest);
  const filters = new SigmaFilters();
  const inspections: Inspection[] = [];
  for await (const inspection of inspectRules([...named, own], { ...changes, filters, ...(cache && { cache }) })) {
    inspections.push(inspection);
  }
  const isRemoved = (id: string) => store.setting(removedKey(id)) === 'true';
  const kept = new Map(await keepRules(inspections, store.rules, { ...changes, filters }, isRemoved));
  const overlays = store.rules.overlays();
  const entryOf = (file: string, document: RuleDocument, rule: LoadedRule | undefined): RuleEntry => {
    const values = overlays.get(document.id) ?? [];
    return {
      document: overlaid(document, values),
      findings: [],
      fieldUses: () => fieldUses(document, rule?.plan, changes),
      added: file.startsWith(own),
      enabled: overlaid(document, values).enabled ?? true,
      paused: store.setting(pausedKey(document.id)) === 'true',
      overlay: viewsOf(document, values),
      origin: originOf(file, repositories),
      ...(rule === undefined ? {} : { rule: overlaidRule(rule, values) }),
    };
  };
  const entries: RuleEntry[] = [];
  for (const { file, document, rule, findings } of inspections) {
    if (document === undefined) {
      // An empty folder of added rules is how every data folder starts.
      if (file !== own) loose.push(...(isAwaited(file, repositories) ? [awaited(file)] : findings));
      continue;
    }
    if (file.startsWith(own) && isRemoved(document.id)) continue;
    const before = rule === undefined ? kept.get(document.id) : undefined;
    if (before === undefined) {
      entries.push({ ...entryOf(file, document, rule), findings });
    } else {
      kept.delete(document.id);
      const shown = { findings: [before.finding, ...findings], kept: before.head.revision };
      entries.push({ ...entryOf(file, document, before.rule), ...shown });
    }
  }
  for (const { rule, head, finding } of kept.values()) {
    entries.push({ ...entryOf(head.path, rule.document, rule), findings: [finding], kept: head.revision });
  }
  return { entries, loose, repositories: repositories.map(({ state }) => state), ...changes };
}

/** Where what came of its rules is kept for the next start. */
export function ruleCacheOf({ dataFolder, rules = [] }: RuleBookSettings): RuleCacheOptions {
  return { folder: join(dataFolder, 'cache'), paths: rules };
}

/** Files and folders from which the book is read. */
export function ruleBookPaths(settings: RuleBookSettings): readonly string[] {
  const { dataFolder, pipelines = [], placeholders = [] } = settings;
  return [
    ...namedPaths(settings).paths,
    ...pipelines,
    ...placeholders,
    ...['rules', 'pipelines', 'placeholders.yml'].map((name) => join(dataFolder, name)),
  ];
}

/** Folders of what is no rule, but decides what rules mean. */
export function namesPaths({ dataFolder }: RuleBookSettings): readonly string[] {
  return [ownFolderOf(dataFolder)];
}

interface Repository {
  /** Where its files lie. */
  readonly folder: string;
  readonly state: GitSourceState;
}

/** Repositories as the folders that hold their files; what is no address is told. */
function namedPaths({ rules = [], dataFolder }: RuleBookSettings) {
  const paths: string[] = [];
  const repositories: Repository[] = [];
  const wrong: Finding[] = [];
  for (const path of rules.length === 0 ? [bundledRulesFolder()] : rules) {
    if (!isGitAddress(path)) {
      paths.push(path);
      continue;
    }
    const address = parseGitAddress(path);
    if ('problem' in address) {
      const hint = 'For example git+https://host/team/rules.git#main:folder.';
      const diagnostic = diagnose('rule-repository', 'error', address.problem, undefined, hint);
      wrong.push(...toFindings([diagnostic], '', 'a repository', {}));
      continue;
    }
    const folder = gitRulesFolder(dataFolder, address);
    const state = gitSourceState(dataFolder, address);
    paths.push(folder);
    repositories.push({ folder, state });
    if (state.problem !== undefined) {
      const hint = 'What was fetched last runs on.';
      const diagnostic = diagnose('rule-repository', 'warning', state.problem, undefined, hint);
      wrong.push(...toFindings([diagnostic], '', address.shown, {}));
    }
  }
  return { paths, repositories, wrong };
}

/** Its first fetch is under way, or has failed, which is told already. */
function isAwaited(file: string, repositories: readonly Repository[]): boolean {
  return repositories.some(({ folder, state }) => folder === file && state.commit === undefined);
}

function awaited(file: string): Finding {
  const message = 'The repository of rules was not fetched yet; its rules run as soon as it is.';
  return toFindings([diagnose('rule-repository', 'info', message)], '', file, {})[0] as Finding;
}

function originOf(path: string, repositories: readonly Repository[]): RevisionOrigin {
  const state = repositories.find(({ folder }) => path.startsWith(folder))?.state;
  if (state === undefined) return { path };
  const { repository, commit, author } = state;
  return { path, repository, ...(commit === undefined ? {} : { commit }), ...(author === undefined ? {} : { author }) };
}

/** The same one again for the same rule and values, so that it shows when nothing has changed. */
function overlaidRule(rule: LoadedRule, values: readonly OverlaidValue[]): LoadedRule {
  if (values.length === 0) return rule;
  const key = JSON.stringify(values);
  const known = overlaidRules.get(rule);
  if (known?.key === key) return known.made;
  const made = { ...rule, document: overlaid(rule.document, values) };
  overlaidRules.set(rule, { key, made });
  return made;
}

const overlaidRules = new WeakMap<LoadedRule, { readonly key: string; readonly made: LoadedRule }>();

/**
 * What a pasted text holds and what is wrong with it; places are lines and columns of the text.
 * @param book whose rules the text's correlation rules may name, and whose pipelines and placeholders apply
 */
export async function checkRuleText(
  text: string,
  { entries = [], ...changes }: Partial<Pick<RuleBook, 'entries' | 'pipeline' | 'placeholders' | 'names'>> = {},
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
  names,
}: Pick<RuleBook, 'pipeline' | 'placeholders' | 'names'>): CompileOptions {
  return {
    ...(names === undefined ? {} : { names }),
    ...(pipeline === undefined ? {} : { pipeline }),
    ...(placeholders === undefined ? {} : { placeholders }),
  };
}

/** The rules that run. */
export function runningRules({ entries }: RuleBook): readonly LoadedRule[] {
  return entries.flatMap(({ rule, enabled, paused }) => (rule !== undefined && enabled && !paused ? [rule] : []));
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
  const since = store.setting(key) ?? '';
  if (now === undefined && since !== '') store.setSetting(key, '');
  if (now !== undefined && since === '') store.setSetting(key, String(now));
  return since === '' ? undefined : Number(since);
}

/**
 * Keeps a text of rules as a file of the data folder: all of it or nothing.
 * @param ids of the rules in the text; the file is named after the first
 * @throws what the system reports
 */
export function addRule(dataFolder: string, store: Settings, ids: readonly string[], text: string): void {
  const [id = ''] = ids;
  const form = ruleFormOf(text, '-')?.form;
  const path = fileOf(dataFolder, id, (form && usualEnding(form)) ?? '.txt');
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

function pausedKey(id: string): string {
  return `rule-paused:${id}`;
}

function removedKey(id: string): string {
  return `rule-removed:${id}`;
}
