/**
 * The options of the service on the command line: their flags, and the settings that follow from flags, environment and
 * file together.
 *
 *   OPTIONS ──addServiceOptions──▶ flags of a command ──┐
 *   VEDETTE_… ──────────────────────────────────────────┼──readSettings──▶ settings, origins, findings
 *   --config FILE, else <data>/vedette.yml, else ./vedette.yml ──┘
 */
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type ConfigFile, readConfigText } from '../config/config-file.ts';
import { accepts, type OptionValue, valueOfText } from '../config/option.ts';
import { OPTION_NAMES, type OptionName, optionOf } from '../config/options.ts';
import { CONFIG_VARIABLE, type ResolvedSettings, resolveSettings } from '../config/resolve-settings.ts';
import { defaultDataFolder } from './data-folder.ts';

/** The file’s name where none is given. */
export const CONFIG_FILE = 'vedette.yml';

export interface ReadSettings extends ResolvedSettings {
  /** Absent where there is none. */
  readonly file?: ConfigFile;
}

/** The file of configuration that was asked for cannot be read; the message is for people. */
export class ConfigFileError extends Error {
  readonly code = 'config-file';
  readonly hint: string;

  constructor(path: string, cause: unknown) {
    super(`The file of configuration ${path} cannot be read: ${(cause as Error).message}.`, { cause });
    this.name = 'ConfigFileError';
    this.hint = 'Name another with --config, or write one with `vedette config init`.';
  }
}

export function addServiceOptions(command: Command): Command {
  command.option('--config <file>', `the file of configuration (default: ${CONFIG_FILE} in the data folder, or here)`);
  for (const name of OPTION_NAMES) {
    const { about, otherwise, ...option } = optionOf(name);
    const help = helpOf(name, about, otherwise ?? shownDefault(option.default));
    const flag = new Option(option.flag, help);
    if (option.kind !== 'switch' && option.kind !== 'paths' && option.kind !== 'names') {
      flag.argParser((text) => {
        const value = valueOfText(option, text);
        if (value === undefined) throw new InvalidArgumentError(`It takes ${accepts(option)}.`);
        return value;
      });
    }
    command.addOption(flag);
    // What a file turns off can be turned on again.
    if (flag.negate) command.addOption(new Option(option.flag.replace('--no-', '--')).hideHelp());
  }
  return command;
}

/** @throws {ConfigFileError} */
export function readSettings(command: Command): ReadSettings {
  const flags = flagsOf(command);
  const file = findConfigFile(command.getOptionValue('config') as string | undefined, flags.data as string | undefined);
  const resolved = resolveSettings({
    flags,
    environment: process.env,
    separator: delimiter,
    ...(file === undefined ? {} : { file }),
    defaults: { data: defaultDataFolder() },
  });
  return { ...resolved, ...(file === undefined ? {} : { file }) };
}

/** @throws {ConfigFileError} */
export function readConfigFile(path: string): ConfigFile {
  const absolute = resolve(path);
  try {
    return readConfigText(readFileSync(absolute, 'utf8'), absolute);
  } catch (error) {
    throw new ConfigFileError(path, error);
  }
}

/** Only what was typed: commander also gives the defaults of negated flags. */
function flagsOf(command: Command): Partial<Record<OptionName, OptionValue>> {
  const given: Partial<Record<OptionName, OptionValue>> = {};
  for (const name of OPTION_NAMES) {
    const attribute = new Option(optionOf(name).flag).attributeName();
    if (command.getOptionValueSource(attribute) === 'cli') given[name] = command.getOptionValue(attribute);
  }
  return given;
}

/** The file that is asked for has to be there; the two usual places may hold one. */
function findConfigFile(asked: string | undefined, data: string | undefined): ConfigFile | undefined {
  const named = asked ?? (process.env[CONFIG_VARIABLE] || undefined);
  if (named !== undefined) return readConfigFile(named);
  const usual = [resolve(data ?? defaultDataFolder(), CONFIG_FILE), resolve(CONFIG_FILE)];
  const found = usual.find((path) => existsSync(path));
  return found === undefined ? undefined : readConfigFile(found);
}

/** As help says it: what the flag itself does. */
function helpOf(name: OptionName, about: string, otherwise: string | undefined): string {
  const option = optionOf(name);
  const words = about.replace(/\.$/, '');
  const lower = words[0]?.toLowerCase() + words.slice(1);
  if (option.kind === 'switch' && option.flag.includes('--no-')) return `do not ${lower}`;
  const choices = option.kind === 'choice' ? ` (${option.of.join(', ')})` : '';
  return `${lower}${choices}${otherwise === undefined ? '' : ` (default: ${otherwise})`}`;
}

function shownDefault(value: OptionValue | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}
