/** A question about an alert that a query answers, planned but not yet run. Plain data. */
export type GuideQuery = EventsQuestion | AlertsQuestion;

interface Planned {
  /** In a sentence that ends in a question mark, or as the guide's author named it. */
  readonly question: string;
  /** Epoch milliseconds; `to` exclusive. */
  readonly from: number;
  readonly to: number;
  /** Why it cannot be run. */
  readonly problem?: string;
}

export interface EventsQuestion extends Planned {
  readonly over: 'events';
  /** EQL. */
  readonly text: string;
  /** Holds for every event that the query holds for, and is quick to look up. */
  readonly within: EventsWithin;
  /** `within` says all that the query does. */
  readonly isExact: boolean;
}

export interface EventsWithin {
  readonly where: Readonly<Partial<Record<LookupField, string>>>;
  readonly category?: string;
}

export const LOOKUP_FIELDS = [
  'host.name',
  'user.name',
  'process.entity_id',
  'process.parent.entity_id',
  'process.executable',
  'process.command_line',
  'process.hash.sha256',
] as const;
export type LookupField = (typeof LOOKUP_FIELDS)[number];

export interface AlertsQuestion extends Planned {
  readonly over: 'alerts';
  /** Parameters of the list of alerts beside status and time. */
  readonly parameters: Readonly<Partial<Record<'host' | 'user' | 'process' | 'rule', string>>>;
}
