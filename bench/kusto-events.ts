/**
 * Events for questions in Kusto: processes, connections, names and logons of a few dozen hosts over six hours, the same
 * at every run. Fields are missing, texts are of several scripts and letters fold in ways of their own, and three events
 * share each moment.
 */
import type { JsonObject } from '../src/event/json.ts';
import type { NewEvent } from '../src/store/event-store.ts';
import { FIRST_MS, FIRST_PID, PIDS, SEED } from './generate.ts';
import { type SeededRandom, seededRandom } from './seeded-random.ts';

const SPAN_MS = 6 * 3_600_000;
const TIED = 3;
const HOSTS = [...Array.from({ length: 40 }, (_, at) => `srv-${String(at).padStart(2, '0')}`), 'büro-01', 'サーバー-1'];
const USERS = ['deploy', 'deploy', 'root', 'www-data', 'Ünal', 'ünal', 'ÜNAL', 'straße', '李雷', 'İpek', 'Kim', 'kim'];
const PROGRAMS: readonly (readonly [name: string, line: (random: SeededRandom) => string])[] = [
  ['bash', (random) => `bash -c 'test -f /run/nightly-${random.below(900)}.lock'`],
  ['git', (random) => `git fetch --prune origin +refs/heads/release-${random.below(5_000)}:refs/remotes/origin/x`],
  ['grep', () => 'grep -rn --include=*.conf "listen 443" /etc/nginx'],
  ['sed', (random) => `sed -i s/nginx_old/nginx${random.below(9)}/ /etc/hosts`],
  [
    'python3.11',
    (random) => `python3 /opt/billing/worker.py --queue ${random.pick(QUEUES)} --batch ${random.below(500)}`,
  ],
  ['Python3.11', (random) => `Python3.11 -m HTTP.Server ${8_000 + random.below(99)}`],
  ['curl', (random) => `curl -fsS --max-time 10 https://localhost:8443/health?${random.below(1_000_000)}`],
  ['CURL', () => 'CURL https://例え.テスト/Überblick'],
  ['wget', (random) => `wget -q "https://files.example/😀/${random.below(100_000)}"`],
  ['find', () => 'find /var/cache/app -type f -mtime +7 -delete'],
  ['date', () => 'date +%Y-%m-%dT%H:%M:%S'],
];
const QUEUES = ['invoices', 'reminders', 'Überweisungen', 'exports'];
const PARENTS = ['systemd', 'bash', 'cron', 'sshd', 'nginx'];
const FOLDERS = ['/srv/app', '/SRV/app', '/srv/größe', '/', '/home/deploy', '/var/www'];
const ADDRESSES = ['10.0.0.5', '192.168.4.4', '172.20.1.1', '172.32.1.1', '8.8.8.8', '203.0.113.9', '2001:db8::1'];
const PORTS = [443, 443, 443, 53, 8_443, 4_444];
const DOMAINS = [
  'www.example.com',
  'API.Example.com',
  'cdn.beispiel.de',
  'größe.beispiel.de',
  'localhost',
  'a.b.c.例え.テスト',
];

/** One event after the other. */
export function* kustoEvents(count: number): Generator<NewEvent> {
  const random = seededRandom(SEED);
  for (let index = 0; index < count; index += 1) {
    const moment = Math.floor((Math.floor(index / TIED) * TIED * SPAN_MS) / count);
    const document = documentOf(random, index);
    yield {
      id: `k${index}`,
      timeMs: FIRST_MS + moment,
      ticks: (index % 2) * 1_234,
      format: 'ecs',
      dataStreams: [],
      standsInFor: [],
      document,
      json: JSON.stringify(document),
      sample: false,
    };
  }
}

function documentOf(random: SeededRandom, index: number): JsonObject {
  const kind = random.below(100);
  const about: JsonObject =
    kind < 60 ? process(random, index) : kind < 80 ? connection(random) : kind < 88 ? name(random) : logon(random);
  const host = random.below(200) === 0 ? {} : { host: { name: random.pick(HOSTS), os: { type: 'linux' } } };
  const users = random.below(30);
  const user = users === 0 ? {} : { user: { id: '1001', name: users === 1 ? '' : random.pick(USERS) } };
  const event = { ...(about.event as JsonObject), id: `N${index.toString(36)}`, kind: 'event', module: 'endpoint' };
  return { agent: { type: 'endpoint', version: '8.14.0' }, ...about, ...host, ...user, event };
}

function process(random: SeededRandom, index: number): JsonObject {
  const [program, line] = random.pick(PROGRAMS);
  const parent = random.below(2_000) === 0 ? `rare-${random.below(5)}` : random.pick(PARENTS);
  return {
    event: { category: ['process'], type: ['start'], action: 'exec' },
    process: {
      ...(random.below(50) === 0 ? {} : { command_line: line(random) }),
      entity_id: `p-${index}`,
      executable: `/usr/bin/${program}`,
      name: program,
      parent: random.below(40) === 0 ? {} : { name: parent, executable: `/usr/bin/${parent}`, pid: random.below(900) },
      pid: FIRST_PID + random.below(PIDS),
      ...(random.below(25) === 0 ? {} : { working_directory: random.pick(FOLDERS) }),
    },
  };
}

function connection(random: SeededRandom): JsonObject {
  return {
    event: { category: ['network'], type: ['start', 'connection'], action: 'connection_attempted' },
    destination: {
      ...(random.below(60) === 0 ? {} : { ip: random.pick(ADDRESSES) }),
      port: random.pick(PORTS),
      ...(random.below(10) === 0 ? {} : { bytes: random.below(1_000_000) }),
    },
    network: { direction: random.below(5) === 0 ? 'ingress' : 'egress', transport: 'tcp' },
    process: { name: 'curl', ...(random.below(20) === 0 ? {} : { pid: FIRST_PID + random.below(PIDS) }) },
    source: { ip: '10.0.0.9', port: random.below(60_000) },
  };
}

function name(random: SeededRandom): JsonObject {
  return {
    event: { category: ['network'], type: ['protocol', 'info'], action: 'lookup_requested' },
    dns: { question: { name: random.pick(DOMAINS), type: 'A' } },
  };
}

function logon(random: SeededRandom): JsonObject {
  const outcome = random.below(10);
  return {
    event: {
      category: ['authentication'],
      type: ['start'],
      action: 'ssh_login',
      ...(outcome === 0 ? {} : { outcome: outcome < 6 ? 'failure' : 'success' }),
    },
    source: { ip: random.pick(ADDRESSES) },
  };
}
