/**
 * The routes that editors ask: highlighting, findings, completion and hover help of EQL, from the parser that runs it.
 */
import type { FastifyInstance } from 'fastify';
import { queryAt } from '../engine/query-in-rule.ts';
import { completeEql } from '../language/eql/complete.ts';
import { compileEql } from '../language/eql/eql.ts';
import { highlightEql } from '../language/eql/highlight.ts';
import { hoverEql } from '../language/eql/hover.ts';
import { ApiFailure } from './api-error.ts';
import type { EqlCompletions, EqlHighlight, EqlHover, EqlPlace, QueryFinding } from './language-api.ts';
import { EQL_PLACE, EQL_TEXT, NO_QUERY, RULE_TEXT_LIMIT } from './request-schema.ts';
import type { ServerOptions } from './server-options.ts';

interface Asked<Body> {
  Body: Body;
}

const NOTHING: EqlCompletions = { start: 0, options: [] };

export function addLanguageRoutes(app: FastifyInstance, options: Pick<ServerOptions, 'seen'>): void {
  const ofText = { schema: { querystring: NO_QUERY, body: EQL_TEXT } };
  const ofPlace = { schema: { querystring: NO_QUERY, body: EQL_PLACE }, bodyLimit: RULE_TEXT_LIMIT };

  app.post<Asked<{ text: string }>>('/api/language/eql/highlight', ofText, (request): readonly EqlHighlight[] =>
    highlightEql(request.body.text),
  );

  app.post<Asked<{ text: string }>>('/api/language/eql/check', ofText, (request): readonly QueryFinding[] =>
    compileEql(request.body.text).diagnostics.map(({ code, severity, message, hint, span: { start, end } }) => ({
      code,
      severity,
      message,
      ...(hint === undefined ? {} : { hint }),
      start,
      end,
    })),
  );

  app.post<Asked<EqlPlace>>('/api/language/eql/complete', ofPlace, async (request): Promise<EqlCompletions> => {
    const place = placeIn(request.body);
    if (place === undefined) return NOTHING;
    const { start, options: found } = completeEql(place.query, place.offset, await options.seen());
    return { start: place.toText(start), options: found };
  });

  app.post<Asked<EqlPlace>>('/api/language/eql/hover', ofPlace, async (request, reply): Promise<EqlHover | null> => {
    const place = placeIn(request.body);
    const hover = place === undefined ? undefined : hoverEql(place.query, place.offset);
    // Null as JSON: the framework sends nothing for it.
    if (place === undefined || hover === undefined) return reply.type('application/json').send('null');
    return { ...hover, start: place.toText(hover.start), end: place.toText(hover.end) };
  });
}

/** The query that is meant, and the place in it. */
function placeIn({ text, offset, in: kind = 'query' }: EqlPlace) {
  if (!Number.isInteger(offset) || offset > text.length) {
    const hint = `A whole number from 0 to ${text.length}, the length of \`text\`.`;
    throw new ApiFailure('body-invalid', `\`offset\` is ${offset}.`, hint);
  }
  if (kind === 'query') return { query: text, offset, toText: (at: number) => at };
  const place = queryAt(text, offset);
  return place?.language === 'eql' ? place : undefined;
}
