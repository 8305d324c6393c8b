/**
 * `vedette hunt QUERY --language LANGUAGE --over LOGS…`: the events that a query holds for; of a query in Kusto, the
 * table that it gives.
 */
import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { HuntColumns } from '../engine/hunt.ts';
import type { Event } from '../event/event.ts';
import type { QueryLanguage } from '../rule/rule.ts';
import { toCount } from './count-option.ts';
import { EXIT } from './exit.ts';
import { addEqlOptions, answerEql, type EqlFlags, eqlOptions } from './hunt-eql.ts';
import { addKustoOptions, huntKusto, type KustoFlags, kustoOnly } from './hunt-kusto.ts';
import {
  addRuleChangeOptions,
  type RuleChangeFlags,
  readCompileOptions,
  readRuleChanges,
} from './rule-change-options.ts';
import type { Style } from './terminal.ts';

/** Columns of a cell; longer values push the rest on. */
const CELL = 20;

interface HuntFlags extends EqlFlags, KustoFlags, RuleChangeFlags {
  readonly language?: QueryLanguage;
  readonly kusto?: true;
  readonly over?: string[];
  readonly json?: true;
  readonly limit?: number;
}

export function registerHunt(program: Command): void {
  const command = program
    .command('hunt')
    .summary('ask a question of files of logs, or in Kusto of stored events')
    .description(
      'Finds the events that a query holds for, in files of logs in any format that scan reads. A query in Kusto may ask anything, and also the events that the service keeps.',
    )
    .argument('<query>', 'the query, or @FILE to read it from a file')
    .argument('[logs...]', 'files and folders of logs, as --over names them')
    .addOption(
      new Option('-l, --language <language>', 'what it is written in')
        .choices(['eql', 'sigma', 'kusto', 'kuery', 'lucene'])
        .conflicts('kusto'),
    )
    .option('--kusto', 'it is written in Kusto: as --language kusto')
    .option('--over <logs...>', 'files and folders of logs, or - for standard input')
    .option('--limit <number>', 'events given at most; of a sequence or a sample matches, of Kusto rows', toCount)
    .option(
      '--json',
      'print each event as one line of JSON, in ECS; of EQL the answer of Elasticsearch’s EQL search, of Kusto columns and rows',
    )
    .action(async (query: string, logs: string[], flags: HuntFlags) => {
      process.exitCode = await huntCommand(query, [...(flags.over ?? []), ...logs], flags);
    })
    .addHelpText(
      'after',
      `
Examples:
  vedette hunt 'process where process.args == "http.server"' --language eql --over /var/log/audit
  vedette hunt 'sequence by process.entity_id [process where true] [network where true]' -l eql --over case/ --json
  vedette hunt 'imProcessCreate | summarize count() by DvcHostname, TargetProcessName' --kusto case/
  vedette hunt 'imProcessCreate | where TimeGenerated > ago(1d) | summarize count() by DvcHostname' --kusto
  vedette hunt @query.kql --kusto --out answer.parquet

Exit codes: 0 all was read, found or not; 1 some lines could not be read; 2 the query is wrong or a file could not be read;
64 wrong usage; 130 stopped by Ctrl-C.
`,
    );
  addRuleChangeOptions(command);
  addEqlOptions(command);
  addKustoOptions(command);
}

async function huntCommand(argument: string, over: readonly string[], flags: HuntFlags): Promise<number> {
  const language = flags.kusto === true ? 'kusto' : flags.language;
  const misused = usageProblem(language, over, flags);
  if (misused !== undefined || language === undefined) {
    process.stderr.write(`${misused}\n`);
    return EXIT.usage;
  }
  if (language === 'kusto') {
    const query = readQuery(argument);
    if (query !== undefined) {
      const logs = over.length === 0 ? undefined : over;
      return huntKusto({ query, over: logs, limit: flags.limit, isJson: flags.json === true }, flags);
    }
  }
  return huntEvents(argument, language, over, flags);
}

/** What of the command line does not go together. */
function usageProblem(
  language: QueryLanguage | undefined,
  over: readonly string[],
  flags: HuntFlags,
): string | undefined {
  if (language === undefined) return 'What is the query written in? Say so with --language, or with --kusto.';
  if (language === 'kusto')
    return eqlOptions(flags) === undefined ? undefined : 'The options of EQL’s search go with --language eql only.';
  const [option] = kustoOnly(flags);
  if (option !== undefined) return `${option} goes with queries in Kusto only.`;
  return over.length === 0 ? 'Which logs? Name files or folders, or - for standard input.' : undefined;
}

