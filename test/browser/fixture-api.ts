/**
 * The API of `src/serve/api.ts` from memory, and the built pages, for looking at every state of the workbench: empty,
 * full, slow, failing. Answers carry the policy that the service sends, so that a page which breaks it fails here too.
 */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { checkRuleText } from '../../src/engine/rule-book.ts';
import { type RuleTexts, testRuleText } from '../../src/engine/rule-test-text.ts';
import { documentSource, Event } from '../../src/event/event.ts';
import { compileKuery } from '../../src/language/kuery/kuery.ts';
import { evaluate } from '../../src/plan/predicate/evaluate.ts';
import type {
  AlertDetail,
  AlertPage,
  AlertSummary,
  Histogram,
  RuleDetail,
  RuleText,
  Severity,
  SourceProfile,
  SourceSummary,
  Status,
  StatusChange,
} from '../../src/serve/api.ts';
import type { HuntAsk } from '../../src/serve/hunt-api.ts';
import type { TableAsk } from '../../src/serve/table-api.ts';
import type { IncidentDetail, IncidentPage, NoteDraft, StepChange } from '../../src/serve/triage-api.ts';
import { isFieldSearch } from '../../src/store/alert-kuery.ts';
import { isProblem, selectAlerts } from '../../src/store/alert-selection.ts';
import { type FixtureAlert, inventAlert, inventAlerts, inventSequenceAlert } from './fixture-alerts.ts';
import { inventEvents, searchEvents } from './fixture-events.ts';
import { fixtureExceptions } from './fixture-exceptions.ts';
import { huntIn } from './fixture-hunt.ts';
import { asLoaded, type FixtureRule, fixtureRules } from './fixture-rules.ts';
import { fixtureRuns } from './fixture-runs.ts';
import { fixtureSources } from './fixture-sources.ts';
import { systemOf } from './fixture-system.ts';
import { tableFor } from './fixture-table.ts';
import {
  incidentIdOf,
  inventContext,
  inventGuide,
  inventIncidents,
  inventTicket,
  inventUncountedGuide,
  SLOW_CONTEXT,
} from './fixture-triage.ts';

export interface FixtureApi {
  readonly url: string;
  /** Starts anew with this many alerts and, unless told otherwise, the invented rules, answering. */
  reset(alerts: number, rules?: readonly FixtureRule[]): void;
  /** As a service that was started without any. */
  removeSources(): void;
  /** As a service that has stored no event. */
  removeEvents(): void;
  /** As a service in which nothing has run. */
  removeRuns(): void;
  /** As a service in which nobody has made an exception. */
  removeExceptions(): void;
  /** From now on three alerts after one another are of one process. */
  foldAlerts(): void;
  /** Lets new alerts come in, and tells whoever is listening. */
  addAlerts(count: number): void;
  /** What the API does with every further request. */
  mode: 'answering' | 'failing' | 'hanging';
  /** So many looks into the stored events come to their end before they find anything. */
  slowLooks: number;
  close(): Promise<void>;
}

type Triage = Pick<AlertDetail, 'status' | 'close_reason' | 'comment' | 'history' | 'notes' | 'steps_done'>;

interface Stored extends FixtureAlert {
  detail: Triage;
  /** Which alerts are of one process. */
  group: number;
}

const SERVICE_USER = 'vedette';

const DIST = join(import.meta.dirname, '../../web/dist');
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
const POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'";
const RANK: Readonly<Record<Severity, number>> = { informational: 0, low: 1, medium: 2, high: 3, critical: 4 };

