/**
 * EQL text → syntax tree, or the first problem with its place.
 *
 *   text ──tokenize──▶ tokens ──recursive descent──▶ statement
 *
 * Grammar: Elasticsearch's `EqlBase.g4`. What only the classic EQL has (`join`, pipes but `head` and `tail`, process
 * relationships, `fork`) is recognised and refused where it begins, with what there is instead.
 */
import { type Diagnostic, diagnose } from '../../diagnostic/diagnostic.ts';
import { nearestName } from '../../diagnostic/nearest.ts';
import { NO_SPAN } from '../../diagnostic/span.ts';
import { type EqlPipe, type EqlQuery, type EqlStatement, freezeNode } from './ast.ts';
import { ConstantFolder } from './constants.ts';
import { Failure } from './expression-parser.ts';
import { SequenceParser } from './sequence-parser.ts';
import type { Token } from './token.ts';
import { tokenize } from './tokenize.ts';

export interface ParsedEql {
  /** Absent exactly when there is an error. */
  readonly statement?: EqlStatement;
  readonly diagnostics: readonly Diagnostic[];
}

/** Pipes of the classic EQL dialect that Elasticsearch does not have, with what there is instead. */
const CLASSIC_PIPES: ReadonlyMap<string, string> = new Map([
  ['count', 'count the matches outside of the query'],
  ['filter', 'put the condition after where, joined with and'],
  ['sort', 'matches come in the order of their time'],
  ['unique', 'suppress alerts by the field instead'],
  ['unique_count', 'suppress alerts by the field instead'],
]);

/** A chain of pipes is applied one after the other for every match. */
const MAX_PIPES = 100;

export function parseEql(text: string): ParsedEql {
  try {
    return { statement: new StatementParser(tokenize(text)).statement(), diagnostics: [] };
  } catch (failure) {
    if (failure instanceof Failure) return { diagnostics: [failure.diagnostic] };
    throw failure;
  }
}

class StatementParser extends SequenceParser {
  statement(): EqlStatement {
    const first = this.token();
    if (first.kind === 'end') {
      throw new Failure(
        diagnose('eql-syntax', 'error', 'The query is empty.', NO_SPAN, 'write process where process.name == "…"'),
      );
    }
    const query = this.query();
    const pipes: EqlPipe[] = [];
    while (this.isAt('|')) {
      const pipe = this.pipe();
      if (query.kind === 'sample') {
        throw new Failure(diagnose('eql-unsupported', 'error', 'A sample takes no pipes.', pipe.span, 'leave it out'));
      }
      pipes.push(pipe);
      if (pipes.length > MAX_PIPES) {
        throw new Failure(diagnose('eql-too-large', 'error', `A query has at most ${MAX_PIPES} pipes.`, pipe.span));
      }
    }
    if (this.token().kind !== 'end') {
      if (query.kind === 'event-query') this.unexpected(this.token());
      this.afterEvents(this.token());
    }
    return freezeNode({ kind: 'statement', query, pipes, span: this.since(first) });
  }

  private query(): EqlQuery {
    if (this.isAt('sequence')) return this.sequence();
    if (this.isAt('sample')) return this.sample();
    if (this.isAt('join')) {
      this.unsupported(
        'Elasticsearch’s EQL does not run join.',
        this.token(),
        'write sample by … for events in any order, or sequence by … for events in order',
      );
    }
    return this.eventQuery();
  }

  private pipe(): EqlPipe {
    const start = this.advance();
    const name = this.token();
    const classic = name.kind === 'name' ? CLASSIC_PIPES.get(name.text) : undefined;
    if (classic !== undefined) {
      this.unsupported(`Elasticsearch’s EQL has no pipe “${name.text}”, only head and tail.`, name, classic);
    }
    if (name.kind !== 'name' || (name.text !== 'head' && name.text !== 'tail')) {
      const near = name.kind === 'name' ? nearestName(name.text, ['head', 'tail']) : undefined;
      return this.failExpected('a pipe', near === undefined ? 'there are head and tail' : `did you mean ${near}?`);
    }
    this.advance();
    if (this.token().kind === 'end' || this.isAt('|')) {
      this.failExpected('a number', `a pipe takes one number: | ${name.text} 10`);
    }
    const argument = this.expression();
    if (this.isAt(',')) this.fail('A pipe takes one number.', this.token(), `write | ${name.text} 10`);
    // Computed, as Elasticsearch does while it parses: `head 2 + 3`.
    const count = new ConstantFolder().fold(argument)?.value;
    if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 0) {
      const message = `The pipe ${name.text} takes a whole number from 0 on.`;
      throw new Failure(diagnose('eql-type', 'error', message, argument.span, `write | ${name.text} 10`));
    }
    return freezeNode({ kind: 'pipe', name: name.text, count, span: this.since(start) });
  }

  private afterEvents(token: Token): never {
    const shown = token.kind === 'string' ? 'a string' : `“${token.text}”`;
    const hint = 'after an event stand by, with runs=…, the next event in brackets, until or a pipe';
    return this.fail(`${shown} cannot stand here, after a whole event.`, token, hint);
  }
}
