/**
 * `vedette top`: a running service in the terminal, refreshed in place.
 *
 *   GET /api/system, every second ──topLines──▶ the whole screen written anew
 */
import type { Command } from 'commander';
import type { SystemReport } from '../serve/system-api.ts';
import { toCount } from './count-option.ts';
import { defaultDataFolder } from './data-folder.ts';
import { EXIT } from './exit.ts';

interface TopFlags {
  readonly data: string;
  readonly url?: string;
  readonly once?: true;
  readonly json?: true;
  readonly every: number;
}

/** A service that works answers in milliseconds. */
const PATIENCE_MS = 5_000;
/** Where the terminal does not say. */
const COLUMNS = 80;
const ROWS = 40;

export function registerTop(program: Command): void {
  program
    .command('top')
    .summary('a running service, live in the terminal')
    .description('Shows a running service: events a second, sources, rules, queues, storage, memory. q or Ctrl-C ends.')
    .option('--data <folder>', 'its data folder', defaultDataFolder())
    .option('--url <address>', 'its address, where it is not the one that the data folder names')
    .option('--once', 'print it once; so it does where the output is no terminal')
    .option('--json', 'print the report as JSON, once')
    .option('--every <seconds>', 'how often', toCount, 1)
    .addHelpText('after', '\nExit codes: 0 shown, 1 shown and not ready, 2 no service answers.')
    .action(async (flags: TopFlags) => {
      process.exitCode = await topCommand(flags);
    });
}

async function topCommand(flags: TopFlags): Promise<number> {
  const isOnce = flags.once === true || flags.json === true || !process.stdout.isTTY;
  const asked = await ask(flags);
  if (typeof asked === 'string') return await refused(asked);
  if (flags.json === true) process.stdout.write(`${JSON.stringify(asked, undefined, 2)}\n`);
  else if (isOnce) process.stdout.write(`${(await drawn(asked, false)).join('\n')}\n`);
  else return await follow(flags, asked);
  return asked.readiness.ready ? EXIT.ok : EXIT.found;
}

/** The report, or why there is none. */
async function ask({ data, url }: TopFlags): Promise<SystemReport | string> {
  const { readServiceAddress } = await import('../engine/service-address.ts');
  const address = url ?? readServiceAddress(data);
  if (address === undefined)
    return `No service runs on ${data}. Start one with vedette start, or name its data folder.`;
  try {
    const answer = await fetch(new URL('/api/system', address), { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.ok) return (await answer.json()) as SystemReport;
    return `The service at ${address} answered ${answer.status}: ${(await answer.text()).slice(0, 200)}`;
  } catch (error) {
    const { message, cause } = error as Error;
    return `The service at ${address} does not answer: ${cause instanceof Error ? cause.message : message}`;
  }
}

async function drawn(report: SystemReport, isWhole: boolean, trouble?: string): Promise<readonly string[]> {
  const [{ topLines }, { style }] = await Promise.all([import('./top-lines.ts'), import('./terminal.ts')]);
  const columns = process.stdout.columns || COLUMNS;
  const rows = isWhole ? process.stdout.rows || ROWS : ROWS;
  return topLines(report, {
    look: style(process.stdout),
    columns,
    rows,
    ...(trouble === undefined ? {} : { trouble }),
  });
}

/** Until q, Ctrl-C or SIGTERM; the terminal is as before afterwards. */
async function follow(flags: TopFlags, first: SystemReport): Promise<number> {
  const ending = new AbortController();
  const end = () => ending.abort();
  const { stdin, stdout } = process;
  const onKey = (key: Buffer) => {
    if (['q', 'Q', '\u0003', '\u0004'].includes(key.toString())) end();
  };
  let report = first;
  let trouble: string | undefined;
  const show = async () => {
    const lines = await drawn(report, true, trouble);
    // Each line clears what was behind it, so that nothing flickers.
    stdout.write(`\u001b[H${lines.map((line) => `${line}\u001b[K`).join('\r\n')}\u001b[J`);
  };
  const onResize = () => void show();
  stdout.write('\u001b[?1049h\u001b[?25l');
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  stdout.on('resize', onResize);
  if (stdin.isTTY) stdin.setRawMode(true).on('data', onKey).resume();
  try {
    while (!ending.signal.aborted) {
      await show();
      await pause(flags.every * 1_000, ending.signal);
      if (ending.signal.aborted) break;
      const asked = await ask(flags);
      trouble = typeof asked === 'string' ? asked : undefined;
      if (typeof asked !== 'string') report = asked;
    }
  } finally {
    if (stdin.isTTY) stdin.off('data', onKey).setRawMode(false).pause();
    stdout.off('resize', onResize);
    process.off('SIGTERM', end);
    process.off('SIGINT', end);
    stdout.write('\u001b[?25h\u001b[?1049l');
  }
  return EXIT.ok;
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const clock = setTimeout(done, Math.max(200, milliseconds));
    function done(): void {
      clearTimeout(clock);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done, { once: true });
  });
}

async function refused(words: string): Promise<number> {
  const { style } = await import('./terminal.ts');
  process.stderr.write(`${style(process.stderr).red('error')}  ${words}\n`);
  return EXIT.failed;
}
