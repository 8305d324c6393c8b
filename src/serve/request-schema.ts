/**
 * What requests may carry, as JSON schemas: which names, which form. Ranges, times and cursors are the store's to judge
 * (`selectAlerts`). A `description` says what is accepted and is shown to whoever sent something else.
 */
import { CLOSE_REASONS } from '../detect/alert.ts';
import { ALERT_SORTS } from '../store/alert-order.ts';
import { SEVERITIES, STATUSES } from '../store/alert-row.ts';
import { MAX_PAGE } from '../store/alert-selection.ts';

const text = (maxLength: number, description: string) => ({ type: 'string', minLength: 1, maxLength, description });
const oneOf = (names: readonly string[]) => ({
  type: 'string',
  enum: names,
  description: `One of ${names.join(', ')}.`,
});
const someOf = (names: readonly string[]) => {
  const name = `(?:${names.join('|')})`;
  const description = `One or more of ${names.join(', ')}, with commas between.`;
  return { type: 'string', pattern: `^${name}(?:,${name}){0,9}$`, description };
};
const count = (description: string) => ({ type: 'string', pattern: '^[0-9]{1,6}$', description });
const object = (properties: object, required: readonly string[] = []) => ({
  type: 'object',
  additionalProperties: false,
  properties,
  required,
});

export const MAX_BUCKETS = 500;
const MAX_COMMENT = 4_000;
const TIME = 'A time in ISO 8601, for example 2026-01-31T12:00:00Z.';

const filter = {
  status: someOf(STATUSES),
  severity: someOf(SEVERITIES),
  q: { type: 'string', maxLength: 500, description: 'Words, at most 500 characters.' },
  rule: text(500, 'The id of a rule.'),
  host: text(500, 'The name of a host.'),
  user: text(500, 'The name of a user.'),
  from: text(40, TIME),
  to: text(40, TIME),
};

export const ALERTS_QUERY = object({
  ...filter,
  sort: oneOf(ALERT_SORTS),
  limit: count(`A whole number from 1 to ${MAX_PAGE}.`),
  cursor: text(4_000, 'The `next` of the page before.'),
});

export const HISTOGRAM_QUERY = object({ ...filter, buckets: count(`A whole number from 2 to ${MAX_BUCKETS}.`) });

export const MAX_EVENTS = 500;

export const EVENTS_QUERY = object({
  from: text(40, TIME),
  to: text(40, TIME),
  host: text(500, 'The name of a host.'),
  user: text(500, 'The name of a user.'),
  process: text(500, 'A `process.entity_id`.'),
  query: text(8_000, 'An EQL event query, for example process where process.name == "python3".'),
  limit: count(`A whole number from 1 to ${MAX_EVENTS}.`),
  cursor: text(100, 'The `next` of the list before.'),
});

export const NO_QUERY = object({});

export const STATUS_CHANGE = object(
  {
    status: oneOf(STATUSES),
    reason: oneOf(CLOSE_REASONS),
    comment: { type: 'string', maxLength: MAX_COMMENT, description: `A text of at most ${MAX_COMMENT} characters.` },
  },
  ['status'],
);

/** Bytes of a request that carries a rule; the largest rule file that is read has 1 MiB. */
export const RULE_TEXT_LIMIT = 1_200_000;

export const RULE_TEXT = object(
  { text: { type: 'string', maxLength: 1_048_576, description: 'The text of a rule, at most 1 MiB.' } },
  ['text'],
);

export const RULE_ENABLED = object({ enabled: { type: 'boolean', description: 'true or false.' } }, ['enabled']);
