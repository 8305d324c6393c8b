/**
 * EQL text → syntax tree, or the first problem with its place.
 *
 *   text ──tokenize──▶ tokens ──recursive descent──▶ statement
 *
 * Grammar: Elasticsearch's `EqlBase.g4`. So far event queries; sequences, samples, joins and pipes are recognised and
 * refused where they begin.
 */
import { type Diagnostic, diagnose } from '../../diagnostic/diagnostic.ts';
import { nearestName } from '../../diagnostic/nearest.ts';
import { NO_SPAN } from '../../diagnostic/span.ts';
import { type EqlEventQuery, type EqlStatement, freezeNode } from './ast.ts';
import { ExpressionParser, Failure, spanOfToken } from './expression-parser.ts';
import { operatorHint } from './foreign-words.ts';
import { FOREIGN_SYMBOLS, type Token } from './token.ts';
import { tokenize } from './tokenize.ts';

export interface ParsedEql {
  /** Absent exactly when there is an error. */
  readonly statement?: EqlStatement;
  readonly diagnostics: readonly Diagnostic[];
}

/** Pipes of the classic EQL dialect that Elasticsearch does not have. */
const CLASSIC_PIPES: ReadonlySet<string> = new Set(['count', 'filter', 'sort', 'unique', 'unique_count']);

export function parseEql(text: string): ParsedEql {
  try {
    return { statement: new StatementParser(tokenize(text)).statement(), diagnostics: [] };
  } catch (failure) {
    if (failure instanceof Failure) return { diagnostics: [failure.diagnostic] };
    throw failure;
  }
}

class StatementParser extends ExpressionParser {
  statement(): EqlStatement {
    const first = this.token();
    if (first.kind === 'end') {
      throw new Failure(
        diagnose('eql-syntax', 'error', 'The query is empty.', NO_SPAN, 'write process where process.name == "…"'),
      );
    }
    if (first.kind === 'keyword' && ['sequence', 'sample', 'join'].includes(first.text)) {
      this.unsupported(
        `Queries that begin with “${first.text}” are not supported yet.`,
        first,
        `an event category of that name is quoted: "${first.text}" where …`,
      );
    }
    const query = this.eventQuery();
    if (this.isAt('|')) this.pipe();
    if (this.token().kind !== 'end') this.unexpected(this.token());
    return query;
  }

  private eventQuery(): EqlEventQuery {
    const first = this.token();
    const category = this.category();
    this.where();
    const condition = this.expression();
    return freezeNode({
      kind: 'event-query',
      category: Object.freeze({ name: category, span: spanOfToken(first) }),
      condition,
      span: this.since(first),
    });
  }

  /** A name, a string, or `any`, which is every category. */
  private category(): string | undefined {
    const token = this.token();
    if (this.take('any')) return undefined;
    if (token.kind === 'name' || token.kind === 'string') return this.advance().text;
    if (token.kind === 'quoted-name')
      this.fail('An event category is quoted with "…".', token, `write "${token.text}" where`);
    return this.failExpected(
      'an event category',
      'a query begins with process where, file where, any where or the like',
    );
  }

  private where(): void {
    if (this.take('where')) return;
    const token = this.token();
    const begins = 'a query begins with an event category: process where …, or any where … for all of them';
    if (token.kind === 'name' && token.text.toLowerCase() === 'where') {
      this.fail(`EQL’s words are lower case, so “${token.text}” is none.`, token, 'write where');
    }
    if (token.kind === 'name' && nearestName(token.text, ['where']) !== undefined) {
      this.fail(`Expected “where”, but there is “${token.text}”.`, token, 'did you mean where?');
    }
    this.failExpected('“where” after the event category', begins);
  }

  private pipe(): never {
    this.advance();
    const name = this.token();
    if (name.kind === 'name' && CLASSIC_PIPES.has(name.text)) {
      this.unsupported(`Elasticsearch’s EQL has no pipe “${name.text}”.`, name, 'it has head and tail');
    }
    if (name.kind === 'name' && ['head', 'tail'].includes(name.text)) {
      this.unsupported(
        `The pipe “${name.text}” is not supported yet.`,
        name,
        'a rule alerts on every match, so leave it out',
      );
    }
    const near = name.kind === 'name' ? nearestName(name.text, ['head', 'tail']) : undefined;
    return this.failExpected('a pipe', near === undefined ? 'there are head and tail' : `did you mean ${near}?`);
  }

  /** After a whole condition: most often an operator of another language. */
  private unexpected(token: Token): never {
    const shown = token.kind === 'string' ? 'A string' : `“${token.text}”`;
    if (token.kind === 'foreign') this.fail(`${shown} is no operator of EQL.`, token, FOREIGN_SYMBOLS.get(token.text));
    if (token.kind === 'symbol' && token.text === '=') this.fail('“=” does not compare in EQL.', token, 'write ==');
    if (token.kind === 'symbol' && token.text === ')') this.fail('“)” closes nothing.', token);
    if (token.kind === 'keyword' && token.text === 'of') {
      this.unsupported(
        'Elasticsearch’s EQL has no process relationships (child of, descendant of, event of).',
        token,
        'compare process.parent.* fields, or use a sequence',
      );
    }
    const hint = token.kind === 'name' ? operatorHint(token.text) : 'conditions are joined with and or or';
    this.fail(
      `${shown} cannot stand here, after a whole condition.`,
      token,
      hint ?? 'conditions are joined with and or or; names with other characters are quoted: `my-field`',
    );
  }
}
