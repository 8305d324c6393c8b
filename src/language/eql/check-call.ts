/**
 * What is wrong with a call: the form with `~`, how many arguments there are, and what each is.
 */
import type { DiagnosticCode } from '../../diagnostic/catalogue.ts';
import type { Span } from '../../diagnostic/span.ts';
import { networkOf } from '../../plan/predicate/cidr.ts';
import type { EqlCall } from './ast.ts';
import type { Constant } from './constants.ts';
import { type EqlFunction, type EqlParameter, signatureOf, takes, type ValueType } from './functions.ts';

export interface CallProblem {
  readonly code: DiagnosticCode;
  readonly span: Span;
  readonly message: string;
  readonly hint?: string;
}

export interface Argument {
  readonly type: ValueType;
  /** Absent where it depends on the event. */
  readonly constant: Constant | undefined;
}

/** The first problem of a call of a function that there is. */
export function callProblem(known: EqlFunction, node: EqlCall, args: readonly Argument[]): CallProblem | undefined {
  if (node.insensitive && !known.tilde) {
    const message = `The function “${known.name}” has no form with ~.`;
    return { code: 'eql-function-unknown', span: node.nameSpan, message, hint: `write ${known.name}` };
  }
  const { parameters } = known;
  const least = parameters.filter(({ optional }) => !optional).length;
  const most = parameters.at(-1)?.rest ? Number.POSITIVE_INFINITY : parameters.length;
  if (args.length < least || args.length > most) {
    const range =
      most === least ? `${least}` : most === Number.POSITIVE_INFINITY ? `at least ${least}` : `${least} to ${most}`;
    const message = `“${known.name}” takes ${range} ${most === 1 ? 'argument' : 'arguments'}, but there ${args.length === 1 ? 'is' : 'are'} ${args.length}.`;
    return { code: 'eql-function-arguments', span: node.span, message, hint: `write ${signatureOf(known)}` };
  }
  for (const [at, argument] of args.entries()) {
    const parameter = (parameters[at] ?? parameters.at(-1)) as EqlParameter;
    const problem = argumentProblem(known, parameter, argument);
    const span = node.args[at]?.span ?? node.span;
    if (problem !== undefined) return { code: 'eql-function-arguments', span, ...problem };
  }
  return undefined;
}

function argumentProblem(
  { name }: EqlFunction,
  parameter: EqlParameter,
  { type, constant }: Argument,
): { message: string; hint?: string } | undefined {
  const is = `${name}’s ${parameter.name} is ${DESCRIPTION[parameter.type]}`;
  // A text that holds an address is one, as long as it is no field.
  const given = parameter.type === 'address' && constant?.type === 'string' ? 'ip' : type;
  if (!takes(parameter, given)) {
    const hint = parameter.type === 'text' ? 'string(…) makes a text of it' : undefined;
    return { message: `${is}, but this is ${NAMES[type]}.`, ...(hint === undefined ? {} : { hint }) };
  }
  if (parameter.type === 'network' && type !== 'null') {
    if (constant === undefined) return { message: `${is} that stands in the query, not a field.` };
    if (networkOf(String(constant.value)) === undefined) {
      return { message: `“${constant.value}” is no network.`, hint: 'write one like "10.0.0.0/8" or "fe80::/10"' };
    }
  }
  if (parameter.type === 'integer' && constant?.floating) return { message: `${is}, but this has a fraction.` };
  return undefined;
}

const NAMES: Readonly<Record<ValueType, string>> = {
  text: 'a text',
  number: 'a number',
  boolean: 'true or false',
  ip: 'an IP address',
  date: 'a date',
  version: 'a version',
  null: 'null',
  unknown: 'of unknown type',
};

const DESCRIPTION: Readonly<Record<EqlParameter['type'], string>> = {
  text: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  address: 'an IP address',
  network: 'a network',
  any: 'anything',
};
