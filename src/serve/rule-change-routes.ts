/**
 * The routes of what was changed here about rules, and of their revisions: `rule-change-api.ts` has the shapes.
 */
import type { FastifyInstance } from 'fastify';
import { diffTexts } from '../engine/text-diff.ts';
import type { Revision, RevisionHead, RuleStore } from '../store/rule-store.ts';
import { writing } from './alert-routes.ts';
import type { RuleDetail } from './api.ts';
import { ApiFailure } from './api-error.ts';
import type { LiveHub } from './live-hub.ts';
import { NO_QUERY, REVISION_NUMBER, REVISION_RANGE, RULE_OVERLAY } from './request-schema.ts';
import type { OverlayRequest, RuleDiff, RuleRevision, RuleRevisionText } from './rule-change-api.ts';
import type { ServerOptions } from './server-options.ts';

interface ById {
  Params: { id: string };
}

type ChangeOptions = Pick<ServerOptions, 'overlayRule' | 'reloadRules' | 'operator'> & {
  readonly store: { readonly rules: Pick<RuleStore, 'revisions' | 'revision'> };
};

/** @param detailOf the rule as it is now; throws where there is none */
export function addRuleChangeRoutes(
  app: FastifyInstance,
  options: ChangeOptions,
  hub: LiveHub,
  detailOf: (id: string) => RuleDetail,
): void {
  const schema = { querystring: NO_QUERY };

  app.put<ById & { Body: OverlayRequest }>(
    '/api/rules/:id/overlay',
    { schema: { ...schema, body: RULE_OVERLAY } },
    async (request): Promise<RuleDetail> => {
      const { id } = request.params;
      const { by = options.operator, ...changes } = request.body;
      detailOf(id);
      const { problem } = await writing(options.overlayRule(id, changes, by));
      if (problem !== undefined) throw new ApiFailure('rule-overlay-refused', problem);
      hub.statusChanged();
      return detailOf(id);
    },
  );

  app.post('/api/rules/reload', { schema }, async (): Promise<{ reloaded: true }> => {
    await writing(options.reloadRules());
    hub.statusChanged();
    return { reloaded: true };
  });

  app.get<ById>('/api/rules/:id/revisions', { schema }, (request): readonly RuleRevision[] => {
    const heads = options.store.rules.revisions(request.params.id);
    // A rule that never ran has none; one that nobody knows is a mistake.
    if (heads.length === 0) detailOf(request.params.id);
    return heads.map(shown);
  });

  app.get<ById & { Params: { number: string } }>(
    '/api/rules/:id/revisions/:number',
    { schema: { ...schema, params: REVISION_NUMBER } },
    (request): RuleRevisionText => {
      const found = revisionOf(request.params.id, request.params.number);
      return { ...shown(found), text: found.text };
    },
  );

  app.get<ById & { Querystring: { from: string; to: string } }>(
    '/api/rules/:id/diff',
    { schema: { querystring: REVISION_RANGE } },
    (request): RuleDiff => {
      const { id } = request.params;
      const [from, to] = [revisionOf(id, request.query.from), revisionOf(id, request.query.to)];
      return { from: shown(from), to: shown(to), hunks: diffTexts(from.text, to.text) };
    },
  );

  function revisionOf(id: string, number: string): Revision {
    const found = options.store.rules.revision(id, Number(number));
    if (found !== undefined) return found;
    const hint = 'GET /api/rules/ID/revisions lists those that are kept.';
    throw new ApiFailure('rule-revision-not-found', `The rule has no revision ${number}.`, hint);
  }
}

function shown({ revision, hash, time, path, repository, commit, author }: RevisionHead): RuleRevision {
  return {
    revision,
    hash,
    time,
    path,
    ...(repository === undefined ? {} : { repository }),
    ...(commit === undefined ? {} : { commit }),
    ...(author === undefined ? {} : { author }),
  };
}
