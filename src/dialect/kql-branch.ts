/**
 * The events of a correlation as rows of one Kusto table: when, of which group, and which of the rules each one meets.
 *
 *   members ──table, keys, value──▶ branches, one for each table and grouping ──union──▶ rows
 *
 * An event is one row of a group, also where several rules of one table match it, so that it counts once.
 */
import type { Span } from '../diagnostic/span.ts';
import type { FieldRef, Predicate } from '../plan/predicate/node.ts';
import { type KqlContext, type KqlValue, kqlRows } from './kql.ts';
import { headOf, type KqlSource } from './kql-source.ts';
import { joined } from './saying.ts';

/** One rule of a correlation, over events. */
export interface KqlMember {
  readonly predicate: Predicate;
  readonly span: Span;
  /** By the group's columns, in order. */
  readonly keys: readonly KqlKey[];
  /** What is measured; empty where nothing is. */
  readonly values: readonly (readonly FieldRef[])[];
}

export interface KqlKey {
  /** The places where the value may stand, the best first. */
  readonly fields: readonly FieldRef[];
  /** Events without a value form a group of their own; otherwise they take no part. */
  readonly optional: boolean;
}

/** Rows made of something else than events, with `EventTime` and the group's columns in order. */
export interface KqlInner {
  readonly text: string;
  readonly groups: readonly string[];
  /** As people know the time’s column. */
  readonly time: string;
}

/** A branch of the union: lines of a query, and what its rows have. */
interface Branch {
  readonly from: KqlSource | { readonly text: string };
  readonly time: string;
  /** As people know the time’s column. */
  readonly known: string;
  readonly keys: readonly KqlValue[];
  readonly optional: readonly boolean[];
  readonly value: string | undefined;
  /** By number of the member: its condition; `true` for all rows. */
  readonly members: Map<number, string>;
}

export interface KqlUnion {
  /** Lines that end with rows of `EventTime`, the groups, `Value` where one is measured, and `IsRule1` and so on. */
  readonly lines: readonly string[];
  readonly groups: readonly string[];
  /** The column that the events’ own time stands in. */
  readonly time: string;
}

export type MeasuredAs = 'texts' | 'number' | undefined;

/** @param names the group's columns as the rule calls them */
export function kqlUnion(
  members: readonly (KqlMember | KqlInner)[],
  names: readonly string[],
  measured: MeasuredAs,
  context: KqlContext,
): KqlUnion | undefined {
  const branches: Branch[] = [];
  let failed = false;
  for (const [number, member] of members.entries()) {
    const branch = 'text' in member ? innerBranch(member, number) : eventBranch(member, number, measured, context);
    if (branch === undefined) {
      failed = true;
      continue;
    }
    const same = branches.find((other) => isSameTable(other, branch) && keyOf(other) === keyOf(branch));
    if (same === undefined) branches.push(branch);
    else for (const [at, condition] of branch.members) same.members.set(at, condition);
  }
  if (failed) return undefined;
  const groups = groupColumns(names, branches);
  const texts = branches.map((branch) => {
    const siblings = branches.filter((other) => other === branch || isSameTable(other, branch));
    return branchLines(branch, groups, members.length, siblings, measured);
  });
  const [only] = texts;
  const lines =
    texts.length === 1 && only !== undefined
      ? only
      : ['union', ...texts.map((text, at) => indented(text, at < texts.length - 1))];
  return { lines, groups, time: branches[0]?.known ?? 'TimeGenerated' };
}

/** The whole of some lines as an operand. */
export function indented(lines: readonly string[], more: boolean): string {
  const [first = '', ...rest] = lines.join('\n').split('\n');
  return [`    (${first}`, ...rest.map((line) => `    ${line}`)].join('\n') + (more ? '),' : ')');
}

function innerBranch({ text, groups, time }: KqlInner, number: number): Branch {
  return {
    from: { text },
    time: 'EventTime',
    known: time,
    keys: groups.map((name) => ({ text: name, column: name, type: 'string' })),
    optional: groups.map(() => true),
    value: undefined,
    members: new Map([[number, 'true']]),
  };
}

function eventBranch(
  { predicate, span, keys, values }: KqlMember,
  number: number,
  measured: MeasuredAs,
  context: KqlContext,
): Branch | undefined {
  const rows = kqlRows(predicate, span, context, true);
  if (rows === undefined) return undefined;
  const { source, said, emitter } = rows;
  const found = keys.map(({ fields }) => emitter.field(fields, span));
  const measuredValues = values.map((fields) => emitter.field(fields, span));
  const time = source.table.columns.find(({ type, fields }) => type === 'datetime' && fields[0] === '@timestamp');
  const table = source.table.names[0] as string;
  if (time === undefined) context.refusals.refuse('convert-field', `${table} has no column for the time.`, span);
  if (time === undefined || [...found, ...measuredValues].includes(undefined)) return undefined;
  return {
    from: source,
    time: time.name,
    known: time.name,
    keys: (found as readonly KqlValue[]).map(asText),
    optional: keys.map(({ optional }) => optional),
    value: valueText(measuredValues as readonly KqlValue[], measured),
    members: new Map([[number, joined(said, 'and', 'true').text]]),
  };
}

