/**
 * `vedette exception preview`: what the exceptions of files would remove of the stored alerts and events, before they are
 * kept; and the line in which `exception add` says it.
 *
 * It goes to standard output: it is the answer. Nothing is changed.
 */

import { rulesOfLists } from '../detect/exceptions/elastic-list.ts';
import { readExceptionText } from '../detect/exceptions/exception-file.ts';
import { shownText } from '../diagnostic/shown-text.ts';
import { loadChosenRules } from '../engine/chosen-rules.ts';
import { effectsOf } from '../engine/exception-access.ts';
import type { ExceptionEffect } from '../engine/exception-report.ts';
import { findingLines, problemLine } from './exception-check.ts';
import { readExceptionFile } from './exception-file.ts';
import { EXIT } from './exit.ts';
import { count } from './scan-report.ts';
import { printable, type Style, style } from './terminal.ts';

const LONGEST_REASON = 200;
const BY_HAND = 'command line';

/** @throws what cannot be read, in words */
export async function previewCommand(
  files: readonly string[],
  options: { readonly data: string; readonly for?: string[]; readonly rules?: string[]; readonly json?: true },
): Promise<number> {
  const look = style(process.stdout);
  const print = (line: string) => process.stdout.write(`${line}\n`);
  const { rules } = await loadChosenRules(options.rules);
  const context = {
    now: new Date().toISOString(),
    by: BY_HAND,
    rulesOfList: rulesOfLists(rules.map(({ document }) => document)),
    ...(options.for === undefined ? {} : { rules: rulesOf(options.for) }),
  };
  let code: number = EXIT.ok;
  for (const file of files) {
    const { exceptions, problems } = readExceptionText(await readExceptionFile(file), context);
    for (const problem of problems) {
      if (problem.note !== true) code = EXIT.found;
      print(options.json === true ? JSON.stringify({ file, ...problem }) : problemLine(file, problem, look));
    }
    let index = 0;
    for await (const effect of effectsOf(options.data, exceptions, rules)) {
      const exception = exceptions[index++];
      if (effect.check.findings.some(({ severity }) => severity === 'error')) code = EXIT.found;
      if (options.json === true) print(JSON.stringify({ file, exception, effect }));
      else {
        print(`${look.bold(`“${printable(exception?.name ?? '')}”`)}  ${printable(effect.check.sentence)}`);
        for (const line of [...findingLines(effect.check.findings, look), ...effectLines(effect, look)]) print(line);
      }
    }
  }
  return code;
}

/** What is given with `--for`. */
export function rulesOf(given: readonly string[]): 'all' | readonly string[] {
  return given.length === 1 && given[0] === 'all' ? 'all' : given;
}

/** What it would remove, in a line: `would have removed 3 of 10 stored alerts, and 5 of 12 matches on stored events`. */
export function effectLine({ check, alerts, events, stopped_at: stopped }: ExceptionEffect): string {
  if (check.findings.some(({ severity }) => severity === 'error')) return 'was not tried: it has errors';
  if (alerts.examined === 0 && events.matched === 0) return 'its rules have no stored alert or match to try it on';
  const ofAlerts = `${alerts.count.toLocaleString('en-US')} of ${count(alerts.examined, 'stored alert', 'stored alerts')}`;
  const matches = count(events.matched, 'match', 'matches');
  const ofEvents =
    events.matched === 0 ? '' : ` and ${events.count.toLocaleString('en-US')} of ${matches} on stored events`;
  const limit = stopped === undefined ? '' : `; what came before ${stopped} was not looked at`;
  return `would have removed ${ofAlerts}${ofEvents}${limit}`;
}

/** The line, and under it the newest of what it would remove. */
function effectLines(effect: ExceptionEffect, look: Style): readonly string[] {
  const { alerts, events } = effect;
  const lines = [`  ${effectLine(effect)}`];
  for (const { time, severity, reason, id } of alerts.shown) {
    lines.push(`    ${time}  ${look.severity(severity, severity)}  ${inLine(reason)}  ${look.dim(id)}`);
  }
  if (alerts.count > alerts.shown.length) lines.push(look.dim(`    … the newest ${alerts.shown.length} alerts`));
  for (const { time, sentence, id } of events.shown) {
    lines.push(`    ${time}  event  ${inLine(sentence)}  ${look.dim(id)}`);
  }
  if (events.count > events.shown.length) lines.push(look.dim(`    … the newest ${events.shown.length} events`));
  return lines;
}

function inLine(text: string): string {
  return shownText(text, LONGEST_REASON);
}
