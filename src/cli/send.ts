/**
 * `vedette send FILE…`: files of logs to a running service, as a shipper would send them.
 */
import { type Command, InvalidArgumentError } from 'commander';
import type { SendReport } from '../engine/event-sender.ts';
import { defaultDataFolder } from './data-folder.ts';
import { EXIT } from './exit.ts';

interface SendFlags {
  readonly to?: string;
  readonly data: string;
  readonly source: string;
  readonly history?: true;
  readonly token?: string;
  readonly json?: true;
}

export function registerSend(program: Command): void {
  program
    .command('send')
    .summary('send logs to a running service')
    .description('Sends files of logs to a running service, which detects in them as if they had just been written.')
    .argument('<logs...>', 'files and folders of logs, plain or compressed; - is standard input')
    .option('--to <url>', 'the service (default: the one of the data folder)', toUrl)
    .option('--data <folder>', 'the data folder whose service is meant', defaultDataFolder())
    .option('--source <name>', 'the name to send under', 'send')
    .option('--history', 'these events are of the past: keep them, and run the rules over their own time')
    .option('--token <token>', 'the service’s ingest token (default: VEDETTE_INGEST_TOKEN)')
    .option('--json', 'print what became of them as JSON')
    .action(async (logs: string[], flags: SendFlags) => {
      process.exitCode = await sendCommand(logs, flags);
    });
}

async function sendCommand(logs: readonly string[], flags: SendFlags): Promise<number> {
  const [{ SendError, sendFiles }, { readServiceAddress }, { style }, { count }] = await Promise.all([
    import('../engine/event-sender.ts'),
    import('../engine/service-address.ts'),
    import('./terminal.ts'),
    import('./scan-report.ts'),
  ]);
  const look = style(process.stderr);
  const say = (text: string) => process.stderr.write(`${text}\n`);
  const to = flags.to ?? readServiceAddress(flags.data);
  if (to === undefined) {
    say(`${look.red('error')}  No service runs with ${flags.data}. Start one, or name its address with --to.`);
    return EXIT.failed;
  }
  const token = flags.token ?? process.env.VEDETTE_INGEST_TOKEN;
  try {
    const report = await sendFiles({
      ...{ files: logs, to, source: flags.source, isHistory: flags.history === true, stdin: process.stdin },
      ...(token === undefined || token === '' ? {} : { token }),
    });
    if (flags.json === true) process.stdout.write(`${JSON.stringify(report)}\n`);
    else process.stdout.write(`${reportLines(report, count).join('\n')}\n`);
    for (const problem of report.problems) say(`${look.red('not read')}  ${problem}`);
    for (const { file, line, reason } of report.rejects) say(`${look.yellow('not read')}  ${file}:${line}: ${reason}`);
    if (report.problems.length > 0) return EXIT.failed;
    return report.rejected > 0 ? EXIT.found : EXIT.ok;
  } catch (error) {
    if (!(error instanceof SendError)) throw error;
    say(`${look.red('error')}  ${error.message}`);
    return EXIT.failed;
  }
}

function reportLines(
  { lines, events, rejected, range, run }: SendReport,
  count: (number: number, one: string, many: string) => string,
): readonly string[] {
  const unread = rejected === 0 ? '' : `; ${count(rejected, 'line', 'lines')} could not be read`;
  return [
    `${count(events, 'event', 'events')} of ${count(lines, 'line', 'lines')} taken and kept${unread}.`,
    ...(range === undefined ? [] : [`They happened from ${range.from} to ${range.to}.`]),
    ...(run === undefined ? [] : ['The rules run over them now; the page Runs shows how they do.']),
  ];
}

function toUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new InvalidArgumentError('It takes an address such as http://127.0.0.1:7077.');
  }
  return url.href;
}
