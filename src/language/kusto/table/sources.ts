/**
 * Where rows come from when it is no stored table: `print`, `range`, `datatable`, `externaldata`.
 */
import type { Cell, ScalarType } from '../../../plan/relation/cell.ts';
import type { External, RelationColumn, Scalar } from '../../../plan/relation/node.ts';
import { type BoundNode, itemsOf } from '../bound.ts';
import { ColumnNames, named, nothing, project, relation } from './build.ts';
import { convertConstant, scalarType } from './cells.ts';
import type { Environment, Flow, Lowering, Scope } from './lowering.ts';
import { lowerValues } from './values.ts';

function constants(env: Environment): Scope {
  return { env, columns: new Map(), window: 'looks at other rows, but there are none here' };
}

export function lowerPrint(lowering: Lowering, node: BoundNode, env: Environment): Flow {
  const names = new ColumnNames();
  const values = itemsOf(node, 'Expressions').flatMap((item, at) =>
    lowerValues(lowering, item, constants(env)).map(({ name, value }) =>
      named(names.add(name ?? `print_${at}`), value),
    ),
  );
  const one = relation({ kind: 'inline', rows: [[]], columns: [], span: node.span });
  return { relation: project(one, values, node.span), isSerialized: false, isOrdered: false };
}

export function lowerRange(lowering: Lowering, node: BoundNode, env: Environment): Flow {
  const { span, parts } = node;
  const scope = constants(env);
  const bound = (part: string): Scalar => lowering.scalar(parts[part], scope);
  const [from, to, step] = [bound('From'), bound('To'), bound('Step')];
  const name = parts.Name?.text ?? 'Column1';
  const type = scalarType(node.columns?.[0]?.type) ?? from.type;
  const made = relation({ kind: 'range', from, to, step, columns: [{ name, type }], span });
  return { relation: made, isSerialized: true, isOrdered: false };
}

export function lowerDataTable(lowering: Lowering, node: BoundNode, env: Environment): Flow {
  const { span } = node;
  const columns = declared(node.parts.Schema);
  const cells = itemsOf(node, 'Values').map((item, at): Cell => {
    const type = columns[at % Math.max(1, columns.length)]?.type ?? 'dynamic';
    const value = lowering.scalar(item, constants(env));
    if (value.kind === 'constant') return convertConstant(value, type).value;
    lowering.refuse(item.span, 'A cell that is not constant', 'Compute it with extend.');
    return nothing(type, item.span).value;
  });
  const rows = Array.from({ length: Math.ceil(cells.length / Math.max(1, columns.length)) }, (_, row) =>
    cells.slice(row * columns.length, (row + 1) * columns.length),
  );
  return { relation: relation({ kind: 'inline', rows, columns, span }), isSerialized: false, isOrdered: false };
}

/** Which files may be read is for whoever runs the plan to say. */
export function lowerExternalData(lowering: Lowering, node: BoundNode, env: Environment): Flow {
  const { span } = node;
  const uris = itemsOf(node, 'URIs').flatMap((item) => {
    const value = lowering.scalar(item, constants(env));
    if (value.kind === 'constant' && typeof value.value === 'string') return [value.value];
    lowering.refuse(item.span, 'An address that is not constant');
    return [];
  });
  let format = formatOf(uris[0] ?? '');
  let ignoreFirstRecord = false;
  for (const property of itemsOf(node.parts.WithClause, 'Properties')) {
    const name = property.parts.Name?.text?.toLowerCase();
    const text = (property.parts.Expression?.text ?? '').toLowerCase();
    if (name === 'format' && isFormat(text)) format = text;
    else if (name === 'ignorefirstrecord') ignoreFirstRecord = text === 'true' || text === '1';
    else
      lowering.refuse(
        property.span,
        `The property “${property.parts.Name?.text ?? ''}” with this value`,
        FORMATS.join(', '),
      );
  }
  const made = relation({
    kind: 'external',
    uris,
    format,
    ignoreFirstRecord,
    columns: declared(node.parts.Schema),
    span,
  });
  return { relation: made, isSerialized: false, isOrdered: false };
}

const FORMATS = ['csv', 'tsv', 'psv', 'json', 'multijson', 'txt', 'raw', 'parquet'] as const;

function isFormat(text: string): text is External['format'] {
  return (FORMATS as readonly string[]).includes(text);
}

/** By the end of the file's name; csv where it does not tell. */
function formatOf(uri: string): External['format'] {
  const name =
    uri
      .split(/[?;#]/, 1)[0]
      ?.toLowerCase()
      .replace(/\.(gz|zip)$/, '') ?? '';
  const end = name.slice(name.lastIndexOf('.') + 1);
  return isFormat(end) ? end : 'csv';
}

/** The columns that `(a:string, b:long)` declares. */
export function declared(schema: BoundNode | undefined): RelationColumn[] {
  return itemsOf(schema, 'Columns').flatMap((item) => {
    const name = item.parts.Name?.text;
    const type: ScalarType = scalarType(item.parts.Type?.text ?? item.parts.Name?.type) ?? 'dynamic';
    return name === undefined ? [] : [{ name, type }];
  });
}