function valueText(values: readonly KqlValue[], measured: MeasuredAs): string | undefined {
  if (measured === undefined) return undefined;
  const [only] = values;
  if (measured === 'number') return only === undefined ? undefined : `todouble(${only.text})`;
  const texts = values.map((value) => asText(value).text);
  if (texts.length === 1) return texts[0];
  return `iff(${texts.map((text) => `isempty(${text})`).join(' or ')}, "", tostring(pack_array(${texts.join(', ')})))`;
}

/** Groups are compared as texts, so that a missing value is "" whatever its type. */
function asText(value: KqlValue): KqlValue {
  return value.type === 'string' ? value : { ...value, text: `tostring(${value.text})` };
}

/** Whether an event can be a row of both. */
function isSameTable({ from: a }: Branch, { from: b }: Branch): boolean {
  return 'table' in a && 'table' in b && a.table.names[0] === b.table.names[0];
}

function keyOf({ from, time, keys, optional, value }: Branch): string {
  return JSON.stringify(['table' in from ? from.conditions : [], time, keys, optional, value]);
}

/** Names that the query gives to columns of its own. */
const OWN =
  /^(EventTime|StartTime|Value|Values|Measured|Found|Run|Earliest|WindowStart|Bin|At|Low|High|Is\w+|Since\w+)$/;

/** A group keeps the name of its column where all tables have the same. */
function groupColumns(names: readonly string[], branches: readonly Branch[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((name, at) => {
    const columns = new Set(branches.map(({ keys }) => keys[at]?.column));
    const [column] = columns;
    let made = columns.size === 1 && column !== undefined ? column : name.replaceAll(/[^A-Za-z0-9_]/g, '_');
    if (!/^[A-Za-z_]/.test(made) || OWN.test(made)) made = `Group_${made}`;
    while (taken.has(made)) made = `${made}_`;
    taken.add(made);
    return made;
  });
}

/**
 * @param siblings branches of the same table: an event that rules of several of them match is one row of a group, that of
 *   the first of them
 */
function branchLines(
  branch: Branch,
  groups: readonly string[],
  count: number,
  siblings: readonly Branch[],
  measured: MeasuredAs,
): readonly string[] {
  const { from, time, keys, optional, value, members } = branch;
  const [only] = members.values();
  const alone = members.size === 1 && siblings.length === 1;
  const condition = (at: number): string => {
    const owner = siblings.find((other) => other.members.has(at));
    if (owner === undefined) return 'false';
    if (alone) return 'true';
    const own = owner.members.get(at) as string;
    if (owner === branch) return own;
    const asked = conditionsOf(owner);
    const others = asked.join() === conditionsOf(branch).join() ? [] : asked;
    const same = keys.flatMap(({ text }, place) => {
      const other = owner.keys[place]?.text;
      return other === text ? [] : [`${text} == ${other}`];
    });
    return [...others, `(${own})`, ...same].join(' and ');
  };
  const numbers = Array.from({ length: count }, (_, at) => at);
  const columns = [
    time === 'EventTime' ? time : `EventTime = ${time}`,
    ...groups.map((name, at) => (keys[at]?.text === name ? name : `${name} = ${keys[at]?.text}`)),
    ...(value === undefined ? [] : [`Value = ${value}`]),
    ...(count === 1 ? [] : numbers.map((at) => `${flagOf(at)} = ${condition(at)}`)),
  ];
  const lines = 'text' in from ? [from.text] : [...headOf(from, [...columns, only].join('\n'))];
  if (alone && only !== 'true') lines.push(`| where ${only}`);
  lines.push(`| project ${columns.join(', ')}`);
  const wanted = groups.filter((_, at) => optional[at] !== true).map((name) => `isnotempty(${name})`);
  if (!alone) {
    const own = [...members.keys()].map(flagOf);
    const before = siblings.slice(0, siblings.indexOf(branch)).flatMap((other) => [...other.members.keys()]);
    wanted.unshift(own.length === 1 ? own.join('') : `(${own.join(' or ')})`);
    wanted.push(...before.map((at) => `not(${flagOf(at)})`));
  }
  if (measured === 'number') wanted.push('isnotnull(Value)');
  if (measured === 'texts') wanted.push('isnotempty(Value)');
  if (wanted.length > 0) lines.push(`| where ${wanted.join(' and ')}`);
  return lines;
}

function conditionsOf({ from }: Branch): readonly string[] {
  return 'table' in from ? from.conditions : [];
}

function flagOf(at: number): string {
  return `IsRule${at + 1}`;
}
