/** The routes of live sources: all in short, and what one of them has brought. Asked of the thread that reads them. */
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { SourceProfile, SourceSummary } from './api.ts';
import { ApiFailure } from './api-error.ts';
import { NO_QUERY } from './request-schema.ts';
import type { ServerOptions } from './server-options.ts';

export function addSourceRoutes(
  app: FastifyInstance,
  options: Pick<ServerOptions, 'sources' | 'source' | 'rejects'>,
): void {
  const schema = { querystring: NO_QUERY };

  app.get('/api/sources', { schema }, (): Promise<readonly SourceSummary[]> => options.sources());

  app.get<{ Params: { name: string } }>('/api/sources/:name', { schema }, async (request): Promise<SourceProfile> => {
    const { name } = request.params;
    const profile = await options.source(name);
    if (profile !== undefined) return profile;
    throw notFound(name);
  });

  app.get<{ Params: { name: string } }>('/api/sources/:name/rejects', { schema }, async (request, reply) => {
    const { name } = request.params;
    const files = options.rejects(name);
    if (files.length === 0 && (await options.source(name)) === undefined) throw notFound(name);
    return reply
      .type('application/x-ndjson; charset=utf-8')
      .header('content-disposition', 'attachment; filename="rejects.ndjson"')
      .send(Readable.from(textOf(files)));
  });
}

/** A file that was renamed meanwhile is passed over. */
async function* textOf(files: readonly string[]): AsyncGenerator<Buffer> {
  for (const file of files) {
    try {
      for await (const chunk of createReadStream(file)) yield chunk as Buffer;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}

function notFound(name: string): ApiFailure {
  return new ApiFailure('source-not-found', `There is no source ${JSON.stringify(name.slice(0, 80))}.`);
}
