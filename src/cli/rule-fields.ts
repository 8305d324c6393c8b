/**
 * `vedette rule fields PATH…`: which field of each rule resolved to what, and which names nothing knows.
 *
 *   Archive made in shared memory  my-rules/archive.yml
 *     Image             process.executable              Sigma’s taxonomy
 *     CurrentDirectory  acme.cwd                        as it stands, by ours.yml:7 field_name_mapping
 *
 *   1 rule, 2 fields: 1 by Sigma’s taxonomy, 1 unresolved
 */
import { compileOptions, type RuleChanges } from '../engine/chosen-rules.ts';
import { type FieldResolution, FieldSummaryTally, fieldUses } from '../rule/field-report.ts';
import { inspectRules, isUnreadable } from '../rule/load.ts';
import { EXIT } from './exit.ts';
import { fieldLine, RESOLUTIONS } from './field-line.ts';
import { count } from './scan-report.ts';
import { printable, style, type TerminalStream } from './terminal.ts';

type Output = TerminalStream & { write(text: string): unknown };

export interface FieldsOptions extends RuleChanges {
  readonly json: boolean;
  /** Only the rules with a field that did not resolve. */
  readonly unresolved: boolean;
  readonly out: Output;
  readonly errors: Output;
}

/** Of many unresolved names, those of most rules. */
const SHOWN = 20;

/** @returns the exit code */
export async function fieldsCommand(paths: readonly string[], options: FieldsOptions): Promise<number> {
  const { json, out, errors } = options;
  const look = style(out);
  const compiling = await compileOptions(options);
  for (const { file, line, column, message } of compiling.findings) {
    errors.write(`${printable(file)}:${line}:${column}: ${printable(message)}\n`);
  }
  if (compiling.options === undefined) return EXIT.failed;
  const tally = new FieldSummaryTally();
  let exitCode: number = EXIT.ok;
  for await (const { file, document, rule, findings } of inspectRules(paths, compiling.options)) {
    if (findings.some(isUnreadable)) exitCode = EXIT.failed;
    if (document === undefined) continue;
    const uses = fieldUses(document, rule?.plan, compiling.options);
    tally.add(uses);
    if (options.unresolved && !uses.some(({ resolution }) => resolution === 'unresolved')) continue;
    if (json) {
      out.write(`${JSON.stringify({ file, rule: { id: document.id, name: document.name }, fields: uses })}\n`);
    } else {
      const heading = `${look.bold(printable(document.name))}  ${look.dim(printable(file))}`;
      out.write(`${[heading, ...uses.map((use) => fieldLine(use, look)), ''].join('\n')}\n`);
    }
  }
  const { rules, uses, unresolved } = tally.summary();
  const all = Object.entries(uses).filter(([, number]) => number > 0);
  const parts = all.map(
    ([kind, number]) => `${number.toLocaleString('en-US')} ${RESOLUTIONS[kind as FieldResolution]}`,
  );
  const summary = json ? errors : out;
  summary.write(`${count(rules, 'rule', 'rules')}, fields by rule: ${parts.join(', ') || 'none'}.\n`);
  if (unresolved.length > 0) {
    const named = unresolved.slice(0, SHOWN).map(({ field, rules }) => `${printable(field)} (${rules})`);
    const more = unresolved.length > SHOWN ? `, and ${unresolved.length - SHOWN} more` : '';
    summary.write(`Unresolved, by number of rules: ${named.join(', ')}${more}.\n`);
  }
  return exitCode;
}
