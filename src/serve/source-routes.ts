/** The routes of live sources: all in short, and what one of them has brought. Asked of the thread that reads them. */
import type { FastifyInstance } from 'fastify';
import type { SourceProfile, SourceSummary } from './api.ts';
import { ApiFailure } from './api-error.ts';
import { NO_QUERY } from './request-schema.ts';
import type { ServerOptions } from './server-options.ts';

export function addSourceRoutes(app: FastifyInstance, options: Pick<ServerOptions, 'sources' | 'source'>): void {
  const schema = { querystring: NO_QUERY };

  app.get('/api/sources', { schema }, (): Promise<readonly SourceSummary[]> => options.sources());

  app.get<{ Params: { name: string } }>('/api/sources/:name', { schema }, async (request): Promise<SourceProfile> => {
    const { name } = request.params;
    const profile = await options.source(name);
    if (profile !== undefined) return profile;
    throw new ApiFailure('source-not-found', `There is no source ${JSON.stringify(name.slice(0, 80))}.`);
  });
}
