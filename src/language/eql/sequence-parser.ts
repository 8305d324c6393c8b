/**
 * `sequence` and `sample`, with the rules that Elasticsearch's `LogicalPlanBuilder` holds them to: at least two events,
 * runs from 1 to 100, a whole maxspan with its unit, and for missing events a maxspan and at least
 * one event that is there.
 */
import { diagnose } from '../../diagnostic/diagnostic.ts';
import { type EqlField, type EqlSample, type EqlSequence, type EqlTerm, freezeNode } from './ast.ts';
import { EventQueryParser } from './event-query-parser.ts';
import { Failure, spanOfToken } from './expression-parser.ts';
import type { Token } from './token.ts';

const MAX_RUNS = 100;
/** Runs written out. Real sequences have up to 60; each step costs memory for every key that is open. */
const MAX_STEPS = 1_000;

const MILLISECONDS: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);

export class SequenceParser extends EventQueryParser {
  /** From the word `sequence` on. */
  protected sequence(): EqlSequence {
    const start = this.advance();
    this.refuseAsCategory(start);
    const by = this.keys();
    const maxspan = this.maxspan();
    if (this.isAt('by')) {
      this.fail('“by” stands before “with”.', this.token(), 'write sequence by … with maxspan=…');
    }
    const terms = this.terms('A sequence');
    const until = this.take('until') ? this.until() : undefined;
    const node = freezeNode({ kind: 'sequence' as const, by, maxspan, terms, until, span: this.since(start) });
    this.checkMissing(node, start);
    return node;
  }

  /** From the word `sample` on. */
  protected sample(): EqlSample {
    const start = this.advance();
    this.refuseAsCategory(start);
    const by = this.keys();
    if (this.isAt('with')) this.fail('A sample has no maxspan.', this.token(), 'use a sequence, or leave it out');
    const before = this.token();
    const terms = this.terms('A sample');
    for (const term of terms) {
      if (!term.missing && term.runs === 1) continue;
      const what = term.missing ? 'missing events' : 'runs';
      throw new Failure(diagnose('eql-sequence', 'error', `A sample has no ${what}.`, term.span, 'use a sequence'));
    }
    if (by.length === 0 && terms[0]?.by.length === 0) {
      this.refuse('A sample needs a key that its events share.', before, 'write sample by host.id […] […]');
    }
    if (this.isAt('until')) this.refuse('A sample has no until.', this.token(), 'use a sequence');
    return freezeNode({ kind: 'sample', by, terms, span: this.since(start) });
  }

  private refuseAsCategory(start: Token): void {
    if (!this.isAt('where')) return;
    const hint = `an event category of that name is quoted: "${start.text}" where …`;
    this.fail(`“${start.text}” is a word of EQL.`, start, hint);
  }

  private keys(): readonly EqlField[] {
    if (!this.take('by')) return Object.freeze([]);
    const keys: EqlField[] = [];
    do {
      const expression = this.expression();
      if (expression.kind !== 'field') {
        throw new Failure(
          diagnose('eql-sequence', 'error', 'Events are joined by fields only.', expression.span, 'name a field'),
        );
      }
      keys.push(expression);
    } while (this.take(','));
    return Object.freeze(keys);
  }

  private maxspan(): number | undefined {
    if (!this.take('with')) return undefined;
    const form = 'a sequence is written: sequence by user.id with maxspan=5m […] […]';
    this.expect('maxspan', form);
    this.expect('=', form);
    const number = this.token();
    if (number.kind === 'decimal') {
      this.refuse('maxspan is a whole number.', number, 'take a smaller unit: 2500ms for 2.5s');
    }
    if (number.kind !== 'integer') this.failExpected('a whole number', 'a maxspan is written 30s, 5m, 1h, 1d or 500ms');
    this.advance();
    const unit = this.token();
    if (unit.kind !== 'name') {
      this.refuse('maxspan has no unit.', number, `write ${number.text}s for seconds; there are ms, s, m, h and d`);
    }
    const factor = MILLISECONDS.get(unit.text);
    if (factor === undefined) this.refuse(`There is no unit “${unit.text}”.`, unit, 'there are ms, s, m, h and d');
    const ms = Number(this.tokenBefore().text) * factor;
    this.advance();
    if (ms <= 0) this.refuse('maxspan is above zero.', number);
    if (!Number.isSafeInteger(ms)) this.refuse('maxspan is too long.', number);
    return ms;
  }

