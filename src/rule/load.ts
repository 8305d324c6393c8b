/**
 * Rules from paths: the library's way in, and the service's.
 *
 *   paths ──read──▶ texts ──inspect, one by one──▶ rules that can run, and findings
 *
 * A bad rule never stops the others. Of two rules with one id the first stands. Rules come in the order of the paths, in
 * a folder in the order of names; correlation rules last, since they may name any of the others. Filters are no rules:
 * they are gathered first, from all texts, and applied to the rules that they are for.
 */
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { diagnose } from '../diagnostic/diagnostic.ts';
import type { CompileOptions } from './compile.ts';
import { correlated } from './correlated.ts';
import { type Finding, toFindings } from './finding.ts';
import type { Inspection, LoadedRule } from './inspect.ts';
import type { InspectAhead } from './inspect-ahead.ts';
import { InspectionCache } from './inspection-cache.ts';
import { type KnownFiles, type RuleFile, type RuleText, readRuleFiles } from './rule-files.ts';
import { mayHoldFilters, SigmaFilters } from './sigma-filters.ts';

/** How long the thread is kept from its other work at a time, in milliseconds: thousands of rules take seconds. */
const SLICE_MS = 10;

export interface InspectOptions extends CompileOptions {
  /** What is known from before of texts that have not changed. */
  readonly cache?: InspectionCache;
}

export interface LoadedRules {
  readonly rules: readonly LoadedRule[];
  readonly findings: readonly Finding[];
}

/**
 * Loads rule files (`forms.ts` lists the forms), folders of them, or `-` for standard input. A rule with an error is left out; the
 * findings say why. Nothing a file or path holds makes this throw.
 */
export async function loadRules(paths: readonly string[], options: InspectOptions = {}): Promise<LoadedRules> {
  return collect(inspectSome(paths, options));
}

/** All findings of `loadRules`: errors, warnings and notes, file by file. */
export async function checkRules(paths: readonly string[], options: CompileOptions = {}): Promise<readonly Finding[]> {
  return (await loadRules(paths, options)).findings;
}

/** The rules that come with Vedette; their files are named from the package's folder on (`rules/elastic/….toml`). */
export async function bundledRules(options: InspectOptions = {}): Promise<LoadedRules> {
  const home = fileURLToPath(new URL('../../', import.meta.url));
  // By folder: the page beside them would have to be looked at, to see that it is no rule.
  const folders = await readdir(bundledRulesFolder(), { withFileTypes: true });
  const paths = folders.filter((entry) => entry.isDirectory()).map(({ parentPath, name }) => join(parentPath, name));
  return collect(inspectSome(paths.sort(), options, (file) => relative(home, file)));
}

/** Where they lie: the same two steps up from src/rule and from dist/rule. */
export function bundledRulesFolder(): string {
  return fileURLToPath(new URL('../../rules', import.meta.url));
}

/**
 * Rule by rule, file by file, for callers that show progress or the text.
 * @param options with `filters`, those of the files are added to them
 */
export async function* inspectRules(
  paths: readonly string[],
  options: InspectOptions = {},
  name?: (file: string) => string,
): AsyncGenerator<Inspection> {
  for await (const some of inspectSome(paths, options, name)) yield* some;
}

/** Some at a time: handing over each by itself takes longer than finding it in a cache. */
async function* inspectSome(
  paths: readonly string[],
  { cache: given, ...options }: InspectOptions,
  name: (file: string) => string = (file) => file,
): AsyncGenerator<readonly Inspection[]> {
  const sources: RuleFile[] = [];
  const filters = options.filters ?? new SigmaFilters();
  /** Those among the sources in which filters stand. */
  const holding = new Set<RuleFile>();
  const files: KnownFiles | undefined = given && {
    byStamp: (file, stamp) => given.byStamp(name(file), stamp),
    byText: (file, text) => given.byText(name(file), text),
    keepForeign: (read) => given.keepForeign(name(read.file), read),
  };
  for await (const some of readRuleFiles(paths, files)) {
    for (const read of some) {
      sources.push(read);
      if (
        'text' in read &&
        read.known?.holdsFilters !== false &&
        (await readFilters(read.text, name(read.file), filters))
      )
        holding.add(read);
    }
  }
  const ahead = await openAhead(sources, name, { ...options, filters, ...(given && { cache: given }) });
  const cache = given ?? (ahead && new InspectionCache());
  try {
    yield* inspectSources({ sources, holding, name, ahead }, { ...options, filters, ...(cache && { cache }) });
  } finally {
    await ahead?.close();
  }
}

interface Sources {
  readonly sources: readonly RuleFile[];
  readonly holding: ReadonlySet<RuleFile>;
  readonly name: (file: string) => string;
  readonly ahead: InspectAhead | undefined;
}