/** `port` 0 takes any that is free. */
export async function startFixtureApi(alerts = 0, port = 0): Promise<FixtureApi> {
  let now = Date.now();
  let stored = inventAlerts(alerts, now).map(asOpen);
  let rules: readonly FixtureRule[] = fixtureRules();
  let sources = fixtureSources(now);
  let events = inventEvents(now);
  const exceptions = fixtureExceptions({ rules: () => rules, events: () => events });
  exceptions.reset(stored);
  const runs = fixtureRuns(
    () => now,
    () => rules,
  );
  runs.reset();
  const listeners = new Set<ServerResponse>();

  const status = (): Status => ({
    version: '0.1.0',
    started: new Date(now - 3_600_000).toISOString(),
    data_folder: '/home/dev/.local/share/vedette',
    rules: {
      enabled: rules.filter(({ enabled, errors }) => enabled && errors === 0).length,
      failed: rules.filter(({ errors }) => errors > 0).length,
    },
    alerts: {
      open: countOf('open'),
      acknowledged: countOf('acknowledged'),
      closed: countOf('closed'),
    },
    ...(samples() > 0 ? { sample: { alerts: samples(), remove: './vedette sample remove' } } : {}),
    sources: sources.map(({ name, kind, state, events, rejected, last_event, note }) => ({
      name,
      kind,
      state,
      events,
      rejected,
      ...(last_event === undefined ? {} : { last_event }),
      ...(note === undefined ? {} : { note }),
    })),
    events: storedEvents(),
    funnel: {
      events: 61_502,
      unrouted: 48_110,
      rejected: 1,
      matched: stored.length + 5,
      excepted: 3,
      suppressed: 1,
      duplicate: 1,
      capped: 0,
      created: stored.length,
    },
  });
  const countOf = (state: string) => stored.filter(({ detail }) => detail.status === state).length;
  const storedEvents = (): NonNullable<Status['events']> => {
    const [newest, oldest] = [events[0]?.time, events.at(-1)?.time];
    const range = newest === undefined || oldest === undefined ? {} : { newest, oldest };
    return { events: events.length, bytes: 4096 * events.length, ...range, pruned: 0, waiting: 0, dropped: 0 };
  };
  const ruleCounts = () => rules.map(({ id, name }) => ({ id, name, alerts: countFor(id, stored) }));
  const samples = () => stored.filter(({ alert }) => alert.sample === true).length;
  const announce = (event: string, data: unknown) => {
    for (const listener of listeners) listener.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://fixture');
    if (!url.pathname.startsWith('/api/')) return servePage(url.pathname, response);
    if (api.mode === 'hanging') return;
    if (api.mode === 'failing')
      return fail(response, 503, 'The store is busy with a backup.', 'It will be back in a minute.');
    if (exceptions.knows(url.pathname)) {
      const { method = 'GET', headers } = request;
      const known = await exceptions.answer({
        method,
        url: url.pathname + url.search,
        headers,
        body: await bodyOf(request),
      });
      response.writeHead(known.status, { 'content-type': known.type });
      response.end(known.body);
      return;
    }
    const [, , kind, id, part] = url.pathname.split('/').map(decodeURIComponent);
    const query = url.searchParams;
    if (kind === 'status') return send(response, status());
    if (kind === 'system') return send(response, systemOf(status(), ruleCounts(), now));
    if (kind === 'runs' || kind === 'gaps') {
      const body = request.method === 'POST' ? (JSON.parse((await bodyOf(request)) || '{}') as unknown) : undefined;
      const of = runs.answer(request.method ?? 'GET', url, body);
      return of === undefined
        ? fail(response, 404, 'There is no such run.', undefined)
        : send(response, of.body, of.status);
    }
    if (kind === 'hunt' && id === 'table') {
      const ask = JSON.parse(await bodyOf(request)) as TableAsk;
      if (part === 'file') {
        response
          .writeHead(200, { 'content-type': 'text/csv', 'x-vedette-rows': '200', 'x-vedette-cut': 'true' })
          .end('TargetProcessName,n\r\n');
        return;
      }
      if (ask.text.includes('slow')) return;
      const found = tableFor(ask);
      return send(response, found, found.columns.length === 0 ? 422 : 200);
    }
    if (kind === 'hunt') {
      const found = huntIn(events, JSON.parse(await bodyOf(request)) as HuntAsk);
      return send(response, found, found.findings.some(({ severity }) => severity === 'error') ? 422 : 200);
    }
    if (kind === 'live') {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      response.write(`event: status\ndata: ${JSON.stringify(status())}\n\n`);
      listeners.add(response);
      request.on('close', () => listeners.delete(response));
      return;
    }
    if (kind === 'sample' && request.method === 'DELETE') {
      const removed = samples();
      stored = stored.filter(({ alert }) => alert.sample !== true);
      announce('status', status());
      return send(response, { removed });
    }
    if (kind === 'rules' && request.method === 'GET') return answerRules(response, id, rules, stored);
    if (kind === 'rules') {
      const body: unknown = JSON.parse((await bodyOf(request)) || '{}');
      rules = await changeRules(response, { id, part, method: request.method ?? '', body }, rules, stored);
      announce('status', status());
      return;
    }
    if (kind === 'sources') {
      const source = sources.find(({ name }) => name === id);
      if (id === undefined) return send(response, sources.map(inShort));
      return source === undefined ? fail(response, 404, 'There is no such source.', undefined) : send(response, source);
    }
    if (kind === 'events') {
      const event = events.find((each) => each.id === id);
      if (id !== undefined) {
        return event === undefined ? fail(response, 404, 'There is no such event.', undefined) : send(response, event);
      }
      const found = searchEvents(events, query);
      return 'list' in found ? send(response, found.list) : fail(response, 400, found.message, found.hint);
    }
    if (kind === 'incidents') {
      const incidents = inventIncidents(stored.map(summaryOf));
      const incident = incidents.find((each) => each.incident.id === id);
      if (id === undefined) return send(response, incidentPageOf(incidents, query));
      if (incident === undefined) return fail(response, 404, 'There is no such incident.', undefined);
      return send(response, incident);
    }
    if (kind === 'alerts' && id === undefined) {
      const refused = selectAlerts({ q: query.get('q') ?? '' });
      if (isProblem(refused)) return fail(response, 400, refused.message, refused.hint);
      const selected = select(stored, query);
      return send(response, pageOf(query.has('fold') ? foldedOf(selected, stored, query) : selected, query));
    }
    if (kind === 'alerts' && id === 'histogram') return send(response, histogramOf(select(stored, query), query, now));
    const ofSequence = asOpen(inventSequenceAlert(now), -1);
    const found = kind === 'alerts' ? [...stored, ofSequence].find(({ alert }) => alert.id === id) : undefined;
    if (found === undefined)
      return fail(response, 404, 'There is no such alert.', 'It may have been removed with the sample.');
    const storedFrom = events.length === 0 ? undefined : events.at(-1)?.time;
    if ((part === 'context' || part === 'guide') && api.slowLooks > 0) {
      api.slowLooks -= 1;
      return send(response, part === 'guide' ? inventUncountedGuide(found) : SLOW_CONTEXT);
    }
    if (part === 'context') return send(response, inventContext(found, storedFrom));
    if (part === 'guide') return send(response, inventGuide(found));
    if (part === 'ticket') return send(response, { text: inventTicket(found) });
    const members = stored.filter(({ group }) => group === found.group);
    if (part === 'members') return send(response, members.map(summaryOf));
    if (request.method === 'POST') {
      found.detail = changed(found.detail, part, JSON.parse(await bodyOf(request)) as Change);
      announce('status', status());
    }
    return send(response, detailOf(found, rules, members.length));
  };

  const server = createServer((request, response) => {
    response.setHeader('content-security-policy', POLICY);
    answer(request, response).catch((error: unknown) => fail(response, 500, String(error), undefined));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const api: FixtureApi = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mode: 'answering',
    slowLooks: 0,
    reset(count, fresh = fixtureRules()) {
      now = Date.now();
      stored = inventAlerts(count, now).map(asOpen);
      rules = fresh;
      sources = fixtureSources(now);
      events = inventEvents(now);
      exceptions.reset(stored);
      runs.reset();
      api.mode = 'answering';
      api.slowLooks = 0;
    },
    removeSources() {
      sources = [];
    },
    removeEvents() {
      events = [];
    },
    removeRuns() {
      runs.removeAll();
    },
    removeExceptions() {
      exceptions.removeAll();
    },
    foldAlerts() {
      for (const [index, each] of stored.entries()) each.group = Math.floor(index / 3);
    },
    addAlerts(added) {
      const fresh = Array.from({ length: added }, (_, index) =>
        asOpen(inventAlert(stored.length + index, Date.now() - index), stored.length + index),
      );
      stored = [...fresh, ...stored];
      announce('alerts', { created: added, ids: fresh.map(({ alert }) => alert.id) });
      announce('status', status());
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => void exceptions.close().then(resolve));
        server.closeAllConnections();
      }),
  };
  return api;
}

