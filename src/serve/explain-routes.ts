/**
 * The route that says why a rule fires on an event, or does not: one of the stored ones, those of a time, or a record as
 * it was pasted. A sequence or a sample is explained on several together.
 */
import type { FastifyInstance } from 'fastify';
import { SearchError } from '../engine/event-search.ts';
import type { ExplainQuestion } from '../engine/explain-asked.ts';
import { parseTime } from '../event/time.ts';
import { ApiFailure } from './api-error.ts';
import { NO_QUERY } from './request-schema.ts';
import type { ServerOptions } from './server-options.ts';
import type { RuleExplanation } from './triage-api.ts';

/** Bytes of a request that carries a record; the largest line that is read has 1 MiB. */
const RECORD_LIMIT = 1_200_000;
const LONGEST_RECORD = 1_048_576;

const QUESTION = {
  type: 'object',
  additionalProperties: false,
  properties: {
    event: { type: 'string', minLength: 1, maxLength: 500, description: 'The id of a stored event.' },
    text: {
      type: 'string',
      minLength: 1,
      maxLength: LONGEST_RECORD,
      description: 'A record as it was received, at most 1 MiB.',
    },
    document: { type: 'object', description: 'A record as an object.' },
    from: { type: 'string', maxLength: 40, description: 'A time in ISO 8601.' },
    to: { type: 'string', maxLength: 40, description: 'A time in ISO 8601.' },
    host: { type: 'string', minLength: 1, maxLength: 500, description: 'The name of a host.' },
  },
};

interface Asked {
  Params: { id: string };
  Body: { event?: string; text?: string; document?: object; from?: string; to?: string; host?: string };
}

export function addExplainRoutes(app: FastifyInstance, options: Pick<ServerOptions, 'rules' | 'explainRule'>): void {
  app.post<Asked>(
    '/api/rules/:id/explain',
    { schema: { querystring: NO_QUERY, body: QUESTION }, bodyLimit: RECORD_LIMIT },
    async (request): Promise<RuleExplanation> => {
      const { id } = request.params;
      const rule = options.rules().find(({ document }) => document.id === id);
      if (rule === undefined) {
        throw new ApiFailure('rule-not-found', `No rule ${JSON.stringify(id.slice(0, 80))} is loaded.`);
      }
      const question = questionIn(request.body);
      const explain = options.explainRule(id);
      if (explain === undefined) {
        const hint = 'Rules with an error do not run, and rules over tables run on schedule.';
        throw new ApiFailure('rule-not-explained', 'The rule does not run over events as they come.', hint);
      }
      const answer = await reading(explain(question));
      if (answer !== undefined) return answer;
      const hint = 'Recent events are kept for some days; an older one can be pasted.';
      const event = 'event' in question ? question.event.slice(0, 80) : '';
      throw new ApiFailure('event-not-found', `There is no stored event ${JSON.stringify(event)}.`, hint);
    },
  );
}

function questionIn({ event, text, document, ...time }: Asked['Body']): ExplainQuestion {
  const [question, ...more] = [
    ...(event === undefined ? [] : [{ event }]),
    ...(text === undefined ? [] : [{ text }]),
    ...(document === undefined ? [] : [{ text: JSON.stringify(document) }]),
    ...(Object.keys(time).length === 0 ? [] : [timeIn(time)]),
  ];
  if (question !== undefined && more.length === 0) return question;
  const hint =
    '`event` is the id of a stored event, `text` a record as it was received, `document` one as an object, `from` and `to` the time of stored events.';
  throw new ApiFailure(
    'body-invalid',
    'The body has to say one of `event`, `text`, `document` and `from` with `to`.',
    hint,
  );
}

function timeIn({ from, to, host }: Pick<Asked['Body'], 'from' | 'to' | 'host'>): ExplainQuestion {
  const [start, end] = [parseTime(from ?? '')?.ms, parseTime(to ?? '')?.ms];
  if (start === undefined || end === undefined || start >= end) {
    const hint = 'Both in ISO 8601, for example 2026-01-31T12:00:00Z; `from` is inclusive, `to` exclusive.';
    throw new ApiFailure('body-invalid', '`from` and `to` have to be two times, one before the other.', hint);
  }
  return { from: start, to: end, ...(host === undefined ? {} : { host }) };
}

/** What the reading thread could not do is told in its own words. */
async function reading<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof SearchError)) throw error;
    throw new ApiFailure('events-unavailable', error.message, error.hint, error);
  }
}
