/**
 * What holds in the end, and where each value comes from.
 *
 *   flag ▶ variable of the environment ▶ file ▶ default: the first that says something
 */
import { type Diagnostic, diagnose } from '../diagnostic/diagnostic.ts';
import { nearestName } from '../diagnostic/nearest.ts';
import type { ConfigFile } from './config-file.ts';
import { accepts, type OptionValue, valueOfText } from './option.ts';
import { OPTION_NAMES, type OptionName, optionOf, type Settings } from './options.ts';

/** `environment` names the variable, `flag` the option's flag. */
export type Origin =
  | { readonly from: 'flag' | 'environment'; readonly name: string }
  | { readonly from: 'file'; readonly line: number }
  | { readonly from: 'default' };

export interface GivenSettings {
  readonly flags: Readonly<Partial<Record<OptionName, OptionValue>>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly file?: ConfigFile;
  /** Between paths in a variable, as the system has it in PATH. */
  readonly separator?: string;
  /** Defaults that this machine decides. */
  readonly defaults: Pick<Settings, 'data'>;
}

export interface ResolvedSettings {
  readonly settings: Settings;
  readonly origins: ReadonlyMap<OptionName, Origin>;
  /** Of the environment; the file has its own. */
  readonly diagnostics: readonly Diagnostic[];
}

/** The variable that names the file of configuration. */
export const CONFIG_VARIABLE = 'VEDETTE_CONFIG';

export function resolveSettings(given: GivenSettings): ResolvedSettings {
  const { flags, environment, file, defaults } = given;
  const settings: Partial<Record<OptionName, OptionValue | undefined>> = {};
  const origins = new Map<OptionName, Origin>();
  const diagnostics: Diagnostic[] = [];
  for (const name of OPTION_NAMES) {
    const option = optionOf(name);
    const fromEnvironment = readVariable(name, given, diagnostics);
    const fromFile = file?.values.get(name);
    if (flags[name] !== undefined) {
      settings[name] = flags[name];
      origins.set(name, { from: 'flag', name: longFlag(option.flag) });
    } else if (fromEnvironment !== undefined) {
      settings[name] = fromEnvironment;
      origins.set(name, { from: 'environment', name: option.environment });
    } else if (fromFile !== undefined) {
      settings[name] = fromFile.value;
      origins.set(name, { from: 'file', line: fromFile.line });
    } else {
      settings[name] = name === 'data' ? defaults.data : option.default;
      origins.set(name, { from: 'default' });
    }
  }
  diagnostics.push(...slips(environment));
  return { settings: settings as Settings, origins, diagnostics };
}

/** `-r, --rules <paths...>` → `--rules`. */
export function longFlag(flag: string): string {
  return /--[a-z-]+/.exec(flag)?.[0] ?? flag;
}

function readVariable(
  name: OptionName,
  { environment, separator }: GivenSettings,
  diagnostics: Diagnostic[],
): OptionValue | undefined {
  const option = optionOf(name);
  const text = environment[option.environment];
  if (text === undefined || text === '') return undefined;
  const value = valueOfText(option, text, separator);
  if (value !== undefined) return value;
  const message = `The environment variable ${option.environment} does not take this value.`;
  diagnostics.push(diagnose('config-environment', 'error', message, undefined, `It takes ${accepts(option)}.`));
  return undefined;
}

/** Variables that are nearly one of ours: whoever set them expects something of it. */
function slips(environment: GivenSettings['environment']): readonly Diagnostic[] {
  const known = [CONFIG_VARIABLE, ...OPTION_NAMES.map((name) => optionOf(name).environment as string)];
  return Object.keys(environment)
    .filter((name) => name.startsWith('VEDETTE_') && !known.includes(name))
    .flatMap((name) => {
      const near = nearestName(name, known);
      if (near === undefined) return [];
      const message = `The environment variable ${name} is none that the service reads.`;
      return [diagnose('config-environment', 'warning', message, undefined, `Did you mean ${near}?`)];
    });
}
