/**
 * `vedette exception list`, `preview`, `add`, `import`, `export` and `remove`: what they print. Exceptions are read and changed where
 * they are kept (`engine/exception-access.ts`).
 */
import { userInfo } from 'node:os';
import { loadChosenRules } from '../engine/chosen-rules.ts';
import { effectsOf, importExceptions, readExceptions, removeException } from '../engine/exception-access.ts';
import type { ExceptionSummary, ImportReport } from '../engine/exception-report.ts';
import { findingLines, problemLine } from './exception-check.ts';
import { readExceptionFile } from './exception-file.ts';
import { effectLine, previewCommand, rulesOf } from './exception-preview.ts';
import { EXIT } from './exit.ts';
import { count } from './scan-report.ts';
import { printable, type Style, style } from './terminal.ts';

/** Of a file that is added, how many are tried on what is stored. */
const MOST_TRIED = 20;

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

export async function tryCommand(
  files: readonly string[],
  options: { data: string; for?: string[]; rules?: string[]; json?: true },
): Promise<number> {
  return await inWords(() => previewCommand(files, options));
}

/** @param isTried says of each that was kept what it would have removed of what is stored */
export async function importCommand(
  files: readonly string[],
  options: Signing & { for?: string[] },
  isTried: boolean,
): Promise<number> {
  return await inWords(async () => {
    let code: number = EXIT.ok;
    for (const file of files) {
      const text = await readExceptionFile(file);
      const rules = options.for === undefined ? {} : { rules: rulesOf(options.for) };
      const report = await importExceptions(options.data, text, { by: byOf(options), ...rules });
      const effects = isTried ? await effectLines(options.data, keptOf(report)) : new Map<string, string>();
      process.stdout.write(`${importLines(file, report, effects, style(process.stdout)).join('\n')}\n`);
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

/** By id. Beyond the first few none is tried: a file of hundreds would take minutes. */
async function effectLines(data: string, kept: ImportReport['exceptions']): Promise<ReadonlyMap<string, string>> {
  const tried = kept.slice(0, MOST_TRIED);
  if (tried.length === 0) return new Map();
  const ids = new Set(tried.map(({ id }) => id));
  const summaries = await readExceptions(data, (desk) => desk.all());
  const exceptions = summaries.map(({ exception }) => exception).filter(({ id }) => ids.has(id));
  const { rules } = await loadChosenRules(undefined);
  const lines = new Map<string, string>();
  let index = 0;
  for await (const effect of effectsOf(data, exceptions, rules)) {
    lines.set(exceptions[index++]?.id ?? '', effectLine(effect));
  }
  return lines;
}

function importLines(
  file: string,
  report: ImportReport,
  effects: ReadonlyMap<string, string>,
  look: Style,
): readonly string[] {
  const kept = keptOf(report);
  const lists = report.lists.map(({ id, size }) => `value list ${printable(id)}: ${count(size, 'value', 'values')}`);
  return [
    ...report.problems.map((problem) => problemLine(file, problem, look)),
    ...report.exceptions.flatMap(({ id, name, check }) => {
      const effect = effects.get(id);
      const isKept = !check.findings.some(({ severity }) => severity === 'error');
      const label = isKept ? look.green('kept') : look.red('not kept');
      return [
        `${label}  “${printable(name)}”: ${printable(check.sentence)}`,
        ...(effect === undefined ? [] : [`  ${effect}`]),
        ...findingLines(check.findings, look),
      ];
    }),
    ...lists,
    `${printable(file)}: ${kept.length} of ${count(report.exceptions.length, 'exception', 'exceptions')} kept.`,
  ];
}

function keptOf({ exceptions }: ImportReport) {
  return exceptions.filter(({ check }) => !check.findings.some(({ severity }) => severity === 'error'));
}

function byOf({ by }: Signing): string {
  if (by?.trim() === '') throw new Error('`--by` names nobody: every change is kept with who made it.');
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
