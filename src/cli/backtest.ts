/**
 * `vedette backtest RULE… --from TIME --to TIME`: what rules would have alerted on, over stored events or files of logs.
 */
import { existsSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import type { Funnel } from '../detect/alert.ts';
import type { BacktestOutcome } from '../engine/backtest.ts';
import type { RuleBacktest } from '../engine/runs/backtest.ts';
import { parseLookBack } from '../rule/schedule.ts';
import { defaultDataFolder } from './data-folder.ts';
import { EXIT } from './exit.ts';
import { addRuleChangeOptions, type RuleChangeFlags, readRuleChanges } from './rule-change-options.ts';
import type { Style } from './terminal.ts';

interface BacktestFlags extends RuleChangeFlags {
  readonly from?: number;
  readonly to?: number;
  readonly data?: string;
  readonly logs?: readonly string[];
  readonly exceptions?: readonly string[];
  readonly indicators?: string;
  readonly against?: 'existing';
  readonly uncapped?: true;
  readonly json?: true;
}

const SHOWN_ALERTS = 20;
const BAR_WORDS = ' ▁▂▃▄▅▆▇█';

export function registerBacktest(program: Command): void {
  const command = program
    .command('backtest')
    .summary('what rules would have alerted on')
    .description(
      'Runs rules over the stored events of a data folder, as the service does (exceptions, suppression and maximum of alerts included), and writes nothing. Goes beside a running service.',
    )
    .argument('<rules...>', 'rule files and folders, or ids of bundled rules')
    .option(
      '--from <time>',
      'event time to begin with: ISO 8601, or now-24h; all that is stored where left out',
      toTime,
    )
    .option('--to <time>', 'event time to end before', toTime)
    .option('--data <folder>', 'the data folder (default: that of the service)')
    .option('--logs <paths...>', 'files and folders of logs instead of a data folder')
    .option('--exceptions <files...>', 'with --logs: exceptions that apply')
    .option('--indicators <folder>', 'with --logs: indicators for threat_match rules, as scan takes them')
    .option('--against <what>', 'existing: tell the difference from the alerts that exist', toAgainst)
    .option('--uncapped', 'go beyond the rules’ maximum of alerts')
    .option('--json', 'print the report as JSON')
    .action(async (rules: string[], flags: BacktestFlags) => {
      process.exitCode = await backtestCommand(rules, flags);
    })
    .addHelpText(
      'after',
      `
Examples:
  vedette backtest my-rule.toml --from now-7d
  vedette backtest my-rule.toml --from 2026-03-01 --to 2026-03-02 --against existing
  vedette backtest my-rules/ --logs case/ --json

Exit codes: 0 done, alerts or not; 1 a rule has findings, or something could not be read; 2 no rule runs, or the data could not be read.
`,
    );
  addRuleChangeOptions(command);
}

function toTime(text: string): number {
  const back = parseLookBack(text);
  const ms = back === undefined ? Date.parse(text) : Date.now() - back;
  if (Number.isNaN(ms)) throw new InvalidArgumentError('It takes a time in ISO 8601, or now-24h.');
  return ms;
}

function toAgainst(text: string): 'existing' {
  if (text === 'existing') return text;
  throw new InvalidArgumentError('It takes existing.');
}

async function backtestCommand(named: readonly string[], flags: BacktestFlags): Promise<number> {
  const [{ backtest }, terminal] = await Promise.all([import('../engine/backtest.ts'), import('./terminal.ts')]);
  const say = (text: string) => process.stderr.write(`${terminal.printable(text)}\n`);
  const changes = await readRuleChanges(flags, process.stderr);
  if (changes === undefined) return EXIT.failed;
  const paths = named.filter((name) => existsSync(name));
  const ids = named.filter((name) => !existsSync(name));
  if (paths.length > 0 && ids.length > 0) {
    say(`There is no file ${ids[0]}.`);
    return EXIT.failed;
  }
  let outcome: BacktestOutcome;
  try {
    outcome = await backtest({
      ...changes,
      ...(paths.length > 0 ? { rules: paths } : { ids }),
      ...(flags.logs === undefined ? { data: flags.data ?? defaultDataFolder() } : { logs: flags.logs }),
      ...(flags.exceptions === undefined ? {} : { exceptions: flags.exceptions }),
      ...(flags.indicators === undefined ? {} : { indicators: flags.indicators }),
      ...(flags.from === undefined ? {} : { from: flags.from }),
      ...(flags.to === undefined ? {} : { to: flags.to }),
      ...(flags.against === undefined ? {} : { againstExisting: true }),
      ...(flags.uncapped === undefined ? {} : { uncapped: true }),
    });
  } catch (error) {
    const { message, hint } = error as { message: string; hint?: string };
    say(hint === undefined ? message : `${message} ${hint}`);
    return EXIT.failed;
  }
  const errors = outcome.findings.filter(({ severity }) => severity === 'error');
  for (const { file, line, column, message } of errors) say(`${file}:${line}:${column}: error: ${message}`);
  for (const { message, hint } of outcome.problems) say(hint === undefined ? message : `${message} ${hint}`);
  if (outcome.rules.length === 0) {
    if (errors.length === 0) say(`No rule of that name runs: ${named.join(', ')}.`);
    return EXIT.failed;
  }
  const look = terminal.style(process.stdout);
  const text = flags.json === true ? JSON.stringify(outcome) : lines(outcome, look).map(terminal.printable).join('\n');
  process.stdout.write(`${text}\n`);
  return errors.length > 0 || outcome.problems.length > 0 ? EXIT.found : EXIT.ok;
}

function lines(outcome: BacktestOutcome, look: Style): readonly string[] {
  const { from, to, events, milliseconds } = outcome;
  const seconds = (milliseconds / 1_000).toFixed(1);
  const said = `${from} to ${to}: ${events.toLocaleString('en-US')} events read in ${seconds} s`;
  return [...outcome.rules.flatMap((rule) => [...ruleLines(rule, look), '']), look.dim(said)];
}

function ruleLines(rule: RuleBacktest, look: Style): readonly string[] {
  const { name, funnel, bars, cap, runs, alerts, byException, warnings, difference } = rule;
  const most = Math.max(1, ...bars.counts.map(({ matched }) => matched));
  const bar = bars.counts
    .map(({ matched }) => BAR_WORDS[Math.ceil((matched / most) * (BAR_WORDS.length - 1))])
    .join('');
  const limit = cap === undefined ? 'no maximum of alerts' : `${cap} alerts a run at most`;
  return [
    look.bold(name),
    `  ${funnelLine(funnel)} over ${runs.toLocaleString('en-US')} ${runs === 1 ? 'run' : 'runs'}, ${limit}`,
    ...(funnel.matched === 0 ? [] : [`  matches ▕${bar}▏ at most ${most} in ${duration(bars.width)}`]),
    ...byException.map((one) => `  ${one.removed.toLocaleString('en-US')} removed by the exception ${one.name}`),
    ...warnings.map(({ message }) => `  ${look.yellow('warning')}  ${message}`),
    ...(difference === undefined
      ? []
      : [
          `  against the alerts that exist: ${difference.created} new, ${difference.gone} gone${difference.suppressed === 0 ? '' : ` (${difference.suppressed} suppressed)`}, ${difference.same} the same${difference.isCut ? ', of those that were compared' : ''}`,
          ...difference.first.gone.map(({ time, reason }) => `    gone  ${time}  ${reason}`),
        ]),
    ...alerts.slice(0, SHOWN_ALERTS).map(({ time, host, reason, suppressed }) => {
      const more = suppressed === undefined ? '' : look.dim(` (+${suppressed} suppressed)`);
      return `    ${time}  ${host ?? '–'}  ${reason}${more}`;
    }),
    ...(funnel.created > SHOWN_ALERTS ? [look.dim(`    and ${funnel.created - SHOWN_ALERTS} more`)] : []),
  ];
}

/** `12 matches = 2 excepted + 4 suppressed + 6 created`. */
function funnelLine(funnel: Funnel): string {
  const parts = (['excepted', 'suppressed', 'duplicate', 'capped'] as const)
    .filter((part) => funnel[part] > 0)
    .map((part) => `${funnel[part].toLocaleString('en-US')} ${part}`);
  const matched = `${funnel.matched.toLocaleString('en-US')} ${funnel.matched === 1 ? 'match' : 'matches'}`;
  return `${matched} = ${[...parts, `${funnel.created.toLocaleString('en-US')} created`].join(' + ')}`;
}

function duration(ms: number): string {
  return ms % 3_600_000 === 0 ? `${ms / 3_600_000} h` : ms % 60_000 === 0 ? `${ms / 60_000} min` : `${ms / 1_000} s`;
}
