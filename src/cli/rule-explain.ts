/**
 * `vedette rule explain RULE --event FILE`: clause by clause what was true of an event, and the values seen.
 *
 *   audit.log at byte 812  ada started a web server on web-07 …
 *   ✓ fires
 *     ✓ host.os.type == "linux"                       linux
 *     ✗ process.parent.name == "cron"                 missing
 */
import { basename } from 'node:path';
import { describeEvent } from '../detect/sentence.ts';
import { shownText } from '../diagnostic/shown-text.ts';
import { type Explanation, explainEvents } from '../engine/explain-events.ts';
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
  const read = await explainEvents(rule, options.events, (explanation) => {
    const fires = explanation.reads && explanation.trace.result;
    if (fires) fired += 1;
    if (printed >= options.limit || (options.matches && !fires)) return true;
    printed += 1;
    out.write(
      options.json ? `${JSON.stringify(asJson(rule, explanation))}\n` : `${asText(rule, explanation, look, out)}\n`,
    );
    return true;
  });
  for (const { message } of read.problems) errors.write(`${printable(message)}\n`);
  const kept = printed < read.events ? ` ${printed} shown; --limit shows more, --matches only those.` : '';
  errors.write(
    `“${printable(rule.document.name)}” fires on ${fired} of ${count(read.events, 'event', 'events')}.${kept}\n`,
  );
  return read.problems.length > 0 ? EXIT.failed : EXIT.ok;
}

function asJson(rule: LoadedRule, { event, reads, trace }: Explanation): object {
  return {
    rule: { id: rule.document.id, name: rule.document.name },
    event: { id: event.text('event.id'), time: event.text('@timestamp'), origin: event.origin },
    data_streams: event.dataStreams,
    reads,
    fires: reads && trace.result,
    trace,
  };
}

function asText(rule: LoadedRule, { event, reads, trace }: Explanation, look: Style, out: Output): string {
  const { origin } = event;
  const place = origin === undefined ? '' : `${printable(basename(origin.path))} at byte ${origin.offset}  `;
  const width = Math.min(widthOf(out), 140);
  const verdict = reads && trace.result ? look.green('✓ fires') : look.red('✗ does not fire');
  const unread = `  ✗ the rule reads ${rule.document.indexPatterns.join(', ')}; the event is in ${event.dataStreams.join(', ')}`;
  return [
    look.bold(`${look.dim(place)}${shownText(describeEvent(event), width)}`),
    verdict,
    ...(reads ? [] : [look.red(unread)]),
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