function inShort({ counts: _, rejects: __, fields: ___, recent: ____, ...summary }: SourceProfile): SourceSummary {
  return summary;
}

function asOpen(alert: FixtureAlert, group: number): Stored {
  return { ...alert, group, detail: { status: 'open', history: [], notes: [], steps_done: [] } };
}

type Change = Partial<StatusChange> & Partial<NoteDraft> & Partial<StepChange>;

function changed(detail: Triage, part: string | undefined, change: Change): Triage {
  const { by = SERVICE_USER } = change;
  const time = new Date().toISOString();
  if (part === 'notes') {
    return { ...detail, notes: [...detail.notes, { id: detail.notes.length + 1, text: change.text ?? '', by, time }] };
  }
  if (part === 'steps') {
    const { step = '', done } = change;
    const others = detail.steps_done.filter((each) => each.step !== step);
    return { ...detail, steps_done: done === true ? [...others, { step, by, time }] : others };
  }
  const { status = 'open', reason, comment } = change;
  const state = {
    status,
    ...(reason === undefined ? {} : { close_reason: reason }),
    ...(comment === undefined ? {} : { comment }),
  };
  const { notes, steps_done, history } = detail;
  return { ...state, notes, steps_done, history: [...history, { time, ...state, by }] };
}

function detailOf(
  { alert, trace, steps, raw, detail }: Stored,
  rules: readonly FixtureRule[],
  folded: number,
): AlertDetail {
  const rule = rules.find(({ id }) => id === alert.rule.id)?.document;
  const { name } = (alert.events[0] as { host: { name: string } }).host;
  const incident = incidentIdOf(name);
  const why = { ...(trace === undefined ? {} : { trace }), ...(steps === undefined ? {} : { steps }) };
  return { alert, ...detail, ...why, raw, folded, incident, ...(rule === undefined ? {} : { rule }) };
}

