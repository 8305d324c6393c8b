/**
 * Plan → Elastic's EQL: one event, or a sequence or sample of them.
 *
 *   predicate ──visit──▶ clauses ──and, or, not──▶ `process where …` / `any where …`
 *   sequence  ──steps, keys, maxspan, until──▶ `sequence by … [ … ] [ … ]`
 *
 * EQL's `:` and `like~` fold A to Z, so other letters are written in each case. `*` and `?` cannot be escaped in its
 * patterns; a text that holds one goes into a regular expression, or where it is compared whole into `in~`.
 *
 * Refused: keywords searched in every field, fields compared with each other, words.
 */
import type { Span } from '../diagnostic/span.ts';
import { kueryFieldType } from '../language/kuery/fields.ts';
import type { JoinKey, Plan, SamplePlan, SequencePlan, SequenceStep } from '../plan/plan.ts';
import { networkOf } from '../plan/predicate/cidr.ts';
import {
  type CaseFold,
  type FieldRef,
  type LiteralValue,
  type Predicate,
  type PredicateVisitor,
  type Test,
  visitPredicate,
  type WildcardPattern,
} from '../plan/predicate/node.ts';
import { fieldClass, isPlainNumber, withEcsWords } from './elastic-fields.ts';
import { type EqlValueWords, eqlCompare, eqlMatchValue } from './eql-value.ts';
import { sequenceOfWindow } from './eql-window.ts';
import { caseVariants } from './letters.ts';
import { luceneOfRe2, luceneText } from './re2-to-lucene.ts';
import { clause, type Emission, enclosed, joined, Refusals, type Said, shown } from './saying.ts';

export function emitEql(plan: Plan, span: Span): Emission {
  const refusals = new Refusals();
  const emitter = new EqlEmitter(refusals);
  switch (plan.kind) {
    case 'event':
      return refusals.emission(emitter.eventQuery(plan.predicate) + emitter.pipes(plan.pipes ?? []), span);
    case 'sequence':
      return refusals.emission(emitter.sequence(plan), span);
    case 'sample': {
      return refusals.emission(emitter.sample(plan), span);
    }
    case 'window': {
      const sequence = sequenceOfWindow(plan, refusals);
      return refusals.emission(sequence === undefined ? '' : emitter.sequence(sequence), span);
    }
  }
}

class EqlEmitter {
  private readonly refusals: Refusals;

  constructor(refusals: Refusals) {
    this.refusals = refusals;
  }

  /** A condition on the category that is spelled exactly becomes `process where`. */
  eventQuery(predicate: Predicate): string {
    const node = withEcsWords(predicate);
    const conjuncts = node.kind === 'and' ? node.children : [node];
    const named = conjuncts.find((child) => exactCategory(child) !== undefined);
    if (named === undefined) return `any where ${this.say(node).text}`;
    const rest = conjuncts.filter((child) => child !== named);
    return `${exactCategory(named)} where ${this.all(rest).text}`;
  }

  sequence({ steps, maxspan, until, pipes }: SequencePlan): string {
    const { shared, lines } = this.steps(until === undefined ? steps : [...steps, until]);
    const end = until === undefined ? [] : [`until ${lines.pop()?.trim()}`];
    const head = `sequence${shared}${maxspan === undefined ? '' : ` with maxspan=${duration(maxspan)}`}`;
    return [head, ...withRuns(lines), ...end].join('\n') + this.pipes(pipes);
  }

  sample({ steps, pipes }: SamplePlan): string {
    const { shared, lines } = this.steps(steps);
    return [`sample${shared}`, ...lines].join('\n') + this.pipes(pipes);
  }

  /** Keys that all steps have stand once, in front. */
  private steps(steps: readonly SequenceStep[]): { readonly shared: string; readonly lines: string[] } {
    const keys = steps.map((step) => step.keys.map((key) => this.key(key)).join(', '));
    const [first = ''] = keys;
    const isShared = first !== '' && keys.every((one) => one === first);
    const lines = steps.map(({ predicate, missing }, at) => {
      const own = isShared || keys[at] === '' ? '' : ` by ${keys[at]}`;
      return `  ${missing ? '!' : ''}[${this.eventQuery(predicate)}]${own}`;
    });
    return { shared: isShared ? ` by ${first}` : '', lines };
  }

  pipes(pipes: readonly { readonly kind: string; readonly count: number }[]): string {
    return pipes.map(({ kind, count }) => `\n| ${kind} ${count}`).join('');
  }

  private key({ value, optional }: JoinKey): string {
    if (value.kind === 'field') return `${optional ? '?' : ''}${quotedField(value.field.name)}`;
    return this.refusals.refuse('convert-clause', 'EQL joins events by fields, not by computed values.', value.span)
      .text;
  }

  private say(node: Predicate): Said {
    return visitPredicate(node, this.visitor);
  }

  private all(nodes: readonly Predicate[]): Said {
    return joined(
      nodes.map((node) => this.say(node)),
      'and',
      'true',
    );
  }

