/**
 * An exception: what a rule must not alert on, and why. Elastic's exception items, and a little more.
 *
 *   exceptions ORed ─▶ of one: applies to the rule? ─▶ not expired, within its time window? ─▶ all its entries hold, or
 *   its query does ─▶ the match is excepted, and counted under the exception
 *
 * Plain data: kept in the store, sent over HTTP, read from and written to Elastic's exception lists.
 */
import type { QueryLanguage } from '../rule/rule.ts';

export interface Exception {
  readonly id: string;
  readonly name: string;
  /** Ids of the rules it belongs to; `all` for every rule there is and will be. */
  readonly rules: 'all' | readonly string[];
  readonly condition: ExceptionCondition;
  readonly enabled: boolean;
  /** Why it is there, in its author's words. */
  readonly reason: string;
  readonly author: string;
  /** ISO 8601. */
  readonly created: string;
  readonly updated: string;
  /** ISO 8601: holds for events before this time and is not looked at after it. */
  readonly expires?: string;
  /** Holds only for events in one of these; absent for always. */
  readonly windows?: readonly TimeWindow[];
  /** Of a sequence: the step (from 1) that the condition is about; absent for any of its events, as in Elastic. */
  readonly step?: number;
  /** The shipped scenario that it was made from. */
  readonly scenario?: string;
  readonly comments?: readonly ExceptionComment[];
  /** What an imported item has that has no name here, as it stood. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

export interface ExceptionComment {
  readonly text: string;
  readonly author: string;
  readonly time: string;
}

export type ExceptionCondition =
  /** All must hold. */
  | { readonly kind: 'entries'; readonly entries: readonly ExceptionEntry[] }
  /** Holds where the query does: one condition over one event, in any of the languages. */
  | { readonly kind: 'query'; readonly language: QueryLanguage; readonly query: string };

export type ExceptionEntry = ValueEntry | ManyValuesEntry | ExistsEntry | WildcardEntry | ListEntry | NestedEntry;

interface EntryBase {
  /** An ECS or vendor field, or one of the parsed arguments (`python.web_server.port`). */
  readonly field: string;
}

/** A negated operator holds, too, where the field is missing (Elastic's `must_not`). */
export interface ValueEntry extends EntryBase {
  readonly operator: 'is' | 'is_not';
  readonly value: string;
  /** Default false: case counts. */
  readonly ignore_case?: boolean;
}

export interface ManyValuesEntry extends EntryBase {
  readonly operator: 'is_one_of' | 'is_not_one_of';
  readonly values: readonly string[];
  readonly ignore_case?: boolean;
}

export interface ExistsEntry extends EntryBase {
  readonly operator: 'exists' | 'does_not_exist';
}

/** `*` any run of characters, `?` one; a backslash is a backslash, so that a Windows path is written as it is. */
export interface WildcardEntry extends EntryBase {
  readonly operator: 'matches' | 'does_not_match';
  readonly value: string;
  readonly ignore_case?: boolean;
}

export interface ListEntry extends EntryBase {
  readonly operator: 'in_list' | 'not_in_list';
  /** Id of a value list. */
  readonly list: string;
  readonly ignore_case?: boolean;
}

/** All entries hold of one object of an array of objects. */
export interface NestedEntry extends EntryBase {
  readonly operator: 'nested';
  /** Fields below `field`. */
  readonly entries: readonly (ValueEntry | ManyValuesEntry | ExistsEntry | WildcardEntry)[];
}

/** When an exception holds: weekly, or from each time that a cron pattern names, for so long. Time zones are IANA names. */
export type TimeWindow =
  | {
      readonly kind: 'weekly';
      /** 1 Monday to 7 Sunday. */
      readonly days: readonly number[];
      /** `HH:MM`, `from` inclusive, `to` exclusive; `to` before `from` ends on the next day. */
      readonly from: string;
      readonly to: string;
      readonly zone: string;
    }
  | {
      readonly kind: 'cron';
      readonly pattern: string;
      /** `2h`, `30m`. */
      readonly lasts: string;
      readonly zone: string;
    };

/** A value list: `text` compares by case, `keyword` too; wildcards hold in `wildcard` lists only. */
export interface ValueList {
  readonly id: string;
  readonly name: string;
  readonly type: ValueListType;
  readonly description?: string;
  readonly size: number;
  readonly created: string;
  readonly updated: string;
}

export const VALUE_LIST_TYPES = ['keyword', 'text', 'ip', 'ip_range', 'wildcard'] as const;
export type ValueListType = (typeof VALUE_LIST_TYPES)[number];