/** A row a process: the worst of its alerts, then the earliest. */
function foldedOf(
  selected: readonly AlertSummary[],
  stored: readonly Stored[],
  query: URLSearchParams,
): AlertSummary[] {
  const ids = new Set(selected.map(({ id }) => id));
  const groups = new Set(stored.filter(({ alert }) => ids.has(alert.id)).map(({ group }) => group));
  return [...groups]
    .map((group) => {
      const members = stored.filter((each) => each.group === group).map(summaryOf);
      const [head] = members.toSorted((a, b) => RANK[b.severity] - RANK[a.severity] || (a.time < b.time ? -1 : 1));
      const rules = new Set(members.map(({ rule }) => rule.id)).size;
      return { ...(head as AlertSummary), folded: { alerts: members.length, rules } };
    })
    .sort(orderOf(query.get('sort') ?? '-time'));
}

function incidentPageOf(all: readonly IncidentDetail[], query: URLSearchParams): IncidentPage {
  const status = query.get('status') ?? 'open';
  const incidents = all
    .map(({ incident }) => incident)
    .filter(({ open }) => status === 'all' || open > 0 === (status === 'open'))
    .filter(({ host }) => [host, null].includes(query.get('host')));
  return { incidents, total: incidents.length };
}

function summaryOf({ alert, detail }: Stored): AlertSummary {
  const event = alert.events[0] as {
    host: { name: string };
    user: { name: string };
    process: { name: string; command_line: string };
  };
  return {
    id: alert.id,
    time: alert.original_time,
    created: alert['@timestamp'],
    severity: alert.severity,
    risk_score: alert.risk_score,
    reason: alert.reason,
    status: detail.status,
    ...(detail.close_reason === undefined ? {} : { close_reason: detail.close_reason }),
    rule: { id: alert.rule.id, name: alert.rule.name, language: alert.rule.language },
    host: event.host.name,
    user: event.user.name,
    process: event.process.name,
    command_line: event.process.command_line,
    ...(alert.sample === true ? { sample: true } : {}),
  };
}

