/**
 * `vedette rule cost PATH… --over LOGS…`: what each rule costs, the dearest first.
 *
 *   share    time  candidates  matches  rule
 *     61%   12 ms       1,204        3  Archive made in shared memory
 */
import { type RuleCostOptions, type RuleCostReport, ruleCost } from '../engine/rule-cost.ts';
import { EXIT } from './exit.ts';
import { count } from './scan-report.ts';
import { printable, style, type TerminalStream } from './terminal.ts';

type Output = TerminalStream & { write(text: string): unknown };

export interface CostCommandOptions extends RuleCostOptions {
  readonly json: boolean;
  /** Rules shown at most; with `json` all are. */
  readonly top: number;
  readonly out: Output;
  readonly errors: Output;
}

/** @returns the exit code */
export async function costCommand({ json, top, out, errors, ...options }: CostCommandOptions): Promise<number> {
  const report = await ruleCost(options);
  const wrong = report.findings.filter(({ severity }) => severity === 'error');
  for (const { file, line, column, message } of wrong) {
    errors.write(`${printable(file)}:${line}:${column}: ${printable(message)}\n`);
  }
  for (const { message } of report.problems) errors.write(`${printable(message)}\n`);
  if (json) for (const rule of report.rules) out.write(`${JSON.stringify(rule)}\n`);
  else out.write(`${costLines(report, top, out).join('\n')}\n`);
  const isUnread = wrong.length > 0 || report.problems.some(({ severity }) => severity === 'error');
  return isUnread ? EXIT.failed : EXIT.ok;
}

function costLines(report: RuleCostReport, top: number, out: Output): readonly string[] {
  const look = style(out);
  const asked = report.rules.filter(({ candidates }) => candidates > 0);
  const rows = asked
    .slice(0, top)
    .map(({ share, milliseconds, candidates, matches, name }) => [
      `${(share * 100).toFixed(share < 0.1 ? 1 : 0)}%`,
      `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`,
      candidates.toLocaleString('en'),
      matches.toLocaleString('en'),
      printable(name),
    ]);
  const head = ['share', 'time', 'candidates', 'matches', 'rule'];
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map((row) => (row[at] ?? '').length)));
  const line = (cells: readonly string[]) =>
    cells.map((cell, at) => (at === cells.length - 1 ? cell : cell.padStart(widths[at] ?? 0))).join('  ');
  const each = report.events === 0 ? 0 : (report.milliseconds * 1000) / report.events;
  const more = asked.length - rows.length;
  return [
    ...(rows.length === 0 ? [] : [look.dim(line(head)), ...rows.map(line)]),
    ...(more > 0 ? [look.dim(`and ${count(more, 'rule', 'rules')} that cost less`)] : []),
    ...(rows.length === 0 ? [] : ['']),
    `${count(report.events, 'event', 'events')}, ${count(report.rules.length, 'rule', 'rules')}: ${each.toFixed(1)} µs of matching an event, measuring included`,
    `${count(report.rules.length - asked.length, 'rule', 'rules')} never evaluated: no event had what they need`,
  ];
}
