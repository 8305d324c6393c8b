/**
 * Whether a rule holds of a line, remembered by the values that it read.
 *
 *   line ──members that the rule reads, one after the other──▶ seen with these values: what came of it
 *                                                          └─▶ new: read, and evaluated with every member noted
 *
 * Sound as all that is learned of lines is: what a rule makes of a line depends on the members noted, beside those that all lines
 * of the plan have alike, and on its times; a rule that looks at what is another at another time is not remembered. Of a value that comes for
 * the first time nothing is learned, since it may be the last; and nothing any more where values hardly ever come again.
 */
import type { Event } from '../event/event.ts';
import type { LineScanner } from '../format/line-shape.ts';
import { isTaught } from '../format/taught-fields.ts';
import type { PredicateOf } from '../plan/predicate/node.ts';
import { isAlike } from './field-facts.ts';
import { Patience } from './patience.ts';
import type { RuleChoice } from './rule-choice.ts';
import type { PlannedLines } from './sieve-plan.ts';
import { ValueTree } from './value-tree.ts';
import { searchesTaught } from './witness.ts';

interface Known {
  readonly tree: ValueTree<boolean>;
  readonly patience: Patience;
}

export class Verdicts {
  private readonly choice: RuleChoice;
  private readonly lines: Pick<PlannedLines, 'reader' | 'grew' | 'isRead' | 'times'>;
  private readonly decided: ReadonlySet<number>;
  private readonly byRule = new Map<number, Known>();
  private readonly taught = new Map<number, readonly string[]>();

  /** @param decided members that all lines of the plan have alike */
  constructor(
    choice: RuleChoice,
    lines: Pick<PlannedLines, 'reader' | 'grew' | 'isRead' | 'times'>,
    decided: ReadonlySet<number>,
  ) {
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
    if (known.tree.isBeyond(scanner) || known.tree.isFirst(scanner)) return undefined;
    known.patience.learned();
    return this.learn(rule, known, scanner, line);
  }

  private learn(rule: number, known: Known, scanner: LineScanner<unknown>, line: Uint8Array): boolean | undefined {
    const { read, readAtOtherTime } = this.lines.reader(line);
    const noted = read();
    const other = readAtOtherTime();
    if (noted === undefined || other === undefined) return undefined;
    const before = noted.recorded.read.length;
    const holds = this.choice.someHolds([rule], noted.event);
    const made = noted.recorded.read.slice(before).filter((member) => !this.decided.has(member));
    if (this.isTimed(rule, noted.event, other.event)) {
      known.patience.isLost = true;
      return undefined;
    }
    if (!this.isOfLine(rule, noted.event)) return undefined;
    this.lines.grew(known.tree.add(scanner, made, holds) ?? 0);
    return holds;
  }

  /** Whether some value that the rule may look at is another at another time: what that made of this line it does not of others. */
  private isTimed(rule: number, event: Event, other: Event): boolean {
    if (this.lines.times.size === 0) return false;
    const fields = this.fieldsOf(rule);
    return (
      fields.has(ANY_FIELD) ||
      fields.has(WORDS) ||
      [...fields].some((field) => !isAlike(event.read(field), other.read(field)))
    );
  }

  /** Whether the line tells, whatever events before it may add. */
  isOfLine(rule: number, event: Event): boolean {
    return this.taughtFieldsOf(rule)?.every((field) => event.read(field).length > 0) === true;
  }

  /**
   * Fields of the rule that events before may give the line: where it does not have them, it alone does not tell. Undefined where the
   * rule looks at whatever fields there are.
   */
  private taughtFieldsOf(rule: number): readonly string[] | undefined {
    if (!this.lines.isRead) return NO_FIELDS;
    let fields = this.taught.get(rule);
    if (fields === undefined) {
      const found = this.fieldsOf(rule);
      fields = found.has(ANY_FIELD) ? [ANY_FIELD] : [...found].filter(isTaught);
      this.taught.set(rule, fields);
    }
    return fields[0] === ANY_FIELD ? undefined : fields;
  }

  private fieldsOf(rule: number): ReadonlySet<string> {
    const found = new Set<string>();
    addFields(this.choice.predicateOf(rule), found);
    return found;
  }
}

const NO_FIELDS: readonly string[] = [];
const ANY_FIELD = '*';
/** Of who searches the event for keywords. */
const WORDS = '**';

/** The names that stand in it for fields, wherever a node has them. */
function addFields(part: unknown, found: Set<string>): void {
  if (typeof part !== 'object' || part === null) return;
  if ('kind' in part && part.kind === 'match-anywhere' && !searchesTaught(part as PredicateOf<'match-anywhere'>)) {
    found.add(WORDS);
    return;
  }
  for (const [name, value] of Object.entries(part)) {
    if (name === 'kind' && (value === 'match-anywhere' || value === 'nested')) found.add(ANY_FIELD);
    else if (name === 'name' && typeof value === 'string') found.add(value);
    else addFields(value, found);
  }
}
