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
import { loadPipelines } from '../rule/pipelines.ts';

/** What changes Sigma rules before they run. */
export interface RuleChanges {
  /** Processing pipelines: files, or folders of them. With a mistake in one no rule is loaded. */
  readonly pipelines?: readonly string[];
  /** Values of placeholders, by name without percent signs; they count more than those of pipelines. */
  readonly placeholders?: Placeholders;
}

export async function loadChosenRules(
  paths: readonly string[] | undefined,
  changes: RuleChanges = {},
): Promise<LoadedRules> {
  const { options, findings } = await compileOptions(changes);
  if (options === undefined) return { rules: [], findings };
  const loaded = paths === undefined || paths.length === 0 ? bundledRules(options) : loadRules(paths, options);
  const { rules, findings: others } = await loaded;
  return { rules, findings: [...findings, ...others] };
}

/** Without options where a pipeline has a mistake, which the findings tell. */
export async function compileOptions({
  pipelines = [],
  placeholders,
}: RuleChanges): Promise<{ readonly options?: CompileOptions; readonly findings: readonly Finding[] }> {
  const { pipeline, findings } = await loadPipelines(pipelines);
  if (findings.some(({ severity }) => severity === 'error')) return { findings };
  const options = {
    ...(pipeline === undefined ? {} : { pipeline }),
    ...(placeholders === undefined ? {} : { placeholders }),
  };
  return { options, findings };
}
