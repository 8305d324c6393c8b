/**
 * `vedette events LOGS…`: what is in files of logs, one event as it came and in ECS, the fields, or all of it in ECS
 * or OCSF.
 */
import { type Command, InvalidArgumentError } from 'commander';
import type { Wanted } from '../engine/events-report.ts';
import type { Event } from '../event/event.ts';
import { EXIT } from './exit.ts';
import type { Style } from './terminal.ts';

type OutputFormat = 'ecs' | 'ocsf';

interface EventsFlags {
  readonly show?: Wanted;
  readonly fields?: true;
  readonly to?: OutputFormat;
  readonly json?: true;
}

export function registerEvents(program: Command): void {
  program
    .command('events')
    .summary('see what is in files of logs')
    .description('Tells what is in files of logs: formats, hosts, times, kinds of events, and what cannot be read.')
    .argument('<logs...>', 'files and folders; formats are recognised; - is standard input')
    .option('--show <event>', 'one event as it came and in ECS: first, a byte offset, or FILE:OFFSET', toWanted)
    .option('--fields', 'the fields that events have, how often, and their most frequent values')
    .option('--to <format>', 'write every event as one line of JSON: ecs or ocsf', toOutputFormat)
    .option('--json', 'print the report as JSON')
    .addHelpText(
      'after',
      `
Examples:
  vedette events /var/log/
  vedette events case.ndjson.gz --show first
  vedette events audit.log --fields
  vedette events exported/ --to ecs > events.ndjson

Exit codes: 0 all was read; 1 some lines could not be read; 2 a file could not be read, or the event is not there.
`,
    )
    .action(async (logs: string[], flags: EventsFlags) => {
      process.exitCode = await eventsCommand(logs, flags);
    });
}

async function eventsCommand(logs: readonly string[], flags: EventsFlags): Promise<number> {
  const [{ findEvent, reportEvents }, terminal] = await Promise.all([
    import('../engine/events-report.ts'),
    import('./terminal.ts'),
  ]);
  const style = terminal.style(process.stdout);
  const width = terminal.widthOf(process.stdout);
  if (flags.show !== undefined) return await show(await findEvent(logs, flags.show), style, width);
  if (flags.to !== undefined) {
    const { toOcsf } = await import('../format/to-ocsf.ts');
    const written = flags.to === 'ocsf' ? toOcsf : (event: Event) => event.document();
    const report = await reportEvents({ logs }, (event) => {
      process.stdout.write(`${JSON.stringify(written(event))}\n`);
    });
    const { eventsReportLines } = await import('./events-report-lines.ts');
    const lines = eventsReportLines(report, terminal.style(process.stderr), terminal.widthOf(process.stderr));
    process.stderr.write(`${lines.join('\n')}\n`);
    return exitCode(report);
  }
  const columns = Math.min(120, Number.isFinite(width) ? width - 1 : 60);
  const report = await reportEvents({ logs, columns, ...(flags.fields === true ? { fields: true } : {}) });
  if (flags.json === true) {
    process.stdout.write(`${JSON.stringify(report)}\n`);
    return exitCode(report);
  }
  const { eventsReportLines, fieldLines, notRead } = await import('./events-report-lines.ts');
  const lines =
    report.fields === undefined
      ? eventsReportLines(report, style, width)
      : [...fieldLines(report.fields, report.events, style, width), ...notRead(report, style)];
  process.stdout.write(`${lines.join('\n')}\n`);
  return exitCode(report);
}

type Found = Awaited<ReturnType<typeof import('../engine/events-report.ts')['findEvent']>>;

async function show({ found, read }: Found, style: Style, width: number): Promise<number> {
  const [{ eventShowLines }, { notRead }] = await Promise.all([
    import('./event-show.ts'),
    import('./events-report-lines.ts'),
  ]);
  if (found !== undefined) {
    process.stdout.write(`${eventShowLines(found.event, found.raw, style, width).join('\n')}\n`);
    return EXIT.ok;
  }
  process.stderr.write(`No event starts there; ${read.events.toLocaleString('en-US')} were read.\n`);
  const lines = notRead(read, style);
  if (lines.length > 0) process.stderr.write(`${lines.join('\n')}\n`);
  return EXIT.failed;
}

function exitCode({ problems, rejects }: Found['read']): number {
  if (problems.some(({ severity }) => severity === 'error')) return EXIT.failed;
  return rejects.total > 0 ? EXIT.found : EXIT.ok;
}

function toWanted(text: string): Wanted {
  if (text === 'first') return 'first';
  const [, file, offset] = /^(?:(.+):)?(\d{1,15})$/s.exec(text) ?? [];
  if (offset === undefined) throw new InvalidArgumentError('It takes first, a byte offset, or FILE:OFFSET.');
  return { offset: Number(offset), ...(file === undefined ? {} : { file }) };
}

function toOutputFormat(text: string): OutputFormat {
  if (text !== 'ecs' && text !== 'ocsf') throw new InvalidArgumentError('Events are written in ecs or ocsf.');
  return text;
}
