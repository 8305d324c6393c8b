/**
 * Exceptions for the fixture: the service's own routes and desk over a store in memory, so that what the pages send is
 * judged as it will be. Alerts are put into the store as they are invented; their triage stays with the fixture.
 */
import { carryOut } from '../../src/engine/exception-change.ts';
import { ExceptionDesk } from '../../src/engine/exception-desk.ts';
import { effectOn } from '../../src/engine/exception-effect.ts';
import { explainAsked } from '../../src/engine/explain-asked.ts';
import { readList } from '../../src/engine/list-reader.ts';
import { inspectWhole, type LoadedRule } from '../../src/rule/inspect.ts';
import type { Exception } from '../../src/serve/exception-api.ts';
import { type Served, serve } from '../../src/serve/server.fixture.ts';
import type { EventDetail } from '../../src/serve/triage-api.ts';
import type { FixtureAlert } from './fixture-alerts.ts';
import type { FixtureRule } from './fixture-rules.ts';

export interface FixtureExceptions {
  /** Begins anew with these alerts and the invented exceptions, or none. */
  reset(alerts: readonly FixtureAlert[]): void;
  removeAll(): void;
  /** Whether the request is about exceptions, lists or explanations. */
  knows(path: string): boolean;
  answer(request: FixtureRequest): Promise<FixtureAnswer>;
  close(): Promise<void>;
}

interface FixtureRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

interface FixtureAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

interface Surroundings {
  readonly rules: () => readonly FixtureRule[];
  readonly events: () => readonly EventDetail[];
}

const KNOWN =
  /^\/api\/(?:exceptions|lists|fields|language)(?:[/?]|$)|^\/api\/alerts\/[^/]+\/exceptions(?:\?|$)|^\/api\/rules\/[^/]+\/(?:runs|explain)(?:\?|$)/;
const LOOPBACK_HOST = '127.0.0.1';

export function fixtureExceptions({ rules, events }: Surroundings): FixtureExceptions {
  const loaded = new Map<string, LoadedRule>();
  const desk = new ExceptionDesk({
    get store() {
      return served.store.exceptions;
    },
    write: async (change) => carryOut(served.store.exceptions, change, new Date().toISOString()),
    readList,
    rules: () => rules().map(({ document }) => ({ document, ...loadedOf(document.id) })),
    findEffect: (job) => effectOn(job, served.store.exceptions, served.events),
    now: () => Date.now(),
  });
  const served: Served = serve({
    rules,
    exceptions: desk,
    now: () => new Date(),
    seen: async () => ({ fields: ['process.name'], values: { 'process.name': ['curl', 'tar'] } }),
    explainRule: (id) => {
      const rule = loaded.get(id);
      if (rule === undefined) return undefined;
      return (asked) => {
        const event = 'event' in asked ? events().find((each) => each.id === asked.event) : undefined;
        if ('event' in asked && event === undefined) return Promise.resolve(undefined);
        const question = event === undefined ? asked : { text: JSON.stringify(event.document) };
        return explainAsked(rule, question, {
          events: { event: async () => undefined, query: async () => ({ events: [], cursors: [] }) },
          exceptions: served.store.exceptions,
        });
      };
    },
  });
  const loadedOf = (id: string) => {
    const rule = loaded.get(id);
    return rule === undefined ? {} : { rule };
  };
  const load = async (): Promise<void> => {
    for (const { document } of rules()) {
      // Kusto's parser is as large as the rest of the program; here it stands for a rule that is not explained.
      if (loaded.has(document.id) || document.language === 'kusto') continue;
      for (const { rule } of await inspectWhole(document.source.text, document.source.path)) {
        if (rule !== undefined) loaded.set(rule.document.id, rule);
      }
    }
  };
  return {
    reset(alerts) {
      served.reset();
      served.store.commit({ alerts: alerts.map(({ alert }) => ({ alert })), positions: [], runs: [] });
      const [first] = rules();
      if (first === undefined) return;
      for (const exception of inventExceptions(first.id)) {
        served.store.exceptions.save([exception], { by: exception.author, time: exception.created });
      }
      const slot = Date.now() - (Date.now() % 300_000);
      const funnel = { matched: 4, excepted: 3, suppressed: 0, duplicate: 0, capped: 0, created: 1 };
      const byException = new Map([['backup-window', 3]]);
      served.store.commit({ alerts: [], positions: [], runs: [{ ruleId: first.id, slot, funnel, byException }] });
      const list = {
        id: 'scanners',
        name: 'Scanners of ours',
        type: 'ip',
        description: 'kept by the network team',
      } as const;
      carryOut(served.store.exceptions, { what: 'save-list', list }, new Date().toISOString());
      carryOut(
        served.store.exceptions,
        { what: 'add-values', list: 'scanners', values: ['10.0.0.7', '10.0.0.8'] },
        new Date().toISOString(),
      );
    },
    removeAll() {
      for (const { id } of served.store.exceptions.all()) {
        served.store.exceptions.remove(id, { by: 'test', time: new Date().toISOString() });
      }
    },
    knows: (path) => KNOWN.test(path),
    async answer({ method, url, headers, body }) {
      await load();
      const type = headers['content-type'];
      const answer = await served.server.app.inject({
        method: method as 'GET' | 'POST' | 'PUT' | 'DELETE',
        url,
        headers: { host: LOOPBACK_HOST, ...(typeof type === 'string' ? { 'content-type': type } : {}) },
        ...(method === 'GET' ? {} : { payload: body }),
      });
      return {
        status: answer.statusCode,
        type: String(answer.headers['content-type'] ?? 'text/plain'),
        body: answer.body,
      };
    },
    async close() {
      await served.server.close();
      served.store.close();
    },
  };
}

/** One that holds, one that is off, one that has expired, and one that the engine would not apply. */
function inventExceptions(rule: string): readonly Exception[] {
  const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString();
  const common = { rules: [rule], enabled: true, author: 'ana', created: day(-9), updated: day(-9) };
  const entries = (...all: readonly [field: string, value: string][]) => ({
    kind: 'entries' as const,
    entries: all.map(([field, value]) => ({ field, operator: 'is' as const, value })),
  });
  return [
    {
      ...common,
      id: 'backup-window',
      name: 'Exports of the night',
      condition: entries(['user.name', 'svc-build'], ['host.name', 'web-07']),
      reason: 'The nightly export serves its folder to the archive.',
      windows: [{ kind: 'weekly', days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '24:00', zone: 'UTC' }],
      comments: [{ text: 'Seen again in October.', author: 'ben', time: day(-3) }],
    },
    {
      ...common,
      id: 'training',
      name: 'Training week',
      enabled: false,
      condition: { kind: 'query', language: 'eql', query: 'process where user.name : "trainee-*"' },
      reason: 'A course.',
    },
    {
      ...common,
      id: 'migration',
      name: 'Move of the archive',
      rules: 'all',
      condition: entries(['host.name', 'db-02']),
      reason: 'The archive moves to another host.',
      expires: day(-1),
    },
    {
      ...common,
      id: 'scanners',
      name: 'Scanners',
      condition: { kind: 'entries', entries: [{ field: 'source.ip', operator: 'in_list', list: 'gone' }] },
      reason: 'They look at everything.',
    },
  ];
}
