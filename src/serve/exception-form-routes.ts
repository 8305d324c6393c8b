/**
 * What a form for exceptions asks while it is filled in: the fields there are, and when a time window comes next.
 */
import type { FastifyInstance } from 'fastify';
import { describeWindow } from '../detect/exceptions/describe.ts';
import { PARSED_FIELDS } from '../detect/exceptions/parsed-fields.ts';
import { checkWindow, compileWindow, nextBeginnings } from '../detect/exceptions/time-window.ts';
import { ecsFieldNames, ecsFieldType } from '../event/ecs-fields.ts';
import type { KnownField, TimeWindow, WindowForecast } from './exception-api.ts';
import { NO_QUERY } from './request-schema.ts';

const SHOWN = 3;
const MOST_WINDOWS = 100;
const TEXT = { type: 'string', maxLength: 200 };

/** The shape alone; what is wrong in a window is said by the check of the whole exception, at its place. */
const WINDOWS = {
  type: 'object',
  additionalProperties: false,
  required: ['windows'],
  properties: {
    windows: {
      type: 'array',
      maxItems: MOST_WINDOWS,
      description: 'At most 100 time windows.',
      items: {
        type: 'object',
        oneOf: [
          {
            additionalProperties: false,
            required: ['kind', 'days', 'from', 'to', 'zone'],
            properties: {
              kind: { const: 'weekly' },
              days: { type: 'array', maxItems: 7, items: { type: 'integer' } },
              from: TEXT,
              to: TEXT,
              zone: TEXT,
            },
          },
          {
            additionalProperties: false,
            required: ['kind', 'pattern', 'lasts', 'zone'],
            properties: { kind: { const: 'cron' }, pattern: TEXT, lasts: TEXT, zone: TEXT },
          },
        ],
      },
    },
  },
};

export function addExceptionFormRoutes(app: FastifyInstance, now: () => Date): void {
  const schema = { querystring: NO_QUERY };
  let fields: readonly KnownField[] | undefined;

  app.get('/api/fields', { schema }, (): readonly KnownField[] => {
    fields ??= knownFields();
    return fields;
  });

  app.post<{ Body: { windows: readonly TimeWindow[] } }>(
    '/api/exceptions/windows',
    { schema: { ...schema, body: WINDOWS } },
    (request): readonly WindowForecast[] => request.body.windows.map((window) => forecast(window, now().getTime())),
  );
}

function knownFields(): readonly KnownField[] {
  const parsed: readonly KnownField[] = PARSED_FIELDS;
  const ecs = [...ecsFieldNames()].map((name) => ({ name, type: ecsFieldType(name) ?? 'keyword' }));
  return [...parsed, ...ecs];
}

function forecast(window: TimeWindow, now: number): WindowForecast {
  if (checkWindow(window) !== undefined) return { words: '', open: false, next: [] };
  return {
    words: describeWindow(window),
    open: compileWindow(window)(now),
    next: nextBeginnings(window, now, SHOWN).map((time) => new Date(time).toISOString()),
  };
}