  private terms(what: 'A sequence' | 'A sample'): readonly EqlTerm[] {
    const start = this.token();
    const terms: EqlTerm[] = [];
    let steps = 0;
    while (this.isAt('[') || this.isAt('![')) {
      const term = this.term();
      terms.push(term);
      steps += term.runs;
      if (steps > MAX_STEPS) {
        throw new Failure(
          diagnose('eql-too-large', 'error', `${what} has at most ${MAX_STEPS} events, its runs counted.`, term.span),
        );
      }
    }
    if (this.isAt(',')) this.fail('Events stand one after the other.', this.token(), 'leave the comma out');
    if (terms.length === 0) this.failExpected('“[”', `${what.toLowerCase()} is made of events: [process where …]`);
    if (steps < 2) this.refuse(`${what} needs at least two events.`, start, 'one event alone is written without it');
    return Object.freeze(terms);
  }

  private term(): EqlTerm {
    const start = this.token();
    const missing = this.advance().text === '![';
    const query = this.eventQuery();
    if (!this.take(']')) this.unexpected(this.token());
    this.refuseFork();
    const by = this.keys();
    const runs = this.runs();
    if (this.isAt('by')) this.fail('“by” stands before “with”.', this.token(), 'write […] by … with runs=…');
    this.refuseFork();
    return freezeNode({ kind: 'term', query, missing, by, runs, span: this.since(start) });
  }

  private runs(): number {
    if (!this.take('with')) return 1;
    const form = 'an event that comes several times is written […] with runs=3';
    const key = this.token();
    if (key.text !== 'runs' || key.kind !== 'name') this.failExpected('“runs”', form);
    this.advance();
    this.expect('=', form);
    const number = this.token();
    if (number.kind !== 'integer') this.failExpected('a whole number', form);
    this.advance();
    const runs = Number(number.text);
    if (runs < 1 || runs > MAX_RUNS) this.refuse(`runs is a number from 1 to ${MAX_RUNS}.`, number);
    return runs;
  }

  private until(): EqlTerm {
    if (!this.isAt('[')) {
      if (this.isAt('![')) this.refuse('until waits for an event, not for a missing one.', this.token(), 'write [');
      this.failExpected('“[”', 'until is followed by an event: until [process where …]');
    }
    const term = this.term();
    if (term.runs !== 1) {
      throw new Failure(diagnose('eql-sequence', 'error', 'until takes no runs.', term.span, 'one event is enough'));
    }
    return term;
  }

  private checkMissing({ terms, maxspan }: EqlSequence, start: Token): void {
    const missing = terms.find((term) => term.missing);
    if (missing === undefined) return;
    if (terms.every((term) => term.missing)) {
      this.refuse('A sequence needs at least one event that is there.', start, 'write […] instead of ![…] for one');
    }
    if (maxspan === undefined) {
      const hint = 'write sequence with maxspan=5m: how long the event must stay away';
      throw new Failure(
        diagnose('eql-sequence', 'error', 'A sequence with a missing event needs a maxspan.', missing.span, hint),
      );
    }
  }

  private refuseFork(): void {
    const token = this.token();
    if (token.kind !== 'name' || token.text !== 'fork') return;
    this.unsupported('Elasticsearch’s EQL has no fork.', token, 'leave it out');
  }

  private refuse(message: string, token: Token, hint?: string): never {
    throw new Failure(token.problem ?? diagnose('eql-sequence', 'error', message, spanOfToken(token), hint));
  }

  private tokenBefore(): Token {
    return this.tokens[this.at - 1] as Token;
  }
}
