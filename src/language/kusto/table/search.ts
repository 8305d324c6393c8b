/**
 * `search` and `find`: rows of several tables that hold for a condition, in which a text alone asks every column.
 *
 *   "web*" ──▶ any column has a term that starts with it · col:"x" ──▶ this column · n > 5 ──▶ as in where
 */
import type { NamedScalar, Relation, RelationColumn, Scalar } from '../../../plan/relation/node.ts';
import { type BoundNode, itemsOf } from '../bound.ts';
import { call, column, constant, logical, named, nothing, onward, project, relation } from './build.ts';
import { scalarType } from './cells.ts';
import { condition } from './expression.ts';
import type { Environment, Flow, Lowering, Scope } from './lowering.ts';
import { checkLabel, type Leg, legsOf, tableOf, tablesLike, unite } from './union.ts';
import { checkParameters, parameter } from './values.ts';

const SOURCE = '$table';

export function lowerSearch(lowering: Lowering, node: BoundNode, flow: Flow | undefined, env: Environment): Flow {
  checkParameters(lowering, node, ['kind']);
  const isCased = parameter(node, 'kind')?.text?.toLowerCase() === 'case_sensitive';
  const legs = searched(lowering, node, 'search_arg', flow, env);
  const { relation: united } = unite(legs, SOURCE, false, node);
  const columns = united.columns.filter(({ name }) => name !== SOURCE);
  const scope = searchScope(united, columns, isCased, env);
  const wanted = node.parts.Condition;
  if (wanted !== undefined) lowering.forgive(wanted.span, 'type');
  const input: Flow = { relation: united, isSerialized: false, isOrdered: false };
  if (wanted === undefined || wanted.kind === 'StarExpression') return input;
  return filtered(input, condition(lowering, wanted, scope), node);
}

export function lowerFind(lowering: Lowering, node: BoundNode, flow: Flow | undefined, env: Environment): Flow {
  checkParameters(lowering, node, ['withsource', 'isfuzzy']);
  const { span } = node;
  const legs = searched(lowering, node, 'union_arg', flow, env);
  const given = parameter(node, 'withsource');
  if (given !== undefined) checkLabel(lowering, given, legs);
  const label = given?.text ?? 'source_';
  const { relation: united } = unite(legs, undefined, false, node);
  const wanted = node.parts.Condition;
  if (wanted !== undefined) lowering.forgive(wanted.span, 'type');
  const clause = node.parts.Project;
  if (clause !== undefined && clause.kind !== 'FindProjectClause') lowering.refuse(clause.span, 'This clause of find');
  const isChosen = clause !== undefined && itemsOf(clause, 'Columns').length > 0;
  const outputs: RelationColumn[] = (node.columns ?? [])
    .filter(({ name }) => name !== label && name !== PACK)
    .map(({ name, type }) => {
      const own = united.columns.find((each) => each.name === name);
      return {
        name,
        type: isChosen ? (scalarType(type) ?? own?.type ?? 'dynamic') : (own?.type ?? scalarType(type) ?? 'dynamic'),
      };
    });
  const hasPack = (node.columns ?? []).some(({ name }) => name === PACK);
  const inputs = legs.map(({ relation: leg, source }) => {
    const own = new Map(leg.columns.map(({ name, type }) => [name, type]));
    const scope = searchScope(leg, leg.columns, false, env, united.columns);
    const kept =
      wanted === undefined || wanted.kind === 'StarExpression'
        ? leg
        : filtered(
            { relation: leg, isSerialized: false, isOrdered: false },
            missing(lowering, wanted, scope, own),
            node,
          ).relation;
    const values: NamedScalar[] = [named(label, constant('string', source, span))];
    for (const { name, type } of outputs)
      values.push(named(name, own.get(name) === type ? column(name, type, span) : nothing(type, span)));
    if (hasPack) {
      const rest = leg.columns.filter(({ name }) => !outputs.some((each) => each.name === name));
      const pairs = rest.flatMap(({ name, type }) => [constant('string', name, span), column(name, type, span)]);
      values.push(named(PACK, call('bag_pack', pairs, 'dynamic', span)));
    }
    return project(kept, values, span);
  });
  const columns: RelationColumn[] = [
    { name: label, type: 'string' },
    ...outputs,
    ...(hasPack ? [{ name: PACK, type: 'dynamic' as const }] : []),
  ];
  const made: Relation = relation({ kind: 'union', inputs, columns, span });
  return flow === undefined ? { relation: made, isSerialized: false, isOrdered: false } : onward(flow, made, 'lost');
}

