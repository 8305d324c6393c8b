/**
 * `vedette backup` and `vedette restore`: a data folder in one file, and back. The work is loaded when a command runs, so
 * that help stays quick.
 */
import type { Command } from 'commander';
import { defaultDataFolder } from './data-folder.ts';
import { EXIT } from './exit.ts';
import { version } from './version.ts';

export function registerBackup(program: Command): void {
  program
    .command('backup')
    .summary('a copy of the data folder in one file')
    .description('Copies a data folder into one file, while the service runs or not. Only its owner may read the file.')
    .argument('<file>', 'where to, such as vedette-2026-11-22.tar.zst; must not be there yet')
    .option('--data <folder>', 'the data folder', defaultDataFolder())
    .option('--no-events', 'leave the stored events out: alerts keep their own')
    .action(async (file: string, { data, events }: { data: string; events: boolean }) => {
      process.exitCode = await backupCommand(file, data, events);
    });
  program
    .command('restore')
    .summary('a backup back into a data folder')
    .description('Checks a backup and puts it into a folder that is empty or not there.')
    .argument('<file>', 'written by vedette backup')
    .requiredOption('--data <folder>', 'the data folder to make')
    .action(async (file: string, { data }: { data: string }) => {
      process.exitCode = await restoreCommand(file, data);
    });
}

async function backupCommand(file: string, dataFolder: string, withEvents: boolean): Promise<number> {
  const { backUp } = await import('../store/backup/back-up.ts');
  return await orRefused(async () => {
    const done = await backUp({ dataFolder, file, withEvents, version: version(), now: new Date() });
    const megabytes = (done.bytes / 1e6).toFixed(done.bytes < 1e7 ? 1 : 0);
    process.stdout.write(`Wrote ${file}: ${done.files} files of ${dataFolder}, ${megabytes} MB.\n`);
  });
}

async function restoreCommand(file: string, dataFolder: string): Promise<number> {
  const { restore } = await import('../store/backup/restore.ts');
  return await orRefused(async () => {
    const { made, version: by } = await restore(file, dataFolder);
    process.stdout.write(`Restored the backup of ${made} (Vedette ${by}) into ${dataFolder}. It was checked whole.\n`);
  });
}

async function orRefused(action: () => Promise<void>): Promise<number> {
  try {
    await action();
    return EXIT.ok;
  } catch (error) {
    const { message, hint } = error as { message: string; hint?: string };
    const { style } = await import('./terminal.ts');
    process.stderr.write(`${style(process.stderr).red('error')}  ${message}${hint === undefined ? '' : ` ${hint}`}\n`);
    return EXIT.failed;
  }
}
