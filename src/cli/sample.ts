/**
 * `vedette sample remove`: takes the sample's alerts and its capture out of a data folder.
 *
 * A running service is asked to do it, since it alone writes its data folder; otherwise this does it itself.
 */
import type { Command } from 'commander';
import { defaultDataFolder } from './data-folder.ts';
import { EXIT } from './exit.ts';

export function registerSample(program: Command): void {
  const sample = program
    .command('sample')
    .summary('the sample capture')
    .description('The sample capture that a first start plays.');
  sample
    .command('remove')
    .description('Removes the sample’s alerts and its capture. It is not played again in this data folder.')
    .option('--data <folder>', 'the data folder', defaultDataFolder())
    .action(async ({ data }: { data: string }) => {
      process.exitCode = await removeCommand(data);
    });
}

async function removeCommand(data: string): Promise<number> {
  const [{ removeSample }, { style }, { count }] = await Promise.all([
    import('../engine/sample-removal.ts'),
    import('./terminal.ts'),
    import('./scan-report.ts'),
  ]);
  try {
    const removed = await removeSample(data);
    process.stdout.write(`Removed the sample: ${count(removed, 'alert', 'alerts')}. It will not be played again.\n`);
    return EXIT.ok;
  } catch (error) {
    const hint = (error as { hint?: string }).hint;
    process.stderr.write(
      `${style(process.stderr).red('error')}  ${(error as Error).message}${hint === undefined ? '' : ` ${hint}`}\n`,
    );
    return EXIT.failed;
  }
}
