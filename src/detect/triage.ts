/**
 * What people add to an alert while they decide: notes, and which response steps were done by whom. Plain data.
 */
export interface AlertNote {
  readonly id: number;
  readonly text: string;
  readonly by: string;
  /** ISO 8601. */
  readonly time: string;
}

/** A step of the response checklist that was done; the steps themselves are the rule's. */
export interface StepDone {
  /** The step's own words, which identify it in whatever version of the rule. */
  readonly step: string;
  readonly by: string;
  readonly time: string;
}
