/**
 * Whether a rule holds of a line, remembered by the values that it read.
 *
 *   line ──members that the rule reads, one after the other──▶ seen with these values: what came of it
 *                                                          └─▶ new: read, and evaluated with every member noted
 *
 * Sound as all that is learned of lines is: what a rule makes of a line depends on the members noted, beside those that all lines
 * of the plan have alike, and on its times; a rule whose answer is another at another time is not remembered. Where values hardly
 * ever come again nothing is learned.
 */
import type { LineScanner } from '../format/line-shape.ts';
import { Patience } from './patience.ts';
import type { RuleChoice } from './rule-choice.ts';
import type { PlannedLines } from './sieve-plan.ts';
import { ValueTree } from './value-tree.ts';

interface Known {
  readonly tree: ValueTree<boolean>;
  readonly patience: Patience;
}

export class Verdicts {
  private readonly choice: RuleChoice;
  private readonly lines: Pick<PlannedLines, 'reader' | 'grew'>;
  private readonly decided: ReadonlySet<number>;
  private readonly byRule = new Map<number, Known>();

  /** @param decided members that all lines of the plan have alike */
  constructor(choice: RuleChoice, lines: Pick<PlannedLines, 'reader' | 'grew'>, decided: ReadonlySet<number>) {
    this.choice = choice;
    this.lines = lines;
    this.decided = decided;
  }

  /** Of the line that was scanned last; undefined where it is not known. */
  of(rule: number, scanner: LineScanner<unknown>, line: Uint8Array): boolean | undefined {
    let known = this.byRule.get(rule);
    if (known === undefined) {
      known = { tree: new ValueTree(), patience: new Patience() };
      this.byRule.set(rule, known);
    }
    if (known.patience.isLost) return undefined;
    const holds = known.tree.find(scanner);
    known.patience.told(holds !== undefined);
    if (holds !== undefined || !known.patience.isLeft) return holds;
    return this.learn(rule, known, scanner, line);
  }

  private learn(rule: number, { tree }: Known, scanner: LineScanner<unknown>, line: Uint8Array): boolean | undefined {
    const { read, readAtOtherTime } = this.lines.reader(line);
    const noted = read();
    const other = readAtOtherTime();
    if (noted === undefined || other === undefined) return undefined;
    const before = noted.recorded.read.length;
    const holds = this.choice.someHolds([rule], noted.event);
    if (this.choice.someHolds([rule], other.event) !== holds) return undefined;
    const made = noted.recorded.read.slice(before).filter((member) => !this.decided.has(member));
    this.lines.grew(tree.add(scanner, made, holds) ?? 0);
    return holds;
  }
}
