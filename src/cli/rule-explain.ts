/**
 * `vedette rule explain RULE --event FILE`: clause by clause what was true of an event, and the values seen.
 *
 *   audit.log at byte 812  ada started a web server on web-07 …
 *   ✗ does not fire
 *     The event has no process.parent.name; wanted: “cron”.
 *     ✓ host.os.type == "linux"                       linux
 *     ✗ process.parent.name == "cron"                 missing
 */
import { basename } from 'node:path';
import { describeEvent } from '../detect/sentence.ts';
import { shownText } from '../diagnostic/shown-text.ts';
import { explainEvents } from '../engine/explain-events.ts';
import type { Explanation } from '../engine/explanation.ts';
import type { Event } from '../event/event.ts';
import type { TraceNode } from '../plan/predicate/trace.ts';
import type { LoadedRule } from '../rule/inspect.ts';
import { loadRules } from '../rule/load.ts';
import { EXIT } from './exit.ts';
import { count } from './scan-report.ts';
import { printable, type Style, style, type TerminalStream, widthOf } from './terminal.ts';

type Output = TerminalStream & { write(text: string): unknown };

export interface ExplainOptions {
  readonly events: readonly string[];
  /** Only events on which the rule fires. */
  readonly matches: boolean;
  /** Explanations printed at most. */
  readonly limit: number;
  readonly json: boolean;
  readonly out: Output;
  readonly errors: Output;
}

const CLAUSE_COLUMN = 58;
const LONGEST_VALUE = 60;

/** @returns the exit code */
export async function explainCommand(path: string, options: ExplainOptions): Promise<number> {
  const { out, errors } = options;
  const { rules, findings } = await loadRules([path]);
  const rule = rules[0];
  if (rule === undefined) {
    for (const { file, line, column, message } of findings) {
      errors.write(`${printable(file)}:${line}:${column}: ${printable(message)}\n`);
    }
    return EXIT.failed;
  }
  const look = style(out);
  let printed = 0;
  let fired = 0;
  const read = await explainEvents(rule, options.events, (event, explanation) => {
    const { fires } = explanation;
    if (fires) fired += 1;
    if (printed >= options.limit || (options.matches && !fires)) return true;
    printed += 1;
    const text = options.json
      ? JSON.stringify(asJson(rule, event, explanation))
      : asText(event, explanation, look, out);
    out.write(`${text}\n`);
    return true;
  });
  for (const { message } of read.problems) errors.write(`${printable(message)}\n`);
  const kept = printed < read.events ? ` ${printed} shown; --limit shows more, --matches only those.` : '';
  errors.write(
    `“${printable(rule.document.name)}” fires on ${fired} of ${count(read.events, 'event', 'events')}.${kept}\n`,
  );
  return read.problems.length > 0 ? EXIT.failed : EXIT.ok;
}

function asJson(rule: LoadedRule, event: Event, explanation: Explanation): object {
  return {
    rule: { id: rule.document.id, name: rule.document.name },
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
    ...clauses(trace, look, 1),
    '',
  ].join('\n');
}

function clauses(node: TraceNode, look: Style, depth: number): readonly string[] {
  const indent = '  '.repeat(depth);
  const mark = !node.needed ? look.dim('–') : node.result ? look.green('✓') : look.red('✗');
  if (node.children.length > 0) {
    const head = node.kind === 'and' ? 'all of' : node.kind === 'or' ? 'one of' : 'not';
    const isRoot = depth === 1 && node.kind === 'and';
    const below = node.children.flatMap((child) => clauses(child, look, isRoot ? depth : depth + 1));
    return isRoot ? below : [`${indent}${mark} ${look.dim(head)}`, ...below];
  }
  const text = shownText(node.text.replaceAll(/\s+/g, ' '), CLAUSE_COLUMN * 2);
  const line = `${indent}${mark} ${text.padEnd(CLAUSE_COLUMN - indent.length)}  ${look.dim(valuesSeen(node))}`;
  return [line.trimEnd()];
}

function valuesSeen({ field, values }: TraceNode): string {
  if (field === undefined) return '';
  if (values === undefined || values.length === 0) return 'missing';
  return shownText(values.join(' · '), LONGEST_VALUE);
}
