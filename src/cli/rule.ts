/**
 * `vedette rule check` and `vedette rule show`. The work is loaded when a command runs, so that help stays quick.
 */
import type { Command } from 'commander';

const PATHS = 'rule files (Elastic TOML), folders of them, or - for standard input';

export function registerRule(program: Command): void {
  const rule = program.command('rule').description('look at rules: check them, show them').helpCommand(false);

  rule
    .command('check')
    .description('find mistakes in rules')
    .argument('<path...>', PATHS)
    .option('--json', 'one finding a line (NDJSON)')
    .addHelpText('after', '\nExit codes: 0 no errors or warnings, 1 errors or warnings, 2 something could not be read.')
    .action(async (paths: readonly string[], options: { readonly json?: true }) => {
      const { checkCommand } = await import('./rule-check.ts');
      process.exitCode = await checkCommand(paths, { json: options.json === true, out: process.stdout });
    });

  rule
    .command('show')
    .description('print rules as a person reads them')
    .argument('<path...>', PATHS)
    .option('--json', 'the whole rule documents, one a line (NDJSON)')
    .addHelpText(
      'after',
      '\nExit codes: 0 all shown, 1 some files hold no readable rule, 2 something could not be read.',
    )
    .action(async (paths: readonly string[], options: { readonly json?: true }) => {
      const { showCommand } = await import('./rule-show.ts');
      const streams = { out: process.stdout, errors: process.stderr };
      process.exitCode = await showCommand(paths, { json: options.json === true, ...streams });
    });
}
