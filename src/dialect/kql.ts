/**
 * Plan → Kusto: what both families of tables (ASIM, Defender XDR) have in common.
 *
 *   predicate ──choose a table──▶ rest of the condition ──fields become columns──▶ `Table | where …`
 *
 * In Kusto a missing text is "", so a test that "" passes is joined with `isnotempty`, a missing field is `isempty`, and a
 * text that is there and empty cannot be told from one that is missing. Numbers that are missing are null, and a
 * comparison with null is neither true nor false, so below a negation it is joined with `isnotnull`.
 *
 * A rule's field can have several homes in an event, since sources differ. A home that the table has no column for is a
 * field that its rows never have, so it is left out with a note, as long as another home of the same field has a column.
 * A field with no home in the table is refused.
 */
import type { Span } from '../diagnostic/span.ts';
import type {
  CaseFold,
  EqualsTest,
  FieldRef,
  LiteralValue,
  OrderTest,
  Predicate,
  PredicateOf,
  PredicateVisitor,
  Test,
  TimePartTest,
  Value,
  WildcardPattern,
  WildcardTest,
} from '../plan/predicate/node.ts';
import { visitPredicate } from '../plan/predicate/node.ts';
import { compileTest } from '../plan/predicate/value-test.ts';
import type { Column, ColumnType, ColumnWords, Table } from '../vocabulary/table.ts';
import { type Computed, type ComputedLanguage, computedText, testedForNull } from './computed.ts';
import {
  asksForEnding,
  type Homes,
  hasDomain,
  intoHomes,
  isList,
  literalsOf,
  sameSpan,
  WITH_DOMAIN,
  withoutEmpty,
} from './kql-homes.ts';
import { chooseSource, headOf, type KqlSource } from './kql-source.ts';
import { decimal, kqlString, re2OfLucene, re2OfWildcard, re2OfWildcards, withAsciiClasses } from './kql-text.ts';
import { KQL_CALLS } from './kql-value.ts';
import { hasLetters, hasLettersBeyondAscii } from './letters.ts';
import { clause, type Emission, joined, Refusals, type Said, shown } from './saying.ts';
import { asFieldTest } from './value-rewrite.ts';

export interface KqlSettings {
  /**
   * A rule's operating system (`product: linux`): `table` leaves it to the data that the table holds, with a note;
   * `keep` asks for it, or refuses where the table cannot.
   */
  readonly system: 'table' | 'keep';
}

export interface KqlTarget {
  readonly name: string;
  readonly sources: readonly KqlSource[];
  /** The column that names the operating system. */
  readonly system?: string;
  /** Where no column does: what asks for the rows of one, by its name in ECS. */
  readonly ofSystem?: ReadonlyMap<string, string>;
}

/** An expression over a row. */
export interface KqlValue {
  readonly text: string;
  /** Where it is that column alone. */
  readonly column?: string;
  readonly type: ColumnType;
}

export interface KqlEmission extends Emission {
  /** The table as a view over events, to run the query on. */
  readonly table?: Table;
  /** Of a query that gives no whole rows of a table: the columns that it gives. */
  readonly columns?: readonly string[];
}

export function emitKql(predicate: Predicate, span: Span, settings: KqlSettings, target: KqlTarget): KqlEmission {
  const refusals = new Refusals();
  const rows = kqlRows(predicate, span, { settings, target, refusals });
  if (rows === undefined) return refusals.emission('', span);
  const { table } = rows.source;
  const own = rows.said.length === 0 ? [] : [`| where ${joined(rows.said, 'and', 'true').text}`];
  const emission = refusals.emission([...headOf(rows.source, own.join('')), ...own].join('\n'), span);
  return emission.query === undefined ? emission : { ...emission, table };
}

export type KqlContext = Readonly<{ settings: KqlSettings; target: KqlTarget; refusals: Refusals }>;

/** The rows of one table that meet a condition. */
export interface KqlRows {
  readonly source: KqlSource;
  /** What the condition asks beside the source's own conditions; all of it. */
  readonly said: readonly Said[];
  readonly emitter: KqlEmitter;
}

/**
 * @param closed whether the condition is to be false, not unknown, where a value is missing
 * @returns `undefined`, with the reason among the refusals, where no table holds such events
 */
