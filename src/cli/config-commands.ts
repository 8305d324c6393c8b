/** What `vedette config check`, `show` and `init` do. Each gives its exit code. */
import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { commentedFile } from '../config/commented-file.ts';
import type { OptionValue } from '../config/option.ts';
import { OPTION_NAMES, type OptionName, optionOf } from '../config/options.ts';
import type { Origin } from '../config/resolve-settings.ts';
import { configProblems, fileProblems } from './config-findings.ts';
import { EXIT } from './exit.ts';
import {
  addServiceOptions,
  ConfigFileError,
  type ReadSettings,
  readConfigFile,
  readSettings,
} from './service-options.ts';
import { printable, style } from './terminal.ts';

/** With a file, that file alone; without, what `vedette start` would read, and the environment. */
export function configCheck(path: string | undefined): number {
  const look = style(process.stdout);
  return orRefused(() => {
    const read = path === undefined ? readSettings(addServiceOptions(new Command())) : undefined;
    const file = path === undefined ? read?.file : readConfigFile(path);
    const ofFile = () => (file === undefined ? 0 : fileProblems(file, process.stdout));
    const errors = read === undefined ? ofFile() : configProblems(read, process.stdout);
    const found = (file?.diagnostics.length ?? 0) + (read?.diagnostics.length ?? 0);
    const what = file === undefined ? 'There is no file of configuration; the environment' : printable(file.path);
    const given = file?.values.size ?? 0;
    const options = file === undefined ? '' : `, ${given} of ${OPTION_NAMES.length} options given`;
    const verdict = found === 0 ? look.green('nothing to report') : `${errors} errors, ${found - errors} warnings`;
    process.stdout.write(`${what}: ${verdict}${options}.\n`);
    return found === 0 ? EXIT.ok : EXIT.found;
  });
}

/** @param command with the options of the service, parsed */
export function configShow(command: Command): number {
  return orRefused(() => {
    const read = readSettings(command);
    const errors = configProblems(read, process.stderr);
    const rows = OPTION_NAMES.map((name) => ({ name, value: shown(name, read), from: originWords(name, read) }));
    if (command.getOptionValue('json') === true) {
      const options = Object.fromEntries(rows.map(({ name, from }) => [name, { value: plain(name, read), from }]));
      process.stdout.write(`${JSON.stringify({ file: read.file?.path, options }, undefined, 2)}\n`);
    } else {
      const look = style(process.stdout);
      const [names, values] = [widest(rows.map(({ name }) => name)), widest(rows.map(({ value }) => value))];
      for (const { name, value, from } of rows) {
        const isDefault = read.origins.get(name)?.from === 'default';
        const text = value.padEnd(values);
        process.stdout.write(`${name.padEnd(names)}  ${isDefault ? text : look.bold(text)}  ${look.dim(from)}\n`);
      }
    }
    return errors === 0 ? EXIT.ok : EXIT.found;
  });
}

/** Never overwrites a file. */
export function configInit(path: string): number {
  if (path === '-') {
    process.stdout.write(commentedFile());
    return EXIT.ok;
  }
  try {
    // What it will hold may be secret.
    writeFileSync(path, commentedFile(), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const words = code === 'EEXIST' ? `${path} is there already. Name another file, or move it away.` : message;
    return refused(words);
  }
  process.stdout.write(
    `Wrote ${path}. Every option in it is commented out; vedette config check ${path} finds mistakes.\n`,
  );
  return EXIT.ok;
}

function shown(name: OptionName, read: ReadSettings): string {
  const value = plain(name, read);
  if (value === undefined) return optionOf(name).otherwise ?? '';
  return printable(Array.isArray(value) ? value.join(', ') : String(value));
}

function plain(name: OptionName, { settings }: ReadSettings): OptionValue | undefined {
  const option = optionOf(name);
  const value = settings[name];
  return value !== undefined && option.kind === 'text' && option.secret === true ? '(set, not shown)' : value;
}

function originWords(name: OptionName, { origins, file }: ReadSettings): string {
  const origin = origins.get(name) as Origin;
  if (origin.from === 'file') return `${file?.path}:${origin.line}`;
  return origin.from === 'default' ? 'default' : origin.name;
}

function widest(texts: readonly string[]): number {
  return Math.min(60, Math.max(...texts.map(({ length }) => length)));
}

function orRefused(action: () => number): number {
  try {
    return action();
  } catch (error) {
    if (error instanceof ConfigFileError) return refused(`${error.message} ${error.hint}`);
    throw error;
  }
}

function refused(words: string): number {
  process.stderr.write(`${style(process.stderr).red('error')}  ${words}\n`);
  return EXIT.failed;
}
