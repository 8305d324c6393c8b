/**
 * `vedette exception list`, `add`, `import`, `export` and `remove`: what they print. Exceptions are read and changed where
 * they are kept (`engine/exception-access.ts`).
 */
import { userInfo } from 'node:os';
import { importExceptions, readExceptions, removeException } from '../engine/exception-access.ts';
import type { ExceptionSummary, ImportReport } from '../engine/exception-report.ts';
import { findingLines, problemLine } from './exception-check.ts';
import { readExceptionFile } from './exception-file.ts';
import { EXIT } from './exit.ts';
import { count } from './scan-report.ts';
import { printable, type Style, style } from './terminal.ts';

interface Signing {
  readonly data: string;
  readonly by?: string;
}

export async function listCommand(options: { data: string; rule?: string; json?: true }): Promise<number> {
  return await inWords(async () => {
    const summaries = await readExceptions(options.data, (desk) => desk.all(options.rule));
    const look = style(process.stdout);
    for (const summary of summaries) {
      const lines = options.json === true ? [JSON.stringify(summary)] : summaryLines(summary, look);
      process.stdout.write(`${lines.join('\n')}\n`);
    }
    if (summaries.length === 0 && options.json !== true) process.stdout.write('There are no exceptions.\n');
    return EXIT.ok;
  });
}

export async function importCommand(files: readonly string[], options: Signing & { for?: string[] }): Promise<number> {
  return await inWords(async () => {
    let code: number = EXIT.ok;
    for (const file of files) {
      const text = await readExceptionFile(file);
      const rules = rulesOf(options.for);
      const report = await importExceptions(options.data, text, { by: byOf(options), ...(rules ? { rules } : {}) });
      process.stdout.write(`${importLines(file, report, style(process.stdout)).join('\n')}\n`);
      if (keptOf(report).length < report.exceptions.length || report.problems.length > 0) code = EXIT.found;
    }
    return code;
  });
}

export async function exportCommand({ data, form }: { data: string; form: string }): Promise<number> {
  if (form !== 'elastic' && form !== 'vedette') {
    process.stderr.write(`There is no form ${JSON.stringify(form)}. The forms are elastic and vedette.\n`);
    return EXIT.usage;
  }
  return await inWords(async () => {
    if (form === 'vedette') {
      process.stdout.write(await readExceptions(data, async (desk) => desk.exportOwn()));
      return EXIT.ok;
    }
    const { text, leftOut } = await readExceptions(data, async (desk) => desk.exportElastic());
    process.stdout.write(text);
    const look = style(process.stderr);
    for (const { name, reason } of leftOut) {
      process.stderr.write(`${look.yellow('left out')}  “${printable(name)}”: ${reason}\n`);
    }
    return leftOut.length === 0 ? EXIT.ok : EXIT.found;
  });
}

export async function removeCommand(id: string, options: Signing): Promise<number> {
  return await inWords(async () => {
    if (await removeException(options.data, id, byOf(options))) {
      process.stdout.write('Removed. What it kept from alerting from now on alerts again.\n');
      return EXIT.ok;
    }
    const shown = JSON.stringify(id.slice(0, 80));
    process.stderr.write(`There is no exception ${shown}. See their ids with: vedette exception list\n`);
    return EXIT.failed;
  });
}

function summaryLines({ exception, state, removed, last_removed: last, check }: ExceptionSummary, look: Style) {
  const paint = state === 'active' ? look.green : look.yellow;
  const when = last === undefined ? '' : `, last in the run of ${last}`;
  const what = removed === 0 ? 'has removed nothing yet' : `removed ${count(removed, 'match', 'matches')}${when}`;
  return [
    `${look.bold(printable(exception.name))}  ${paint(state)}, ${what}  ${look.dim(printable(exception.id))}`,
    `  ${printable(check.sentence)}`,
    ...(exception.reason === '' ? [] : [look.dim(`  ${printable(exception.author)}: ${printable(exception.reason)}`)]),
    ...findingLines(check.findings, look),
  ];
}

function importLines(file: string, report: ImportReport, look: Style): readonly string[] {
  const kept = keptOf(report);
  const lists = report.lists.map(({ id, size }) => `value list ${printable(id)}: ${count(size, 'value', 'values')}`);
  return [
    ...report.problems.map((problem) => problemLine(file, problem, look)),
    ...report.exceptions.flatMap(({ name, check }) => {
      const isKept = !check.findings.some(({ severity }) => severity === 'error');
      const label = isKept ? look.green('kept') : look.red('not kept');
      return [`${label}  “${printable(name)}”: ${printable(check.sentence)}`, ...findingLines(check.findings, look)];
    }),
    ...lists,
    `${printable(file)}: ${kept.length} of ${count(report.exceptions.length, 'exception', 'exceptions')} kept.`,
  ];
}

function keptOf({ exceptions }: ImportReport) {
  return exceptions.filter(({ check }) => !check.findings.some(({ severity }) => severity === 'error'));
}

function rulesOf(given: readonly string[] | undefined): 'all' | readonly string[] | undefined {
  return given?.length === 1 && given[0] === 'all' ? 'all' : given;
}

function byOf({ by }: Signing): string {
  if (by !== undefined) return by;
  try {
    return userInfo().username || 'command line';
  } catch {
    return 'command line';
  }
}

async function inWords(action: () => Promise<number>): Promise<number> {
  try {
    return await action();
  } catch (error) {
    const { message, hint } = error as { message: string; hint?: string };
    const look = style(process.stderr);
    process.stderr.write(`${look.red('error')}  ${message}${hint === undefined ? '' : ` ${hint}`}\n`);
    return EXIT.failed;
  }
}
