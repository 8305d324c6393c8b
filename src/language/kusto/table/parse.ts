/**
 * `parse`, `parse-where` and `parse-kv`: columns out of a text.
 */

import { checkRe2 } from '../../../plan/re2-regex.ts';
import type { Parse, ParseKeys, ParsePart, RelationColumn } from '../../../plan/relation/node.ts';
import { type BoundNode, itemsOf } from '../bound.ts';
import { onward, relation } from './build.ts';
import { scalarType } from './cells.ts';
import type { Environment, Flow, Lowering } from './lowering.ts';
import { declared } from './sources.ts';
import { checkParameters, parameter, scopeOf } from './values.ts';

export function lowerParse(lowering: Lowering, node: BoundNode, flow: Flow, env: Environment): Flow {
  checkParameters(lowering, node, ['kind', 'flags']);
  const value = lowering.scalar(node.parts.Expression, scopeOf(flow, env));
  const mode = parameter(node, 'kind')?.text?.toLowerCase() ?? 'simple';
  const parts = itemsOf(node, 'Patterns').map((part): ParsePart => {
    if (part.kind === 'StarExpression') return { kind: 'skip' };
    if (part.kind === 'NameAndTypeDeclaration')
      return {
        kind: 'capture',
        column: part.parts.Name?.text ?? '',
        type: scalarType(part.parts.Type?.text) ?? 'string',
      };
    if (part.kind === 'NameDeclaration') return { kind: 'capture', column: part.text ?? '', type: 'string' };
    const text = part.text ?? '';
    if (mode === 'regex') checkPattern(lowering, text, part);
    return { kind: 'text', text };
  });
  const captured = parts.flatMap((part) => (part.kind === 'capture' ? [{ name: part.column, type: part.type }] : []));
  const made: Parse = relation({
    kind: 'parse',
    input: flow.relation,
    value,
    parts,
    mode: mode === 'regex' || mode === 'relaxed' ? mode : 'simple',
    flags: parameter(node, 'flags')?.text ?? '',
    isFilter: node.kind === 'ParseWhereOperator',
    columns: withColumns(flow.relation.columns, captured),
    span: node.span,
  });
  return onward(flow, made, 'kept');
}

export function lowerParseKv(lowering: Lowering, node: BoundNode, flow: Flow, env: Environment): Flow {
  const value = lowering.scalar(node.parts.Expression, scopeOf(flow, env));
  const keys = declared(node.parts.Keys);
  const property = (name: string): string | undefined => parameter(node.parts.WithClause, name, 'Properties')?.text;
  const pairDelimiter = property('pair_delimiter');
  const keyDelimiter = property('kv_delimiter');
  const quote = property('quote');
  const escapes = property('escape');
  const regex = property('regex');
  if (regex !== undefined) checkPattern(lowering, regex, node);
  const made: ParseKeys = relation({
    kind: 'parse-kv',
    input: flow.relation,
    value,
    keys,
    ...(pairDelimiter === undefined ? {} : { pairDelimiter }),
    ...(keyDelimiter === undefined ? {} : { keyDelimiter }),
    quotes: quote === undefined || quote === '' ? [] : quotesOf(quote),
    ...(escapes === undefined ? {} : { escape: escapes }),
    isGreedy: property('greedy')?.toLowerCase() === 'true',
    ...(regex === undefined ? {} : { regex }),
    columns: withColumns(flow.relation.columns, keys),
    span: node.span,
  });
  return onward(flow, made, 'kept');
}

/** One sign is both ends, two are the opening and the closing one. */
function quotesOf(quote: string): readonly (readonly [string, string])[] {
  const signs = [...quote];
  const [first = ''] = signs;
  if (signs.length === 1) return [[first, first]];
  const pairs: [string, string][] = [];
  for (let at = 0; at + 1 < signs.length; at += 2) pairs.push([signs[at] ?? '', signs[at + 1] ?? '']);
  return pairs;
}

function checkPattern(lowering: Lowering, pattern: string, { span }: BoundNode): void {
  const fault = checkRe2(pattern);
  if (fault !== undefined)
    lowering.problems.report('kusto-regex', span, `The regular expression cannot be read: ${fault.message}.`);
}

function withColumns(columns: readonly RelationColumn[], added: readonly RelationColumn[]): RelationColumn[] {
  const all = new Map(columns.map((each) => [each.name, each]));
  for (const each of added) all.set(each.name, each);
  return [...all.values()];
}
