/**
 * Whether a line by itself tells that a rule holds, whatever events before it may add to its event.
 *
 *   rule ──conditions on fields that the line lacks, and that events before may give──▶ all true · all false
 *        ──evaluated so──▶ both alike: told │ else: the event has to be taught first
 *
 * Sound, since a predicate grows with what stands in it without `not`: it lies between the two that have each such condition as it
 * makes the predicate false, and as it makes it true.
 */
import type { Event } from '../event/event.ts';
import { isTaught } from '../format/taught-fields.ts';
import { and, constant, not, or, type Predicate, type PredicateOf } from '../plan/predicate/node.ts';
import type { Holds, RuleChoice } from './rule-choice.ts';
import { searchesTaught } from './witness.ts';

/** Of a rule's fields: it may look at whatever field there is; it searches the event for keywords. */
export const ANY_FIELD = '*';
export const WORDS = '**';

interface Bounds {
  readonly least: Holds;
  readonly most: Holds;
}

export class ToldRules {
  private readonly choice: RuleChoice;
  private readonly isRead: boolean;
  private readonly isOff: boolean;
  private readonly taught = new Map<number, readonly string[]>();
  /** By rule and the fields that are open. */
  private readonly bounds = new Map<number, Map<string, Bounds>>();

  /**
   * @param isRead whether events before may add anything
   * @param isOff for tests: nothing is told of rules that look at that
   */
  constructor(choice: RuleChoice, isRead: boolean, isOff = false) {
    this.isOff = isOff;
    this.choice = choice;
    this.isRead = isRead;
  }

  /** Of an event that was begun (`RuleChoice.begin`). */
  holds(rule: number, event: Event): boolean | undefined {
    return this.holdsBut(this.openTo(rule, event), rule, event);
  }

  /** As `holds`, of an event that events before may give these fields, and no others. */
  holdsBut(open: readonly string[], rule: number, event: Event): boolean | undefined {
    if (open.length === 0) return this.choice.holds(rule, event);
    const { least, most } = this.boundsOf(rule, open);
    if (!most(event)) return false;
    return least(event) ? true : undefined;
  }

  /** Fields that the rule looks at, and that events before may give the event. */
  openTo(rule: number, event: Event): readonly string[] {
    const fields = this.taughtOf(rule);
    return fields.length === 0 ? NO_FIELDS : fields.filter((field) => lacks(event, field));
  }

  /** Fields that the rule looks at, and that events before may give some event. */
  taughtOf(rule: number): readonly string[] {
    if (!this.isRead) return NO_FIELDS;
    let fields = this.taught.get(rule);
    if (fields === undefined) {
      fields = [...this.fieldsOf(rule)].filter((field) => field === ANY_FIELD || isTaught(field));
      this.taught.set(rule, fields);
    }
    return fields;
  }

  fieldsOf(rule: number): ReadonlySet<string> {
    const predicate = this.choice.predicateOf(rule);
    let fields = FIELDS.get(predicate);
    if (fields === undefined) {
      fields = fieldsIn(predicate);
      FIELDS.set(predicate, fields);
    }
    return fields;
  }

  private boundsOf(rule: number, open: readonly string[]): Bounds {
    if (this.isOff) return NO_BOUNDS;
    let ofRule = this.bounds.get(rule);
    if (ofRule === undefined) {
      ofRule = new Map();
      this.bounds.set(rule, ofRule);
    }
    const key = open.join();
    let bounds = ofRule.get(key);
    if (bounds === undefined) {
      const predicate = this.choice.predicateOf(rule);
      const fields = new Set(open);
      const boundOf = (value: boolean) => this.choice.compile(bound(predicate, fields, value));
      bounds = { least: boundOf(false), most: boundOf(true) };
      ofRule.set(key, bounds);
    }
    return bounds;
  }
}

/** Of rules, as long as they are. */
const FIELDS = new WeakMap<Predicate, ReadonlySet<string>>();
const NO_FIELDS: readonly string[] = [];
const NO_BOUNDS: Bounds = { least: () => false, most: () => true };

function lacks(event: Event, field: string): boolean {
  return field === ANY_FIELD || event.read(field).length === 0;
}

/** The predicate with each condition on one of the fields as it makes the whole so. */
function bound(predicate: Predicate, fields: ReadonlySet<string>, value: boolean): Predicate {
  const { span } = predicate;
  switch (predicate.kind) {
    case 'constant':
      return predicate;
    case 'not':
      return not(bound(predicate.child, fields, !value), span);
    case 'and':
    case 'or': {
      const children = predicate.children.map((child) => bound(child, fields, value));
      return (predicate.kind === 'and' ? and : or)(children, span);
    }
    default:
      return [...fieldsIn(predicate)].some((field) => fields.has(field)) ? constant(value, span) : predicate;
  }
}

/** Names of the fields that the predicate looks at; or `ANY_FIELD`, `WORDS`. */
export function fieldsIn(predicate: Predicate): ReadonlySet<string> {
  const found = new Set<string>();
  addFields(predicate, found);
  return found;
}

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
