/**
 * `vedette rule explain RULE --event FILE`: clause by clause what was true of an event, and the values seen.
 *
 *   audit.log at byte 812  ada started a web server on web-07 …
 *   ✗ does not fire
 *     The event has no process.parent.name; wanted: “cron”.
 *     ✓ host.os.type == "linux"                       linux
 *     ✗ process.parent.name == "cron"                 missing
 *
 * A rule over several events is explained on all events together, by join key (`correlation-lines.ts`).
 */
import { basename } from 'node:path';
import { attribute } from '../detect/render-alert.ts';
import { describeEvent } from '../detect/sentence.ts';
import { shownText } from '../diagnostic/shown-text.ts';
import { loadChosenRules, type RuleChanges } from '../engine/chosen-rules.ts';
import { loadExceptionFiles } from '../engine/exception-files.ts';
import { correlationOf } from '../engine/explain.ts';
import type { ExceptedBy } from '../engine/explain-event.ts';
import { explainCorrelation, explainEvents } from '../engine/explain-events.ts';
import type { Explanation } from '../engine/explanation.ts';
import type { ExplainedCorrelation } from '../engine/stream-explainer.ts';
import type { GivenSchema } from '../engine/tables/given-tables.ts';
import type { Event } from '../event/event.ts';
import type { RowTrigger } from '../plan/tally.ts';
import type { LoadedRule } from '../rule/inspect.ts';
import { clauseLines } from './clause-lines.ts';
import { correlationLines } from './correlation-lines.ts';
import { EXIT } from './exit.ts';
import { count } from './scan-report.ts';
import { printable, type Style, style, type TerminalStream, widthOf } from './terminal.ts';

type Output = TerminalStream & { write(text: string): unknown };

export interface ExplainOptions extends RuleChanges {
  readonly events: readonly string[];
  /** Only events on which the rule fires. */
  readonly matches: boolean;
  /** Explanations printed at most. */
  readonly limit: number;
  readonly json: boolean;
  /** Files of exceptions, and the folder of the value lists that they name. */
  readonly exceptions: readonly string[];
  readonly lists?: string;
  readonly out: Output;
  readonly errors: Output;
}

/** @returns the exit code */
export async function explainCommand(paths: readonly string[], options: ExplainOptions): Promise<number> {
  const { out, errors } = options;
  const { rules, findings, names } = await loadChosenRules(paths, options);
  const rule = askedOf(rules);
  if (rule === undefined) {
    for (const { file, line, column, message } of findings) {
      errors.write(`${printable(file)}:${line}:${column}: ${printable(message)}\n`);
    }
    return EXIT.failed;
  }
  if (rule.tally?.kind === 'rows') return explainTables(rule, rule.tally.trigger, options, names);
  const exceptedBy = await exceptedByOf(rule, options);
  const correlating = correlationOf(rule);
  if (correlating !== undefined) return explainTogether(rule, correlating, options, exceptedBy);
  const look = style(out);
  let printed = 0;
  let fired = 0;
  const read = await explainEvents(
    rule,
    options.events,
    (event, explanation) => {
      const { fires } = explanation;
      if (fires) fired += 1;
      if (printed >= options.limit || (options.matches && !fires)) return true;
      printed += 1;
      const text = options.json
        ? JSON.stringify(asJson(rule, event, explanation))
        : asText(event, explanation, look, out);
      out.write(`${text}\n`);
      return true;
    },
    exceptedBy,
  );
  if (!options.json && printed > 0) out.write(`${creditLines(rule, look).join('\n')}\n`);
  for (const { message } of read.problems) errors.write(`${printable(message)}\n`);
  const kept = printed < read.events ? ` ${printed} shown; --limit shows more, --matches only those.` : '';
  errors.write(
    `“${printable(rule.document.name)}” fires on ${fired} of ${count(read.events, 'event', 'events')}.${kept}\n`,
  );
  return read.problems.length > 0 ? EXIT.failed : EXIT.ok;
}

