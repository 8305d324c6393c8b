/**
 * `scan`: rows in order against the steps of a state machine.
 *
 *   row ──last step first──▶ goes on from the step before (its state moves here), or adds to this step's own state
 *
 * A state holds, for each step up to its own, the row that the step took last, extended by the declared columns. A
 * declared column named plainly in an assignment has its first value, not that of the state. Source: Microsoft's page
 * on the operator ("Matching logic"), and recorded answers.
 */
import type { Cell, Row } from './cell.ts';
import { type CellOf, compileScalar, constantCell, emptyCell, type ScalarScope } from './evaluate-scalar.ts';
import type { RelationColumn, ScanStep, ScanSteps } from './node.ts';

interface Sequence {
  readonly id: bigint;
  /** By the step's place. */
  readonly taken: readonly (Row | undefined)[];
  /** The row that `output=last` holds back. */
  readonly held?: Row;
}

interface CompiledStep extends ScanStep {
  readonly holds: CellOf;
  readonly assign: readonly { readonly at: number; readonly of: CellOf }[];
}

/** Rows between two looks at whether to go on. */
const CHECKED_ROWS = 256;

export function evaluateScanSteps(node: ScanSteps, scope: ScalarScope): readonly Row[] {
  return new ScanRun(node, scope).run();
}

class ScanRun {
  private readonly node: ScanSteps;
  private readonly scope: ScalarScope;
  /** Of the input, then the declared ones. */
  private readonly extended: readonly RelationColumn[];
  private readonly initial: readonly Cell[];
  private readonly steps: readonly CompiledStep[];
  private readonly states: (Sequence | undefined)[];
  private readonly output: Row[] = [];
  private nextId = 0n;

  constructor(node: ScanSteps, scope: ScalarScope) {
    this.node = node;
    this.scope = scope;
    this.extended = [...scope.columns, ...node.declared];
    this.initial = node.declared.map(({ initial }) => constantCell(initial, scope));
    // A row in an expression: its own columns, the declared ones, and each step's, named `step.column`.
    const ofSteps = node.steps.flatMap((step) =>
      this.extended.map(({ name, type }) => ({ name: `${step.name}.${name}`, type })),
    );
    const inner = { ...scope, columns: [...this.extended, ...ofSteps] };
    this.steps = node.steps.map((step) => ({
      ...step,
      holds: compileScalar(step.condition, inner),
      assign: step.assignments.map(({ name, value }) => ({
        at: this.extended.findIndex((column) => column.name === name),
        of: compileScalar(value, inner),
      })),
    }));
    this.states = node.steps.map(() => undefined);
  }

  run(): readonly Row[] {
    for (const [place, row] of this.scope.rows.entries()) {
      if (place % CHECKED_ROWS === 0) this.scope.check?.();
      for (let at = this.steps.length - 1; at >= 0; at -= 1) this.offer(row, at);
    }
    for (const state of this.states) if (state?.held !== undefined) this.emit(state.held, state.id);
    return this.output;
  }

  private offer(row: Row, at: number): void {
    const from = this.before(at);
    if (from !== undefined && this.take(row, at, from.state, from.state.held)) {
      this.states[from.at] = undefined;
      return;
    }
    const own = this.states[at];
    if (own !== undefined) this.take(row, at, own);
    else if (at === 0) this.take(row, at, { id: -1n, taken: this.steps.map(() => undefined) });
    else if (this.steps.slice(0, at).every(({ isOptional }) => isOptional)) {
      this.take(row, at, { id: -1n, taken: this.steps.map(() => undefined) });
    }
  }

  /** The state that a step goes on from: of the step before, or further back over optional ones. */
  private before(at: number): { readonly at: number; readonly state: Sequence } | undefined {
    for (let previous = at - 1; previous >= 0; previous -= 1) {
      const state = this.states[previous];
      if (state !== undefined) return { at: previous, state };
      if (!this.steps[previous]?.isOptional) return undefined;
    }
    return undefined;
  }

  /** @param released what the state held back, which comes before a row that it moves on with */
  private take(row: Row, at: number, state: Sequence, released?: Row): boolean {
    const step = this.steps[at] as CompiledStep;
    const plain = [...row, ...this.initial];
    const missing = [...this.scope.columns.map(({ type }) => emptyCell(type)), ...this.initial];
    const seen = [...plain, ...state.taken.flatMap((taken) => taken ?? missing)];
    if (step.holds(seen, 0) !== true) return false;
    const made: Cell[] = [...plain];
    for (const { at: place, of } of step.assign) made[place] = of(seen, 0);
    // A row that the first step takes begins a sequence, and so does one that skips all optional steps.
    const id = at === 0 || state.id < 0n ? this.nextId++ : state.id;
    const taken = state.taken.with(at, made);
    this.states[at] = { id, taken, ...(step.output === 'last' ? { held: made } : {}) };
    if (released !== undefined) this.emit(released, id);
    if (step.output === 'all') this.emit(made, id);
    return true;
  }

  private emit(row: Row, id: bigint): void {
    this.output.push(
      this.node.columns.map(({ name, type }) => {
        if (name === this.node.matchId) return id;
        return row[this.extended.findIndex((column) => column.name === name)] ?? emptyCell(type);
      }),
    );
  }
}
