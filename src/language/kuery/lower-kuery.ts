/**
 * What a query means for one event: syntax tree → predicate. True or false, never unknown: a condition holds when some
 * value of the field passes, and `not` turns that whole statement around, so it is true of what is missing.
 *
 *   field: value ─────────▶ a test of the field by its type (`field-tests.ts`)
 *   pattern*.field: value ▶ a search among the fields of such names, and a test of each known one with a type of its own
 *   value ────────────────▶ a search among all fields: the words in any case, or the whole value
 *   path:{ … } ───────────▶ one object at the path, its fields named in full
 *
 * Neighbours of an `or` that test one field alike become one test of several values, which the matcher looks up.
 *
 * Every problem of meaning is reported, not only the first; the predicate is of use only when there is no error.
 */
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { shownText } from '../../diagnostic/shown-text.ts';
import { type Span, spanOf } from '../../diagnostic/span.ts';
import { isUnderEcsFieldSet } from '../../event/integration-fields.ts';
import {
  and,
  constant,
  exists,
  matchAny,
  matchAnywhere,
  nested,
  not,
  or,
  type Predicate,
  type PredicateOf,
  type Test,
  type WildcardPattern,
  wildcardPattern,
} from '../../plan/predicate/node.ts';
import { compileWildcard } from '../../plan/predicate/wildcard.ts';
import { type FieldSchema, knownFieldNames } from '../field-schema.ts';
import { isAnything, isPattern, type KueryIs, type KueryLiteral, type KueryNode, literalText } from './ast.ts';
import { FieldTests } from './field-tests.ts';
import { type KueryField, kueryFieldType, resolveField } from './fields.ts';
import { Problems } from './problems.ts';

export interface LoweredKuery {
  readonly predicate: Predicate;
  readonly diagnostics: readonly Diagnostic[];
}

/** Known fields of one pattern that get a test of their own. */
const MOST_TYPED = 50;
const ANYTHING = wildcardPattern(['*']);
/** Written for a comparison by people who come from other languages; here it is a word to look for. */
const FOREIGN = /(?:^|\s)(?:==?|!=|=~|!~|<>|&&|\|\|)(?:\s|$)/;
const LUCENE_RANGE = /^\[.* TO .*\]$/;

/** @param now the moment that `now` in a date means, epoch milliseconds */
export function lowerKuery(query: KueryNode, now: number, fieldType?: FieldSchema['type']): LoweredKuery {
  const lowering = new KueryLowering(now, fieldType);
  const predicate = lowering.node(query, '');
  return { predicate, diagnostics: lowering.problems.diagnostics };
}

class KueryLowering {
  readonly problems = new Problems();
  private readonly tests: FieldTests;
  private readonly fieldType: FieldSchema['type'] | undefined;

  constructor(now: number, fieldType: FieldSchema['type'] | undefined) {
    this.tests = new FieldTests(this.problems, now);
    this.fieldType = fieldType;
  }

  /** @param path of the object that conditions are about, with a dot behind it; empty for the event */
  node(node: KueryNode, path: string): Predicate {
    switch (node.kind) {
      case 'everything':
        return constant(true, node.span);
      case 'not':
        return not(this.node(node.operand, path), node.span);
      case 'logical': {
        const operands = node.operands.map((operand) => this.node(operand, path));
        return node.operator === 'and' ? and(operands, node.span) : anyOf(operands, node.span);
      }
      case 'nested':
        return this.nested(node.path, node.condition, path, node.span);
      case 'range': {
        if (isPattern(node.field)) {
          const bound = literalText(node.value);
          const number = bound.trim() === '' ? Number.NaN : Number(bound);
          const test: Test = { kind: 'order', operator: node.operator, bound: Number.isNaN(number) ? bound : number };
          return matchAnywhere(test, node.span, this.names(node.field, path));
        }
        return this.tests.range(this.field(node.field, path), node.operator, node.value, node.span);
      }
      case 'is':
        return this.is(node, path);
    }
  }

  private nested(path: KueryLiteral, condition: KueryNode, outer: string, span: Span): Predicate {
    if (isPattern(path)) {
      const hint = 'name the field that holds the objects';
      return this.problems.report('kuery-type', path.span, 'Objects are named without wildcards.', hint);
    }
    const name = outer + literalText(path);
    return nested(name, this.node(condition, `${name}.`), span);
  }

  // --- field: value ---------------------------------------------------------------------------------------------------

  private is({ field, value, span }: KueryIs, path: string): Predicate {
    if (isNull(value)) {
      const hint = field === undefined ? 'quote it to search for the word' : 'write not field: * for a missing field';
      return this.problems.report('kuery-type', value.span, 'null is no value that can be looked for.', hint);
    }
    if (field === undefined || (isAnything(field) && path === '')) {
      if (isAnything(value)) return constant(true, span);
      if (field === undefined) this.checkFreeText(value);
      return this.anywhere(value, span);
    }
    if (!value.quoted && LUCENE_RANGE.test(literalText(value))) {
      const hint = `write ${literalText(field)} >= … and ${literalText(field)} <= …`;
      this.problems.warn('kuery-lucene', value.span, 'This is a range of Lucene’s language; here it is a text.', hint);
    }
    if (isPattern(field)) return this.inFields(field, value, path, span);
    const resolved = this.field(field, path);
    return isAnything(value) ? this.exists(resolved, span) : this.tests.is(resolved, value, span);
  }

