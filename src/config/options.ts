/**
 * Every option of the service, once. Flags and their help, variables of the environment, the file of configuration, its
 * schema, the commented file and the table in docs/configuration.md are all made from this table.
 *
 * A name with a dot stands in its group in the file: `listen.port` is `port` under `listen`. To add an option, add it here
 * and read it where the service is started (`src/cli/start.ts`).
 */
import type { Option, OptionKind } from './option.ts';

export const GROUPS = {
  listen: 'Where the page and the API are to be had.',
  rules: 'What is detected.',
  sources: 'Where events come from.',
  ingest: 'Events that shippers send over HTTP.',
  events: 'The events that are kept beside alerts.',
  memory: 'What everything beside taking events may take of memory.',
  hunts: 'What a query in Kusto over stored events may take.',
  incidents: 'How alerts of one host become one incident.',
  suppression: 'How alerts that are alike are suppressed, by rules that say so.',
  live: 'How events are put in order as they come.',
  log: 'The service’s own log, on standard error.',
  metrics: 'What Prometheus reads.',
} as const;

export const OPTIONS = {
  data: {
    kind: 'path',
    about: 'Where alerts, events and state are kept.',
    environment: 'VEDETTE_DATA',
    flag: '--data <folder>',
    otherwise: '~/.local/state/vedette',
  },
  'listen.address': {
    kind: 'text',
    about: 'The address to listen on. There are no accounts: whoever reaches it can read and change everything.',
    environment: 'VEDETTE_LISTEN_ADDRESS',
    flag: '--address <address>',
    default: '127.0.0.1',
  },
  'listen.port': {
    kind: 'count',
    least: 0,
    most: 65_535,
    about: 'The port; 0 takes any free one.',
    environment: 'VEDETTE_LISTEN_PORT',
    flag: '--port <number>',
    otherwise: '7077 or the next free one',
    example: 7077,
  },
  'listen.names': {
    kind: 'names',
    about: 'Names that requests may call the service by, beside those of the loopback interface.',
    environment: 'VEDETTE_LISTEN_NAMES',
    flag: '--host-name <names...>',
    otherwise: 'none but the address itself',
    example: ['vedette.example.org'],
  },
  'rules.paths': {
    kind: 'paths',
    about: 'Rule files, folders, and git repositories (git+https://host/rules.git#branch:folder).',
    environment: 'VEDETTE_RULES',
    flag: '-r, --rules <paths...>',
    otherwise: 'the bundled rules',
    example: ['rules/'],
  },
  'rules.every_minutes': {
    kind: 'count',
    least: 1,
    most: 10_080,
    about: 'How often git repositories of rules are asked for what is new.',
    environment: 'VEDETTE_RULES_EVERY',
    flag: '--rules-every <minutes>',
    default: 10,
  },
  'rules.pipelines': {
    kind: 'paths',
    about: 'Processing pipelines for Sigma rules, in pySigma’s form: files and folders.',
    environment: 'VEDETTE_PIPELINES',
    flag: '--pipeline <paths...>',
    otherwise: 'those in pipelines/ of the data folder',
    example: ['pipelines/'],
  },
  'rules.placeholders': {
    kind: 'paths',
    about: 'Files of values of placeholders in Sigma rules: YAML, a list of values under each name.',
    environment: 'VEDETTE_PLACEHOLDERS',
    flag: '--placeholders <files...>',
    otherwise: 'placeholders.yml of the data folder',
    example: ['placeholders.yml'],
  },
  'sources.watch': {
    kind: 'switch',
    about: 'Watch this machine’s process starts.',
    environment: 'VEDETTE_WATCH',
    flag: '--no-watch',
    default: true,
  },
  'sources.audit_log': {
    kind: 'path',
    about: 'This machine’s audit log.',
    environment: 'VEDETTE_AUDIT_LOG',
    flag: '--audit-log <file>',
    otherwise: '/var/log/audit/audit.log',
  },
  'sources.follow': {
    kind: 'paths',
    about: 'Log files and folders to follow, from their beginning; - is standard input.',
    environment: 'VEDETTE_FOLLOW',
    flag: '--follow <paths...>',
    otherwise: 'none',
    example: ['/var/log/auth.log'],
  },
  'sources.endpoint_stand_in': {
    kind: 'switch',
    about: 'Count this machine’s executions as an endpoint agent’s, so that rules for agents read them.',
    environment: 'VEDETTE_ENDPOINT_STAND_IN',
    flag: '--no-endpoint-stand-in',
    default: true,
  },
  'sources.sample': {
    kind: 'switch',
    about: 'Play the sample capture at the first start.',
    environment: 'VEDETTE_SAMPLE',
    flag: '--no-sample',
    default: true,
  },
  'ingest.token': {
    kind: 'text',
    secret: true,
    about: 'What shippers have to show, as a bearer token, an API key or a password.',
    environment: 'VEDETTE_INGEST_TOKEN',
    flag: '--ingest-token <token>',
    otherwise: 'none: whoever reaches the service may send',
    example: 'choose-a-long-one',
  },
  'ingest.lines_per_second': {
    kind: 'count',
    least: 1,
    most: 10_000_000,
    about: 'Lines a second that each source may send; what comes beyond that is asked to wait (429).',
    environment: 'VEDETTE_INGEST_RATE',
    flag: '--ingest-rate <lines>',
    otherwise: 'any number',
    example: 5_000,
  },
  'events.days': {
    kind: 'count',
    least: 1,
    most: 100_000,
    about: 'Days that events are kept.',
    environment: 'VEDETTE_EVENT_DAYS',
    flag: '--event-days <days>',
    default: 7,
  },
  'events.megabytes': {
    kind: 'count',
    least: 1,
    most: 100_000_000,
    about: 'Space on the disk for them; the oldest go first.',
    environment: 'VEDETTE_EVENT_SPACE',
    flag: '--event-space <megabytes>',
    default: 1_024,
  },
  'memory.megabytes': {
    kind: 'count',
    least: 1_024,
    most: 1_000_000,
    about: 'For hunts, runs over stored events, previews, look-ups and the making of segments: each has a share.',
    environment: 'VEDETTE_MEMORY',
    flag: '--memory <megabytes>',
    default: 4_096,
  },
  'hunts.seconds': {
    kind: 'count',
    least: 1,
    most: 3_600,
    about: 'How long such a query may run.',
    environment: 'VEDETTE_HUNT_SECONDS',
    flag: '--hunt-seconds <seconds>',
    default: 60,
  },
  'hunts.megabytes': {
    kind: 'count',
    least: 128,
    most: 1_000_000,
    about: 'Memory for all such queries together; sorting and joining more goes to the disk where it can.',
    environment: 'VEDETTE_HUNT_MEMORY',
    flag: '--hunt-memory <megabytes>',
    otherwise: 'a quarter of memory.megabytes',
    example: 1_024,
  },
  'hunts.rows': {
    kind: 'count',
    least: 1,
    most: 500_000,
    about: 'Rows of an answer; further ones are cut, and the answer says so.',
    environment: 'VEDETTE_HUNT_ROWS',
    flag: '--hunt-rows <rows>',
    default: 50_000,
  },
  'hunts.external_folder': {
    kind: 'path',
    about: 'The folder below which externaldata may read files; it never reads anything else.',
    environment: 'VEDETTE_HUNT_EXTERNAL',
    flag: '--hunt-external <folder>',
    otherwise: 'none: externaldata is refused',
    example: 'lists/',
  },
  'incidents.gap_minutes': {
    kind: 'count',
    least: 1,
    most: 1_440,
    about: 'The longest pause within an incident, for new alerts; remembered.',
    environment: 'VEDETTE_INCIDENT_GAP',
    flag: '--incident-gap <minutes>',
    otherwise: 'as it was set before, at first 60',
    example: 60,
  },
  'suppression.ends_on_close': {
    kind: 'switch',
    about: 'Closing an alert ends its suppression: the next match like it is an alert again.',
    environment: 'VEDETTE_SUPPRESSION_ENDS_ON_CLOSE',
    flag: '--no-suppression-ends-on-close',
    default: true,
  },
  'live.lateness_seconds': {
    kind: 'count',
    least: 1,
    most: 3_600,
    about: 'How much later than its time an event may come and still take its place in a sequence.',
    environment: 'VEDETTE_LATENESS',
    flag: '--lateness <seconds>',
    default: 10,
  },
  'log.level': {
    kind: 'choice',
    of: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    about: 'The least that is logged; debug has every commit and every request.',
    environment: 'VEDETTE_LOG',
    flag: '--log-level <level>',
    default: 'warn',
  },
  'log.format': {
    kind: 'choice',
    of: ['json', 'text'],
    about: 'Lines of JSON for programs, or text for people.',
    environment: 'VEDETTE_LOG_FORMAT',
    flag: '--log-format <format>',
    default: 'json',
  },
  'metrics.enabled': {
    kind: 'switch',
    about: 'Give figures under /metrics.',
    environment: 'VEDETTE_METRICS',
    flag: '--no-metrics',
    default: true,
  },
} as const satisfies Readonly<Record<string, Option>>;

