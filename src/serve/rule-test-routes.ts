/**
 * The route that tests a rule's text by a text of tests, before the rule is kept or after.
 *
 * Each run has a thread of its own and a limit of time; one is run after the other, so that pages which ask again and
 * again do not take the machine from what is live.
 */
import type { FastifyInstance } from 'fastify';
import type { RuleTestReport } from '../engine/rule-tests.ts';
import { ApiFailure } from './api-error.ts';
import { NO_QUERY } from './request-schema.ts';
import type { ServerOptions } from './server-options.ts';

/** Bytes of a request: the largest rule file that is read has 1 MiB, and its tests may have as much. */
const TEST_LIMIT = 2_400_000;
const MOST_WAITING = 8;

const TEXTS = {
  type: 'object',
  additionalProperties: false,
  required: ['text', 'tests'],
  properties: {
    text: { type: 'string', maxLength: 1_048_576, description: 'The text of a rule, at most 1 MiB.' },
    tests: { type: 'string', maxLength: 1_048_576, description: 'Tests in YAML, at most 1 MiB.' },
  },
};

interface Asked {
  Body: { readonly text: string; readonly tests: string };
}

export function addRuleTestRoutes(app: FastifyInstance, { testRule }: Pick<ServerOptions, 'testRule'>): void {
  let waiting = 0;
  let last: Promise<unknown> = Promise.resolve();
  app.post<Asked>(
    '/api/rules/test',
    { schema: { querystring: NO_QUERY, body: TEXTS }, bodyLimit: TEST_LIMIT },
    async (request): Promise<RuleTestReport> => {
      if (waiting >= MOST_WAITING) {
        const hint = 'Wait for those that are running.';
        throw new ApiFailure('tests-busy', `${MOST_WAITING} runs of tests are waiting already.`, hint);
      }
      waiting += 1;
      const run = last.then(() => testRule(request.body));
      last = run.catch(() => {});
      try {
        return await run;
      } finally {
        waiting -= 1;
      }
    },
  );
}