/** No single event decides: how many rows come through each operator of the query. */
async function explainTables(
  rule: LoadedRule,
  { operator, count: threshold }: RowTrigger,
  { events, json, out, errors }: ExplainOptions,
  names: GivenSchema | undefined,
): Promise<number> {
  const { explainRows } = await import('../engine/explain-rows.ts');
  const { problems, steps, window, ...read } = await explainRows(rule, events, names);
  if (json) out.write(`${JSON.stringify({ rule: attribute(rule.document), window, steps })}\n`);
  else {
    const width = Math.max(4, ...steps.map(({ rows }) => rows.toLocaleString('en-US').length));
    for (const { rows, text } of steps)
      out.write(`${rows.toLocaleString('en-US').padStart(width)}  ${printable(text)}\n`);
  }
  for (const { message } of problems) errors.write(`${printable(message)}\n`);
  const when = `the run of ${window.up_to}, which sees what happened after ${window.after}`;
  const asked = `It alerts on a number of rows that is ${operator} ${threshold}.`;
  errors.write(
    `“${printable(rule.document.name)}”, ${when}, over ${count(read.events, 'event', 'events')}. ${asked}\n`,
  );
  return problems.length > 0 ? EXIT.failed : EXIT.ok;
}

/** The first that no other one names: a correlation rule comes with the rules that it puts together. */
function askedOf(rules: readonly LoadedRule[]): LoadedRule | undefined {
  const named = new Set(rules.flatMap(({ uses }) => uses?.rules ?? []));
  return rules.find(({ document }) => !named.has(document.id)) ?? rules[0];
}

/** What the files of exceptions remove; what of them was not taken is told. */
async function exceptedByOf(
  rule: LoadedRule,
  { exceptions, lists, errors }: ExplainOptions,
): Promise<ExceptedBy | undefined> {
  if (exceptions.length === 0) return undefined;
  const { set, problems } = await loadExceptionFiles(exceptions, [rule], lists);
  for (const { file, line, message } of problems) {
    errors.write(`${printable(file)}${line === undefined ? '' : `:${line}`}: ${printable(message)}\n`);
  }
  return (id, events) => set.exceptedBy(id, events);
}

async function explainTogether(
  rule: LoadedRule,
  correlating: ExplainedCorrelation,
  { events, limit, matches, json, out, errors }: ExplainOptions,
  exceptedBy: ExceptedBy | undefined,
): Promise<number> {
  const { read, explanation: whole } = await explainCorrelation(correlating, events, limit, exceptedBy);
  const keys = matches ? whole.keys.filter(({ outcome }) => outcome === 'matched') : whole.keys;
  const explanation = { ...whole, keys };
  const about = { rule: attribute(rule.document) };
  const text = json
    ? [JSON.stringify({ ...about, ...explanation })]
    : [...correlationLines(explanation, style(out), Math.min(widthOf(out), 140)), ...creditLines(rule, style(out))];
  out.write(`${text.join('\n')}\n`);
  for (const { message } of read.problems) errors.write(`${printable(message)}\n`);
  const verdict = explanation.fires ? 'fires' : 'does not fire';
  const more = keys.length < whole.all_keys ? ` ${keys.length} of ${count(whole.all_keys, 'key', 'keys')} shown.` : '';
  errors.write(
    `“${printable(rule.document.name)}” ${verdict} on these ${count(read.events, 'event', 'events')}.${more}\n`,
  );
  return read.problems.length > 0 ? EXIT.failed : EXIT.ok;
}

/** Whose rule it is, and where its authors tell more: said wherever it is shown to match. */
function creditLines({ document }: LoadedRule, look: Style): readonly string[] {
  const { name, author, license, reference } = attribute(document);
  const credit = [name, author.join(', '), license].filter((part) => part !== undefined && part !== '').join(' · ');
  return [credit, ...reference.map((address) => `see ${address}`)].map((line) => look.dim(printable(line)));
}

function asJson(rule: LoadedRule, event: Event, explanation: Explanation): object {
  return {
    rule: attribute(rule.document),
    event: { id: event.text('event.id'), time: event.text('@timestamp'), origin: event.origin },
    ...explanation,
  };
}

function asText(event: Event, { fires, obstacles, trace }: Explanation, look: Style, out: Output): string {
  const { origin } = event;
  const place = origin === undefined ? '' : `${printable(basename(origin.path))} at byte ${origin.offset}  `;
  const width = Math.min(widthOf(out), 140);
  const [nearest, ...others] = obstacles;
  const more = others.length === 0 ? '' : look.dim(` (and ${count(others.length, 'other thing', 'other things')})`);
  return [
    look.bold(`${look.dim(place)}${shownText(describeEvent(event), width)}`),
    fires ? look.green('✓ fires') : look.red('✗ does not fire'),
    ...(nearest === undefined ? [] : [`  ${shownText(nearest.message, width * 2)}${more}`]),
    ...clauseLines(trace, look, 1),
    '',
  ].join('\n');
}
