/**
 * The routes of triage beside an alert's status: notes, steps done, its guide, surroundings, group and ticket, and the
 * incidents. Stored events are read on a thread of their own (`EventSearch`), within a time limit.
 */
import type { FastifyInstance } from 'fastify';
import { responseSteps } from '../detect/guide-steps.ts';
import { ticketText } from '../detect/ticket.ts';
import { alertContext } from '../engine/alert-context.ts';
import { guideOf } from '../engine/guide.ts';
import type { RuleDocument } from '../rule/rule.ts';
import type { IncidentQuery } from '../store/incident.ts';
import { isIncidentProblem, selectIncidents } from '../store/incident-selection.ts';
import { alertDetail, alertNotFound, storedAlert } from './alert-detail.ts';
import { writing } from './alert-routes.ts';
import type { AlertDetail, AlertSummary } from './api.ts';
import { ApiFailure } from './api-error.ts';
import type { LiveHub } from './live-hub.ts';
import { INCIDENTS_QUERY, NO_QUERY, NOTE, STEP_CHANGE } from './request-schema.ts';
import type { ServerOptions } from './server-options.ts';
import type { AlertContext, Guide, IncidentDetail, IncidentPage, NoteDraft, StepChange } from './triage-api.ts';

interface ById {
  Params: { id: string };
}
type IncidentParameters = { readonly [name in keyof IncidentQuery]?: string };

/** A checklist has no more, and a step taken back is gone. */
const MOST_STEPS = 200;
const MOST_NOTES = 1_000;

export function addTriageRoutes(app: FastifyInstance, options: ServerOptions, hub: LiveHub): void {
  const schema = { querystring: NO_QUERY };
  const ruleOf = (id: string): RuleDocument | undefined =>
    options.rules().find(({ document }) => document.id === id)?.document;

  app.get<ById>('/api/alerts/:id/context', { schema }, (request): Promise<AlertContext> => {
    const { alert } = storedAlert(options, request.params.id);
    return alertContext(alert, { events: options.events, triage: options.store.triage });
  });

  app.get<ById>('/api/alerts/:id/guide', { schema }, (request): Promise<Guide> => {
    const { alert } = storedAlert(options, request.params.id);
    return guideOf(alert, ruleOf(alert.rule.id), { events: options.events, store: options.store });
  });

  app.get<ById>('/api/alerts/:id/members', { schema }, (request): readonly AlertSummary[] => {
    const members = options.store.triage.members(request.params.id);
    if (members === undefined) throw alertNotFound(request.params.id);
    return members;
  });

  app.get<ById>('/api/alerts/:id/ticket', { schema }, (request): { text: string } => {
    const stored = storedAlert(options, request.params.id);
    const rule = ruleOf(stored.alert.rule.id);
    return { text: ticketText({ ...stored, response: rule === undefined ? [] : responseSteps(rule) }) };
  });

  app.post<ById & { Body: NoteDraft }>(
    '/api/alerts/:id/notes',
    { schema: { ...schema, body: NOTE } },
    async (request): Promise<AlertDetail> => {
      const { id } = request.params;
      const text = request.body.text.trim();
      if (text === '') throw new ApiFailure('body-invalid', 'The note is empty.', 'A text of at least one character.');
      if (storedAlert(options, id).notes.length >= MOST_NOTES) {
        throw new ApiFailure('body-invalid', `The alert has ${MOST_NOTES} notes already.`);
      }
      const note = { text, by: authorOf(request.body), time: options.now().toISOString() };
      if (!(await writing(options.addNote(id, note)))) throw alertNotFound(id);
      return changed(id);
    },
  );

  app.post<ById & { Body: StepChange }>(
    '/api/alerts/:id/steps',
    { schema: { ...schema, body: STEP_CHANGE } },
    async (request): Promise<AlertDetail> => {
      const { id } = request.params;
      const { step, done } = request.body;
      const stored = storedAlert(options, id);
      if (done) checkStep(step, stored.alert.rule.id, stored.steps_done.length);
      const doing = done ? { by: authorOf(request.body), time: options.now().toISOString() } : undefined;
      if (!(await writing(options.setStep(id, step, doing)))) throw alertNotFound(id);
      return changed(id);
    },
  );

  app.get<{ Querystring: IncidentParameters }>(
    '/api/incidents',
    { schema: { querystring: INCIDENTS_QUERY } },
    (request): IncidentPage => options.store.triage.incidents(incidentQueryOf(request.query)),
  );

  app.get<ById>('/api/incidents/:id', { schema }, (request): IncidentDetail => {
    const incident = options.store.triage.incident(request.params.id);
    if (incident !== undefined) return incident;
    throw new ApiFailure(
      'incident-not-found',
      `There is no incident ${JSON.stringify(request.params.id.slice(0, 80))}.`,
    );
  });

  function checkStep(step: string, rule: string, already: number): void {
    const document = ruleOf(rule);
    // Of a rule that is gone nobody knows the steps any more.
    if (already >= MOST_STEPS || (document !== undefined && !responseSteps(document).includes(step))) {
      const hint = 'One of `response` of the alert’s guide, word for word.';
      throw new ApiFailure('body-invalid', 'That is no step of the rule’s response.', hint);
    }
  }

  function authorOf({ by }: { readonly by?: string }): string {
    const name = by?.trim() ?? '';
    return name === '' ? options.operator : name;
  }

  function changed(id: string): AlertDetail {
    hub.alertsChanged([id], 0);
    return alertDetail(options, id);
  }
}

function incidentQueryOf({ limit, ...parameters }: IncidentParameters): IncidentQuery {
  const query = { ...parameters, ...(limit === undefined ? {} : { limit: Number(limit) }) } as IncidentQuery;
  const selection = selectIncidents(query);
  if (isIncidentProblem(selection)) throw new ApiFailure('query-invalid', selection.message, selection.hint);
  return query;
}
