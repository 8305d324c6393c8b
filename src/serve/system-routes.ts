/**
 * What whoever runs the service asks of it: alive (`/health`), doing its work (`/ready`), its figures (`/metrics`), and all
 * of it for the page and `vedette top` (`/api/system`).
 */
import type { FastifyInstance } from 'fastify';
import { ApiFailure } from './api-error.ts';
import type { MetricFacts, Metrics } from './metrics.ts';
import { NO_QUERY } from './request-schema.ts';
import type { Readiness, SystemReport } from './system-api.ts';

/** What `SystemMonitor` is to the routes. */
export interface SystemPort {
  report(): SystemReport;
  readiness(): Readiness;
  metricFacts(livePages: number): MetricFacts;
}

export interface SystemRouteOptions {
  readonly version: string;
  readonly system: SystemPort;
  /** None where figures are turned off. */
  readonly metrics?: Metrics;
}

export function addSystemRoutes(
  app: FastifyInstance,
  { version, system, metrics }: SystemRouteOptions,
  livePages: () => number,
): void {
  const schema = { querystring: NO_QUERY };
  const alive = () => ({ status: 'ok', version });
  app.get('/health', { schema }, alive);
  app.get('/healthz', { schema }, alive);

  app.get('/ready', { schema }, (_request, reply) => {
    const readiness = system.readiness();
    return reply
      .code(readiness.ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .send(readiness);
  });

  app.get('/api/system', { schema }, () => system.report());

  app.get('/metrics', { schema }, async (_request, reply) => {
    if (metrics === undefined) {
      throw new ApiFailure('not-found', 'Metrics are turned off.', 'Turn them on: metrics.enabled in vedette.yml.');
    }
    return reply
      .header('content-type', metrics.contentType)
      .header('cache-control', 'no-store')
      .send(await metrics.text(system.metricFacts(livePages())));
  });

  if (metrics === undefined) return;
  app.addHook('onResponse', async ({ method, routeOptions }, reply) => {
    metrics.request(method, routeOptions.url ?? 'none', reply.statusCode, reply.elapsedTime / 1_000);
  });
}
