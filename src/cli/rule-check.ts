/**
 * `vedette rule check`: every finding with its place in the file, and what would be right.
 *
 *   paths ──inspect──▶ findings ──▶ text for people, or NDJSON
 *
 * Both go to standard output: they are the answer, not trouble with giving it. Exit code 2 when something could not be
 * read (or is not TOML), else 1 when there are errors or warnings, else 0; notes alone (`info`) leave it 0.
 */
import { compileOptions, type RuleChanges } from '../engine/chosen-rules.ts';
import type { Finding } from '../rule/finding.ts';
import type { Inspection } from '../rule/inspect.ts';
import { inspectRules, isUnreadable } from '../rule/load.ts';
import { counted } from './counted.ts';
import { excerpt } from './excerpt.ts';
import { EXIT } from './exit.ts';
import { printable, type Style, style, type TerminalStream } from './terminal.ts';

export interface CheckOptions extends RuleChanges {
  readonly json: boolean;
  readonly out: TerminalStream & { write(text: string): unknown };
}

/** @returns the exit code */
export async function checkCommand(paths: readonly string[], { json, out, ...changes }: CheckOptions): Promise<number> {
  const look = style(out);
  const tally = new Tally();
  const { options, findings } = await compileOptions(changes);
  for (const finding of findings) out.write(json ? `${JSON.stringify(finding)}\n` : `${pipelineLine(finding, look)}\n`);
  if (options === undefined) return EXIT.failed;
  for await (const inspection of inspectRules(paths, options)) {
    tally.add(inspection);
    if (json) {
      for (const finding of inspection.findings) out.write(`${JSON.stringify(finding)}\n`);
    } else if (inspection.findings.length > 0) {
      out.write(`${report(inspection, look)}\n`);
    }
  }
  if (!json) out.write(`${tally.summary(look)}\n`);
  return tally.exitCode();
}

/** A pipeline's text is not at hand here; its findings take a line. */
function pipelineLine({ file, line, column, severity, code, message, hint }: Finding, look: Style): string {
  const place = `${look.bold(printable(file))}:${line}:${column}`;
  const more = hint === undefined ? '' : ` ${oneLine(hint)}`;
  return `${place}  ${look.severity(severity, severity)}  ${oneLine(message)}${more}  ${look.dim(code)}`;
}

function report({ file, text, findings }: Inspection, look: Style): string {
  const name = findings[0]?.rule.name;
  const heading = look.bold(printable(file)) + (name === undefined ? '' : `  ${look.dim(oneLine(name))}`);
  return [heading, '', ...findings.flatMap((finding) => [...lines(finding, text, look), ''])].join('\n');
}

function lines(finding: Finding, text: string | undefined, look: Style): readonly string[] {
  const { line, column, end, severity, code, message, hint } = finding;
  const place = text === undefined ? '' : `${line}:${column}  `;
  const first = `  ${place}${look.severity(severity, severity)}  ${oneLine(message)}  ${look.dim(code)}`;
  const shown = text === undefined ? undefined : excerpt(text, { line, column }, end);
  const bar = (gutter: string): string => look.dim(`${gutter.padStart(8)} │ `);
  return [
    first,
    ...(shown === undefined ? [] : [bar(shown.gutter) + shown.source, bar('') + look.severity(severity, shown.marks)]),
    ...(hint === undefined ? [] : [`    ${look.cyan('hint')}  ${oneLine(hint)}`]),
  ];
}

/** `1 rule, 1 correlation and 2 filters`. */
const LIST = new Intl.ListFormat('en-GB');

class Tally {
  private unreadable = 0;
  private readonly checked = { rule: 0, correlation: 0, filter: 0 };
  private readonly count = { error: 0, warning: 0, info: 0 };

  add({ kind, findings }: Inspection): void {
    if (findings.some(isUnreadable)) this.unreadable += 1;
    else if (kind !== undefined) this.checked[kind] += 1;
    for (const finding of findings) this.count[finding.severity] += 1;
  }

  exitCode(): number {
    if (this.unreadable > 0) return EXIT.failed;
    return this.count.error + this.count.warning > 0 ? EXIT.found : EXIT.ok;
  }

  summary(look: Style): string {
    const { error, warning, info } = this.count;
    const { rule, correlation, filter } = this.checked;
    const counts = [
      ...(rule === 0 && correlation + filter > 0 ? [] : [counted(rule, 'rule')]),
      ...(correlation === 0 ? [] : [counted(correlation, 'correlation')]),
      ...(filter === 0 ? [] : [counted(filter, 'filter')]),
    ];
    const checked = `${LIST.format(counts)} checked`;
    const unread = this.unreadable === 0 ? [] : [look.severity('error', `${this.unreadable} could not be read`)];
    const parts = [
      ...unread,
      ...(error === 0 ? [] : [look.severity('error', counted(error, 'error'))]),
      ...(warning === 0 ? [] : [look.severity('warning', counted(warning, 'warning'))]),
      ...(info === 0 ? [] : [look.severity('info', counted(info, 'note'))]),
    ];
    return `${checked}: ${parts.length === 0 ? look.green('nothing to report') : parts.join(', ')}.`;
  }
}

function oneLine(text: string): string {
  return printable(text.replaceAll(/\s+/g, ' ').trim());
}
