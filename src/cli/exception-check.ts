/**
 * `vedette exception check`: every exception of the files with what it says in a sentence and what is wrong with it.
 *
 * It goes to standard output: it is the answer. The files are taken together, so that exceptions may name the value lists
 * of another file. Exit code 2 when something could not be read, 1 for errors and warnings, else 0.
 */
import type { ValueListType } from '../detect/exception.ts';
import { checkException } from '../detect/exceptions/check.ts';
import type { ExceptionFinding } from '../detect/exceptions/draft.ts';
import type { LineProblem } from '../detect/exceptions/elastic-list.ts';
import { readExceptionText } from '../detect/exceptions/exception-file.ts';
import { loadChosenRules } from '../engine/chosen-rules.ts';
import { readExceptionFile } from './exception-file.ts';
import { EXIT } from './exit.ts';
import { count } from './scan-report.ts';
import { printable, type Style, style } from './terminal.ts';

export async function checkCommand(
  files: readonly string[],
  options: { readonly rules?: readonly string[]; readonly json?: true },
): Promise<number> {
  const look = style(process.stdout);
  const print = (line: string) => process.stdout.write(`${line}\n`);
  const { rules } = await loadChosenRules(options.rules);
  const documents = rules.map(({ document }) => document);
  const tally = { exceptions: 0, error: 0, warning: 0, info: 0, unread: 0 };
  const read = [];
  for (const file of files) {
    try {
      const text = await readExceptionFile(file);
      read.push({ file, ...readExceptionText(text, { now: new Date().toISOString() }) });
    } catch (error) {
      tally.unread += 1;
      process.stderr.write(`${style(process.stderr).red('error')}  ${(error as Error).message}\n`);
    }
  }
  // Elastic exports lists without their values: how many there are is not known, and not asked.
  const lists = new Map<string, { readonly type: ValueListType; readonly size: number }>();
  for (const { id, type } of read.flatMap((one) => one.lists)) lists.set(id, { type, size: 1 });
  for (const { filled } of read)
    for (const { id, type, values } of filled) lists.set(id, { type, size: values.length });
  for (const { file, exceptions, problems } of read) {
    for (const problem of problems) {
      tally[problem.note === true ? 'info' : 'error'] += 1;
      print(options.json === true ? JSON.stringify({ file, ...problem }) : problemLine(file, problem, look));
    }
    for (const exception of exceptions) {
      const { findings, sentence } = await checkException(exception, { lists, rules: documents, now: Date.now() });
      tally.exceptions += 1;
      for (const { severity } of findings) tally[severity] += 1;
      if (options.json === true) print(JSON.stringify({ file, exception, findings, sentence }));
      else {
        print(`${look.bold(`“${printable(exception.name)}”`)}  ${printable(sentence)}`);
        for (const line of findingLines(findings, look)) print(line);
      }
    }
  }
  if (options.json !== true) {
    const { exceptions, error, warning } = tally;
    const found = [count(error, 'error', 'errors'), count(warning, 'warning', 'warnings')].join(', ');
    print(`${count(exceptions, 'exception', 'exceptions')}: ${found}.`);
  }
  if (tally.unread > 0) return EXIT.failed;
  return tally.error + tally.warning > 0 ? EXIT.found : EXIT.ok;
}

/** A line of a file that was not read, or what is to be known of one that was. */
export function problemLine(file: string, { line, message, note }: LineProblem, look: Style): string {
  const label = note === true ? look.yellow('note') : look.red('not read');
  return `${label}  ${printable(file)}:${line}: ${printable(message)}`;
}

/** A line a finding, under the exception that it is about. */
export function findingLines(findings: readonly ExceptionFinding[], look: Style): readonly string[] {
  return findings.map(({ severity, at, message, hint }) => {
    const what = `${printable(message)}${hint === undefined ? '' : ` ${printable(hint)}`}`;
    return `  ${look.severity(severity, severity)}  ${printable(at)}: ${what}`;
  });
}
