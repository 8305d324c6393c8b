/** What stands around the invented alerts: tree, likeness, guide, incidents. The same shapes as `serve/triage-api.ts`. */
import type { AlertSummary } from '../../src/serve/api.ts';
import type {
  AlertContext,
  Guide,
  IncidentDetail,
  IncidentSummary,
  Likeness,
  TreeProcess,
} from '../../src/serve/triage-api.ts';
import type { FixtureAlert } from './fixture-alerts.ts';

interface ProcessOf {
  readonly pid: number;
  readonly entity_id: string;
  readonly command_line: string;
}

const MINUTE_MS = 60_000;

export function inventContext({ alert }: FixtureAlert, storedFrom: string | undefined): AlertContext {
  const event = alert.events[0] as unknown as { process: ProcessOf; user: { name: string } };
  const at = Date.parse(alert.original_time);
  const ancestors = [...alert.ancestry].reverse();
  const depth = ancestors.length;
  const process = (index: number, more: Partial<TreeProcess> & Pick<TreeProcess, 'relation'>): TreeProcess => ({
    depth,
    pid: 31_400 + index,
    entity_id: `q-${index}`,
    user: event.user.name,
    start: new Date(at - (index + 1) * MINUTE_MS).toISOString(),
    alerts: 0,
    ...more,
  });
  const { pid, entity_id, command_line } = event.process;
  const processes: TreeProcess[] = [
    ...ancestors.map(
      (ancestor, level): TreeProcess => ({ ...ancestor, relation: 'ancestor', depth: level, alerts: 0, derived: true }),
    ),
    ...['ls /srv', 'tar czf exports/db.tgz /var/lib/app'].map((line, index) =>
      process(index, { relation: 'sibling', command_line: line, alerts: index, event: `e-${index}` }),
    ),
    process(0, { relation: 'self', pid, entity_id, command_line, alerts: 1, event: 'e-0' }),
    ...Array.from({ length: 9 }, (_, index) =>
      process(20 + index, { relation: 'child', depth: depth + 1, command_line: `sh -c "cat part-${index}"` }),
    ),
  ];
  if (storedFrom === undefined) return { tree: { processes: [], left_out: 0 }, likeness: [] };
  return { tree: { processes, left_out: 3 }, likeness: inventLikeness(event), stored_from: storedFrom };
}

function inventLikeness(event: { process: ProcessOf; user: { name: string } }): readonly Likeness[] {
  const row = { all_hosts: 40, counted_up_to: 10_000 };
  return [
    {
      ...row,
      what: 'user',
      field: 'user.name',
      value: event.user.name,
      events: 10_000,
      hosts: 3,
      alerts: 5,
      rarity: 'on 3 of 40 hosts',
    },
    {
      ...row,
      what: 'hash',
      field: 'process.hash.sha256',
      value: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
      events: 212,
      hosts: 12,
      alerts: 2,
      rarity: 'on 12 of 40 hosts',
    },
    {
      ...row,
      what: 'command',
      field: 'process.command_line',
      value: event.process.command_line,
      events: 1,
      hosts: 1,
      alerts: 1,
      rarity: 'only here',
    },
  ];
}

export function inventGuide({ alert }: FixtureAlert): Guide {
  const event = alert.events[0] as { host: { name: string }; user: { name: string } };
  const [host, user] = [event.host.name, event.user.name];
  return {
    from: 'rule',
    steps: [
      {
        text: 'Find out **which folder** is served, and what lies in it.',
        questions: [
          {
            question: `What else did ${user} run on ${host} within an hour?`,
            query: {
              over: 'events',
              text: `process where host.name == "${host}" and user.name == "${user}"`,
              from: new Date(Date.parse(alert.original_time) - 60 * MINUTE_MS).toISOString(),
              to: new Date(Date.parse(alert.original_time) + 60 * MINUTE_MS).toISOString(),
            },
            count: 38,
          },
          {
            question: 'Who connected to it?',
            query: { over: 'events', text: 'network where true' },
            problem: 'the search took too long',
          },
        ],
      },
      {
        text: 'See whether the host did anything else that was alerted on.',
        questions: [
          {
            question: `Other alerts on ${host}`,
            query: { over: 'alerts', text: `status=open,acknowledged,closed&host=${host}` },
            count: 6,
          },
        ],
      },
      { text: 'Ask the owner of the account whether they did it.', questions: [] },
    ],
    response: [
      'Stop the server, and keep its log.',
      'Isolate the host if anyone else connected.',
      'Rotate what was served.',
    ],
  };
}

/** As a service answers whose stored events could not be asked in time. */
export const SLOW_CONTEXT: AlertContext = {
  tree: { processes: [], left_out: 0 },
  likeness: [],
  problem: 'The stored events could not be asked: they took too long.',
};

export function inventUncountedGuide(alert: FixtureAlert): Guide {
  const { steps, ...guide } = inventGuide(alert);
  const uncounted = steps.map(({ text, questions }) => ({
    text,
    questions: questions.map(({ count: _, ...question }) => ({
      ...question,
      problem: 'Not counted: it took too long.',
    })),
  }));
  return { ...guide, steps: uncounted, unfinished: true };
}

export function inventTicket({ alert }: FixtureAlert): string {
  return `# ${alert.reason}\n\n- Rule: ${alert.rule.name}\n- Licence: ${alert.rule.license ?? 'none stated'}\n`;
}

/** One incident a host. */
export function incidentIdOf(host: string): string {
  return `incident-${host}`;
}

export function inventIncidents(alerts: readonly AlertSummary[]): readonly IncidentDetail[] {
  const byHost = Map.groupBy(alerts, ({ host }) => host ?? '');
  return [...byHost].map(([host, of]) => {
    const ordered = of.toSorted((a, b) => (a.time < b.time ? -1 : 1));
    return { incident: incidentOf(host, ordered), alerts: ordered };
  });
}

function incidentOf(host: string, alerts: readonly AlertSummary[]): IncidentSummary {
  const rules = [...Map.groupBy(alerts, ({ rule }) => rule.id)].map(([id, of]) => ({
    id,
    name: of[0]?.rule.name ?? id,
    alerts: of.length,
  }));
  const worst = alerts.reduce((a, b) => (a.risk_score >= b.risk_score ? a : b));
  return {
    id: incidentIdOf(host),
    host,
    from: alerts[0]?.time ?? '',
    to: alerts.at(-1)?.time ?? '',
    alerts: alerts.length,
    open: alerts.filter(({ status }) => status !== 'closed').length,
    severity: worst.severity,
    risk_score: Math.min(100, worst.risk_score + 6.5),
    rules,
    users: [...new Set(alerts.map(({ user }) => user ?? ''))],
    tactics: ['Execution', 'Command and Control'],
    reason: `${rules.length} ${rules.length === 1 ? 'rule' : 'rules'} alerted on ${host} within 12 minutes: ${rules
      .map(({ name }) => name)
      .join(' and ')}.`,
  };
}