const PACK = 'pack_';

/** Columns that this table has not are null in the condition. */
function missing(lowering: Lowering, wanted: BoundNode, scope: Scope, own: ReadonlyMap<string, string>): Scalar {
  return replace(condition(lowering, wanted, scope), own);
}

function replace(value: Scalar, own: ReadonlyMap<string, string>): Scalar {
  if (value.kind === 'column') return own.has(value.name) ? value : nothing(value.type, value.span);
  if (value.kind === 'call') return Object.freeze({ ...value, args: value.args.map((arg) => replace(arg, own)) });
  if (value.kind === 'in-query') return Object.freeze({ ...value, operand: replace(value.operand, own) });
  return value;
}

function searched(
  lowering: Lowering,
  node: BoundNode,
  prefix: string,
  flow: Flow | undefined,
  env: Environment,
): readonly Leg[] {
  const items = itemsOf(node.parts.InClause, 'Expressions');
  if (flow !== undefined || items.length > 0) return legsOf(lowering, items, prefix, flow, env, false);
  return tablesLike(lowering, '*').map(({ name }) => ({ relation: tableOf(lowering, name, node), source: name }));
}

function filtered(flow: Flow, wanted: Scalar, { span }: BoundNode): Flow {
  const { relation: input } = flow;
  return { ...flow, relation: relation({ kind: 'filter', input, condition: wanted, columns: input.columns, span }) };
}

function searchScope(
  { columns: all }: Relation,
  columns: readonly RelationColumn[],
  isCased: boolean,
  env: Environment,
  known: readonly RelationColumn[] = all,
): Scope {
  return {
    env,
    columns: new Map([...known, ...all].map(({ name, type }) => [name, type])),
    window: 'cannot stand in a search',
    term: (node, of) => {
      if (
        !/LiteralExpression$/.test(node.kind) ||
        (of === undefined && node.type === 'string' && node.text === undefined)
      )
        return undefined;
      const text = node.text ?? '';
      if (of === undefined && /^(?:true|false)$/i.test(text) && node.kind === 'BooleanLiteralExpression')
        return constant('bool', text.toLowerCase() === 'true', node.span);
      const asked = of === undefined ? columns.map(({ name, type }) => column(name, type, node.span)) : [of];
      return logical(
        'or',
        asked.map((value) => has(value, text, isCased, node)),
        node.span,
      );
    },
  };
}

/** A star at an end frees that end; one in between stands for any text. */
function has(value: Scalar, wanted: string, isCased: boolean, { span }: BoundNode): Scalar {
  const body = wanted.replace(/^\*|\*$/g, '');
  const [start, end] = [wanted.startsWith('*'), wanted.endsWith('*') && wanted.length > 1];
  if (!start && !end && !body.includes('*') && !isCased)
    return call('search-has', [value, constant('string', wanted, span)], 'bool', span);
  const text = value.type === 'string' ? value : call('tostring', [value], 'string', span);
  if (body.includes('*')) {
    const pieces = body.split('*').map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    const pattern = `${isCased ? '' : '(?i)'}${start ? '' : '(^|[^\\p{L}\\p{N}])'}${pieces.join('(?s:.*)')}${end ? '' : '($|[^\\p{L}\\p{N}])'}`;
    return call('matches regex', [text, constant('string', pattern, span)], 'bool', span);
  }
  const operator = start && end ? 'contains' : start ? 'hassuffix' : end ? 'hasprefix' : 'has';
  return call(isCased ? `${operator}_cs` : operator, [text, constant('string', body, span)], 'bool', span);
}