export function kqlRows(
  predicate: Predicate,
  span: Span,
  { settings, target, refusals }: KqlContext,
  closed = false,
): KqlRows | undefined {
  const choice = chooseSource(predicate, target.sources);
  if (choice === undefined) {
    const names = [...new Set(target.sources.map(({ table }) => table.names[0]))].join(', ');
    const hint = `There are ${names}.`;
    refusals.refuse('convert-table', `No table of ${target.name} holds the events of this log source.`, span, hint);
    return undefined;
  }
  const { source, rest } = choice;
  const emitter = new KqlEmitter(source, refusals, target, closed);
  const others = rest.filter((node) => systemsOf(node) === undefined);
  const systems = rest.filter((node) => systemsOf(node)?.some((name) => name !== source.system) === true);
  const kept = systems.length > 0 && settings.system === 'keep' ? systems : [];
  if (systems.length > kept.length) {
    const message = `${source.table.names[0]} holds events of every system, and the query does not ask for one.`;
    refusals.note('convert-system', message, systems[0]?.span ?? span);
  }
  const said = [...kept.map((node) => emitter.system(node)), ...others.map((node) => emitter.say(node))];
  return { source, said, emitter };
}

/** What `host.os.type == …` asks for, in lower case; `undefined` for any other condition. */
function systemsOf(node: Predicate): readonly string[] | undefined {
  if (node.kind !== 'match-any' || node.field.name !== 'host.os.type' || node.test.kind !== 'equals') return undefined;
  return node.test.anyOf.map((name) => String(name).toLowerCase());
}

/** Says conditions over the rows of one table. */
export class KqlEmitter {
  private readonly source: KqlSource;
  private readonly refusals: Refusals;
  private readonly target: KqlTarget;
  /** Above 0 where a condition that is unknown would count otherwise than one that is false. */
  private negations: number;

  constructor(source: KqlSource, refusals: Refusals, target: KqlTarget, closed: boolean) {
    this.source = source;
    this.refusals = refusals;
    this.target = target;
    this.negations = closed ? 1 : 0;
  }

  say(node: Predicate): Said {
    return visitPredicate(node, this.visitor);
  }

  /** @param node asks for operating systems */
  system(node: Predicate): Said {
    const { ofSystem } = this.target;
    const names = systemsOf(node) ?? [];
    if (ofSystem === undefined || !names.every((name) => ofSystem.has(name))) return this.say(node);
    return this.either(names.map((name) => clause(ofSystem.get(name) as string)));
  }

  private readonly visitor: PredicateVisitor<Said> = {
    constant: ({ value }) => clause(String(value)),
    and: ({ children }) =>
      joined(
        children.map((child) => this.say(child)),
        'and',
        'true',
      ),
    or: (node) => this.anyOf(node.children),
    not: ({ child }) => this.negation(child),
    exists: (node) => this.anyOf([node]),
    'match-any': (node) => this.anyOf([node]),
    'match-anywhere': this.refused(
      '“some column holds this text” as a rule means it: a row has other columns than an event has fields',
    ),
    nested: this.refused('a condition on one object of an array'),
    'match-fields': (node) => this.fields(node),
    'match-value': ({ value, test, span }) =>
      this.computed(value, (said) => {
        const name = said.type === 'text' ? said.text : `tostring(${said.text})`;
        return this.plainTextTest({ name, type: 'string', fields: [] }, test, span);
      }),
    compare: (node) => this.comparison(node),
  };

  private refused(what: string): (node: { readonly span: Span }) => Said {
    return ({ span }) => this.refusals.refuse('convert-clause', `${this.target.name} cannot say ${what}.`, span);
  }

  private negation(child: Predicate): Said {
    this.negations += 1;
    const said = this.say(child);
    this.negations -= 1;
    const empty = /^isnot(empty|null)\(([\w.]+)\)$/.exec(said.text);
    return clause(empty === null ? `not(${said.text})` : `is${empty[1]}(${empty[2]})`);
  }

  // --- Computed values --------------------------------------------------------------------------------------------------

