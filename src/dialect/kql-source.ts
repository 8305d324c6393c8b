/**
 * The tables that a conversion to Kusto can choose from, and the events that each stands for.
 *
 *   conjuncts of the rule ──all of a source's conditions among them?──▶ table, and the conditions that it stands for
 *
 * What a table stands for is taken out of the rule's condition, and its own way of saying it (`ActionType == …`) is put
 * in. A view of the table over events has exactly the rows that were taken for granted, so that the query can be run here.
 */
import { NO_SPAN } from '../diagnostic/span.ts';
import { and, type Predicate } from '../plan/predicate/node.ts';
import type { Column, ColumnType, Table } from '../vocabulary/table.ts';

export interface KqlSource {
  /** As a query names it, with the rows that `stands` describes. */
  readonly table: Table;
  /** The conditions over an event that the table stands for; all must be among the rule's. */
  readonly stands: readonly Predicate[];
  /** What the query says instead, beside the table's name. */
  readonly conditions: readonly string[];
  /** Columns that older content uses, or that hold the same with less to say; never chosen. */
  readonly avoided: ReadonlySet<string>;
  /** Columns whose one text holds what stands in several fields (`DOMAIN\\user`); each of the fields is asked there. */
  readonly whole: ReadonlySet<string>;
}

export interface SourceChoice {
  readonly source: KqlSource;
  readonly rest: readonly Predicate[];
}

/** The source that stands for most of the rule's conditions; `undefined` where none does. */
export function chooseSource(predicate: Predicate, sources: readonly KqlSource[]): SourceChoice | undefined {
  const conjuncts = predicate.kind === 'and' ? predicate.children : [predicate];
  const keys = conjuncts.map(meaningOf);
  let best: SourceChoice | undefined;
  for (const source of sources) {
    const wanted = source.stands.map(meaningOf);
    if (!wanted.every((key) => keys.includes(key))) continue;
    if (best !== undefined && best.source.stands.length >= source.stands.length) continue;
    best = { source, rest: conjuncts.filter((_, index) => !wanted.includes(keys[index] as string)) };
  }
  return best;
}

export interface SourceParts {
  readonly names: readonly string[];
  readonly columns: readonly Column[];
  readonly stands: Predicate;
  readonly conditions?: readonly string[];
  readonly avoided?: readonly string[];
  readonly whole?: readonly string[];
}

export function kqlSource({
  names,
  columns,
  stands,
  conditions = [],
  avoided = [],
  whole = [],
}: SourceParts): KqlSource {
  const conjuncts = stands.kind === 'and' ? stands.children : [stands];
  return {
    table: { names, columns, rows: () => and(conjuncts, NO_SPAN) },
    stands: conjuncts,
    conditions,
    avoided: new Set(avoided),
    whole: new Set(whole),
  };
}

/** Columns written `name field…`, one a line; `=` gives a constant. */
export function columnsOf(lists: Readonly<Partial<Record<ColumnType, string>>>): readonly Column[] {
  return (Object.entries(lists) as [ColumnType, string][]).flatMap(([type, lines]) =>
    lines
      .trim()
      .split('\n')
      .filter((line) => line !== '')
      .map((line): Column => {
        const [name = '', ...fields] = line.split(' ');
        const constant = fields[0]?.startsWith('=') === true ? fields[0].slice(1) : undefined;
        return constant === undefined ? { name, type, fields } : { name, type, fields: [], constant };
      }),
  );
}

/** What a condition says, whatever the place it stands at and the case of its words. */
function meaningOf(node: Predicate): string {
  return JSON.stringify(node, (key, value: unknown) => {
    if (key === 'span' || key === 'fold' || key === 'type') return undefined;
    return value;
  });
}
