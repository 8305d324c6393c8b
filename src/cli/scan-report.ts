/**
 * The end of a scan in a terminal: what was read, the funnel, and what could not be read. Goes to standard error when
 * the alerts themselves go to a program.
 */
import type { Funnel } from '../detect/alert.ts';
import type { ScanSummary } from '../engine/scan-summary.ts';
import { printable, type Style } from './terminal.ts';

export function scanReport(summary: ScanSummary, style: Style): readonly string[] {
  return [
    ...whatWasRead(summary, style),
    `  ${funnelLine(summary.funnel)}`,
    ...removedByExceptions(summary, style),
    ...cutByCap(summary, style),
    ...notCorrelated(summary, style),
    ...rejected(summary, style),
    ...summary.problems.map(({ code, message, hint }) =>
      line(style.red(code === 'kusto-refused' ? 'did not run' : 'could not read'), message, hint),
    ),
    ...brokenRules(summary, style),
  ];
}

/** `19 matches = 3 excepted + 1 suppressed + 1 duplicate + 0 capped + 14 created`. */
export function funnelLine(funnel: Funnel): string {
  const { matched, excepted, suppressed, duplicate, capped, created } = funnel;
  const parts = [`${excepted} excepted`, `${suppressed} suppressed`, `${duplicate} duplicate`, `${capped} capped`];
  return `${count(matched, 'match', 'matches')} = ${[...parts, `${created} created`].join(' + ')}`;
}

export function count(number: number, one: string, many: string): string {
  return `${number.toLocaleString('en-US')} ${number === 1 ? one : many}`;
}

function whatWasRead(summary: ScanSummary, style: Style): string[] {
  const { created } = summary.funnel;
  const seconds = summary.milliseconds / 1_000;
  const formats = Object.entries(summary.formats).map(([name, events]) => `${events.toLocaleString('en-US')} ${name}`);
  const rate =
    seconds < 0.05 || summary.events === 0
      ? ''
      : `, ${Math.round(summary.events / seconds).toLocaleString('en-US')} a second`;
  return [
    style.bold(`${count(created, 'alert', 'alerts')} in ${count(summary.events, 'event', 'events')}`) +
      ` from ${count(summary.files, 'file', 'files')} (${size(summary.bytes)}) by ${count(summary.rules, 'rule', 'rules')}` +
      ` in ${seconds.toFixed(seconds < 10 ? 2 : 0)} s${rate}`,
    ...(formats.length === 0 ? [] : [style.dim(`  read as ${formats.join(', ')}`)]),
    ...(summary.unrouted === 0
      ? []
      : [style.dim(`  ${count(summary.unrouted, 'event', 'events')} of no known data stream, read by every rule`)]),
    ...(summary.idle === 0
      ? []
      : [
          style.dim(
            `  ${count(summary.idle, 'rule', 'rules')} idle: no format of logs gives what they read; rule check says which`,
          ),
        ]),
  ];
}

function removedByExceptions(summary: ScanSummary, style: Style): string[] {
  const removed = summary.byRule.flatMap(({ name: rule, byException }) =>
    byException.map(({ name, removed: times }) =>
      line(
        style.dim('excepted'),
        `“${printable(name)}” removed ${count(times, 'match', 'matches')} of “${printable(rule)}”.`,
        undefined,
      ),
    ),
  );
  const problems = (summary.exceptions?.problems ?? []).map(({ file, line: at, exception, message, note }) =>
    line(
      note === true ? style.yellow('note') : style.red('exception not applied'),
      `${printable(file)}${at === undefined ? '' : `:${at}`}: ${exception === undefined ? '' : `“${printable(exception)}”: `}${message}`,
      undefined,
    ),
  );
  return [...removed, ...problems];
}

function cutByCap(summary: ScanSummary, style: Style): string[] {
  return summary.byRule
    .filter(({ funnel }) => funnel.capped > 0)
    .map(({ name, funnel }) =>
      line(
        style.yellow('over its cap'),
        `“${name}” matched ${count(funnel.capped, 'more time', 'more times')} than it may alert in one interval.`,
        'See them all with --max-alerts 0 (no cap).',
      ),
    );
}

function notCorrelated({ correlation: { late, dropped } }: ScanSummary, style: Style): string[] {
  const label = style.yellow('not in sequence');
  const tooLate = `${count(late, 'event', 'events')} stood too far behind later ones to be seen by sequences.`;
  const tooMany = `${count(dropped, 'join key', 'join keys')} of sequences had to be given up for want of memory.`;
  return [
    ...(late === 0 ? [] : [line(label, tooLate, 'Scan logs of one time together, or fewer at once.')]),
    ...(dropped === 0 ? [] : [line(label, tooMany, undefined)]),
  ];
}

function rejected({ rejects }: ScanSummary, style: Style): string[] {
  return rejects.byCode.map(({ code, count: times, first }) =>
    line(
      style.yellow('not read'),
      `${count(times, 'line', 'lines')} (${code}): ${first.reason} First: ${printable(first.file)}:${first.line}.`,
      'Keep them with --rejects FILE.',
    ),
  );
}

function brokenRules({ findings }: ScanSummary, style: Style): string[] {
  return findings
    .filter(({ severity }) => severity === 'error')
    .map(({ file, line: at, message, hint }) =>
      line(style.red('rule not run'), `${printable(file)}:${at}: ${message}`, hint),
    );
}

function line(label: string, message: string, hint: string | undefined): string {
  return `  ${label}  ${message}${hint === undefined ? '' : ` ${hint}`}`;
}

/** `4.20 MB`. */
export function size(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length, Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1_000 ** power).toPrecision(3)} ${units[power - 1]}`;
}
