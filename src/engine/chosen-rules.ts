/**
 * The rules that a command or a call runs: those a person named, or the bundled ones, changed by the pipelines and
 * placeholders that go with them.
 *
 * With a pipeline that cannot be read no rule is loaded: rules would look at other fields than they are meant for, and a
 * scan that finds nothing would look like a quiet host.
 */
import type { Placeholders } from '../language/sigma/modifiers.ts';
import type { CompileOptions } from '../rule/compile.ts';
import type { Finding } from '../rule/finding.ts';
import { bundledRules, type LoadedRules, loadRules } from '../rule/load.ts';
import type { LoadedPipelines } from '../rule/pipelines.ts';
import type { GivenSchema } from './tables/given-tables.ts';

/** What changes Sigma rules before they run. */
export interface RuleChanges {
  /** Processing pipelines: files, or folders of them. With a mistake in one no rule is loaded. */
  readonly pipelines?: readonly string[];
  /** Values of placeholders, by name without percent signs; they count more than those of pipelines. */
  readonly placeholders?: Placeholders;
  /** A folder of tables, watchlists and functions that rules in Kusto may name (`tables/own-schema.ts`). */
  readonly own?: string;
  /** A folder in which what came of rules is kept for the next time; without one they are read anew. */
  readonly ruleCache?: string;
}

export interface ChosenRules extends LoadedRules {
  /** What rules in Kusto may name, and its rows; absent without a folder of one's own. */
  readonly names?: GivenSchema;
}

export async function loadChosenRules(
  paths: readonly string[] | undefined,
  changes: RuleChanges = {},
): Promise<ChosenRules> {
  const { options: asked, meaning, findings } = await compileOptions(changes);
  if (asked === undefined) return { rules: [], findings };
  const cache = await openCache(changes.ruleCache, paths);
  cache?.inspections.begin(meaning, asked.names?.digest);
  const options = { ...asked, ...(cache === undefined ? {} : { cache: cache.inspections }) };
  const loaded = paths === undefined || paths.length === 0 ? bundledRules(options) : loadRules(paths, options);
  const { rules, findings: others } = await loaded;
  cache?.save();
  return {
    rules,
    findings: [...findings, ...others],
    ...(options.names === undefined ? {} : { names: options.names }),
  };
}

/** The options of `compileOptions`, whose names have rows behind them. */
export interface ChosenOptions extends CompileOptions {
  readonly names?: GivenSchema;
}

/** Without options where a pipeline has a mistake, which the findings tell. */
export async function compileOptions({ pipelines = [], placeholders, own }: RuleChanges): Promise<{
  readonly options?: ChosenOptions;
  /** Another where rules mean something else, but for what those in Kusto may name. */
  readonly meaning: string;
  readonly findings: readonly Finding[];
}> {
  const { pipeline, digest, findings: mistakes } = await readPipelines(pipelines);
  const meaning = JSON.stringify([digest, ...(placeholders ?? [])]);
  const names = own === undefined ? undefined : await readNames(own);
  const findings = names === undefined ? mistakes : [...mistakes, ...names.findings];
  if (findings.some(({ severity }) => severity === 'error')) return { meaning, findings };
  const options = {
    ...(pipeline === undefined ? {} : { pipeline }),
    ...(placeholders === undefined ? {} : { placeholders }),
    ...(names === undefined ? {} : { names: names.schema }),
  };
  return { options, meaning, findings };
}

/** Loaded for those only who name some. */
async function readPipelines(paths: readonly string[]): Promise<LoadedPipelines> {
  if (paths.length === 0) return { findings: [] };
  return (await import('../rule/pipelines.ts')).loadPipelines(paths);
}

/** Loaded for those only who keep one. */
async function openCache(folder: string | undefined, paths: readonly string[] | undefined) {
  if (folder === undefined) return undefined;
  const { openRuleCache } = await import('../rule/rule-cache.ts');
  return openRuleCache({ folder, paths: paths ?? [] });
}

/** Loaded for those only who have names of their own. */
async function readNames(folder: string) {
  const [{ readOwnSchema }, { ownFindings }] = await Promise.all([
    import('./tables/own-schema.ts'),
    import('./tables/own-findings.ts'),
  ]);
  const schema = readOwnSchema(folder);
  return { schema, findings: ownFindings(schema) };
}
