/**
 * A relation that reads only the columns which something above needs: tables have up to two hundred, queries ask for a
 * handful, and an engine plans each column of every operator before it drops those that nobody reads.
 *
 *   columns that are needed ──down──▶ those of the input that they and the operator's expressions need
 *
 * Sound because an expression of a column that is left out cannot fail, and rows do not depend on it. An operator may
 * give more than is needed (what a filter asks about), never less, and in the order that it had. What looks at all of
 * its columns, or computes over whole rows, keeps all; so does what is named several times, whose uses need different
 * ones.
 */
import type { Join, Project, Relation, RelationColumn, Scalar, Shared, Union } from './node.ts';

/** The same rows with the same columns. */
export function narrowColumns(relation: Relation): Relation {
  return new Narrowing().narrowed(relation, namesOf(relation));
}

type Names = ReadonlySet<string>;

class Narrowing {
  private readonly shared = new Map<string, Shared>();

  narrowed(node: Relation, needed: Names): Relation {
    switch (node.kind) {
      case 'scan-table':
        return { ...node, columns: kept(node.columns, needed) };
      case 'filter': {
        const condition = this.inner(node.condition);
        const input = this.narrowed(node.input, asked(condition, needed));
        return { ...node, condition, input, columns: input.columns };
      }
      case 'sort': {
        const keys = this.inner(node.keys);
        const input = this.narrowed(node.input, asked(keys, needed));
        return { ...node, keys, input, columns: input.columns };
      }
      case 'take': {
        const input = this.narrowed(node.input, needed);
        return { ...node, input, columns: input.columns };
      }
      case 'project':
        return this.project(node, needed);
      case 'summarize': {
        const { keys, aggregates } = this.inner({ keys: node.keys, aggregates: node.aggregates });
        return { ...node, keys, aggregates, input: this.narrowed(node.input, asked([keys, aggregates])) };
      }
      case 'parse':
      case 'parse-kv': {
        const captured =
          node.kind === 'parse-kv'
            ? node.keys.map(({ name }) => name)
            : node.parts.flatMap((part) => (part.kind === 'capture' ? [part.column] : []));
        const value = this.inner(node.value);
        const input = this.narrowed(node.input, asked(value, needed));
        const columns = kept(node.columns, new Set([...namesOf(input), ...captured]));
        return { ...node, value, input, columns };
      }
      case 'join':
        return this.join(node, needed);
      case 'union':
        return this.union(node, needed);
      case 'shared':
        return this.once(node);
      case 'distinct':
      case 'expand':
      case 'evaluate':
      case 'make-series':
      case 'partition':
      case 'scan-steps':
      case 'top-nested':
        return { ...node, input: this.narrowed(node.input, namesOf(node.input)) };
      case 'apply': {
        const input = this.narrowed(node.expand.input, namesOf(node.expand.input));
        return { ...node, expand: { ...node.expand, input } };
      }
      case 'external':
      case 'group':
      case 'inline':
      case 'range':
        return node;
    }
  }

  private project(node: Project, needed: Names): Relation {
    const values = this.inner(node.values.filter(({ name }) => needed.has(name)));
    const input = this.narrowed(node.input, asked(values));
    return { ...node, values, input, columns: kept(node.columns, needed) };
  }

  private join(node: Join, needed: Names): Relation {
    const keys = this.inner(node.keys);
    const columns = kept(node.columns, needed);
    const from = node.from.filter((_, index) => needed.has(node.columns[index]?.name ?? ''));
    const side = (which: 'left' | 'right') => {
      const given = from.flatMap((one) => (one.side === which ? [one.column] : []));
      const names = asked(
        keys.map((key) => key[which]),
        new Set(given),
      );
      return this.narrowed(node[which], names);
    };
    return { ...node, keys, columns, from, left: side('left'), right: side('right') };
  }

  private union(node: Union, needed: Names): Relation {
    const columns = kept(node.columns, needed);
    // Columns of inputs meet by their places.
    const places = columns.map((column) => node.columns.indexOf(column));
    const inputs = node.inputs.map((input) => {
      const wanted = places.map((at) => input.columns[at] as RelationColumn);
      return exactly(this.narrowed(input, new Set(wanted.map(({ name }) => name))), wanted);
    });
    return { ...node, columns, inputs };
  }

  private once(node: Shared): Shared {
    const known = this.shared.get(node.id);
    if (known !== undefined) return known;
    const made = { ...node, relation: this.narrowed(node.relation, namesOf(node.relation)) };
    this.shared.set(node.id, made);
    return made;
  }

  /** The expressions with their queries narrowed, each to the columns that it gives. */
  private inner<T>(part: T): T {
    return this.walked(part) as T;
  }

  private walked(part: unknown): unknown {
    if (Array.isArray(part)) return part.map((item) => this.walked(item));
    if (typeof part !== 'object' || part === null) return part;
    const { kind } = part as { readonly kind?: string };
    if (kind === 'constant' || kind === 'column') return part;
    const entries = Object.entries(part).map(([name, value]) => {
      const isQuery = name === 'relation' && (kind === 'query' || kind === 'in-query');
      return [name, isQuery ? this.narrowed(value, namesOf(value)) : this.walked(value)];
    });
    return Object.fromEntries(entries);
  }
}

function exactly(node: Relation, columns: readonly RelationColumn[]): Relation {
  const isSame =
    node.columns.length === columns.length && node.columns.every(({ name }, at) => name === columns[at]?.name);
  if (isSame) return node;
  const { span } = node;
  const values = columns.map(({ name, type }) => ({ name, value: { kind: 'column', name, type, span } as const }));
  return { kind: 'project', input: node, values, columns, span };
}

/** The columns that expressions name, besides others; queries within them have rows of their own. */
function asked(part: unknown, besides: Names = new Set()): Names {
  const names = new Set(besides);
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const node = value as Scalar;
    if (node.kind === 'column') names.add(node.name);
    else if (node.kind === 'in-query') walk(node.operand);
    else if (node.kind !== 'constant' && node.kind !== 'query') for (const inner of Object.values(value)) walk(inner);
  };
  walk(part);
  return names;
}

function kept(columns: readonly RelationColumn[], needed: Names): readonly RelationColumn[] {
  return columns.filter(({ name }) => needed.has(name));
}

function namesOf({ columns }: Relation): Names {
  return new Set(columns.map(({ name }) => name));
}