async function* inspectSources(
  { sources, holding, name, ahead }: Sources,
  { cache, filters, ...options }: InspectOptions & { readonly filters: SigmaFilters },
): AsyncGenerator<readonly Inspection[]> {
  const owners = new Map<string, string>();
  const all: Inspection[] = [];
  let done: Inspection[] = [];
  let since = performance.now();
  for (const source of sources) {
    const file = name(source.file);
    if ('diagnostic' in source) {
      done.push({ file, findings: toFindings([source.diagnostic], '', file, {}) });
      continue;
    }
    const known = source.known ?? (ahead && (await ahead.of(file)));
    const read: RuleText = known === source.known ? source : { ...source, ...(known && { known }) };
    const inspections =
      (known && cache?.find(known, filters)) ?? (await inspectAnew(source.text, file, { ...options, filters }));
    cache?.keep(file, read, inspections, { filters, holdsFilters: holding.has(source) });
    for (const inspection of inspections) {
      const id = inspection.rule?.head?.id ?? inspection.document?.id;
      const owner = id === undefined ? undefined : owners.get(id);
      if (id !== undefined && owner === undefined) owners.set(id, file);
      if (owner !== undefined) {
        done.push(withoutRule(inspection, owner));
        continue;
      }
      all.push(inspection);
      if (inspection.correlate === undefined) done.push(inspection);
    }
    if (performance.now() - since > SLICE_MS) {
      yield done;
      done = [];
      await setImmediate();
      since = performance.now();
    }
  }
  yield done;
  yield* completed(all, filters);
}

/** What is known only when all are. */
function* completed(all: readonly Inspection[], filters: SigmaFilters): Iterable<readonly Inspection[]> {
  yield correlated(all).filter((_, at) => all[at]?.correlate !== undefined);
  yield [...filters.problems()].map(({ file, text, filter, diagnostic }) => {
    return { file, text, findings: toFindings([diagnostic], text, file, { name: filter.title }) };
  });
}

/** Below so many files nobody looks whether a second thread is worth its start. */
const MANY = 600;

/** A second thread where there is much to read anew, and nothing but the texts has a say in what comes of them. */
async function openAhead(
  sources: readonly RuleFile[],
  name: (file: string) => string,
  { cache, filters, pipeline, placeholders }: InspectOptions & { readonly filters: SigmaFilters },
): Promise<InspectAhead | undefined> {
  if (sources.length < MANY || pipeline !== undefined || !filters.isEmpty) return undefined;
  const unknown = sources.flatMap((source) => {
    const file = name(source.file);
    return 'text' in source && source.known === undefined && cache?.has(file) !== true
      ? [{ file, text: source.text }]
      : [];
  });
  if (unknown.length < MANY) return undefined;
  const { inspectAhead } = await import('./inspect-ahead.ts');
  return inspectAhead(unknown, placeholders);
}

/** Takes the filters of a file, which few files hold. @returns whether there are any */
async function readFilters(text: string, file: string, filters: SigmaFilters): Promise<boolean> {
  if (!mayHoldFilters(text)) return false;
  const { addFilters } = await import('./sigma-filter-texts.ts');
  return addFilters(filters, text, file);
}

/** What reads and compiles rules is loaded when there is something to read that no cache knows. */
async function inspectAnew(text: string, file: string, options: CompileOptions): Promise<readonly Inspection[]> {
  const { inspectEach } = await import('./inspect.ts');
  return inspectEach(text, file, options);
}

/** Findings after which a file counts as not read at all. */
export function isUnreadable(finding: Finding): boolean {
  return finding.code.startsWith('rule-file-');
}

async function collect(inspections: AsyncIterable<readonly Inspection[]>): Promise<LoadedRules> {
  const rules: LoadedRule[] = [];
  const findings: Finding[] = [];
  for await (const some of inspections) {
    for (const inspection of some) {
      if (inspection.rule !== undefined) rules.push(inspection.rule);
      findings.push(...inspection.findings);
    }
  }
  return { rules, findings };
}

function withoutRule({ file, text = '', kind, document, locate, findings }: Inspection, owner: string): Inspection {
  const message = `The id is already taken by the rule in ${owner}.`;
  const hint = 'Give each rule an id of its own; of two with one id only the first is loaded.';
  const duplicate = diagnose('rule-id-duplicate', 'error', message, locate?.value(['id']), hint);
  return {
    file,
    text,
    ...(kind === undefined ? {} : { kind }),
    ...(document === undefined ? {} : { document }),
    findings: [...toFindings([duplicate], text, file, document ?? {}), ...findings].sort((a, b) => a.line - b.line),
  };
}
