/** The routes of rules: all that are loaded, with their number of alerts, and one with its document. */
import type { FastifyInstance } from 'fastify';
import type { RuleDetail, RuleSummary } from './api.ts';
import { ApiFailure } from './api-error.ts';
import { NO_QUERY } from './request-schema.ts';
import type { ServedRule, ServerOptions } from './server-options.ts';

export function addRuleRoutes(app: FastifyInstance, { store, rules }: ServerOptions): void {
  const schema = { querystring: NO_QUERY };

  app.get('/api/rules', { schema }, (): readonly RuleSummary[] => {
    const alerts = store.alertsByRule();
    return rules().map((rule) => summaryOf(rule, alerts));
  });

  app.get<{ Params: { id: string } }>('/api/rules/:id', { schema }, (request): RuleDetail => {
    const { id } = request.params;
    const rule = rules().find(({ document }) => document.id === id);
    if (rule === undefined) {
      throw new ApiFailure('rule-not-found', `No rule ${JSON.stringify(id.slice(0, 80))} is loaded.`);
    }
    return { ...summaryOf(rule, store.alertsByRule()), document: rule.document };
  });
}

function summaryOf({ document, enabled }: ServedRule, alerts: ReadonlyMap<string, number>): RuleSummary {
  const { id, name, language, severity, riskScore } = document;
  return {
    id,
    name,
    language,
    ...(severity === undefined ? {} : { severity }),
    ...(riskScore === undefined ? {} : { risk_score: riskScore }),
    enabled,
    alerts: alerts.get(id) ?? 0,
  };
}
