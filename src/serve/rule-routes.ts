/**
 * The routes of rules: all that are loaded, one with its document and findings, and changing them: adding a pasted text,
 * turning one on or off, removing an added one. `rule-change-routes.ts` has what else is changed here, and revisions.
 */
import type { FastifyInstance } from 'fastify';
import { writing } from './alert-routes.ts';
import type { RuleCheck, RuleDetail, RuleSummary, RuleText } from './api.ts';
import { ApiFailure } from './api-error.ts';
import type { LiveHub } from './live-hub.ts';
import { NO_QUERY, RULE_ENABLED, RULE_PAUSED, RULE_TEXT, RULE_TEXT_LIMIT } from './request-schema.ts';
import { addRuleChangeRoutes } from './rule-change-routes.ts';
import type { ServedRule, ServerOptions } from './server-options.ts';

interface ById {
  Params: { id: string };
}

export function addRuleRoutes(app: FastifyInstance, options: ServerOptions, hub: LiveHub): void {
  const schema = { querystring: NO_QUERY };
  const withText = { schema: { ...schema, body: RULE_TEXT }, bodyLimit: RULE_TEXT_LIMIT };

  app.get('/api/rules', { schema }, (): readonly RuleSummary[] => {
    const alerts = options.store.alertsByRule();
    return options.rules().map((rule) => summaryOf(rule, alerts));
  });

  app.get<ById>('/api/rules/:id', { schema }, (request): RuleDetail => detailOf(request.params.id));

  app.post<{ Body: RuleText }>(
    '/api/rules/check',
    withText,
    (request): Promise<RuleCheck> => options.checkRule(request.body.text),
  );

  app.post<{ Body: RuleText }>('/api/rules', withText, async (request, reply): Promise<RuleCheck> => {
    const { text } = request.body;
    const check = await options.checkRule(text);
    if (check.rules.length === 0 || check.findings.some(({ severity }) => severity === 'error'))
      return reply.code(422).send(check);
    const taken = check.rules.find(({ id }) => options.rules().some(({ document }) => document.id === id));
    if (taken !== undefined) {
      const hint = 'Give the new rule an id of its own, or remove the other one first.';
      throw new ApiFailure(
        'rule-exists',
        `A rule with the id ${JSON.stringify(taken.id.slice(0, 80))} is loaded already.`,
        hint,
      );
    }
    await writing(
      options.addRule(
        check.rules.map(({ id }) => id),
        text,
        options.operator,
      ),
    );
    hub.statusChanged();
    return reply.code(201).send(check);
  });

  app.post<ById & { Body: { enabled: boolean } }>(
    '/api/rules/:id/enabled',
    { schema: { ...schema, body: RULE_ENABLED } },
    async (request): Promise<RuleDetail> => {
      const { id } = request.params;
      detailOf(id);
      await writing(options.overlayRule(id, { enabled: request.body.enabled }, options.operator));
      hub.statusChanged();
      return detailOf(id);
    },
  );

  app.post<ById & { Body: { paused: boolean } }>(
    '/api/rules/:id/paused',
    { schema: { ...schema, body: RULE_PAUSED } },
    async (request): Promise<RuleDetail> => {
      const { id } = request.params;
      detailOf(id);
      await writing(options.pauseRule(id, request.body.paused));
      hub.statusChanged();
      return detailOf(id);
    },
  );

  app.delete<ById>('/api/rules/:id', { schema }, async (request): Promise<{ removed: true }> => {
    const { id } = request.params;
    detailOf(id);
    if (!(await writing(options.removeRule(id)))) {
      const hint = 'Turn it off instead.';
      throw new ApiFailure('rule-not-added', 'Only a rule that was added on the page can be removed.', hint);
    }
    hub.statusChanged();
    return { removed: true };
  });

  addRuleChangeRoutes(app, options, hub, detailOf);

  function detailOf(id: string): RuleDetail {
    const rule = options.rules().find(({ document }) => document.id === id);
    if (rule === undefined) {
      throw new ApiFailure('rule-not-found', `No rule ${JSON.stringify(id.slice(0, 80))} is loaded.`);
    }
    const { document, findings, fieldUses, overlay = [], origin = { path: rule.document.source.path } } = rule;
    return {
      ...summaryOf(rule, options.store.alertsByRule()),
      document,
      findings,
      fields: fieldUses?.() ?? [],
      overlay,
      origin,
    };
  }
}

function summaryOf(
  { document, enabled, paused, added, findings, overlay = [], kept }: ServedRule,
  alerts: ReadonlyMap<string, number>,
): RuleSummary {
  const { id, name, language, severity, riskScore, threat } = document;
  const count = (wanted: string) => findings.filter((finding) => finding.severity === wanted).length;
  return {
    id,
    name,
    language,
    ...(severity === undefined ? {} : { severity }),
    ...(riskScore === undefined ? {} : { risk_score: riskScore }),
    threat,
    enabled,
    paused,
    added,
    ...(overlay.length > 0 ? { changed_here: true } : {}),
    ...(overlay.some(({ conflict }) => conflict) ? { upstream_changed: true } : {}),
    ...(kept === undefined ? {} : { kept_revision: kept }),
    errors: count('error'),
    warnings: count('warning'),
    alerts: alerts.get(id) ?? 0,
  };
}
