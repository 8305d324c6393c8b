/**
 * The command line. Every command loads its own code when it runs, so that `--help` and small commands stay quick.
 */
import { Command, CommanderError } from 'commander';
import { registerBacktest } from './backtest.ts';
import { registerBackup } from './backup.ts';
import { registerConfig } from './config.ts';
import { registerEvents } from './events.ts';
import { registerException } from './exception.ts';
import { EXIT } from './exit.ts';
import { registerHunt } from './hunt.ts';
import { registerRule } from './rule.ts';
import { registerSample } from './sample.ts';
import { registerScan } from './scan.ts';
import { registerSend } from './send.ts';
import { registerStart } from './start.ts';
import { registerTop } from './top.ts';
import { version } from './version.ts';
import { registerWatch } from './watch.ts';

/** Runs a command line (without `node` and the script) and gives the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  // A reader that has seen enough (`| head`) closes the pipe: that is its way of saying so, not an error.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', endQuietly);
  const program = new Command('vedette')
    .description('Runs detection rules over endpoint events: live, and over files of logs.')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .showSuggestionAfterError()
    .exitOverride()
    .addHelpText('after', EXAMPLES);
  registerStart(program);
  registerScan(program);
  registerWatch(program);
  registerEvents(program);
  registerHunt(program);
  registerBacktest(program);
  registerRule(program);
  registerException(program);
  registerSample(program);
  registerSend(program);
  registerTop(program);
  registerConfig(program);
  registerBackup(program);
  for (const command of program.commands) command.exitOverride();

  try {
    process.exitCode = 0;
    await program.parseAsync(argv, { from: 'user' });
    return Number(process.exitCode);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
}

function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit(EXIT.ok);
}

const EXAMPLES = `
Examples:
  vedette start                                   the service and its page, watching this machine
  vedette scan /var/log/audit/                    the bundled rules over a folder of logs
  vedette scan case.log.gz --rules my-rules/ --json > alerts.ndjson
  journalctl … | vedette scan -                   standard input
  vedette watch                                   this machine's process starts, alerts in the terminal
  vedette rule check my-rules/                    find mistakes in rules

Exit codes: 0 all was read, alerts or not; 1 some lines could not be read, or a rule has findings; 2 a file could
not be read or the work not be done; 64 wrong usage.
`;
