/**
 * `vedette config …`: the file of configuration checked, shown, written, and its schema. The work is loaded when a
 * command runs, so that help stays quick.
 */
import type { Command } from 'commander';
import { addServiceOptions, CONFIG_FILE } from './service-options.ts';

const CODES = '\nExit codes: 0 nothing to report, 1 errors or warnings, 2 the file could not be read or written.';

export function registerConfig(program: Command): void {
  const config = program
    .command('config')
    .summary('the file of configuration')
    .description(`The service’s options in one file, ${CONFIG_FILE}; docs/configuration.md lists them.`)
    .helpCommand(false);

  config
    .command('check')
    .description('find mistakes in a file of configuration, without starting anything')
    .argument('[file]', `the file (default: ${CONFIG_FILE} in the data folder, or here)`)
    .addHelpText('after', CODES)
    .action(async (file: string | undefined) => {
      const { configCheck } = await import('./config-commands.ts');
      process.exitCode = configCheck(file);
    });

  const show = config
    .command('show')
    .description('print what holds, and where each value comes from; takes the options of `start`')
    .option('--json', 'as one JSON object')
    .action(async () => {
      const { configShow } = await import('./config-commands.ts');
      process.exitCode = configShow(show);
    });
  addServiceOptions(show);

  config
    .command('init')
    .description('write a file with every option in it, commented')
    .argument('[file]', 'where to; - for standard output', CONFIG_FILE)
    .action(async (file: string) => {
      const { configInit } = await import('./config-commands.ts');
      process.exitCode = configInit(file);
    });

  config
    .command('schema')
    .description('print the JSON Schema of the file, for editors')
    .action(async () => {
      const { configSchema } = await import('../config/config-schema.ts');
      process.stdout.write(`${JSON.stringify(configSchema(), undefined, 2)}\n`);
    });
}
