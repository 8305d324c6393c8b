/**
 * What shippers ask Elasticsearch before they send: who it is, its licence, whether what they would set up is there.
 *
 * Whatever they would set up (templates, lifecycle policies, pipelines, data streams) means nothing here, so it is said to
 * be there, and a change is acknowledged. Nothing of a cluster is pretended beyond what makes them begin.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiFailure } from './api-error.ts';

/** Named to clients that do not say their own version, which Beats never accept older than theirs. */
const VERSION = '8.19.0';
const UUID = '_vedette0000000000000w';

/** Whether a request for `/` wants to know which cluster this is, and not to see the page. */
export function asksForCluster({ headers }: Pick<FastifyRequest, 'headers'>): boolean {
  const accept = headers.accept ?? '';
  if (/text\/html/.test(accept)) return false;
  return (
    /json/.test(accept) ||
    /^(?:elastic|\w*beat|logstash|vector|fluent|go-http|manticore)/i.test(headers['user-agent'] ?? '')
  );
}

export function clusterOf({ headers }: Pick<FastifyRequest, 'headers'>): object {
  const asked = /^elastic[\w-]*\/(\d{1,3}\.\d{1,3}\.\d{1,3})/i.exec(headers['user-agent'] ?? '')?.[1];
  return {
    name: 'vedette',
    cluster_name: 'vedette',
    cluster_uuid: UUID,
    version: {
      number: asked ?? VERSION,
      build_flavor: 'default',
      build_type: 'vedette',
      build_hash: 'unknown',
      build_date: '2026-01-01T00:00:00.000000000Z',
      build_snapshot: false,
      lucene_version: '9.12.0',
      minimum_wire_compatibility_version: '7.17.0',
      minimum_index_compatibility_version: '7.0.0',
    },
    tagline: 'You Know, for Search',
  };
}

const LICENCE = {
  license: { status: 'active', uid: UUID, type: 'basic', issue_date: '2026-01-01T00:00:00.000Z', issued_to: 'vedette' },
};

const HEALTH = {
  cluster_name: 'vedette',
  status: 'green',
  timed_out: false,
  number_of_nodes: 1,
  number_of_data_nodes: 1,
  active_primary_shards: 1,
  active_shards: 1,
  relocating_shards: 0,
  initializing_shards: 0,
  unassigned_shards: 0,
  active_shards_percent_as_number: 100,
};

const NODES = {
  cluster_name: 'vedette',
  nodes: { [UUID]: { name: 'vedette', version: VERSION, roles: ['data', 'ingest'], ingest: { processors: [] } } },
};

type Named = FastifyRequest<{ Params: { name: string } }>;

/** What is asked for by name, and how the answer holds it. */
const SET_UP: Readonly<Record<string, (name: string) => unknown>> = {
  '/_index_template/:name': (name) => ({
    index_templates: [{ name, index_template: { index_patterns: [`${name}-*`] } }],
  }),
  '/_component_template/:name': (name) => ({ component_templates: [{ name, component_template: { template: {} } }] }),
  '/_template/:name': (name) => ({ [name]: { index_patterns: [`${name}-*`] } }),
  '/_ilm/policy/:name': (name) => ({ [name]: { version: 1, policy: { phases: {} } } }),
  '/_ingest/pipeline/:name': (name) => ({ [name]: { processors: [] } }),
  '/_data_stream/:name': (name) => ({
    data_streams: [{ name, timestamp_field: { name: '@timestamp' }, status: 'GREEN', template: name }],
  }),
  '/_alias/:name': (name) => ({ [name]: { aliases: { [name]: { is_write_index: true } } } }),
};

export function addElasticHandshake(door: FastifyInstance): void {
  door.get('/_license', () => LICENCE);
  door.get('/_xpack', () => ({
    build: { hash: 'unknown', date: '2026-01-01T00:00:00.000Z' },
    license: { ...LICENCE.license, mode: 'basic' },
    features: { ilm: { available: true, enabled: true } },
  }));
  door.get('/_cluster/health', () => HEALTH);
  door.get('/_cluster/settings', () => ({ persistent: {}, transient: {} }));
  door.get('/_cat/health', (_request, reply) => reply.type('text/plain; charset=utf-8').send('vedette green 1 1\n'));
  door.get('/_nodes', () => NODES);
  door.get('/_nodes/:what', () => NODES);
  door.get('/_nodes/:node/:what', () => NODES);
  door.get('/_ilm/status', () => ({ operation_mode: 'RUNNING' }));
  for (const [url, found] of Object.entries(SET_UP)) {
    door.get(url, (request: Named) => found(request.params.name));
    const acknowledge = async (request: FastifyRequest, reply: FastifyReply) => {
      await drained(request);
      return reply.send({ acknowledged: true });
    };
    door.route({ method: ['PUT', 'POST', 'DELETE'], url, handler: acknowledge });
  }
  const absent = (request: FastifyRequest) => {
    const path = request.url.split('?', 1)[0] ?? '';
    throw new ApiFailure(
      'not-found',
      `There is no ${request.method} ${path.slice(0, 200)} here.`,
      'See docs/ingest.md.',
    );
  };
  // An address that begins with an underscore is never a page's.
  door.route({ method: ['GET', 'PUT', 'POST', 'DELETE'], url: '/_*', handler: absent });
}

/** A template can be large; it is read to its end, so that the connection can go on. */
async function drained({ body }: FastifyRequest): Promise<void> {
  if (typeof body !== 'object' || body === null || !(Symbol.asyncIterator in body)) return;
  for await (const _chunk of body as AsyncIterable<unknown>);
}
