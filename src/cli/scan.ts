/**
 * `vedette scan LOGS…`: rules over files of logs. Alerts go to standard output, a table for people or NDJSON for
 * programs; progress and, with `--json`, the report go to standard error.
 */
import type { Command } from 'commander';
import type { Alert } from '../detect/alert.ts';
import type { RejectedLine, ScanSummary } from '../engine/scan-summary.ts';
import { toCount } from './count-option.ts';
import { EXIT } from './exit.ts';
import { boundHeapGrowth } from './heap-growth.ts';
import { addRuleCacheOption, type RuleCacheFlags, ruleCacheOf } from './rule-cache-option.ts';
import {
  addRuleChangeOptions,
  type RuleChangeFlags,
  readCompileOptions,
  readRuleChanges,
} from './rule-change-options.ts';

interface ScanFlags extends RuleChangeFlags, RuleCacheFlags {
  readonly rules?: string[];
  readonly exceptions?: string[];
  readonly lists?: string;
  readonly indicators?: string;
  readonly json?: boolean;
  readonly maxAlerts?: number;
  readonly host?: string;
  readonly rejects?: string;
  readonly threads?: number;
  readonly endpointStandIn: boolean;
  readonly progress: boolean;
}

export function registerScan(program: Command): void {
  const command = program
    .command('scan')
    .summary('run rules over files of logs')
    .description('Runs rules over files of logs: plain, gzip or zstd; files, folders, or - for standard input.')
    .argument('<logs...>', 'files and folders; formats are recognised')
    .option('-r, --rules <paths...>', 'rule files and folders (default: the bundled rules)')
    .option('-x, --exceptions <paths...>', 'files of exceptions: Elastic’s exported lists, or YAML or JSON of our own')
    .option('--lists <folder>', 'value lists that exceptions name: NAME.TYPE.txt, one value a line')
    .option(
      '--indicators <folder>',
      'indicators for threat_match rules: NDJSON in ECS, or CSV whose first line names fields',
    )
    .option('--json', 'print each alert as one line of JSON, the report on standard error')
    .option(
      '--max-alerts <number>',
      'alerts a rule may create per interval; 0 for no cap (default: the rule’s)',
      toCount,
    )
    .option('--threads <number>', 'threads that look through the lines, this one among them (default: 1)', toCount)
    .option('--host <name>', 'host name of logs that do not name their host')
    .option('--rejects <file>', 'keep lines that could not be read, as NDJSON with file, line and reason')
    .option('--no-endpoint-stand-in', 'do not count Linux audit as an endpoint agent’s data stream')
    .option('--no-progress', 'do not show progress');
  addRuleCacheOption(addRuleChangeOptions(command)).action(async (logs: string[], flags: ScanFlags) => {
    process.exitCode = await scanCommand(logs, flags);
  });
}

async function scanCommand(logs: readonly string[], flags: ScanFlags): Promise<number> {
  const [{ runScan }, { alertPrinter }, { scanReport }, { keepRejects }, { showProgress }, terminal] =
    await Promise.all([
      import('../engine/scan.ts'),
      import('./alert-printer.ts'),
      import('./scan-report.ts'),
      import('./rejects-file.ts'),
      import('./progress.ts'),
      import('./terminal.ts'),
    ]);
  const changes = await readRuleChanges(flags, process.stderr);
  if (changes === undefined || (await readCompileOptions(changes, process.stderr)) === undefined) return EXIT.failed;
  const print = alertPrinter(process.stdout, flags.json === true);
  const rejects = flags.rejects === undefined ? undefined : keepRejects(flags.rejects);
  const progress = flags.progress ? showProgress(process.stderr) : undefined;
  let hasRead = false;
  boundHeapGrowth(true);
  const summary = await runScan(
    {
      logs,
      standsInForEndpoint: flags.endpointStandIn,
      ...(flags.rules === undefined ? {} : { rules: flags.rules }),
      ...changes,
      ...ruleCacheOf(flags),
      ...(flags.exceptions === undefined ? {} : { exceptions: flags.exceptions }),
      ...(flags.lists === undefined ? {} : { lists: flags.lists }),
      ...(flags.indicators === undefined ? {} : { indicators: flags.indicators }),
      ...(flags.maxAlerts === undefined ? {} : { maxAlerts: flags.maxAlerts }),
      ...(flags.threads === undefined ? {} : { threads: flags.threads }),
      ...(flags.host === undefined ? {} : { hostName: flags.host }),
      ...(rejects === undefined ? {} : { onReject: (reject: RejectedLine) => rejects.add(reject) }),
      onProgress: (read) => {
        if (!hasRead) boundHeapGrowth();
        hasRead = true;
        progress?.show(read);
      },
    },
    async (alerts: readonly Alert[]) => {
      progress?.clear();
      await print(alerts);
    },
  );
  progress?.clear();
  await rejects?.close();
  const out = flags.json === true ? process.stderr : process.stdout;
  const between = flags.json === true || summary.funnel.created === 0 ? '' : '\n';
  out.write(`${between}${scanReport(summary, terminal.style(out)).join('\n')}\n`);
  return exitCode(summary);
}

function exitCode(summary: ScanSummary): number {
  if (summary.problems.some(({ severity }) => severity === 'error')) return EXIT.failed;
  if (summary.findings.some(({ severity }) => severity === 'error')) return EXIT.failed;
  if (summary.exceptions?.problems.some(({ note }) => note === undefined) === true) return EXIT.failed;
  return summary.rejects.total > 0 ? EXIT.found : EXIT.ok;
}
