/**
 * The pages: files as they were built, and for every address of the application its one page.
 *
 * Built assets carry a hash of their content in their name and never change, so browsers may keep them for good;
 * everything else is asked for again each time (a 304 when unchanged), so that an update shows at once.
 */
import { existsSync } from 'node:fs';
import { join, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiFailure } from './api-error.ts';
import { asksForCluster, clusterOf } from './elastic-handshake.ts';
import { elasticHeaders } from './elastic-words.ts';

export function addPages(app: FastifyInstance, webFolder: string): void {
  const assets = join(webFolder, 'assets') + sep;
  app.register(fastifyStatic, {
    root: webFolder,
    cacheControl: false,
    dotfiles: 'ignore',
    // The folder may not be built yet; then the page below says so.
    suppressWarning: true,
    setHeaders: (reply, path) => {
      const isAsset = path.startsWith(assets);
      reply.header('cache-control', isAsset ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  // Shippers ask at the address of the first page which cluster this is.
  app.addHook('onRequest', async (request, reply) => {
    if (!/^\/(?:\?|$)/.test(request.url) || !asksForCluster(request)) return;
    return reply.headers(elasticHeaders(request)).send(clusterOf(request));
  });
  app.setNotFoundHandler((request, reply) => notFound(request, reply, webFolder));
}

function notFound(request: FastifyRequest, reply: FastifyReply, webFolder: string): FastifyReply {
  if (!wantsPage(request)) {
    const path = request.url.split('?', 1)[0] ?? '';
    const failure = new ApiFailure(
      'not-found',
      `There is no ${request.method} ${path.slice(0, 200)} here.`,
      'See docs/api.md.',
    );
    return reply.code(failure.status).send(failure.toJSON());
  }
  if (existsSync(join(webFolder, 'index.html'))) return reply.sendFile('index.html');
  return reply.code(503).header('cache-control', 'no-store').type('text/html; charset=utf-8').send(NOT_BUILT);
}

/** A person's navigation within the application, not a program or a page looking for a file. */
function wantsPage({ method, url, headers }: FastifyRequest): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  if (/^\/(?:api|assets|healthz)(?:[/?]|$)/.test(url)) return false;
  return /^\/(?:\?|$)/.test(url) || (headers.accept ?? '').includes('text/html');
}

const NOT_BUILT = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Vedette: pages not built</title></head>
<body style="font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem">
<h1>The pages are not built yet</h1>
<p>The service runs, and its <a href="/api/status">API</a> answers. To build the pages, stop it and run</p>
<pre><code>npm start</code></pre>
<p>or build them alone, with <code>npm run build --workspace web</code>, and reload this page.</p>
</body>
</html>
`;
