/**
 * `vedette rule show`: rules as a person reads them, or their whole documents for programs.
 *
 * Files that hold no readable rule are told on standard error. Exit code 2 when something could not be read (or is not
 * TOML), else 1 when a file holds no rule that can be shown, else 0.
 */

import type { RuleChanges } from '../engine/chosen-rules.ts';
import type { Plan } from '../plan/plan.ts';
import type { CompileOptions } from '../rule/compile.ts';
import { type FieldUse, fieldUses } from '../rule/field-report.ts';
import { inspectRules, isUnreadable } from '../rule/load.ts';
import type { RuleDocument, Scenario, ThreatReference } from '../rule/rule.ts';
import { EXIT } from './exit.ts';
import { fieldLine } from './field-line.ts';
import { markdownText } from './markdown-text.ts';
import { readCompileOptions } from './rule-change-options.ts';
import { printable, type Style, style, type TerminalStream, widthOf } from './terminal.ts';

type Output = TerminalStream & { write(text: string): unknown };

export interface ShowOptions extends RuleChanges {
  readonly json: boolean;
  readonly out: Output;
  readonly errors: Output;
}

/** Lines longer than this are hard to read, however wide the terminal. */
const WIDEST = 100;

/** @returns the exit code */
export async function showCommand(
  paths: readonly string[],
  { json, out, errors, ...changes }: ShowOptions,
): Promise<number> {
  const look = style(out);
  const compiling = await readCompileOptions(changes, errors);
  if (compiling === undefined) return EXIT.failed;
  const width = Math.min(widthOf(out), WIDEST);
  let exitCode: number = EXIT.ok;
  let shown = 0;
  for await (const { file, document, rule, findings } of inspectRules(paths, compiling)) {
    if (document !== undefined) {
      if (!json && shown > 0) out.write(`\n${look.dim('─'.repeat(width))}\n\n`);
      out.write(
        json
          ? `${JSON.stringify(document)}\n`
          : `${page(document, shownFields(document, rule?.plan, compiling), look, width).join('\n')}\n`,
      );
      shown += 1;
      continue;
    }
    for (const { line, column, message, severity } of findings) {
      if (severity === 'error') errors.write(`${printable(file)}:${line}:${column}: ${printable(message)}\n`);
    }
    exitCode = Math.max(exitCode, findings.some(isUnreadable) ? EXIT.failed : EXIT.found);
  }
  return exitCode;
}

/** Other languages name fields as events have them. */
function shownFields(document: RuleDocument, plan: Plan | undefined, options: CompileOptions): readonly FieldUse[] {
  return document.language === 'sigma' ? fieldUses(document, plan, options) : [];
}

function page(rule: RuleDocument, fields: readonly FieldUse[], look: Style, width: number): readonly string[] {
  const facts: readonly (readonly [string, readonly string[]])[] = [
    ['Id', [rule.version === undefined ? rule.id : `${rule.id}  version ${rule.version}`]],
    ['Severity', severity(rule, look)],
    ['Language', [rule.language]],
    ['Runs', [schedule(rule)]],
    ['Reads', rule.indexPatterns.length === 0 ? ['every event'] : rule.indexPatterns.map(plain)],
    ['Filters', (rule.filters ?? []).map(plain)],
    ['ATT&CK', attack(rule, look)],
    ['Tags', rule.tags.map(plain)],
    ['Authors', rule.authors.map(plain)],
    ['License', rule.license === undefined ? [] : [plain(rule.license)]],
    ['References', rule.references.map(plain)],
    ['File', [plain(rule.source.path)]],
  ];
  const texts: readonly (readonly [string, string | undefined])[] = [
    ['False positives', rule.falsePositives.map((text) => `- ${text.trim().replaceAll('\n', ' ')}`).join('\n')],
    ['Scenarios', (rule.scenarios ?? []).map(scenario).join('\n\n')],
    ['Investigation guide', rule.guide],
    ['Setup', rule.setup],
  ];
  return [
    look.bold(plain(rule.name)),
    '',
    ...(rule.description === undefined ? [] : [...markdownText(rule.description, look, width), '']),
    ...facts.flatMap(([name, values]) =>
      values.map((value, index) => `${look.dim((index === 0 ? name : '').padEnd(12))}${value}`),
    ),
    '',
    look.underline('Query'),
    '',
    ...printable(rule.query.trim())
      .split('\n')
      .map((line) => `    ${look.cyan(line)}`),
    ...(fields.length === 0 ? [] : ['', look.underline('Fields'), '', ...fields.map((use) => fieldLine(use, look))]),
    ...texts.flatMap(([name, text]) =>
      text === undefined || text === ''
        ? []
        : ['', look.underline(name), '', ...markdownText(withoutHeading(text, name), look, width)],
    ),
  ];
}

function scenario({ title, description, filter }: Scenario): string {
  return [`**${title.trim()}**`, description, filter].filter((text) => text !== undefined).join('\n\n');
}

/** Elastic's texts often begin with their own name as a heading. */
function withoutHeading(text: string, name: string): string {
  const [first = '', ...rest] = text.trim().split('\n');
  return first.startsWith('#') && first.replace(/^#+/, '').trim().toLowerCase() === name.toLowerCase()
    ? rest.join('\n')
    : text;
}

function severity(rule: RuleDocument, look: Style): readonly string[] {
  const risk = rule.riskScore === undefined ? '' : `risk score ${rule.riskScore}`;
  if (rule.severity === undefined) return risk === '' ? [] : [risk];
  return [`${look.severity(rule.severity, rule.severity)}${risk === '' ? '' : `, ${risk}`}`];
}

function schedule({ schedule, maxAlerts }: RuleDocument): string {
  const to = schedule.to === undefined || schedule.to === 'now' ? '' : ` to ${plain(schedule.to)}`;
  const alerts = maxAlerts === undefined ? '' : `, at most ${maxAlerts} alerts a run`;
  return `every ${plain(schedule.interval ?? '5m')} over events from ${plain(schedule.from ?? 'now-6m')}${to}${alerts}`;
}

function attack({ threat }: RuleDocument, look: Style): readonly string[] {
  const name = ({ id, name }: ThreatReference): string => `${plain(name)} ${look.dim(plain(id))}`;
  return threat.flatMap(({ tactic, technique }) => [
    name(tactic),
    ...technique.flatMap(({ subtechnique, ...technique }) => [
      `  ${name(technique)}`,
      ...subtechnique.map((sub) => `    ${name(sub)}`),
    ]),
  ]);
}

function plain(text: string): string {
  return printable(text.replaceAll(/\s+/g, ' ').trim());
}