  private readonly visitor: PredicateVisitor<Said> = {
    constant: ({ value }) => clause(String(value)),
    and: ({ children }) => this.all(children),
    or: ({ children }) =>
      joined(
        children.map((child) => this.say(child)),
        'or',
        'false',
      ),
    not: ({ child }) => this.negation(child),
    exists: ({ field }) => clause(`${eqlField(field.name)} != null`),
    'match-any': ({ field, test, span }) => this.test(field, test, span),
    'match-anywhere': this.refused('“some field of the event holds this text”: it has no search over all fields'),
    nested: this.refused('a condition on one object of an array'),
    'match-fields': this.refused('how two fields compare'),
    'match-value': (node) => eqlMatchValue(node, this.words),
    compare: (node) => eqlCompare(node, this.words),
  };

  private readonly words: EqlValueWords = {
    field: eqlField,
    text: eqlString,
    list,
    refuse: (what, span) => this.refused(what)({ span }),
  };

  private negation(child: Predicate): Said {
    if (child.kind === 'exists') return clause(`${eqlField(child.field.name)} == null`);
    const said = this.say(child);
    return clause(
      `not ${said.compound ? enclosed(said) : said.text.startsWith('not ') ? `(${said.text})` : said.text}`,
    );
  }

  private refused(what: string): (node: { readonly span: Span }) => Said {
    return ({ span }) => this.refusals.refuse('convert-clause', `EQL cannot say ${what}.`, span);
  }

  // --- Tests of a field -------------------------------------------------------------------------------------------------

  private test(field: FieldRef, test: Test, span: Span): Said {
    const kind = fieldClass(field);
    const name = eqlField(field.name);
    // Patterns are asked of texts; anything else is made one. Scripts see whole texts, so `text` fields are refused.
    const text = kind === 'text' || kind === 'open' ? name : `string(${name})`;
    if (kind === 'words') {
      const message = `${field.name} is indexed word by word, so EQL cannot compare its whole text.`;
      return this.refusals.refuse('convert-type', message, span);
    }
    switch (test.kind) {
      case 'equals':
        return this.equals(field, test.anyOf, test.fold, span);
      case 'order':
        return this.order(field, test.operator, test.bound, span);
      case 'wildcard':
        return this.wildcard(text, test.anyOf, test.fold, span);
      case 'regex': {
        if (test.syntax === 'lucene') {
          return clause(`${text} regex${test.fold === 'none' ? '' : '~'} ${list(test.anyOf)}`);
        }
        const sources = test.anyOf.map((source) => {
          const made = luceneOfRe2(source, test.flags);
          if ('pattern' in made) return made.pattern;
          const message = `EQL’s regular expressions cannot say ${made.unsayable}.`;
          return this.refusals.refuse('convert-regex', message, span).text;
        });
        return clause(`${text} regex ${list(sources)}`);
      }
      case 'cidr':
        if (kind === 'ip') return clause(`cidrMatch(${name}, ${test.anyOf.map(eqlString).join(', ')})`);
        return this.refusals.refuse(
          'convert-type',
          `${field.name} is no address field, so EQL cannot ask networks of it.`,
          span,
        );
      case 'term':
      case 'phrase':
        return this.refusals.refuse('convert-clause', 'EQL cannot ask for whole words of a text.', span);
      case 'time-part':
        return this.refusals.refuse('convert-clause', `EQL cannot ask for the ${test.part} of a time.`, span);
    }
  }

  private equals(field: FieldRef, anyOf: readonly LiteralValue[], fold: CaseFold, span: Span): Said {
    const name = eqlField(field.name);
    const kind = fieldClass(field);
    const literals: string[] = [];
    let wild = false;
    for (const value of anyOf) {
      if (value === null) continue;
      const text = String(value);
      const bare = typeof value !== 'string' && (kind === 'number' || kind === 'boolean' || kind === 'open');
      if (kind === 'number' && !isPlainNumber(text)) {
        return this.refusals.refuse('convert-type', `${field.name} is a number, and “${shown(text)}” is none.`, span);
      }
      if (kind === 'boolean' && text !== 'true' && text !== 'false') {
        return this.refusals.refuse('convert-type', `${field.name} is true or false, not “${shown(text)}”.`, span);
      }
      if (kind === 'ip' && networkOf(text) === undefined) {
        return this.refusals.refuse('convert-type', `${field.name} is an address, and “${shown(text)}” is none.`, span);
      }
      wild ||= /[*?]/.test(text);
      if (bare || kind === 'number' || kind === 'boolean') literals.push(text);
      else for (const variant of this.variants(text, fold, span)) literals.push(eqlString(variant));
    }
    if (literals.length === 0) return clause('false');
    const exact = fold === 'none' || kind === 'number' || kind === 'boolean' || kind === 'ip' || kind === 'date';
    const [only] = literals;
    if (literals.length > 1) {
      const operator = exact ? 'in' : wild ? 'in~' : ':';
      return clause(`${name} ${operator} (${literals.join(', ')})`);
    }
    if (exact) return clause(`${name} == ${only}`);
    return clause(wild ? `${name} in~ (${only})` : `${name} : ${only}`);
  }

