/**
 * `vedette rule convert`: rules in another system's language; with `--prove`, run beside the original on events.
 *
 *   paths ──inspect──▶ rules ──convert──▶ queries or rules on standard output; why not, and notes, on standard error
 *
 * Exit code 2 when something could not be read, else 1 when a rule could not be converted or proved different, else 0.
 */

import { type Diagnostic, hasErrors } from '../diagnostic/diagnostic.ts';
import type { DialectName } from '../dialect/dialect-names.ts';
import type { RuleChanges } from '../engine/chosen-rules.ts';
import { type Proof, ProofRun, readBack } from '../engine/prove.ts';
import { readEvents } from '../engine/read-events.ts';
import type { Event } from '../event/event.ts';
import { type Conversion, convertRule } from '../rule/convert.ts';
import { toFindings } from '../rule/finding.ts';
import type { Inspection, LoadedRule } from '../rule/inspect.ts';
import { inspectRules, isUnreadable } from '../rule/load.ts';
import { EXIT } from './exit.ts';
import { readCompileOptions } from './rule-change-options.ts';
import { count } from './scan-report.ts';
import { printable, type Style, style, type TerminalStream } from './terminal.ts';

type Output = TerminalStream & { write(text: string): unknown };

export interface ConvertCommandOptions extends RuleChanges {
  readonly to: DialectName;
  readonly form: 'query' | 'rule';
  readonly system: 'table' | 'keep';
  /** Files of events; empty for no proof. */
  readonly prove: readonly string[];
  readonly json: boolean;
  readonly out: Output;
  readonly errors: Output;
}

interface Converted {
  readonly inspection: Inspection;
  readonly rule: LoadedRule;
  readonly conversion: Conversion;
  proof?: Proof;
}

/** @returns the exit code */
export async function convertCommand(paths: readonly string[], options: ConvertCommandOptions): Promise<number> {
  const { out, errors, json } = options;
  const look = style(errors);
  let exitCode: number = EXIT.ok;
  const all: Converted[] = [];
  const compiling = await readCompileOptions(options, errors);
  if (compiling === undefined) return EXIT.failed;
  for await (const inspection of inspectRules(paths, compiling)) {
    const { rule, findings, file } = inspection;
    if (rule !== undefined) {
      all.push({ inspection, rule, conversion: convertRule(rule, options) });
      continue;
    }
    exitCode = Math.max(exitCode, findings.some(isUnreadable) ? EXIT.failed : EXIT.found);
    for (const { severity, line, column, message } of findings) {
      if (severity === 'error') errors.write(`${printable(file)}:${line}:${column}: ${printable(message)}\n`);
    }
  }
  if (options.prove.length > 0 && !(await prove(all, options))) exitCode = EXIT.failed;
  for (const converted of all) {
    if (json) out.write(`${JSON.stringify(asJson(converted))}\n`);
    else print(converted, all.length > 1, options, look);
    const failed = hasErrors(converted.conversion.diagnostics) || converted.proof?.verdict === 'different';
    if (failed) exitCode = Math.max(exitCode, EXIT.found);
  }
  const done = all.filter(({ conversion }) => conversion.query !== undefined).length;
  if (all.length !== 1) errors.write(`${done} of ${count(all.length, 'rule', 'rules')} converted to ${options.to}.\n`);
  return exitCode;
}

/** One reading of the events for all rules. @returns whether all could be read */
async function prove(all: readonly Converted[], { prove: paths, errors }: ConvertCommandOptions): Promise<boolean> {
  const runs: { readonly converted: Converted; readonly run: ProofRun }[] = [];
  for (const converted of all) {
    if (converted.conversion.query === undefined) continue;
    const sides = await readBack(converted.rule, converted.conversion);
    if ('reason' in sides) converted.proof = { verdict: 'not-provable', reason: sides.reason };
    else runs.push({ converted, run: new ProofRun(sides) });
  }
  const { problems } = await readEvents(paths, (event) => {
    for (const { run } of runs) run.take(event);
    return true;
  });
  for (const { message } of problems) errors.write(`${printable(message)}\n`);
  for (const { converted, run } of runs) converted.proof = run.proof();
  return problems.length === 0;
}

function print(
  converted: Converted,
  several: boolean,
  { out, errors, form, to }: ConvertCommandOptions,
  look: Style,
): void {
  const { rule, conversion, proof } = converted;
  const { document } = rule;
  const name = printable(document.name);
  for (const { severity, line, column, message, hint } of findingsOf(converted)) {
    const place = `${printable(document.source.path)}:${line}:${column}`;
    const advice = hint === undefined ? '' : ` ${look.dim(printable(hint))}`;
    errors.write(`${place}: ${look.severity(severity, severity)}: ${printable(message)}${advice}\n`);
  }
  if (conversion.text === undefined) {
    errors.write(`${look.severity('error', 'not converted')}: ${name}\n`);
    return;
  }
  if (several && form === 'rule' && to.startsWith('kql')) out.write('---\n');
  // Lucene has no comments.
  if (several && form === 'query') out.write(to === 'lucene' ? '' : `// ${name} (${printable(document.id)})\n`);
  out.write(`${conversion.text}\n${several && form === 'query' ? '\n' : ''}`);
  if (proof !== undefined) errors.write(`${proofLine(proof, look)}${several ? `: ${name}` : ''}\n`);
}

function proofLine(proof: Proof, look: Style): string {
  switch (proof.verdict) {
    case 'same':
      return `${look.green('same')} on ${count(proof.events, 'event', 'events')}, of which ${proof.matched} match`;
    case 'different': {
      const { event, fires } = proof.first;
      const [does, doesNot] = fires ? ['the rule', 'the query'] : ['the query', 'the rule'];
      return `${look.red('different')}: ${does} fires and ${doesNot} does not, first on ${placeOf(event)}`;
    }
    case 'not-provable':
      return `${look.severity('warning', 'not provable')}: ${printable(proof.reason)}`;
  }
}

function placeOf(event: Event): string {
  const id = event.text('event.id') ?? event.id;
  const { origin } = event;
  const place = origin === undefined ? '' : `${printable(origin.path)} at byte ${origin.offset}`;
  return [place, id === undefined ? '' : `event ${printable(id)}`].filter((part) => part !== '').join(', ');
}

function findingsOf({ inspection, rule, conversion }: Converted) {
  const { locate, text = '', file } = inspection;
  const placed = conversion.diagnostics.map(
    (each): Diagnostic => ({ ...each, span: locate?.query(each.span) ?? each.span }),
  );
  return toFindings(placed, text, file, rule.document);
}

function asJson(converted: Converted): object {
  const { rule, conversion, proof } = converted;
  const { id, name, language, authors, license, references } = rule.document;
  return {
    id,
    name,
    language,
    author: authors,
    ...(license === undefined ? {} : { license }),
    reference: references,
    to: conversion.to,
    ...(conversion.query === undefined ? {} : { query: conversion.query, text: conversion.text }),
    findings: findingsOf(converted),
    ...(proof === undefined ? {} : { proof: proof.verdict === 'different' ? differing(proof) : proof }),
  };
}

function differing({ first, ...proof }: Extract<Proof, { verdict: 'different' }>): object {
  const { event, fires } = first;
  return { ...proof, first: { rule: fires, query: !fires, origin: event.origin, event: event.document() } };
}
