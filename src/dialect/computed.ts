/**
 * Computed values in a language whose values have types: an expression that knows whether it is a text or a number, and
 * which fields it needs, since where one is missing it is nothing.
 *
 *   value ──by the language's table of functions──▶ expression, or what cannot be said
 */
import type { FieldRef, FunctionName, LiteralValue, PredicateOf, Value } from '../plan/predicate/node.ts';

export interface Computed {
  readonly text: string;
  readonly type: 'text' | 'number' | 'boolean';
  /** Expressions of the fields in it. */
  readonly needs: readonly string[];
}

/** Why there is no expression: `the function between`. */
export interface Unsayable {
  readonly unsayable: string;
  readonly value: Value;
}

export type ComputedCall = (args: readonly Computed[], literals: readonly LiteralArg[]) => ComputedText | undefined;
/** `undefined` where the argument is no constant. */
export type LiteralArg = LiteralValue | undefined;
export type ComputedText = Omit<Computed, 'needs'>;

export interface ComputedLanguage {
  /** A field as a value; `undefined` or the reason where it is none. */
  readonly field: (field: FieldRef, value: Value) => Computed | Unsayable;
  readonly string: (text: string) => string;
  /** What is not there cannot be said. */
  readonly calls: Readonly<Partial<Record<FunctionName, ComputedCall>>>;
}

export function computedText(value: Value, language: ComputedLanguage): Computed | Unsayable {
  switch (value.kind) {
    case 'literal':
      return literalText(value.value, value, language);
    case 'field':
      return language.field(value.field, value);
    case 'if':
      return { unsayable: 'a value that depends on a condition', value };
    case 'call': {
      const args: Computed[] = [];
      const made = language.calls[value.name];
      for (const arg of value.args) {
        // What a function does with null stands in its own entry, by its literal.
        const said = arg.kind === 'literal' && arg.value === null ? NOTHING : computedText(arg, language);
        if ('unsayable' in said) return said;
        args.push(said);
      }
      const literals = value.args.map((arg) => (arg.kind === 'literal' ? arg.value : undefined));
      const said = made?.(args, literals);
      if (said === undefined) {
        const name = NAMES[value.name] ?? value.name;
        return { unsayable: `the function ${name} of such values exactly as the rule’s language has it`, value };
      }
      return { ...said, needs: [...new Set(args.flatMap(({ needs }) => needs))] };
    }
  }
}

/** As EQL's authors know them. */
const NAMES: Readonly<Partial<Record<FunctionName, string>>> = {
  'in-networks': 'cidrMatch',
  'starts-with': 'startsWith',
  'ends-with': 'endsWith',
  contains: 'stringContains',
  position: 'indexOf',
  text: 'string',
  units: 'length',
};

const NOTHING: Computed = { text: 'null', type: 'text', needs: [] };

function literalText(literal: LiteralValue, value: Value, { string }: ComputedLanguage): Computed | Unsayable {
  if (typeof literal === 'string') return { text: string(literal), type: 'text', needs: [] };
  if (typeof literal === 'boolean') return { text: String(literal), type: 'boolean', needs: [] };
  const plain = /^-?\d+(\.\d+)?$/.test(String(literal));
  return plain ? { text: String(literal), type: 'number', needs: [] } : { unsayable: 'such a number', value };
}

/** The value that is tested for null: `f(x) == null` of EQL. */
export function testedForNull({ operator, left, right }: PredicateOf<'compare'>): Value | undefined {
  const isNull = left.kind === 'call' && left.name === 'is-null' && operator === '==';
  return isNull && right.kind === 'literal' && right.value === true ? left.args[0] : undefined;
}

/** All arguments have the type. */
export function all(args: readonly Computed[], type: Computed['type']): boolean {
  return args.every((arg) => arg.type === type);
}