export type OptionName = keyof typeof OPTIONS;

type ValueOf<O extends OptionKind> = O extends { kind: 'count' }
  ? number
  : O extends { kind: 'switch' }
    ? boolean
    : O extends { kind: 'paths' | 'names' }
      ? readonly string[]
      : O extends { kind: 'choice'; of: readonly (infer W)[] }
        ? W
        : string;

/** What holds in the end; `undefined` where nothing was said and there is no plain default. */
export type Settings = {
  readonly [N in OptionName]:
    | ValueOf<(typeof OPTIONS)[N]>
    | (N extends 'data' ? never : (typeof OPTIONS)[N] extends { default: unknown } ? never : undefined);
};

export const OPTION_NAMES = Object.freeze(Object.keys(OPTIONS)) as readonly OptionName[];

/** The declaration, without what its own literal type narrows away. */
export function optionOf(name: OptionName): Option {
  return OPTIONS[name];
}

/** `events.days` → `['events', 'days']`, `data` → `[undefined, 'data']`. */
export function placeOf(name: OptionName): readonly [group: keyof typeof GROUPS | undefined, key: string] {
  const dot = name.indexOf('.');
  return dot === -1 ? [undefined, name] : [name.slice(0, dot) as keyof typeof GROUPS, name.slice(dot + 1)];
}
