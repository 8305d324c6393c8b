/**
 * `vedette watch`: this machine's process starts under the rules, alerts in the terminal as they come.
 */
import { type Command, Option } from 'commander';
import { EXIT } from './exit.ts';
import { addRuleCacheOption, type RuleCacheFlags, ruleCacheOf } from './rule-cache-option.ts';
import { addRuleChangeOptions, type RuleChangeFlags, readRuleChanges } from './rule-change-options.ts';

interface WatchFlags extends RuleChangeFlags, RuleCacheFlags {
  readonly rules?: string[];
  readonly json?: boolean;
  readonly source?: 'audit' | 'procfs';
  readonly auditLog?: string;
  readonly endpointStandIn: boolean;
}

export function registerWatch(program: Command): void {
  const command = program
    .command('watch')
    .summary('watch this machine’s process starts')
    .description('Watches this machine’s process starts: from its audit log where that is written, else from /proc.')
    .option('-r, --rules <paths...>', 'rule files and folders (default: the bundled rules)')
    .option('--json', 'print each alert as one line of JSON')
    .addOption(new Option('--source <source>', 'where to look').choices(['audit', 'procfs']))
    .option('--no-endpoint-stand-in', 'do not count this machine’s executions as an endpoint agent’s')
    .option('--audit-log <file>', 'the audit log (default: /var/log/audit/audit.log)');
  addRuleCacheOption(addRuleChangeOptions(command)).action(async (flags: WatchFlags) => {
    process.exitCode = await watchCommand(flags);
  });
}

async function watchCommand(flags: WatchFlags): Promise<number> {
  const [{ watchMachine }, { alertPrinter }, { funnelLine, count }, { style }] = await Promise.all([
    import('../engine/watch.ts'),
    import('./alert-printer.ts'),
    import('./scan-report.ts'),
    import('./terminal.ts'),
  ]);
  const changes = await readRuleChanges(flags, process.stderr);
  if (changes === undefined) return EXIT.failed;
  const look = style(process.stderr);
  const say = (text: string) => process.stderr.write(`${text}\n`);
  const print = alertPrinter(process.stdout, flags.json === true);
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
  let printed = Promise.resolve();
  try {
    const counters = await watchMachine({
      ...(flags.rules === undefined ? {} : { rules: flags.rules }),
      ...changes,
      ...ruleCacheOf(flags),
      ...(flags.source === undefined ? {} : { source: flags.source }),
      ...(flags.auditLog === undefined ? {} : { auditLog: flags.auditLog }),
      signal: stopping.signal,
      standsInForEndpoint: flags.endpointStandIn,
      onStart: ({ rules, findings, notes }) => {
        for (const { file, line, message, severity } of findings) {
          if (severity === 'error') say(`${look.red('rule not run')}  ${file}:${line}: ${message}`);
        }
        say(look.bold(`Watching this machine with ${count(rules, 'rule', 'rules')}. Ctrl-C ends.`));
        for (const note of notes) say(look.dim(note));
      },
      onAlerts: (alerts) => {
        printed = printed.then(() => print(alerts));
      },
    });
    await printed;
    say(`${count(counters.events, 'event', 'events')}; ${funnelLine(counters)}`);
    return EXIT.ok;
  } catch (error) {
    say(`${look.red('error')}  ${error instanceof Error ? error.message : String(error)}`);
    return EXIT.failed;
  }
}