  private comparison(node: PredicateOf<'compare'>): Said {
    const { operator, left, right, span } = node;
    const test = asFieldTest(node);
    if (test !== undefined) return this.say(test);
    const tested = testedForNull(node);
    if (tested !== undefined) {
      const there = this.computed(tested, ({ text, type }) =>
        clause(type === 'number' ? `isnotnull(${text})` : 'true'),
      );
      return there.text === '' ? there : clause(`not(${there.text})`);
    }
    return this.computed(left, ({ text, type }) => {
      const wanted = computedText(right, this.language);
      if ('unsayable' in wanted || wanted.type !== type || (right.kind !== 'literal' && type === 'boolean')) {
        return this.refused('how these values compare')({ span });
      }
      if (type === 'text' && operator !== '==' && operator !== '!=')
        return this.refused('which text comes first')({ span });
      if (type === 'boolean') return clause((operator === '==') === (wanted.text === 'true') ? text : `not(${text})`);
      const needs = wanted.needs.map(clause);
      return joined([...needs, clause(`${text} ${operator} ${wanted.text}`)], 'and', 'true');
    });
  }

  /** A condition on a value, false where something that the value needs is missing. */
  private computed(value: Value, say: (said: Computed) => Said): Said {
    const said = computedText(value, this.language);
    if ('unsayable' in said) return this.refused(said.unsayable)(said.value);
    const condition = say(said);
    return condition.text === '' ? condition : joined([...said.needs.map(clause), condition], 'and', 'true');
  }

  private readonly language: ComputedLanguage = {
    string: kqlString,
    calls: KQL_CALLS,
    field: (field, value) => {
      const found = this.field([field], value.span);
      if (found === undefined) return { unsayable: `a value of ${field.name}`, value };
      const { text, type } = found;
      const isNumber = field.type === 'long';
      if (type === 'string' && !isNumber) return { text, type: 'text', needs: [`isnotempty(${text})`] };
      if (type !== 'string' && type !== 'int' && type !== 'long')
        return { unsayable: `a value of ${field.name}`, value };
      const number = type === 'long' ? text : `tolong(${text})`;
      return { text: number, type: 'number', needs: [`isnotnull(${number})`] };
    },
  };

  // --- Homes and columns ------------------------------------------------------------------------------------------------

  private anyOf(children: readonly Predicate[]): Said {
    const units = intoHomes(children);
    const missing = new Set(children.flatMap((child) => this.missingColumns(child)));
    const groups = units.filter((unit): unit is Homes => unit.kind === 'homes');
    const dropped = this.spareHomes(groups);
    const parts = units
      .filter((unit) => unit.kind !== 'homes' || !dropped.has(unit))
      .map((unit) => (unit.kind === 'homes' ? this.homes(unit, missing) : this.say(unit)));
    return joined(
      parts.filter(({ text }) => text !== ''),
      'or',
      'false',
    );
  }

  /**
   * What a field of the rule is worth in a row: the first of its homes that has a value.
   * @returns `undefined`, with the reason among the refusals, where no column holds it
   */
  field(fields: readonly FieldRef[], span: Span): KqlValue | undefined {
    const { columns, unmapped } = this.columns(fields);
    const table = this.source.table.names[0] as string;
    const [only] = columns;
    if (only === undefined) {
      const names = fields.map(({ name }) => name).join(', ');
      this.refusals.refuse('convert-field', `${table} has no column for ${names}.`, span);
      return undefined;
    }
    for (const name of unmapped) {
      this.refusals.note('convert-home', `${table} has no column for ${name}, where some sources put this.`, span);
    }
    if (columns.length === 1) return { text: only.name, column: only.name, type: only.type };
    const place = ({ fields: held }: Column) => Math.min(...held.map((name) => placeOf(fields, name)));
    const texts = [...columns].sort((a, b) => place(a) - place(b)).map(asText);
    return { text: `coalesce(${texts.join(', ')})`, type: 'string' };
  }

  private homes({ fields, test, span }: Homes, missing: ReadonlySet<string>): Said {
    const { columns, unmapped } = this.columns(fields);
    const table = this.source.table.names[0] as string;
    if (columns.length === 0) {
      const message = `${table} has no column for ${fields.map(({ name }) => name).join(', ')}.`;
      return this.refusals.refuse('convert-field', message, span);
    }
    const part = columns.find((column) => 'isEnding' in column && !asksForEnding(test));
    if (part !== undefined) {
      const message = `${table} has only the last part of ${part.fields.join(', ')}.`;
      return this.refusals.refuse('convert-field', message, span);
    }
    const literals = literalsOf(test);
    const withDomain = unmapped.some((name) => WITH_DOMAIN.has(name)) && literals.some(hasDomain);
    const { account } = this.source;
    if (withDomain && account === undefined) {
      const message = `${table} has a user’s domain and name apart, and the rule asks for them in one text.`;
      return this.refusals.refuse('convert-field', message, span);
    }
    for (const name of unmapped) {
      this.refusals.note('convert-home', `${table} has no column for ${name}, where some sources put this.`, span);
    }
    const apart = withDomain && literals.every(hasDomain) ? [] : columns;
    const asked = withDomain && account !== undefined ? [...apart, account] : columns;
    const parts = asked.map((column) => {
      if (test === undefined) return present(column);
      return this.test(column, withoutEmpty(test, missing.has(column.name)), span);
    });
    return joined(
      parts.filter(({ text }) => text !== ''),
      'or',
      'false',
    );
  }

