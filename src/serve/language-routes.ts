/**
 * The routes that editors ask: highlighting, findings, completion and hover help of EQL and kuery, and all but the first
 * of Kusto, from the parsers that run them. In a whole rule the language of its query counts.
 */
import type { FastifyInstance } from 'fastify';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { queryAt } from '../engine/query-in-rule.ts';
import { compileTableQuery } from '../engine/tables/run-query.ts';
import { completeEql, type EqlSeen } from '../language/eql/complete.ts';
import { compileEql } from '../language/eql/eql.ts';
import { highlightEql } from '../language/eql/highlight.ts';
import { hoverEql } from '../language/eql/hover.ts';
import { completeKuery } from '../language/kuery/complete.ts';
import { highlightKuery } from '../language/kuery/highlight.ts';
import { hoverKuery } from '../language/kuery/hover.ts';
import { compileKuery } from '../language/kuery/kuery.ts';
import { completeKusto } from '../language/kusto/complete.ts';
import { hoverKusto } from '../language/kusto/hover.ts';
import { ApiFailure } from './api-error.ts';
import type { QueryCompletions, QueryFinding, QueryHighlight, QueryHover, QueryPlace } from './language-api.ts';
import { NO_QUERY, QUERY_PLACE, QUERY_TEXT_ALONE, RULE_TEXT_LIMIT } from './request-schema.ts';
import type { ServerOptions } from './server-options.ts';
import type { TablesPort } from './table-routes.ts';

interface Asked<Body> {
  Body: Body;
}

/** What an editor may ask of a language. */
interface Assistant {
  readonly highlight: (text: string) => readonly QueryHighlight[];
  readonly check: (text: string) => readonly Diagnostic[] | Promise<readonly Diagnostic[]>;
  readonly complete: (text: string, offset: number, seen: EqlSeen) => QueryCompletions | Promise<QueryCompletions>;
  readonly hover: (text: string, offset: number) => QueryHover | undefined | Promise<QueryHover | undefined>;
}

const ASSISTANTS: Readonly<Record<string, Assistant>> = {
  eql: {
    highlight: highlightEql,
    check: (text) => compileEql(text).diagnostics,
    complete: completeEql,
    hover: hoverEql,
  },
  kuery: {
    highlight: highlightKuery,
    check: (text) => compileKuery(text).diagnostics,
    complete: completeKuery,
    hover: hoverKuery,
  },
};

/** Its names come from the schema; how it looks is known by the editor alone. */
function kustoAssistant({ schema }: TablesPort): Assistant {
  return {
    highlight: () => [],
    check: async (text) => (await compileTableQuery(text, schema?.() ?? {})).diagnostics,
    complete: (text, offset) => completeKusto(text, offset, schema?.()),
    hover: (text, offset) => hoverKusto(text, offset, schema?.()),
  };
}

const NOTHING: QueryCompletions = { start: 0, options: [] };

export function addLanguageRoutes(app: FastifyInstance, options: Pick<ServerOptions, 'seen' | 'tables'>): void {
  const assistants = { ...ASSISTANTS, kusto: kustoAssistant(options.tables) };
  for (const language of Object.keys(assistants)) addRoutes(app, options, language, assistants);
}

function addRoutes(
  app: FastifyInstance,
  { seen }: Pick<ServerOptions, 'seen'>,
  language: string,
  assistants: Readonly<Record<string, Assistant>>,
): void {
  const assistant = assistants[language] as Assistant;
  const ofText = { schema: { querystring: NO_QUERY, body: QUERY_TEXT_ALONE } };
  const ofPlace = { schema: { querystring: NO_QUERY, body: QUERY_PLACE }, bodyLimit: RULE_TEXT_LIMIT };
  const path = `/api/language/${language}`;

  app.post<Asked<{ text: string }>>(`${path}/highlight`, ofText, (request): readonly QueryHighlight[] =>
    assistant.highlight(request.body.text),
  );

  app.post<Asked<{ text: string }>>(
    `${path}/check`,
    ofText,
    async (request): Promise<readonly QueryFinding[]> => findingsOf(await assistant.check(request.body.text)),
  );

  app.post<Asked<QueryPlace>>(`${path}/complete`, ofPlace, async (request): Promise<QueryCompletions> => {
    const place = placeIn(request.body, assistant, assistants);
    if (place === undefined) return NOTHING;
    const found = await place.assistant.complete(place.query, place.offset, await seen());
    return { ...found, start: place.toText(found.start) };
  });

  app.post<Asked<QueryPlace>>(`${path}/hover`, ofPlace, async (request, reply): Promise<QueryHover | null> => {
    const place = placeIn(request.body, assistant, assistants);
    const hover = await place?.assistant.hover(place.query, place.offset);
    // Null as JSON: the framework sends nothing for it.
    if (place === undefined || hover === undefined) return reply.type('application/json').send('null');
    return { ...hover, start: place.toText(hover.start), end: place.toText(hover.end) };
  });
}

export function findingsOf(diagnostics: readonly Diagnostic[]): readonly QueryFinding[] {
  return diagnostics.map(({ code, severity, message, hint, span: { start, end } }) => ({
    code,
    severity,
    message,
    ...(hint === undefined ? {} : { hint }),
    start,
    end,
  }));
}

/** The query that is meant, the place in it, and who knows its language. */
function placeIn(
  { text, offset, in: kind = 'query' }: QueryPlace,
  assistant: Assistant,
  assistants: Readonly<Record<string, Assistant>>,
) {
  if (!Number.isInteger(offset) || offset > text.length) {
    const hint = `A whole number from 0 to ${text.length}, the length of \`text\`.`;
    throw new ApiFailure('body-invalid', `\`offset\` is ${offset}.`, hint);
  }
  if (kind === 'query') return { query: text, offset, toText: (at: number) => at, assistant };
  const place = queryAt(text, offset);
  const own = place === undefined ? undefined : assistants[place.language];
  return place === undefined || own === undefined ? undefined : { ...place, assistant: own };
}