/** By the reference evaluator, over the fields of a list; the service asks columns. */
function fieldSearch(q: string): (alert: AlertSummary) => boolean {
  const { plan } = compileKuery(q, { fieldType: () => 'keyword' });
  return ({ host = null, user = null, severity, reason, rule }) => {
    const source = documentSource({ 'host.name': host, 'user.name': user, severity, reason, 'rule.name': rule.name });
    const time = { ms: 0, ticks: 0 };
    const event = new Event({ time, source, raw: new Uint8Array(), format: 'fixture', dataStreams: [] });
    return plan !== undefined && evaluate(plan.predicate, event);
  };
}

function select(stored: readonly Stored[], query: URLSearchParams): AlertSummary[] {
  const states = (query.get('status') ?? 'open,acknowledged').split(',');
  const severities = query.get('severity')?.split(',');
  const q = query.get('q') ?? '';
  const byFields = isFieldSearch(q) ? fieldSearch(q) : undefined;
  const words = byFields === undefined ? q.toLowerCase().split(/\s+/) : [];
  const text = (alert: AlertSummary) =>
    [alert.reason, alert.command_line, alert.host, alert.user, alert.rule.name].join('\n').toLowerCase();
  return stored
    .map(summaryOf)
    .filter((alert) => states.includes(alert.status))
    .filter((alert) => severities === undefined || severities.includes(alert.severity))
    .filter((alert) => words.every((word) => text(alert).includes(word)))
    .filter((alert) => byFields?.(alert) ?? true)
    .filter((alert) => [alert.rule.id, null].includes(query.get('rule')))
    .filter((alert) => [alert.host, null].includes(query.get('host')))
    .filter((alert) => [alert.user, null].includes(query.get('user')))
    .filter((alert) => [incidentIdOf(alert.host ?? ''), null].includes(query.get('incident')))
    .filter((alert) => alert.time >= (query.get('from') ?? '') && alert.time < (query.get('to') ?? '~'))
    .sort(orderOf(query.get('sort') ?? '-time'));
}

function orderOf(sort: string): (a: AlertSummary, b: AlertSummary) => number {
  const column = sort.replace('-', '');
  const direction = sort.startsWith('-') ? -1 : 1;
  const key = (alert: AlertSummary): string => {
    if (column === 'severity') return String(RANK[alert.severity]);
    if (column === 'host') return alert.host ?? '';
    if (column === 'user') return alert.user ?? '';
    return column === 'rule' ? alert.rule.name : alert.time;
  };
  const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return (a, b) => direction * compare(key(a), key(b)) || compare(b.time, a.time);
}

function pageOf(alerts: readonly AlertSummary[], query: URLSearchParams): AlertPage {
  const from = Number(query.get('cursor') ?? 0);
  const to = from + Number(query.get('limit') ?? 100);
  const bySeverity: Partial<Record<Severity, number>> = {};
  for (const { severity } of alerts) bySeverity[severity] = (bySeverity[severity] ?? 0) + 1;
  return {
    alerts: alerts.slice(from, to),
    total: alerts.length,
    by_severity: bySeverity,
    ...(to < alerts.length ? { next: String(to) } : {}),
  };
}