  /** Columns whose fields are all among these, and the fields that none of them holds. */
  private columns(fields: readonly FieldRef[]): { columns: readonly Column[]; unmapped: readonly string[] } {
    const names = new Set(fields.map(({ name }) => name));
    const { table, avoided, whole, made } = this.source;
    const usable = [...table.columns, ...made].filter(
      (column) =>
        !avoided.has(column.name) &&
        column.fields.length > 0 &&
        (column.fields.every((field) => names.has(field)) ||
          ((column.name === this.target.system || whole.has(column.name)) &&
            column.fields.some((field) => names.has(field)))),
    );
    const left = new Set(names);
    const columns: Column[] = [];
    for (const column of [...usable].sort((a, b) => b.fields.length - a.fields.length)) {
      if (!column.fields.some((field) => left.has(field))) continue;
      for (const field of column.fields) left.delete(field);
      columns.push(column);
    }
    return { columns, unmapped: [...left] };
  }

  /** Columns that a condition says are missing. */
  private missingColumns(node: Predicate): readonly string[] {
    if (node.kind !== 'not') return [];
    const tested = node.child.kind === 'or' ? node.child.children : [node.child];
    const fields = tested.flatMap((child) => (child.kind === 'exists' ? [child.field] : []));
    return fields.length === tested.length ? this.columns(fields).columns.map(({ name }) => name) : [];
  }

  /**
   * Homes of a list in one field (`Hashes: MD5=…`) whose every entry is also asked of a field of its own: they are spared
   * where the table has those and not the list.
   */
  private spareHomes(groups: readonly Homes[]): ReadonlySet<Homes> {
    const spared = new Set<Homes>();
    for (const group of groups) {
      const { fields, test, span } = group;
      if (!isList(group) || this.columns(fields).columns.length > 0) continue;
      const others = groups.filter((other) => other !== group && sameSpan(other.span, span) && !isList(other));
      const entries = test !== undefined && 'anyOf' in test ? test.anyOf.length : 0;
      if (others.length < entries || others.some((other) => this.columns(other.fields).columns.length === 0)) continue;
      spared.add(group);
    }
    return spared;
  }

  private fields({ field, relation, other, fold, span }: PredicateOf<'match-fields'>): Said {
    const [left] = this.columns([field]).columns;
    const [right] = this.columns([other]).columns;
    if (left?.type !== 'string' || right?.type !== 'string') {
      const name = left?.type === 'string' ? other.name : field.name;
      const message = `${this.source.table.names[0]} has no text column for ${name}.`;
      return this.refusals.refuse('convert-field', message, span);
    }
    const operator =
      fold === 'none' ? `${RELATIONS[relation]}${relation === 'equals' ? '' : '_cs'}` : RELATIONS[relation];
    const equal = relation === 'equals' ? (fold === 'none' ? '==' : '=~') : operator;
    const parts = [present(left), present(right), clause(`${left.name} ${equal} ${right.name}`)];
    return joined(parts, 'and', 'true');
  }

  // --- Tests of a column ------------------------------------------------------------------------------------------------

  private test(column: Column, test: Test, span: Span): Said {
    if (column.words !== undefined) return this.words(column, column.words, test, span);
    switch (column.type) {
      case 'string':
        return this.textTest(column, test, span);
      case 'int':
      case 'long':
        return this.numberTest(column, test, span);
      default:
        if (column.type === 'datetime' && test.kind === 'time-part') return this.timePart(column, test);
        return this.type(column, span);
    }
  }