  private exists({ ref }: KueryField, span: Span): Predicate {
    if (ref.type !== 'object') return exists(ref, span);
    return matchAnywhere({ kind: 'wildcard', anyOf: [ANYTHING], fold: 'none' }, span, below(ref.name));
  }

  /** In the fields whose names match: as texts, and as each known one with a type of its own has it. */
  private inFields(field: KueryLiteral, value: KueryLiteral, path: string, span: Span): Predicate {
    const names = this.names(field, path);
    const search = matchAnywhere(this.tests.exact(value, 'none'), span, names);
    if (isAnything(value)) return search;
    const typed = this.fieldType === undefined ? knownNames(names) : [];
    const options = typed.flatMap(({ name, type }) => {
      if (type !== 'text' && type !== 'ip' && type !== 'date') return [];
      // What the value cannot be is none of these fields' concern: a pattern names fields of all types.
      const quiet = new FieldTests(new Problems(), 0);
      return [quiet.is(resolveField(name), value, span)];
    });
    return or([search, ...options.filter((option) => option.kind !== 'constant')], span);
  }

  private names(field: KueryLiteral, path: string): WildcardPattern {
    const names = wildcardPattern([{ text: path }, ...field.parts]);
    const name = path + literalText(field);
    if (this.fieldType === undefined && isUnderEcsFieldSet(name) && knownNames(names).length === 0) {
      const message = `No field that is known has a name like ${shownText(name, 80)}.`;
      this.problems.warn('kuery-field-unknown', field.span, message);
    }
    return names;
  }

  private field(field: KueryLiteral, path: string): KueryField {
    const resolved = resolveField(path + literalText(field), this.fieldType);
    if (resolved.problem !== undefined) this.problems.unknownField(resolved, field.span);
    return resolved;
  }

  // --- Free text ------------------------------------------------------------------------------------------------------

  /** As words in any value, in any case; a pattern also as a whole value. */
  private anywhere(value: KueryLiteral, span: Span): Predicate {
    const words = matchAnywhere(this.tests.phrases(value, 'standard'), span);
    if (!isPattern(value)) return words;
    return or([words, matchAnywhere({ kind: 'wildcard', anyOf: [value.parts], fold: 'none' }, span)], span);
  }

  private checkFreeText(value: KueryLiteral): void {
    const text = literalText(value);
    if (value.quoted) return;
    if (FOREIGN.test(text)) {
      const message = `“${shownText(text, 60)}” is looked for as words, in any field.`;
      this.problems.warn('kuery-free-text', value.span, message, 'write field: value to compare, and, or, not to join');
      return;
    }
    const [name = ''] = text.split(/\s/);
    const type = this.fieldType === undefined ? kueryFieldType(name) : this.fieldType(name);
    if (!name.includes('.') || type === undefined) return;
    const message = `The name of the field ${name} is looked for as a word, in any field.`;
    this.problems.warn('kuery-free-text', value.span, message, `write ${name}: value, or ${name}: * for any value`);
  }
}

type OneField = PredicateOf<'match-any'>;
type ListTest = Extract<Test, { readonly kind: 'equals' | 'wildcard' | 'phrase' | 'cidr' }>;

/** `or`, with neighbours that test one field alike made one. */
function anyOf(operands: readonly Predicate[], span: Span): Predicate {
  const flat = operands.flatMap((each) => (each.kind === 'or' ? each.children : [each]));
  const runs: Predicate[][] = [];
  for (const operand of flat) {
    const run = runs.at(-1);
    if (run !== undefined && isAlike(run[0] as Predicate, operand)) run.push(operand);
    else runs.push([operand]);
  }
  const merged = runs.map((run) => (run.length === 1 ? (run[0] as Predicate) : inOne(run as OneField[], span, runs)));
  return or(merged, span);
}

function isAlike(a: Predicate, b: Predicate): boolean {
  if (a.kind !== 'match-any' || b.kind !== 'match-any') return false;
  if (a.field.name !== b.field.name || a.field.type !== b.field.type || a.test.kind !== b.test.kind) return false;
  const { test } = a;
  switch (test.kind) {
    case 'equals':
    case 'wildcard':
      return test.fold === (b.test as typeof test).fold;
    case 'phrase':
      return test.split === (b.test as typeof test).split;
    default:
      return test.kind === 'cidr';
  }
}

function inOne(run: readonly OneField[], whole: Span, runs: readonly unknown[]): Predicate {
  const first = run[0] as OneField;
  const last = run.at(-1) as OneField;
  const values = run.flatMap(({ test }): readonly unknown[] => (test as ListTest).anyOf);
  const span = runs.length === 1 ? whole : spanOf(first.span.start, last.span.end);
  return matchAny(first.field, { ...first.test, anyOf: values } as Test, span);
}

function below(name: string): WildcardPattern {
  return wildcardPattern([{ text: `${name}.` }, '*']);
}

function isNull(value: KueryLiteral): boolean {
  return !value.quoted && !isPattern(value) && literalText(value) === 'null';
}

function knownNames(names: WildcardPattern): readonly { readonly name: string; readonly type: string }[] {
  const { matches } = compileWildcard(names, 'none');
  const found: { name: string; type: string }[] = [];
  for (const name of knownFieldNames()) {
    if (found.length >= MOST_TYPED) break;
    if (matches(name)) found.push({ name, type: kueryFieldType(name) ?? 'unknown' });
  }
  return found;
}
