/**
 * `vedette exception …`: exceptions of a data folder, through the running service where there is one. The work is loaded
 * when a command runs, so that help stays quick.
 */
import type { Command } from 'commander';
import { defaultDataFolder } from './data-folder.ts';

const FORMS = 'Elastic’s exported lists (NDJSON), or YAML or JSON of our own';
const CODES = '\nExit codes: 0 done, 1 something was not taken or has warnings, 2 something could not be read or done.';

export function registerException(program: Command): void {
  const exception = program
    .command('exception')
    .summary('what rules must not alert on')
    .description(
      'Exceptions: what rules must not alert on, and why. Value lists are managed on the page and over the API.',
    )
    .helpCommand(false);

  exception
    .command('check')
    .description('find mistakes in files of exceptions')
    .argument('<files...>', `${FORMS}; - for standard input`)
    .option(
      '-r, --rules <paths...>',
      'rule files and folders that the exceptions may name (default: the bundled rules)',
    )
    .option('--json', 'one exception with its check a line (NDJSON)')
    .addHelpText('after', CODES)
    .action(async (files: string[], options: { rules?: string[]; json?: true }) => {
      const { checkCommand } = await import('./exception-check.ts');
      process.exitCode = await checkCommand(files, options);
    });

  exception
    .command('scenarios')
    .description('print the harmless reasons that come with Vedette, as exceptions to choose and fill in')
    .argument('[id]', 'one of them, as YAML for `exception add`')
    .action(async (id: string | undefined) => {
      const { scenariosCommand } = await import('./exception-scenarios.ts');
      process.exitCode = scenariosCommand(id);
    });

  withFolder(exception.command('list').description('print the exceptions, what each says and how much it removed'))
    .option('--rule <id>', 'only those that a rule is subject to')
    .option('--json', 'one a line (NDJSON)')
    .action(async (options: { data: string; rule?: string; json?: true }) => {
      const { listCommand } = await import('./exception-list.ts');
      process.exitCode = await listCommand(options);
    });

  withFolder(
    exception
      .command('preview')
      .description('print which stored alerts and events the exceptions of files would remove, without keeping them'),
  )
    .argument('<files...>', `${FORMS}; - for standard input`)
    .option('--for <rules...>', 'rule ids, or all: for exceptions whose list no rule refers to')
    .option(
      '-r, --rules <paths...>',
      'where no service runs, the rules to try on stored events (default: the bundled ones)',
    )
    .option('--json', 'one exception with its effect a line (NDJSON)')
    .addHelpText('after', CODES)
    .action(async (files: string[], options: { data: string; for?: string[]; rules?: string[]; json?: true }) => {
      const { tryCommand } = await import('./exception-list.ts');
      process.exitCode = await tryCommand(files, options);
    });

  const adding = (command: Command, isTried: boolean) =>
    withFolder(command)
      .argument('<files...>', `${FORMS}; - for standard input`)
      .option('--for <rules...>', 'rule ids, or all: for exceptions whose list no rule refers to')
      .option('--by <name>', 'who does it (default: you)')
      .addHelpText('after', CODES)
      .action(async (files: string[], options: { data: string; for?: string[]; by?: string }) => {
        const { importCommand } = await import('./exception-list.ts');
        process.exitCode = await importCommand(files, options, isTried);
      });
  adding(
    exception
      .command('add')
      .description(
        'keep the exceptions of files, and say what they would have removed; those that are there already are replaced',
      ),
    true,
  );
  adding(exception.command('import').description('keep what Kibana exported'), false);

  withFolder(exception.command('export').description('print all exceptions'))
    .option('--form <form>', 'elastic (NDJSON for Kibana’s import) or vedette (JSON, leaves nothing out)', 'elastic')
    .action(async (options: { data: string; form: string }) => {
      const { exportCommand } = await import('./exception-list.ts');
      process.exitCode = await exportCommand(options);
    });

  withFolder(exception.command('remove').description('remove an exception'))
    .argument('<id>', 'its id, as `exception list` shows it')
    .option('--by <name>', 'who does it (default: you)')
    .action(async (id: string, options: { data: string; by?: string }) => {
      const { removeCommand } = await import('./exception-list.ts');
      process.exitCode = await removeCommand(id, options);
    });
}

function withFolder(command: Command): Command {
  return command.option('--data <folder>', 'the data folder', defaultDataFolder());
}
