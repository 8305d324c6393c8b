/**
 * The tables that a conversion to Kusto can choose from, and the events that each stands for.
 *
 *   conjuncts of the rule ──all of a source's conditions among them?──▶ table, and the conditions that it stands for
 *
 * What a table stands for is taken out of the rule's condition, and its own way of saying it (`ActionType == …`) is put
 * in. A view of the table over events has exactly the rows that were taken for granted, so that the query can be run here.
 *
 * What the rule asks as one field and the table has in several columns, or in words of its own, is made by `extend`:
 *
 *   Table ──conditions──▶ ──made columns that the query names──▶ the rest of the query
 */
import { NO_SPAN } from '../diagnostic/span.ts';
import { and, matchAny, type Predicate } from '../plan/predicate/node.ts';
import type { Column, Table } from '../vocabulary/table.ts';

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
  readonly made: readonly MadeColumn[];
  /** Made of a user's domain and name, where the table has them apart: `DOMAIN\\user`. */
  readonly account: MadeColumn | undefined;
  /** The only operating system that the table holds events of, as ECS names it. */
  readonly system: string | undefined;
}

/** A column that the query makes of the table's own. */
export interface MadeColumn extends Column {
  /** In Kusto, over the table's columns. */
  readonly says: string;
  /** It has only the end of what the field holds, from the last separator (`\\cmd.exe`), so only that can be asked. */
  readonly isEnding?: true;
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
  readonly made?: readonly MadeColumn[];
  readonly account?: MadeColumn;
  readonly system?: string;
}

export function kqlSource({
  names,
  columns,
  stands,
  conditions = [],
  avoided = [],
  whole = [],
  made = [],
  account,
  system,
}: SourceParts): KqlSource {
  const conjuncts = stands.kind === 'and' ? stands.children : [stands];
  const ofSystem = system === undefined ? [] : [ofOne('host.os.type', system)];
  return {
    table: { names, columns, rows: () => and([...conjuncts, ...ofSystem], NO_SPAN) },
    stands: conjuncts,
    conditions,
    avoided: new Set(avoided),
    whole: new Set(whole),
    made,
    account,
    system,
  };
}

/** The lines of a query up to its own: the table, what it is asked, and the made columns that its own lines name. */
export function headOf({ table, conditions, made, account }: KqlSource, own: string): readonly string[] {
  const named = [...made, ...(account === undefined ? [] : [account])].filter(({ name }) =>
    new RegExp(`\\b${name}\\b`).test(own),
  );
  return [
    table.names[0] as string,
    ...conditions.map((condition) => `| where ${condition}`),
    ...named.map(({ name, says }) => `| extend ${name} = ${says}`),
  ];
}

/** The field is this word, in any case. */
export function ofOne(name: string, word: string): Predicate {
  return matchAny({ name, type: 'keyword' }, { kind: 'equals', anyOf: [word], fold: 'unicode' }, NO_SPAN);
}

/** What a condition says, whatever the place it stands at, the case of its words and the order of its alternatives. */
function meaningOf(node: Predicate): string {
  if (node.kind === 'and' || node.kind === 'or') return `${node.kind} ${node.children.map(meaningOf).sort().join()}`;
  return JSON.stringify(node, (key, value: unknown) => {
    if (key === 'span' || key === 'fold' || key === 'type') return undefined;
    return value;
  });
}
