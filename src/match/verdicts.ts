/**
 * Whether a rule holds of a line, remembered by the values that it read; or what is left to ask of what earlier events teach
 * (`open-rest.ts`).
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
import { FieldFacts, isAlike } from './field-facts.ts';
import { type OpenRest, OpenRests } from './open-rest.ts';
import { Patience } from './patience.ts';
import type { RuleChoice } from './rule-choice.ts';
import type { PlannedLines, Readers } from './sieve-plan.ts';
import { ANY_FIELD, ToldRules, WORDS } from './told-rules.ts';
import { ValueTree } from './value-tree.ts';

/** What is known of a rule and a line. */
type Verdict = boolean | OpenRest;

interface Known {
  readonly tree: ValueTree<Verdict>;
  readonly patience: Patience;
}

export class Verdicts {
  private readonly choice: RuleChoice;
  private readonly lines: Pick<PlannedLines, 'reader' | 'grew' | 'times' | 'switches'>;
  private readonly decided: ReadonlySet<number>;
  private readonly byRule = new Map<number, Known>();
  /** What lines tell that are not remembered. */
  readonly told: ToldRules;
  private readonly rests: OpenRests;
  /** By field, whether no line of the plan gives it. */
  private readonly lacked = new Map<string, boolean>();

  /** @param decided members that all lines of the plan have alike */
  constructor(
    choice: RuleChoice,
    lines: Pick<PlannedLines, 'reader' | 'grew' | 'isRead' | 'times' | 'switches'>,
    decided: ReadonlySet<number>,
  ) {
    this.choice = choice;
    this.lines = lines;
    this.decided = decided;
    this.told = new ToldRules(choice, lines.isRead, lines.switches.withoutToldRules);
    this.rests = new OpenRests(choice);
  }

  /** Of the line that was scanned last; undefined where it is not known. */
  of(rule: number, scanner: LineScanner<unknown>, line: Uint8Array): Verdict | undefined {
    let known = this.byRule.get(rule);
    if (known === undefined) {
      known = { tree: new ValueTree(), patience: new Patience(this.lines.switches.isHasty) };
      known.patience.isLost = this.lines.switches.withoutVerdicts === true;
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

  private learn(rule: number, known: Known, scanner: LineScanner<unknown>, line: Uint8Array): Verdict | undefined {
    const { read, readAtOtherTime } = this.lines.reader(line);
    const noted = read();
    const other = readAtOtherTime();
    if (noted === undefined || other === undefined) return undefined;
    const open = this.openTo(rule, read);
    const before = noted.recorded.read.length;
    this.choice.begin();
    const holds = this.told.holdsBut(open, rule, noted.event) ?? this.restOf(rule, open, line, noted.event);
    const made = noted.recorded.read.slice(before).filter((member) => !this.decided.has(member));
    if (this.isTimed(rule, noted.event, other.event)) {
      known.patience.isLost = true;
      return undefined;
    }
    if (holds === undefined) return undefined;
    this.lines.grew(known.tree.add(scanner, made, holds) ?? 0);
    return holds;
  }

  /** Asked of an event of its own: that looks at more than the rule may have to. */
  private openTo(rule: number, read: Readers['read']): readonly string[] {
    const taught = this.told.taughtOf(rule);
    const unnoted = taught.length === 0 ? undefined : read();
    return unnoted === undefined ? taught : this.told.openTo(rule, unnoted.event);
  }

  private restOf(rule: number, open: readonly string[], line: Uint8Array, event: Event): OpenRest | undefined {
    if (this.lines.switches.withoutRests === true) return undefined;
    const isLeft = (field: string) => field !== ANY_FIELD && this.isLacked(field, line);
    return open.every(isLeft) ? this.rests.of(rule, event, open) : undefined;
  }

  /** Whether this line lacks the field, and all others of the plan for the same reason. */
  private isLacked(field: string, line: Uint8Array): boolean {
    let isLacked = this.lacked.get(field);
    if (isLacked === undefined) {
      const { read, readAtOtherTime } = this.lines.reader(line);
      isLacked = new FieldFacts(read, readAtOtherTime, this.decided, () => false).lacks(field);
      this.lacked.set(field, isLacked);
    }
    return isLacked;
  }

  /** Whether some value that the rule may look at is another at another time: what that made of this line it does not of others. */
  private isTimed(rule: number, event: Event, other: Event): boolean {
    if (this.lines.times.size === 0) return false;
    const fields = this.told.fieldsOf(rule);
    return (
      fields.has(ANY_FIELD) ||
      fields.has(WORDS) ||
      [...fields].some((field) => !isAlike(event.read(field), other.read(field)))
    );
  }
}
