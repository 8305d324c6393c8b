/**
 * The options that Elasticsearch's EQL search takes, on the command line, and its answer as JSON.
 */
import type { Command } from 'commander';
import type { EqlSearchOptions } from '../engine/eql-search.ts';
import { toCount } from './count-option.ts';
import { EXIT } from './exit.ts';

export interface EqlFlags {
  readonly tail?: true;
  readonly filter?: string;
  readonly timestampField?: string;
  readonly tiebreakerField?: string;
  readonly eventCategoryField?: string;
  readonly maxSamplesPerKey?: number;
  readonly field?: readonly string[];
}

export function addEqlOptions(command: Command): void {
  command
    .optionsGroup('Options of EQL:')
    .option('--tail', 'of more than --limit the last, not the first')
    .option('--filter <query>', 'an EQL event query; events that it does not hold for are not seen')
    .option('--timestamp-field <field>', 'what events are put in order by (default: their time)')
    .option('--tiebreaker-field <field>', 'what decides between events of one time (default: the order they stand in)')
    .option('--event-category-field <field>', 'where an event’s category stands (default: event.category)')
    .option('--max-samples-per-key <number>', 'samples given for one key (default: 1)', toCount)
    .option('--field <name=type...>', 'the type of a field that is not ECS, or name=alias:FIELD');
}

/** `undefined` where none of them was given. */
export function eqlOptions(flags: EqlFlags): Omit<EqlSearchOptions, 'size'> | undefined {
  const { tail, filter, timestampField, tiebreakerField, eventCategoryField, maxSamplesPerKey, field } = flags;
  const options = {
    ...(tail === undefined ? {} : { order: 'tail' as const }),
    ...(filter === undefined ? {} : { filter }),
    ...(timestampField === undefined ? {} : { timestampField }),
    ...(tiebreakerField === undefined ? {} : { tiebreakerField }),
    ...(eventCategoryField === undefined ? {} : { eventCategoryField }),
    ...(maxSamplesPerKey === undefined ? {} : { maxSamplesPerKey }),
    ...(field === undefined ? {} : { fields: Object.fromEntries(field.map(nameAndType)) }),
  };
  return Object.keys(options).length === 0 ? undefined : options;
}

/** Prints one JSON document; what is wrong goes to standard error. */
export async function answerEql(
  query: string,
  over: readonly string[],
  limit: number | undefined,
  options: Omit<EqlSearchOptions, 'size'>,
): Promise<number> {
  const [{ searchEql }, { eqlAnswer }, { renderDiagnostic }] = await Promise.all([
    import('../engine/eql-search.ts'),
    import('../engine/eql-answer.ts'),
    import('../diagnostic/render.ts'),
  ]);
  const started = performance.now();
  const search = await searchEql({ ...options, query, over, ...(limit === undefined ? {} : { size: limit }) });
  const color = process.stderr.isTTY === true && (process.env.NO_COLOR ?? '') === '';
  for (const diagnostic of search.diagnostics.filter(({ severity }) => severity !== 'info')) {
    process.stderr.write(`${renderDiagnostic(query, diagnostic, { color })}\n`);
  }
  if (search.read === undefined) return EXIT.failed;
  const { problems, rejects } = search.read;
  for (const { message } of problems) process.stderr.write(`${message}\n`);
  const isFailed = problems.some(({ severity }) => severity === 'error');
  const isPartial = isFailed || search.correlation.late > 0;
  const answer = eqlAnswer(search.kind, search.matches, performance.now() - started, isPartial);
  process.stdout.write(`${JSON.stringify(answer)}\n`);
  if (isFailed) return EXIT.failed;
  return rejects.total > 0 ? EXIT.found : EXIT.ok;
}

function nameAndType(text: string): [string, string] {
  const at = text.indexOf('=');
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