async function huntEvents(
  argument: string,
  language: QueryLanguage,
  over: readonly string[],
  flags: HuntFlags,
): Promise<number> {
  const [{ runHunt }, { renderDiagnostic }, { eventHeading, eventLine }, { count }, terminal] = await Promise.all([
    import('../engine/hunt.ts'),
    import('../diagnostic/render.ts'),
    import('./event-line.ts'),
    import('./scan-report.ts'),
    import('./terminal.ts'),
  ]);
  const look = terminal.style(process.stdout);
  const say = (text: string) => process.stderr.write(`${text}\n`);
  const query = readQuery(argument);
  if (query === undefined) {
    say(`The file ${terminal.printable(argument.slice(1))} cannot be read.`);
    return EXIT.failed;
  }
  const eql = eqlOptions(flags);
  if (eql !== undefined && language !== 'eql') {
    say('The options of EQL’s search go with --language eql only.');
    return EXIT.failed;
  }
  if (language === 'eql' && flags.json === true) return answerEql(query, over, flags.limit, eql ?? {});
  const changes = await readRuleChanges(flags, process.stderr);
  const compiling = changes && (await readCompileOptions(changes, process.stderr));
  if (compiling === undefined) return EXIT.failed;
  let first = true;
  const print = (event: Event, columns: HuntColumns | undefined, style: Style) => {
    const row = columns?.only === true ? columns.row : undefined;
    if (first && flags.json !== true)
      process.stdout.write(`${row === undefined ? eventHeading(style) : style.dim(cells(Object.keys(row)))}\n`);
    first = false;
    const line =
      flags.json === true
        ? JSON.stringify(row ?? { ...event.document(), ...columns?.row })
        : row === undefined
          ? eventLine(event, style, terminal.widthOf(process.stdout))
          : cells(Object.values(row).map((value) => terminal.printable(String(value ?? ''))));
    process.stdout.write(`${line}\n`);
  };
  const hunt = await runHunt(
    {
      query,
      language,
      over,
      ...(flags.limit === undefined ? {} : { limit: flags.limit }),
      ...compiling,
      ...(eql === undefined ? {} : { eql }),
    },
    {
      event: (event, columns) => print(event, columns, look),
      match: ({ key, events }) => {
        const keys =
          key.length === 0 ? '' : ` of ${terminal.printable(key.map((value) => value ?? 'nothing').join(', '))}`;
        process.stdout.write(`${look.bold(`Events${keys}`)}\n`);
        for (const placed of events) {
          if (placed === undefined) process.stdout.write(`${look.dim('  no such event')}\n`);
          else print(placed.event, undefined, look);
        }
      },
    },
  );
  const color = process.stderr.isTTY === true && (process.env.NO_COLOR ?? '') === '';
  for (const diagnostic of hunt.diagnostics.filter(isWorthSaying)) say(renderDiagnostic(query, diagnostic, { color }));
  if (hunt.read === undefined) return EXIT.failed;
  if (hunt.count !== undefined) {
    const number = flags.json === true ? JSON.stringify({ [hunt.count]: hunt.found }) : String(hunt.found);
    process.stdout.write(`${number}\n`);
  }
  for (const { message, hint } of hunt.read.problems) say(hint === undefined ? message : `${message} ${hint}`);
  for (const { code, count: times, first: example } of hunt.read.rejects.byCode) {
    say(`not read  ${count(times, 'line', 'lines')} (${code}), first: ${example.file}:${example.line}`);
  }
  const files = count(hunt.read.files, 'file', 'files');
  say(
    hunt.kind === undefined
      ? `${count(hunt.found, 'event', 'events')} of ${hunt.read.events.toLocaleString('en-US')} in ${files}`
      : `${count(hunt.found, hunt.kind, `${hunt.kind}s`)} in ${count(hunt.read.events, 'event', 'events')} of ${files}`,
  );
  if (hunt.read.problems.some(({ severity }) => severity === 'error')) return EXIT.failed;
  return hunt.read.rejects.total > 0 ? EXIT.found : EXIT.ok;
}

/** Values side by side; the last one needs no room behind it. */
function cells(values: readonly string[]): string {
  return values.map((value, at) => (at === values.length - 1 ? value : value.padEnd(CELL))).join('  ');
}

function isWorthSaying({ severity }: Diagnostic): boolean {
  return severity !== 'info';
}

function readQuery(argument: string): string | undefined {
  if (!argument.startsWith('@')) return argument;
  try {
    return readFileSync(argument.slice(1), 'utf8');
  } catch {
    return undefined;
  }
}
