/**
 * What the serving thread and the thread that reads stored events say to each other.
 */
import type { Evaluate, RelationColumn, TablePlan } from '../plan/relation/node.ts';
import type { EventFilter, EventPage, EventQuery, EventRecord, IndexedField } from '../store/event-store.ts';
import type {
  HuntAsk,
  HuntFinds,
  HuntOptions,
  SearchCondition,
  SearchOptions,
  SearchResult,
  StoredExtent,
} from './event-search.ts';
import type { Refused, TableAsked, WrittenAnswer } from './tables/table-search.ts';

export interface QuerySettings {
  readonly dataFolder: string;
  /** Of memory for DuckDB; absent for what look-ups have by default. */
  readonly megabytes?: number;
}

export type QueryCall =
  | { readonly kind: 'query'; readonly query: EventQuery }
  | { readonly kind: 'count'; readonly query: EventQuery; readonly upTo: number | undefined }
  | { readonly kind: 'hosts-with'; readonly field: IndexedField; readonly value: string }
  | { readonly kind: 'event'; readonly id: string }
  | { readonly kind: 'status' }
  | {
      readonly kind: 'search';
      readonly query: EventQuery;
      readonly condition: SearchCondition;
      readonly options: Omit<SearchOptions, 'signal'>;
    }
  | {
      readonly kind: 'hunt';
      readonly filter: EventFilter;
      readonly hunted: HuntAsk;
      readonly options: Omit<HuntOptions, 'signal'>;
    }
  | { readonly kind: 'table'; readonly plan: TablePlan; readonly asked: TableAsked }
  | { readonly kind: 'plugin-columns'; readonly plugin: Evaluate; readonly asked: TableAsked };

export interface QueryAnswers {
  readonly query: EventPage;
  readonly count: number;
  readonly 'hosts-with': number;
  readonly event: EventRecord | undefined;
  readonly status: StoredExtent;
  readonly search: SearchResult;
  readonly hunt: HuntFinds;
  readonly table: WrittenAnswer | Refused;
  readonly 'plugin-columns': readonly RelationColumn[] | Refused;
}

export type QueryAnswer = QueryAnswers[QueryCall['kind']];

export type QueryRequest =
  | { readonly call: number; readonly ask: QueryCall }
  | { readonly call: number; readonly cancel: true };

export type QueryMessage =
  | { readonly call: number; readonly value: QueryAnswer }
  | { readonly call: number; readonly refused: { readonly message: string; readonly hint?: string } };