  private order(field: FieldRef, operator: string, bound: string | number, span: Span): Said {
    const kind = fieldClass(field);
    const number = typeof bound === 'number' || kind === 'number';
    if (number && (kind === 'text' || kind === 'boolean' || kind === 'ip' || !isPlainNumber(bound))) {
      const message = `${field.name} is of type ${field.type}, which EQL does not compare with ${shown(String(bound))}.`;
      return this.refusals.refuse('convert-type', message, span);
    }
    return clause(`${eqlField(field.name)} ${operator} ${number ? bound : eqlString(String(bound))}`);
  }

  private wildcard(name: string, patterns: readonly WildcardPattern[], fold: CaseFold, span: Span): Said {
    const plain: string[] = [];
    const expressions: string[] = [];
    for (const pattern of patterns) {
      const literals = pattern.flatMap((part) => (typeof part === 'object' ? [part.text] : []));
      if (!literals.some((text) => /[*?]/.test(text))) {
        const whole = pattern.map((part) => (typeof part === 'object' ? part.text : part)).join('');
        plain.push(...this.variants(whole, fold, span));
        continue;
      }
      expressions.push(
        pattern.map((part) => (part === '*' ? '.*' : part === '?' ? '.' : luceneText(part.text, fold))).join(''),
      );
    }
    const parts: Said[] = [];
    if (plain.length > 0) {
      // Of texts that functions give, `:` and `like~` are the same.
      parts.push(clause(`${name} ${fold === 'none' ? 'like' : ':'} ${list(plain)}`));
    }
    if (expressions.length > 0) parts.push(clause(`${name} regex ${list(expressions)}`));
    return joined(parts, 'or', 'false');
  }

  /** The text in every case that A–Z folding does not reach. */
  private variants(text: string, fold: CaseFold, span: Span): readonly string[] {
    if (fold !== 'unicode') return [text];
    const variants = caseVariants(text);
    if (variants === undefined) this.letters(text, span);
    return variants ?? [];
  }

  private letters(text: string, span: Span): void {
    const message = `EQL ignores the case of A to Z only, and “${shown(text)}” has too many other letters.`;
    this.refusals.refuse('convert-case', message, span);
  }
}

/** `event.category == "process"`, compared exactly. */
function exactCategory(node: Predicate): string | undefined {
  if (node.kind !== 'match-any' || node.field.name !== 'event.category' || node.test.kind !== 'equals')
    return undefined;
  const { anyOf, fold } = node.test;
  const [value, second] = anyOf;
  const usable =
    fold === 'none' && second === undefined && typeof value === 'string' && /^[a-z][a-z0-9_]*$/i.test(value);
  return usable && !RESERVED.has(value.toLowerCase()) ? value : undefined;
}

const RESERVED: ReadonlySet<string> = new Set(
  'and any by false in join like maxspan not null of or regex sample sequence true until where with'.split(' '),
);

const PLAIN_NAME = /^[@A-Za-z_][A-Za-z0-9_]*$/;

/**
 * A field's name; one with a part that is no plain name stands between backquotes. Elasticsearch refuses a field that no
 * index has unless it is optional, so a field that no schema knows is.
 */
function eqlField(name: string): string {
  return (kueryFieldType(name) === undefined ? '?' : '') + quotedField(name);
}

function quotedField(name: string): string {
  const plain = name.split('.').every((part) => PLAIN_NAME.test(part) && !RESERVED.has(part.toLowerCase()));
  return plain ? name : `\`${name.replaceAll('`', '``')}\``;
}

function eqlString(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what has to be escaped
  return `"${text.replaceAll(/["\\\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, escapeCharacter)}"`;
}

function list(texts: readonly string[]): string {
  const literals = texts.map(eqlString);
  return literals.length === 1 ? (literals[0] as string) : `(${literals.join(', ')})`;
}

const SHORT: Readonly<Record<string, string>> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escapeCharacter(character: string): string {
  return SHORT[character] ?? `\\u{${character.charCodeAt(0).toString(16).padStart(2, '0')}}`;
}

/** The longest runs of EQL. */
const MOST_RUNS = 100;

/** Equal steps one after another are written once. */
function withRuns(lines: readonly string[]): readonly string[] {
  const written: string[] = [];
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] as string;
    let runs = 1;
    while (lines[at + runs] === line && runs < MOST_RUNS && !line.startsWith('  !')) runs += 1;
    written.push(runs === 1 ? line : `${line} with runs=${runs}`);
    at += runs;
  }
  return written;
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

function duration(ms: number): string {
  const unit = UNITS.find(([, size]) => ms % size === 0);
  return unit === undefined ? `${ms}ms` : `${ms / unit[1]}${unit[0]}`;
}
