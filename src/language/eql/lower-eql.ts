/**
 * Syntax tree → plan.
 *
 *   event query ──▶ EventPlan      sequence ──▶ SequencePlan      sample ──▶ SamplePlan
 *
 * Runs are written out, and the keys of `sequence by` stand before those of each event. Every problem of meaning is
 * reported, not only the first; the plan is of use only when none is an error.
 */
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import {
  type CorrelationPlan,
  type EventPlan,
  eventPlan,
  type JoinKey,
  type Pipe,
  type SamplePlan,
  type SequencePlan,
  type SequenceStep,
} from '../../plan/plan.ts';
import { and, type FieldRef, fieldValue, matchAny, PLAN_VERSION, type Predicate } from '../../plan/predicate/node.ts';
import type { FieldSchema } from '../field-schema.ts';
import type { EqlEventQuery, EqlField, EqlSample, EqlSequence, EqlStatement, EqlTerm } from './ast.ts';
import { ConditionLowering } from './lower-condition.ts';

export interface Meaning {
  readonly schema: FieldSchema;
  readonly categoryField: string;
  /** What `now` in a date means, epoch milliseconds. */
  readonly now: number;
}

export interface LoweredEql {
  readonly plan: EventPlan | CorrelationPlan;
  readonly diagnostics: readonly Diagnostic[];
}

export function lowerStatement(statement: EqlStatement, meaning: Meaning): LoweredEql {
  const lowering = new StatementLowering(meaning);
  const plan = lowering.statement(statement);
  return { plan, diagnostics: lowering.problems.diagnostics };
}

class StatementLowering extends ConditionLowering {
  private readonly category: FieldRef;

  constructor({ schema, categoryField, now }: Meaning) {
    super(schema, now);
    this.category = { name: categoryField, type: schema.type(categoryField) ?? 'keyword' };
  }

  statement({ query, pipes }: EqlStatement): EventPlan | CorrelationPlan {
    const lowered = Object.freeze(pipes.map(({ name, count, span }) => Object.freeze({ kind: name, count, span })));
    switch (query.kind) {
      case 'event-query':
        return eventPlan(this.eventQuery(query), lowered);
      case 'sequence':
        return this.sequence(query, lowered);
      case 'sample':
        return this.sample(query, lowered);
    }
  }

  private sequence({ by, terms, maxspan, until }: EqlSequence, pipes: readonly Pipe[]): SequencePlan {
    this.checkKeys(until === undefined ? terms : [...terms, until], by);
    const end = until === undefined ? undefined : this.step(until, by);
    return Object.freeze({
      kind: 'sequence',
      version: PLAN_VERSION,
      steps: this.steps(terms, by),
      ...(maxspan === undefined ? {} : { maxspan }),
      ...(end === undefined ? {} : { until: end }),
      pipes,
    });
  }

  private sample({ by, terms }: EqlSample, pipes: readonly Pipe[]): SamplePlan {
    this.checkKeys(terms, by);
    return Object.freeze({ kind: 'sample', version: PLAN_VERSION, steps: this.steps(terms, by), pipes });
  }

  private steps(terms: readonly EqlTerm[], by: readonly EqlField[]): readonly SequenceStep[] {
    return Object.freeze(
      terms.flatMap((term) => {
        const step = this.step(term, by);
        return new Array<SequenceStep>(term.runs).fill(step);
      }),
    );
  }

  private step({ query, missing, by, span }: EqlTerm, shared: readonly EqlField[]): SequenceStep {
    const keys = Object.freeze([...shared, ...by].map((field) => this.joinKey(field)));
    return Object.freeze({ predicate: this.eventQuery(query), keys, missing, span });
  }

  private joinKey(node: EqlField): JoinKey {
    const value = fieldValue(this.field(node), node.span);
    return Object.freeze({ value, optional: node.optional, span: node.span });
  }

  /** The keys of the events answer one another, so each has as many. */
  private checkKeys([first, ...others]: readonly EqlTerm[], shared: readonly EqlField[]): void {
    const count = (keys: number | undefined) => (keys === 1 ? 'one key' : `${keys === 0 ? 'no' : keys} keys`);
    for (const { by, span } of others) {
      if (by.length === first?.by.length) {
        for (const [at, key] of by.entries()) this.checkKeyTypes(first.by[at] as EqlField, key);
        continue;
      }
      const message = `This event has ${count(by.length)} of its own, but the first one has ${count(first?.by.length)}.`;
      const hint =
        shared.length > 0 ? 'keys after sequence by are shared and not repeated' : 'give every event as many keys';
      this.problems.report('eql-sequence', by[0]?.span ?? span, message, hint);
    }
  }

  /** A number never equals a text, so such keys would never join. */
  private checkKeyTypes(first: EqlField, key: EqlField): void {
    const [wanted, given] = [this.typeOf(first), this.typeOf(key)];
    if (wanted === given || wanted === 'unknown' || given === 'unknown') return;
    const message = `${key.name} is of type ${this.field(key).type}, but it is joined with ${first.name} of type ${this.field(first).type}.`;
    this.problems.report('eql-sequence', key.span, message, 'join fields of one type');
  }

  private eventQuery(query: EqlEventQuery): Predicate {
    const condition = this.condition(query.condition);
    const { name, span } = query.category;
    if (name === undefined) return condition;
    const category = matchAny(this.category, { kind: 'equals', anyOf: [name], fold: 'none' }, span);
    return and([category, condition], query.span);
  }
}