  /** The rule's words in those of the table, which are told apart by their case. */
  private words({ name }: Column, { of }: ColumnWords, test: Test, span: Span): Said {
    const asked = test.kind === 'equals' ? test.anyOf.map((word) => String(word).toLowerCase()) : [];
    const unknown = test.kind === 'equals' ? asked.find((word) => !of.has(word)) : 'part of a word';
    if (unknown !== undefined) {
      const message = `The column ${name} has words of its own, and none for “${shown(unknown)}”.`;
      return this.refusals.refuse('convert-clause', message, span);
    }
    const called = [...new Set(asked.flatMap((word) => of.get(word) ?? []))].map(kqlString);
    return clause(`${name} ${called.length === 1 ? `== ${called[0]}` : `in (${called.join(', ')})`}`);
  }

  private numberTest(column: Column, test: Test, span: Span): Said {
    switch (test.kind) {
      case 'equals': {
        const numbers = test.anyOf.filter((value) => value !== null).map((value) => decimal(String(value)));
        if (numbers.length === 0) return clause('false');
        if (numbers.some((text) => !/^-?\d{1,18}$/.test(text))) return this.type(column, span);
        return clause(`${column.name} ${numbers.length === 1 ? `== ${numbers[0]}` : `in (${numbers.join(', ')})`}`);
      }
      case 'order':
        if (!/^-?\d{1,18}$/.test(String(test.bound))) return this.type(column, span);
        return this.closed(column, column.name, test);
      default:
        return this.textTest({ ...column, name: `tostring(${column.name})` }, test, span);
    }
  }

  /** Null, where the number is missing, counts as false; only a negation can tell. */
  private closed(column: Column, value: string, { operator, bound }: Pick<OrderTest, 'operator' | 'bound'>): Said {
    const comparison = clause(`${value} ${operator} ${bound}`);
    return this.negations === 0 ? comparison : joined([clause(`isnotnull(${column.name})`), comparison], 'and', 'true');
  }

  private timePart(column: Column, { part, operator, bound }: TimePartTest): Said {
    const value = `datetime_part("${part === 'week' ? 'week_of_year' : part}", ${column.name})`;
    const comparison = clause(`${value} ${operator} ${bound}`);
    return this.negations === 0 ? comparison : joined([clause(`isnotnull(${column.name})`), comparison], 'and', 'true');
  }

  private textTest(column: Column, test: Test, span: Span): Said {
    const said = this.plainTextTest(column, test, span);
    // A missing text is "" here, and no value in a plan.
    const everything =
      test.kind === 'wildcard' && test.anyOf.some((pattern) => pattern.length === 1 && pattern[0] === '*');
    if (
      said.text === '' ||
      everything ||
      test.kind === 'equals' ||
      test.kind === 'order' ||
      test.kind === 'time-part'
    ) {
      return said;
    }
    return compileTest(test, 'keyword').passes('') ? joined([present(column), said], 'and', 'true') : said;
  }

  private plainTextTest(column: Column, test: Test, span: Span): Said {
    const { name } = column;
    switch (test.kind) {
      case 'equals':
        return this.equals(column, test, span);
      case 'order': {
        if (typeof test.bound === 'string' || !Number.isSafeInteger(test.bound)) return this.type(column, span);
        const number = `tolong(${name})`;
        const comparison = clause(`${number} ${test.operator} ${test.bound}`);
        return this.negations === 0 ? comparison : joined([clause(`isnotnull(${number})`), comparison], 'and', 'true');
      }
      case 'wildcard':
        if (test.anyOf.length > MANY_PATTERNS) return this.manyPatterns(column, test, span);
        return this.either(test.anyOf.map((pattern) => this.wildcard(column, pattern, test.fold, span)));
      case 'term': {
        const suffix = test.fold === 'none' ? '_cs' : '';
        this.checkLetters(test.anyOf, test.fold, span);
        const operator = { term: 'has', prefix: 'hasprefix', suffix: 'hassuffix' }[test.bounds];
        return this.either(test.anyOf.map((text) => clause(`${name} ${operator}${suffix} ${kqlString(text)}`)));
      }
      case 'phrase':
        return this.refusals.refuse(
          'convert-clause',
          'Kusto cuts texts into words otherwise than Elasticsearch.',
          span,
        );
      case 'regex':
        return this.either(
          test.anyOf.map((source) => {
            const made = test.syntax === 're2' ? withAsciiClasses(source, test.flags) : re2OfLucene(source, test.fold);
            if (made !== undefined) return clause(`${name} matches regex ${kqlString(made)}`);
            const message = `Kusto’s regular expressions cannot say all of “${shown(source)}”.`;
            return this.refusals.refuse('convert-regex', message, span);
          }),
        );
      case 'cidr':
        return this.either(
          test.anyOf.map((network) => {
            const call = `${network.includes(':') ? 'ipv6' : 'ipv4'}_is_in_range(${name}, ${kqlString(network)})`;
            return clause(this.negations === 0 ? call : `coalesce(${call}, false)`);
          }),
        );
      case 'time-part':
        return this.type(column, span);
    }
  }

