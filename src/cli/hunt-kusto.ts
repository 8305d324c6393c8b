/**
 * `vedette hunt QUERY --kusto`: a whole query in Kusto over the events that the service keeps, or over files of logs; its
 * answer as a table on the terminal, as JSON, or in a file.
 */
import { writeFileSync } from 'node:fs';
import { extname } from 'node:path';
import type { Command } from 'commander';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { AnswerFormat } from '../engine/tables/answer-file.ts';
import type { TableHunt } from '../engine/tables/table-hunt.ts';
import { toCount } from './count-option.ts';
import { counted } from './counted.ts';
import { defaultDataFolder } from './data-folder.ts';
import { EXIT } from './exit.ts';
import { waitingLine } from './waiting-line.ts';

export interface KustoFlags {
  readonly data?: string;
  readonly out?: string;
  readonly seconds?: number;
  readonly megabytes?: number;
  readonly external?: string;
  readonly own?: string;
}

const STOPPED = 130;
const SECONDS = 600;

export function addKustoOptions(command: Command): void {
  command
    .optionsGroup('Options of Kusto:')
    .option('--data <folder>', 'the data folder of the service whose events are asked where no logs are named')
    .option('--out <file>', 'write the answer to a file: .csv, .json or .parquet')
    .option('--seconds <number>', `how long the query may take (default: ${SECONDS})`, toCount)
    .option('--megabytes <number>', 'how much memory it may take (default: 1024)', toCount)
    .option('--external <folder>', 'externaldata may read files below this folder (default: none)');
}

/** Which of the options that only Kusto takes were given. */
export function kustoOnly(flags: KustoFlags): readonly string[] {
  const names = ['data', 'out', 'seconds', 'megabytes', 'external', 'own'] as const;
  return names.filter((name) => flags[name] !== undefined).map((name) => `--${name}`);
}

export interface KustoHunt {
  readonly query: string;
  readonly over: readonly string[] | undefined;
  readonly limit: number | undefined;
  readonly isJson: boolean;
}

export async function huntKusto({ query, over, limit, isJson }: KustoHunt, flags: KustoFlags): Promise<number> {
  const format = flags.out === undefined ? undefined : formatOf(flags.out);
  const say = (text: string) => process.stderr.write(`${text}\n`);
  if (flags.out !== undefined && format === undefined) {
    say('An answer is written to a file that ends in .csv, .json or .parquet.');
    return EXIT.usage;
  }
  const [{ runTableHunt }, { renderDiagnostic }] = await Promise.all([
    import('../engine/tables/table-hunt.ts'),
    import('../diagnostic/render.ts'),
  ]);
  const data = flags.data ?? defaultDataFolder();
  if (over === undefined && (await lacksEvents(data, flags.data !== undefined))) return EXIT.failed;
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  process.once('SIGINT', stop);
  const waiting = waitingLine(process.stderr, 'hunting');
  const began = performance.now();
  try {
    const hunt = await runTableHunt({
      query,
      ...(over === undefined ? { data } : { over }),
      ...(limit === undefined ? {} : { rows: limit }),
      seconds: flags.seconds ?? SECONDS,
      ...(flags.megabytes === undefined ? {} : { megabytes: flags.megabytes }),
      ...(flags.external === undefined ? {} : { externalFolder: flags.external }),
      ...(flags.own === undefined ? {} : { ownFolder: flags.own }),
      signal: stopping.signal,
    });
    waiting.end();
    for (const { file, diagnostic } of hunt.problems) say(`${file}: ${diagnostic.message}`);
    const color = process.stderr.isTTY === true && (process.env.NO_COLOR ?? '') === '';
    for (const diagnostic of hunt.diagnostics.filter(isWorthSaying))
      say(renderDiagnostic(query, diagnostic, { color }));
    if (hunt.answer === undefined) return EXIT.failed;
    await give(hunt.answer, isJson, flags.out, format);
    return sayWhatWasRead(hunt, hunt.answer, performance.now() - began);
  } catch (error) {
    waiting.end();
    if (stopping.signal.aborted) {
      say('Stopped.');
      return STOPPED;
    }
    const { message, hint, code } = error as { message: string; hint?: string; code?: string };
    if (code === undefined) throw error;
    say(hint === undefined ? message : `${message} ${hint}`);
    return EXIT.failed;
  } finally {
    process.off('SIGINT', stop);
  }
}

/** Says where no events are kept; whether the query is not to be asked, since somebody named the folder. */
async function lacksEvents(data: string, isNamed: boolean): Promise<boolean> {
  const [{ hasEvents }, { printable }] = await Promise.all([
    import('../store/open-event-store.ts'),
    import('./terminal.ts'),
  ]);
  if (hasEvents(data)) return false;
  process.stderr.write(
    `No events are kept in ${printable(data)}. Name files of logs, or a service’s data folder (--data).\n`,
  );
  return isNamed;
}

type Answer = NonNullable<TableHunt['answer']>;

async function give(
  answer: Answer,
  isJson: boolean,
  out: string | undefined,
  format: AnswerFormat | undefined,
): Promise<void> {
  if (out !== undefined && format !== undefined) {
    const { answerFile } = await import('../engine/tables/answer-file.ts');
    writeFileSync(out, await answerFile(answer, format));
  } else if (isJson) {
    const { answerText } = await import('../plan/relation/answer-json.ts');
    process.stdout.write(`${answerText(answer)}\n`);
  } else {
    const [{ answerLines }, { style, widthOf }] = await Promise.all([
      import('./answer-lines.ts'),
      import('./terminal.ts'),
    ]);
    for (const line of answerLines(answer, style(process.stdout), widthOf(process.stdout)))
      process.stdout.write(`${line}\n`);
  }
}

function sayWhatWasRead({ read }: TableHunt, { rows, isCut }: Answer, ms: number): number {
  const say = (text: string) => process.stderr.write(`${text}\n`);
  for (const { message, hint } of read?.problems ?? []) say(hint === undefined ? message : `${message} ${hint}`);
  for (const { code, count, first } of read?.rejects.byCode ?? [])
    say(`not read  ${counted(count, 'line')} (${code}), first: ${first.file}:${first.line}`);
  const of = read === undefined ? '' : ` of ${counted(read.events, 'event')} in ${counted(read.files, 'file')}`;
  const more = isCut ? 'the first ' : '';
  const hint = isCut ? '; there are more: summarize, or see --limit' : '';
  say(`${more}${counted(rows.length, 'row')}${of}, ${(ms / 1_000).toFixed(1)} s${hint}`);
  if (read?.problems.some(({ severity }) => severity === 'error') === true) return EXIT.failed;
  return (read?.rejects.total ?? 0) > 0 ? EXIT.found : EXIT.ok;
}

function formatOf(path: string): AnswerFormat | undefined {
  const end = extname(path).toLowerCase();
  return end === '.csv' || end === '.json' || end === '.parquet' ? (end.slice(1) as AnswerFormat) : undefined;
}

function isWorthSaying({ severity }: Diagnostic): boolean {
  return severity !== 'info';
}
