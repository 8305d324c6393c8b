/**
 * What requests may carry, as JSON schemas: which names, which form. Ranges, times and cursors are the store's to judge
 * (`selectAlerts`). A `description` says what is accepted and is shown to whoever sent something else.
 */
import { CLOSE_REASONS } from '../detect/alert.ts';
import { VALUE_LIST_TYPES } from '../detect/exception.ts';
import { GAP_STATES, RUN_KINDS, RUN_STATES } from '../detect/run-record.ts';
import { HUNT_LANGUAGES } from '../engine/hunt-query.ts';
import { ANSWER_FORMATS } from '../engine/tables/answer-file.ts';
import { ALERT_SORTS } from '../store/alert-order.ts';
import { SEVERITIES, STATUSES } from '../store/alert-row.ts';
import { MAX_PAGE } from '../store/alert-selection.ts';
import { INCIDENT_STATUSES, MAX_INCIDENTS } from '../store/incident-selection.ts';

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
const MAX_ROWS = 500_000;
const TIME = 'A time in ISO 8601, for example 2026-01-31T12:00:00Z.';

const filter = {
  status: someOf(STATUSES),
  severity: someOf(SEVERITIES),
  q: { type: 'string', maxLength: 500, description: 'Words, or a search by fields, at most 500 characters.' },
  rule: text(500, 'The id of a rule.'),
  host: text(500, 'The name of a host.'),
  user: text(500, 'The name of a user.'),
  process: text(500, 'A `process.entity_id`.'),
  building_block: {
    type: 'string',
    enum: ['false', 'true', 'any'],
    description: 'Alerts of building-block rules: left out (default), only they, or all alerts.',
  },
  incident: { type: 'string', pattern: '^[0-9]{1,15}$', description: 'The id of an incident.' },
  fold: oneOf(['process']),
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

const BY = text(100, 'A name of at most 100 characters.');

export const NOTE = object({ text: text(10_000, 'A text of at most 10,000 characters.'), by: BY }, ['text']);

export const STEP_CHANGE = object(
  {
    step: text(4_000, 'A step of the response, word for word.'),
    done: { type: 'boolean', description: 'true or false.' },
    by: BY,
  },
  ['step', 'done'],
);

export const INCIDENTS_QUERY = object({
  status: oneOf(INCIDENT_STATUSES),
  from: filter.from,
  to: filter.to,
  host: filter.host,
  limit: count(`A whole number from 1 to ${MAX_INCIDENTS}.`),
  cursor: text(200, 'The `next` of the page before.'),
});

export const STATUS_CHANGE = object(
  {
    status: oneOf(STATUSES),
    reason: oneOf(CLOSE_REASONS),
    comment: { type: 'string', maxLength: MAX_COMMENT, description: `A text of at most ${MAX_COMMENT} characters.` },
    by: BY,
  },
  ['status'],
);

/** Bytes of a request that carries a rule; the largest rule file that is read has 1 MiB. */
export const RULE_TEXT_LIMIT = 1_200_000;

export const RULE_TEXT = object(
  { text: { type: 'string', maxLength: 1_048_576, description: 'The text of a rule, at most 1 MiB.' } },
  ['text'],
);

const QUERY_TEXT = { type: 'string', maxLength: 64_000, description: 'A query of at most 64,000 characters.' };

export const QUERY_TEXT_ALONE = object({ text: QUERY_TEXT }, ['text']);

export const HUNT_ASK = object(
  {
    language: oneOf(HUNT_LANGUAGES),
    text: { ...QUERY_TEXT, minLength: 1 },
    from: text(40, TIME),
    to: text(40, TIME),
    limit: {
      type: 'integer',
      minimum: 1,
      maximum: MAX_EVENTS,
      description: `A whole number from 1 to ${MAX_EVENTS}.`,
    },
  },
  ['language', 'text'],
);

const TABLE_PROPERTIES = {
  text: { ...QUERY_TEXT, minLength: 1 },
  from: text(40, TIME),
  to: text(40, TIME),
  rows: { type: 'integer', minimum: 1, maximum: MAX_ROWS, description: `A whole number from 1 to ${MAX_ROWS}.` },
};

export const TABLE_ASK = object(TABLE_PROPERTIES, ['text']);

export const TABLE_FILE_ASK = object({ ...TABLE_PROPERTIES, format: oneOf(ANSWER_FORMATS) }, ['text', 'format']);

export const QUERY_PLACE = object(
  {
    text: { type: 'string', maxLength: 1_048_576, description: 'A text of at most 1 MiB.' },
    offset: { type: 'number', minimum: 0, description: 'A place in the text, in UTF-16 units.' },
    in: oneOf(['query', 'rule']),
  },
  ['text', 'offset'],
);

export const RULE_ENABLED = object({ enabled: { type: 'boolean', description: 'true or false.' } }, ['enabled']);

export const REVISION_NUMBER = object({ id: {}, number: count('The number of a revision.') }, ['id', 'number']);
export const REVISION_RANGE = object(
  { from: count('The number of a revision.'), to: count('The number of a revision.') },
  ['from', 'to'],
);

/** Types alone: ranges and forms are judged with the rule. */
const overlayValue = (type: string, description: string) => ({
  type: [type, 'null'],
  ...(type === 'string' ? { maxLength: 40 } : {}),
  description,
});

export const RULE_OVERLAY = object({
  enabled: overlayValue('boolean', 'true, false, or null for what the rule says.'),
  severity: overlayValue('string', 'A severity, or null for what the rule says.'),
  risk_score: overlayValue('number', 'A number from 0 to 100, or null for what the rule says.'),
  interval: overlayValue('string', 'An interval like 5m, or null for what the rule says.'),
  from: overlayValue('string', 'A look-back like now-9m, or null for what the rule says.'),
  max_alerts: overlayValue('integer', 'A whole number from 1 to 1000, or null for what the rule says.'),
  by: BY,
});

const signature = { by: { ...text(200, 'Who does it: a name of at most 200 characters.'), pattern: '\\S' } };

/** Who changes an exception. */
export const BY_QUERY = object(signature);

export const EXCEPTIONS_QUERY = object({ rule: filter.rule });

export const EXPORT_QUERY = object({ form: oneOf(['elastic', 'vedette']) });

/** Bytes of a request that carries an exception; a person's has some hundreds. */
export const EXCEPTION_LIMIT = 1_200_000;

/** Looked through by `readDraft`, which says what is wrong in it and where. */
export const EXCEPTION_DRAFT = { type: 'object', description: 'An exception.' };

/** Bytes of a request that carries a whole export. */
export const IMPORT_LIMIT = 20_000_000;

export const IMPORT_TEXT = object(
  {
    text: { type: 'string', maxLength: 16_777_216, description: 'The text of an export, at most 16 MiB.' },
    rules: {
      anyOf: [
        { type: 'string', enum: ['all'] },
        { type: 'array', minItems: 1, maxItems: 10_000, items: { type: 'string', minLength: 1, maxLength: 500 } },
      ],
      description: 'A list of rule ids, or "all".',
    },
  },
  ['text'],
);

const LIST_ID = '^[^\u0000-\u0020/\u007f-\u009f][^\u0000-\u001f/\u007f-\u009f]{0,199}$';

export const NEW_LIST = object(
  {
    id: { type: 'string', pattern: LIST_ID, description: 'At most 200 characters, without a / or line breaks.' },
    name: text(500, 'A name of at most 500 characters.'),
    type: oneOf(VALUE_LIST_TYPES),
    description: {
      type: 'string',
      maxLength: MAX_COMMENT,
      description: `A text of at most ${MAX_COMMENT} characters.`,
    },
  },
  ['id', 'name', 'type'],
);

export const MAX_RUNS = 500;

export const RUNS_QUERY = object({ limit: count(`A whole number from 1 to ${MAX_RUNS}.`) });

const runPage = {
  rule: filter.rule,
  limit: count(`A whole number from 1 to ${MAX_RUNS}.`),
  before: { type: 'string', pattern: '^[0-9]{1,15}$', description: 'The `next` of the page before.' },
};

export const RUN_QUERY = object({ ...runPage, kind: oneOf(RUN_KINDS), state: oneOf(RUN_STATES) });

export const GAP_QUERY = object({ ...runPage, state: oneOf(GAP_STATES) });

export const SLOT_QUERY = object({
  rule: filter.rule,
  limit: runPage.limit,
  before: text(40, TIME),
  capped: oneOf(['true', 'false']),
});

export const RUN_ASK = object(
  {
    rules: {
      type: 'array',
      minItems: 1,
      maxItems: 10_000,
      items: { type: 'string', minLength: 1, maxLength: 500 },
      description: 'A list of rule ids.',
    },
    from: text(40, TIME),
    to: text(40, TIME),
    uncapped: { type: 'boolean', description: 'true or false.' },
    by: BY,
  },
  ['from', 'to'],
);

export const RULE_PAUSED = object({ paused: { type: 'boolean', description: 'true or false.' } }, ['paused']);

const SOURCE = text(100, 'A name of at most 100 characters.');
const HISTORY = oneOf(['true', 'stored', 'false', '']);

export const INGEST_QUERY = object({ source: SOURCE, history: HISTORY });

/** Elasticsearch's own parameters (`pipeline`, `refresh`, `timeout`, …) change nothing here. */
export const BULK_QUERY = {
  type: 'object',
  properties: {
    source: SOURCE,
    history: HISTORY,
    filter_path: { type: 'string', maxLength: 2_000, description: 'Paths with commas between.' },
  },
};