  private equals(column: Column, { anyOf, fold }: EqualsTest, span: Span): Said {
    const values = anyOf.filter((value): value is NonNullable<LiteralValue> => value !== null).map(String);
    if (values.length === 0) return clause('');
    if (values.includes('')) {
      const message = `In Kusto an empty ${column.name} is the same as a missing one, and the rule asks for an empty one only.`;
      return this.refusals.refuse('convert-empty', message, span);
    }
    this.checkLetters(values, fold, span);
    const exact = fold === 'none' || !values.some(hasLetters);
    const [only] = values;
    if (values.length === 1) return clause(`${column.name} ${exact ? '==' : '=~'} ${kqlString(only as string)}`);
    return clause(`${column.name} ${exact ? 'in' : 'in~'} (${values.map(kqlString).join(', ')})`);
  }

  private manyPatterns({ name }: Column, { anyOf, fold }: WildcardTest, span: Span): Said {
    const literals = anyOf.flatMap((pattern) =>
      pattern.flatMap((part) => (typeof part === 'object' ? [part.text] : [])),
    );
    this.checkLetters(literals, fold, span);
    const subject = fold === 'none' ? name : `tolower(${name})`;
    return this.either(
      re2OfWildcards(anyOf, fold).map((regex) => clause(`${subject} matches regex ${kqlString(regex)}`)),
    );
  }

  private wildcard(column: Column, pattern: WildcardPattern, fold: CaseFold, span: Span): Said {
    const { name } = column;
    const literals = pattern.flatMap((part) => (typeof part === 'object' ? [part.text] : []));
    this.checkLetters(literals, fold, span);
    const shape = pattern.map((part) => (typeof part === 'object' ? 'x' : part)).join('');
    const text = kqlString(literals[0] ?? '');
    const cased = fold === 'none' ? '_cs' : '';
    switch (shape) {
      case '':
      case 'x':
        return this.equals(column, { kind: 'equals', anyOf: [literals.join('')], fold }, span);
      case '*':
        return present(column);
      case '*x*':
        return clause(`${name} contains${cased} ${text}`);
      case 'x*':
        return clause(`${name} startswith${cased} ${text}`);
      case '*x':
        return clause(`${name} endswith${cased} ${text}`);
      default: {
        const subject = fold === 'none' ? name : `tolower(${name})`;
        return clause(`${subject} matches regex ${kqlString(re2OfWildcard(pattern, fold))}`);
      }
    }
  }

  /** Kusto ignores the case of every letter, a plan of `ascii` that of A to Z. */
  private checkLetters(texts: readonly string[], fold: CaseFold, span: Span): void {
    const text = fold === 'ascii' ? texts.find(hasLettersBeyondAscii) : undefined;
    if (text === undefined) return;
    const message = `The rule ignores the case of A to Z only, and Kusto that of every letter in “${shown(text)}”.`;
    this.refusals.refuse('convert-case', message, span);
  }

  private either(parts: readonly Said[]): Said {
    return joined(parts, 'or', 'false');
  }

  private type({ name, type }: Column, span: Span): Said {
    return this.refusals.refuse(
      'convert-type',
      `The column ${name} is of type ${type}, which does not take this test.`,
      span,
    );
  }
}

/** More patterns than this are said as regular expressions; Kusto refuses some thousand clauses one after the other. */
const MANY_PATTERNS = 100;

const RELATIONS = { equals: '==', 'starts-with': 'startswith', 'ends-with': 'endswith', contains: 'contains' } as const;

function present({ name, type }: Column): Said {
  return clause(`${type === 'string' ? 'isnotempty' : 'isnotnull'}(${name})`);
}

function asText({ name, type }: Column): string {
  return type === 'string' ? name : `tostring(${name})`;
}

function placeOf(fields: readonly FieldRef[], name: string): number {
  const at = fields.findIndex((field) => field.name === name);
  return at === -1 ? fields.length : at;
}
