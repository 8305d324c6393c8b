/**
 * Event queries: `process where …`, by themselves or in the brackets of a sequence.
 */
import { nearestName } from '../../diagnostic/nearest.ts';
import { type EqlEventQuery, freezeNode } from './ast.ts';
import { ExpressionParser, spanOfToken } from './expression-parser.ts';
import { operatorHint } from './foreign-words.ts';
import { FOREIGN_SYMBOLS, type Token } from './token.ts';

export class EventQueryParser extends ExpressionParser {
  protected eventQuery(): EqlEventQuery {
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

  /** After a whole condition: most often an operator of another language. */
  protected unexpected(token: Token): never {
    if (token.kind === 'end') this.failExpected('“]”', 'an event of a sequence stands in brackets: [process where …]');
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