function histogramOf(alerts: readonly AlertSummary[], query: URLSearchParams, now: number): Histogram {
  const buckets = Number(query.get('buckets') ?? 60);
  const bucketMs = Math.ceil(86_400_000 / buckets);
  const to = Math.max(now, ...alerts.map(({ time }) => Date.parse(time) + 1));
  const from = to - buckets * bucketMs;
  const counts = Array<number>(buckets).fill(0);
  for (const { time } of alerts) {
    const bucket = Math.floor((Date.parse(time) - from) / bucketMs);
    if (bucket >= 0) counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString(), bucket_ms: bucketMs, counts };
}

function answerRules(
  response: ServerResponse,
  id: string | undefined,
  rules: readonly FixtureRule[],
  stored: readonly Stored[],
): void {
  const counted = rules.map((rule): RuleDetail => ({ ...rule, alerts: countFor(rule.id, stored) }));
  const rule = counted.find((each) => each.id === id);
  if (id === undefined) {
    send(
      response,
      counted.map(({ document: _, findings: __, ...summary }) => summary),
    );
  } else if (rule === undefined) fail(response, 404, 'There is no such rule.', undefined);
  else send(response, rule);
}

interface RuleChange {
  readonly id: string | undefined;
  readonly part: string | undefined;
  readonly method: string;
  readonly body: unknown;
}

/** Answers, and gives the rules as they are after it. */
async function changeRules(
  response: ServerResponse,
  { id, part, method, body }: RuleChange,
  rules: readonly FixtureRule[],
  stored: readonly Stored[],
): Promise<readonly FixtureRule[]> {
  if (part === 'enabled') {
    const { enabled } = body as { enabled: boolean };
    const changed = rules.map((rule) => (rule.id === id ? { ...rule, enabled } : rule));
    answerRules(response, id, changed, stored);
    return changed;
  }
  if (part === 'paused') {
    const { paused } = body as { paused: boolean };
    const changed = rules.map((rule) => (rule.id === id ? { ...rule, paused } : rule));
    answerRules(response, id, changed, stored);
    return changed;
  }
  if (method === 'DELETE') {
    send(response, { removed: true });
    return rules.filter((rule) => rule.id !== id);
  }
  if (id === 'test') {
    send(response, await testRuleText(body as RuleTexts));
    return rules;
  }
  const check = await checkRuleText((body as RuleText).text);
  const isBroken = check.findings.some(({ severity }) => severity === 'error');
  if (id === 'check' || isBroken) {
    send(response, check, isBroken && id !== 'check' ? 422 : 200);
    return rules;
  }
  if (check.rules.some((rule) => rules.some((loaded) => loaded.id === rule.id))) {
    fail(response, 409, 'A rule with this id is loaded already.', 'Give the new rule an id of its own.');
    return rules;
  }
  send(response, check, 201);
  return [...rules, ...check.rules.map((document) => asLoaded(document, check.findings))];
}

function countFor(rule: string, stored: readonly Stored[]): number {
  return stored.filter(({ alert }) => alert.rule.id === rule).length;
}

async function servePage(path: string, response: ServerResponse): Promise<void> {
  const file = TYPES[extname(path)] === undefined ? '/index.html' : normalize(path);
  const body = await readFile(join(DIST, file)).catch(() => undefined);
  // Assets carry a hash in their names.
  if (file.startsWith('/assets/')) response.setHeader('cache-control', 'max-age=31536000, immutable');
  response.writeHead(body === undefined ? 404 : 200, { 'content-type': TYPES[extname(file)] ?? 'text/plain' });
  response.end(body);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

function send(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function fail(response: ServerResponse, status: number, message: string, hint: string | undefined): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: { code: 'fixture', message, ...(hint === undefined ? {} : { hint }) } }));
}
