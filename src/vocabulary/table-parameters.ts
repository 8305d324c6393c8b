/**
 * Parameters of ASIM's parsers, which keep rows before a query sees them: what each is called in the schemas says what
 * it asks (`…_has_any`, `…_has_any_prefix`, `…_in`).
 *
 *   `targetprocess_has_any TargetProcessName` ──▶ declaration for the binder, filter over the table's columns
 *
 * An empty list, `*`, null and what each schema has as its default keep all rows. Source: Microsoft's parsers.
 */
import { NO_SPAN } from '../diagnostic/span.ts';
import type { Cell, ScalarType } from '../plan/relation/cell.ts';
import type { Scalar } from '../plan/relation/node.ts';
import type { RowFilter } from './table.ts';

export interface TableParameters {
  /** As Kusto writes them. */
  readonly parameters: string;
  readonly filters: ReadonlyMap<string, RowFilter>;
}

/** @param lines `name column…` */
export function tableParameters(lines: readonly string[]): TableParameters {
  const read = lines.map((line) => {
    const [name = '', ...columns] = line.split(' ');
    return { name, columns, ...kindOf(name) };
  });
  return {
    parameters: read.map(({ name, type, otherwise }) => `${name}:${type}=${otherwise}`).join(', '),
    filters: new Map(
      read.flatMap(({ name, columns, keeps }) =>
        keeps === undefined ? [] : [[name, (given: Scalar) => keeps(columns, given)] as const],
      ),
    ),
  };
}

interface Kind {
  readonly type: 'bool' | 'datetime' | 'dynamic' | 'int' | 'string';
  /** The default, as Kusto writes it. */
  readonly otherwise: string;
  readonly keeps?: (columns: readonly string[], given: Scalar) => Scalar | undefined;
}

const LIST = { type: 'dynamic', otherwise: 'dynamic([])' } as const;

function kindOf(name: string): Kind {
  if (name === 'pack') return { type: 'bool', otherwise: 'false' };
  if (name === 'disabled') return { type: 'bool', otherwise: 'false', keeps: (_, given) => call('not', [given]) };
  if (name === 'starttime') return time('>=');
  if (name === 'endtime') return time('<=');
  if (name.endsWith('portnumber')) return { type: 'int', otherwise: 'int(null)', keeps: sameNumber };
  if (name.endsWith('_prefix')) return { ...LIST, keeps: ofList('has_any_ipv4_prefix') };
  if (name.endsWith('_has_all')) return { ...LIST, keeps: ofList('has_all') };
  if (name.endsWith('_has_any')) return { ...LIST, keeps: ofList('has_any') };
  if (name.endsWith('_in') || name === 'dvcaction') return { ...LIST, keeps: ofList('in~') };
  if (name.endsWith('_has_ipv4')) return text('*', 'has_ipv4');
  if (name.endsWith('_has')) return text('*', 'has');
  return text('*', '==');
}

/** A text whose default is another word than `*` (`eventtype` of DNS). */
export function withDefault(given: TableParameters, name: string, otherwise: string): TableParameters {
  const filter = given.filters.get(name);
  const filters = new Map(given.filters);
  if (filter !== undefined) {
    filters.set(name, (value) => (value.kind === 'constant' && value.value === otherwise ? undefined : filter(value)));
  }
  return { parameters: given.parameters.replace(`${name}:string='*'`, `${name}:string='${otherwise}'`), filters };
}

function time(operator: '>=' | '<='): Kind {
  return {
    type: 'datetime',
    otherwise: 'datetime(null)',
    keeps(_, given) {
      if (given.kind === 'constant' && given.value === null) return undefined;
      const test = call(operator, [column('TimeGenerated', 'datetime'), given]);
      return given.kind === 'constant' || given.kind === 'parameter'
        ? test
        : call('or', [call('isnull', [given]), test]);
    },
  };
}

function sameNumber([name = '']: readonly string[], given: Scalar): Scalar | undefined {
  if (given.kind === 'constant' && given.value === null) return undefined;
  const test = call('==', [column(name, 'int'), given]);
  return given.kind === 'constant' ? test : call('or', [call('isnull', [given]), test]);
}

function text(otherwise: string, operator: string): Kind {
  return {
    type: 'string',
    otherwise: `'${otherwise}'`,
    keeps([name = ''], given) {
      if (given.kind === 'constant' && given.value === otherwise) return undefined;
      const test = call(operator, [column(name, 'string'), given]);
      if (given.kind === 'constant') return test;
      return call('or', [call('==', [given, constant(otherwise, 'string')]), test]);
    },
  };
}

/** One of the columns meets the condition. */
function ofList(operator: string): NonNullable<Kind['keeps']> {
  return (columns, given) => {
    const items = listOf(given);
    if (items?.length === 0) return undefined;
    const tests = columns.map((name) => call(operator, [column(name, 'string'), ...(items ?? [given])]));
    const any = tests.length === 1 ? (tests[0] as Scalar) : call('or', tests);
    if (items !== undefined) return any;
    return call('or', [call('==', [call('array_length', [given], 'long'), constant(0n, 'long')]), any]);
  };
}

/** The texts of a list that is known. */
function listOf(given: Scalar): readonly Scalar[] | undefined {
  if (given.kind !== 'constant' || !Array.isArray(given.value)) return undefined;
  const texts = given.value.filter((item) => typeof item === 'string');
  return texts.length === given.value.length ? texts.map((item) => constant(item, 'string')) : undefined;
}

function call(name: string, args: readonly Scalar[], type: ScalarType = 'bool'): Scalar {
  return { kind: 'call', function: name, args, type, nameSpan: NO_SPAN, span: NO_SPAN };
}

function column(name: string, type: ScalarType): Scalar {
  return { kind: 'column', name, type, span: NO_SPAN };
}

function constant(value: Cell, type: ScalarType): Scalar {
  return { kind: 'constant', type, value, span: NO_SPAN };
}
