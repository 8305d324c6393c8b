/** The routes of previews: a rule's text over stored events. Shapes: `preview-api.ts`. */
import type { FastifyInstance } from 'fastify';
import type { PreviewState as EngineState, PreviewAsked, PreviewBegun } from '../engine/previews.ts';
import { ApiFailure } from './api-error.ts';
import type { PreviewAsk, PreviewState } from './preview-api.ts';
import { NO_QUERY } from './request-schema.ts';
import type { ServerOptions } from './server-options.ts';

/** What the routes need of the service. */
export interface PreviewsPort {
  /** `undefined` where too many wait already. */
  start(asked: PreviewAsked): Promise<PreviewBegun | undefined>;
  state(id: number): EngineState | undefined;
  /** False where there is none. */
  cancel(id: number): boolean;
}

/** Bytes of a request: the largest rule file that is read has 1 MiB. */
const PREVIEW_LIMIT = 1_200_000;

const ASK = {
  type: 'object',
  additionalProperties: false,
  required: ['text', 'from', 'to'],
  properties: {
    text: { type: 'string', maxLength: 1_048_576, description: 'The text of a rule, at most 1 MiB.' },
    from: { type: 'string', maxLength: 40, description: 'A time in ISO 8601.' },
    to: { type: 'string', maxLength: 40, description: 'A time in ISO 8601.' },
    what: { enum: ['alerts', 'cost'], description: 'What is wanted of it: alerts (the default) or cost.' },
  },
};

interface ByNumber {
  Params: { id: string };
}

export function addPreviewRoutes(app: FastifyInstance, { previews }: Pick<ServerOptions, 'previews'>): void {
  const plain = { querystring: NO_QUERY };
  app.post<{ Body: PreviewAsk }>(
    '/api/rules/preview',
    { schema: { ...plain, body: ASK }, bodyLimit: PREVIEW_LIMIT },
    async (request, reply) => {
      const { text, what = 'alerts' } = request.body;
      const [from, to] = [timeOf(request.body.from, 'from'), timeOf(request.body.to, 'to')];
      if (from >= to) {
        throw new ApiFailure('body-invalid', 'The time ends before it begins.', '`from` must lie before `to`.');
      }
      const begun = await previews.start({ text, what, from, to });
      if (begun !== undefined) return reply.code(202).send(begun);
      throw new ApiFailure('tests-busy', 'Other previews are waiting already.', 'Wait for those, or stop one.');
    },
  );

  app.get<ByNumber>('/api/rules/preview/:id', { schema: plain }, (request): PreviewState => {
    const state = previews.state(numberOf(request.params.id));
    if (state === undefined) throw notFound(request.params.id);
    return state.state === 'running' ? { ...state, at: new Date(state.at).toISOString() } : state;
  });

  app.delete<ByNumber>('/api/rules/preview/:id', { schema: plain }, (request): { removed: true } => {
    if (!previews.cancel(numberOf(request.params.id))) throw notFound(request.params.id);
    return { removed: true };
  });
}

function numberOf(id: string): number {
  return /^[0-9]{1,15}$/.test(id) ? Number(id) : 0;
}

function timeOf(text: string, name: string): number {
  const ms = Date.parse(text);
  if (!Number.isNaN(ms)) return ms;
  const hint = 'A time in ISO 8601, for example 2026-01-31T12:00:00Z.';
  throw new ApiFailure('body-invalid', `${name} is no time: ${JSON.stringify(text.slice(0, 40))}.`, hint);
}

function notFound(id: string): ApiFailure {
  const message = `There is no preview ${JSON.stringify(id.slice(0, 20))} any more.`;
  return new ApiFailure('preview-not-found', message, 'Results are kept until eight others have come.');
}
