/**
 * A plan over tables on one line, for tests: `Syslog | filter >(Severity, 3) | take 5`.
 */
import type { Relation, Scalar } from '../../../plan/relation/node.ts';

export function relationText(relation: Relation): string {
  switch (relation.kind) {
    case 'scan-table': {
      const args = Object.entries(relation.args).map(([name, value]) => `${name}=${scalarText(value)}`);
      return args.length === 0 ? relation.table : `${relation.table}(${args.join(', ')})`;
    }
    case 'group':
      return 'group';
    case 'inline':
      return `rows[${relation.rows.map((row) => row.map((cell) => cellText(cell)).join(' ')).join('; ')}]`;
    case 'shared':
      return `<${relation.id}: ${relationText(relation.relation)}>`;
    case 'union':
      return `union[${relation.inputs.map(relationText).join('; ')}]`;
    case 'range':
    case 'external':
      return `${relation.kind} ${rest(relation)}`;
    case 'join':
      return `${relationText(relation.left)} | ${relation.join} [${relationText(relation.right)}] on ${relation.keys
        .map(({ left, right }) => `${scalarText(left)}=${scalarText(right)}`)
        .join(', ')} give ${relation.from.map(({ side, column }) => `${side}.${column}`).join(', ')}`;
    case 'apply':
      return `${relationText(relation.expand)} | apply [${relationText(relation.body)}] give ${relation.from
        .map(({ side, column }) => `${side}.${column}`)
        .join(', ')}`;
    case 'project':
      return `${relationText(relation.input)} | project ${relation.values.map(namedText).join(', ')}`;
    case 'filter':
      return `${relationText(relation.input)} | filter ${scalarText(relation.condition)}`;
    case 'take':
      return `${relationText(relation.input)} | take ${scalarText(relation.count)}`;
    case 'sort':
      return `${relationText(relation.input)} | sort ${relation.keys
        .map(({ value, order, nulls }) => `${scalarText(value)} ${order} ${nulls}`)
        .join(', ')}`.trimEnd();
    case 'summarize':
      return `${relationText(relation.input)} | summarize ${relation.aggregates
        .map(
          ({ function: name, args, columns }) =>
            `${columns.map((each) => each.name).join(',')}=${name}(${args.map(scalarText).join(', ')})`,
        )
        .join(', ')} by ${relation.keys.map(namedText).join(', ')}`.trimEnd();
    default:
      return `${relationText(relation.input)} | ${relation.kind} ${rest(relation)}`.trimEnd();
  }
}

function scalarText(value: Scalar): string {
  switch (value.kind) {
    case 'constant':
      return cellText(value.value);
    case 'column':
      return value.name;
    case 'parameter':
      return 'now';
    case 'call':
      return `${value.function}(${value.args.map(scalarText).join(', ')})`;
    case 'query':
      return `toscalar[${relationText(value.relation)}]`;
    case 'in-query':
      return `${value.operator}(${scalarText(value.operand)}, [${relationText(value.relation)}])`;
  }
}

function namedText({ name, value }: { readonly name: string; readonly value: Scalar }): string {
  return value.kind === 'column' && value.name === name ? name : `${name}=${scalarText(value)}`;
}

function cellText(cell: unknown): string {
  return typeof cell === 'bigint' ? String(cell) : typeof cell === 'number' ? `${cell}r` : JSON.stringify(cell);
}

const SCALARS = new Set(['constant', 'column', 'parameter', 'call', 'query', 'in-query']);

/** What else a node says, without what is shown elsewhere. */
function rest(node: object): string {
  const hidden = new Set(['kind', 'columns', 'span', 'input', 'nameSpan']);
  const shown = (value: unknown): string => {
    if (Array.isArray(value)) return `[${value.map(shown).join(', ')}]`;
    if (typeof value !== 'object' || value === null) return typeof value === 'string' ? value : cellText(value);
    if ('kind' in value && SCALARS.has(String(value.kind))) return scalarText(value as Scalar);
    if ('kind' in value && 'span' in value) return `[${relationText(value as Relation)}]`;
    return `{${parts(value)}}`;
  };
  const parts = (value: object) =>
    Object.entries(value)
      .filter(([name]) => !hidden.has(name))
      .map(([name, part]) => `${name}=${shown(part)}`)
      .join(' ');
  return parts(node);
}
