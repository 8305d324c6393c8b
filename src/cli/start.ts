/**
 * `vedette start`: the service and its page on the loopback interface, with its state in a data folder.
 */
import { type Command, InvalidArgumentError } from 'commander';
import { defaultDataFolder } from './data-folder.ts';
import { EXIT } from './exit.ts';
import { PIPELINE_HELP } from './pipeline-option.ts';

interface StartFlags {
  readonly data: string;
  readonly port?: number;
  readonly rules?: string[];
  readonly pipeline?: string[];
  readonly follow?: string[];
  readonly auditLog?: string;
  readonly eventDays: number;
  readonly eventSpace: number;
  readonly incidentGap?: number;
  readonly endpointStandIn: boolean;
  readonly sample: boolean;
  readonly watch: boolean;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 3_600_000;
const MEBIBYTE = 1024 ** 2;

export function registerStart(program: Command): void {
  program
    .command('start')
    .summary('the service and its page, watching this machine')
    .description('Runs the service on the loopback interface: watches this machine, keeps alerts, serves the page.')
    .option('--data <folder>', 'where alerts and state are kept', defaultDataFolder())
    .option('--port <number>', 'port of the page (default: 7077 or the next free one)', toPort)
    .option('-r, --rules <paths...>', 'rule files and folders (default: the bundled rules)')
    .option('--pipeline <paths...>', PIPELINE_HELP)
    .option('--follow <files...>', 'log files to follow, from their beginning')
    .option('--audit-log <file>', 'this machine’s audit log (default: /var/log/audit/audit.log)')
    .option('--event-days <days>', 'days that events are kept beside the alerts', toCount, 7)
    .option('--event-space <megabytes>', 'space on the disk for them; the oldest go first', toCount, 1024)
    .option(
      '--incident-gap <minutes>',
      'longest pause within an incident, for new alerts; remembered (default: 60)',
      toCount,
    )
    .option('--no-endpoint-stand-in', 'do not count this machine’s executions as an endpoint agent’s')
    .option('--no-sample', 'do not play the sample capture')
    .option('--no-watch', 'do not watch this machine')
    .action(async (flags: StartFlags) => {
      process.exitCode = await startCommand(flags);
    });
}

async function startCommand(flags: StartFlags): Promise<number> {
  const [{ serve }, { style }] = await Promise.all([import('./serve.ts'), import('./terminal.ts')]);
  const look = style(process.stderr);
  try {
    await serve(
      {
        dataFolder: flags.data,
        sample: flags.sample,
        watch: flags.watch,
        standsInForEndpoint: flags.endpointStandIn,
        eventLimits: { keepMs: flags.eventDays * DAY_MS, maxBytes: flags.eventSpace * MEBIBYTE },
        ...(flags.rules === undefined ? {} : { rules: flags.rules }),
        ...(flags.pipeline === undefined ? {} : { pipelines: flags.pipeline }),
        ...(flags.follow === undefined ? {} : { follow: flags.follow }),
        ...(flags.auditLog === undefined ? {} : { auditLog: flags.auditLog }),
        ...(flags.incidentGap === undefined ? {} : { incidentGapMs: flags.incidentGap * MINUTE_MS }),
      },
      flags.port,
    );
    return EXIT.ok;
  } catch (error) {
    const { message, hint } = error as { message: string; hint?: string };
    process.stderr.write(`${look.red('error')}  ${message}${hint === undefined ? '' : ` ${hint}`}\n`);
    return EXIT.failed;
  }
}

function toCount(text: string): number {
  const count = Number(text);
  if (!/^\d{1,6}$/.test(text) || count === 0) throw new InvalidArgumentError('It takes a whole number from 1 on.');
  return count;
}

function toPort(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new InvalidArgumentError('It takes a number from 0 to 65535.');
  return port;
}
