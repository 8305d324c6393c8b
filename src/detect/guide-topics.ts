/**
 * What a step of a guide asks about, from its own words, as questions that stored events and alerts answer.
 *
 *   step's words ──TOPICS──▶ topics ──▶ questions about this alert's host, user, process, around its time
 *
 * A step that asks for judgement alone has no question. Where a step names a period (`the past 48 hours`) that counts.
 * Every value comes from the alert's event and is quoted (`eql-text.ts`).
 */

import { shownText } from '../diagnostic/shown-text.ts';
import { eqlEquals, eqlField, eqlString } from './eql-text.ts';
import type { AlertsQuestion, EventsQuestion, EventsWithin, GuideQuery, LookupField } from './guide-question.ts';

/** What is asked about: the alert's event, in short. */
export interface Subject {
  /** Epoch milliseconds. */
  readonly atMs: number;
  readonly host?: string;
  readonly user?: string;
  readonly process?: string;
  readonly entity?: string;
  readonly parentEntity?: string;
  readonly parentName?: string;
  readonly commandLine?: string;
  readonly hash?: string;
}

type Topic = keyof typeof TOPICS;
type Ask = (subject: Subject, words: string) => GuideQuery;

const HOUR = 60 * 60 * 1_000;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
const MOST_QUESTIONS = 3;
const LONGEST_VALUE = 60;

/** In the order in which a step's questions are asked: the narrowest first. */
const TOPICS = {
  hash: { words: /\bhash(es)?\b|\bsha-?256\b|\bmd5\b|virus ?total|prevalence/i, ask: sameHash },
  parent: {
    words:
      /parent[- ]process|process (execution )?(tree|chain)|execution chain|process\.parent|spawn(ed|ing)|child process/i,
    ask: children,
  },
  command: { words: /command[- ]line|\bcommands?\b|\barguments?\b|process\.args/i, ask: sameCommand },
  connections: {
    words:
      /network|connections?\b|outbound|inbound|\bIP address|traffic|\bC2\b|command[- ]and[- ]control|exfiltrat|data transfer/i,
    ask: connections,
  },
  files: {
    words:
      /\bfiles?\b.{0,40}\b(access|creat|modif|written|dropped|delet|transfer|download)|\b(access|creat|modif|dropped|deleted).{0,30}\bfiles?\b|file (system )?(activity|changes)/i,
    ask: files,
  },
  persistence: {
    words: /persisten|\bcron|scheduled (task|job)|systemd|startup|autorun|launch ?(agent|daemon)|registry run/i,
    ask: persistence,
  },
  logins: {
    words: /\blog(ged|s|ging)?[ -]?(in|on)s?\b|\blogon|authenticat|\bSSH\b|\bRDP\b|remote access|sessions?\b/i,
    ask: logins,
  },
  account: {
    words:
      /user account|\baccounts?\b|user\.(name|id)|\buser\b.{0,40}\b(associated|who|behaviou?r|activity|expected|context|responsible)|which user|identify the user/i,
    ask: sameUser,
  },
  alerts: {
    words:
      /\balerts?\b.{0,60}\b(host|user|account|system|48|24|hours|days|same)|\b(other|related|additional|associated|correlat\w*)\b.{0,40}\balerts?\b/i,
    ask: otherAlerts,
  },
  elsewhere: {
    words:
      /other (hosts|systems|endpoints|machines)|across (the )?(environment|network|hosts|fleet)|isolated to a single|other occurrences|broader (pattern|campaign)/i,
    ask: elsewhere,
  },
  surroundings: {
    words:
      /\b(preceding|subsequent|surrounding|before (and|or) after|around the (same )?time|timeline|other (logs|events|telemetry)|related (logs|events))\b|recent changes/i,
    ask: surroundings,
  },
} as const satisfies Record<string, { readonly words: RegExp; readonly ask: Ask }>;

/** What to ask of any alert, where its rule has no guide. */
export const DEFAULT_STEPS: readonly { readonly text: string; readonly topics: readonly Topic[] }[] = [
  {
    text: 'Read the command line and where it came from: is it what this program is for?',
    topics: ['parent', 'command'],
  },
  { text: 'Is the account one that does this kind of work on this host?', topics: ['account', 'logins'] },
  { text: 'What did the process do: connections, files, other programs?', topics: ['connections', 'files'] },
  { text: 'Does it stand alone, or with other alerts on the host?', topics: ['alerts'] },
  { text: 'What happened on the host just before and after?', topics: ['surroundings'] },
  { text: 'Is it to stay: scheduled jobs, services, startup files?', topics: ['persistence'] },
];

/** At most three; empty where the words ask for judgement. */
export function questionsFor(words: string, subject: Subject): readonly GuideQuery[] {
  const topics = (Object.keys(TOPICS) as Topic[]).filter((topic) => TOPICS[topic].words.test(words));
  return questionsAbout(topics, subject, words);
}

export function questionsAbout(topics: readonly Topic[], subject: Subject, words = ''): readonly GuideQuery[] {
  return topics.slice(0, MOST_QUESTIONS).map((topic) => (TOPICS[topic].ask as Ask)(subject, words));
}

function sameHash({ atMs, hash }: Subject): GuideQuery {
  return events(
    'Where else did this very program run?',
    'any',
    { 'process.hash.sha256': hash },
    '',
    atMs - WEEK,
    atMs + DAY,
  );
}

function children({ atMs, entity, parentEntity, parentName, process }: Subject): GuideQuery {
  const siblings = `What else did ${name(parentName, 'its parent')} start?`;
  if (parentEntity !== undefined) {
    return events(siblings, 'process', { 'process.parent.entity_id': parentEntity }, '', atMs - DAY, atMs + DAY);
  }
  const own = `What did ${name(process, 'the process')} start?`;
  return events(own, 'process', { 'process.parent.entity_id': entity }, '', atMs - HOUR, atMs + DAY);
}

function sameCommand({ atMs, commandLine }: Subject): GuideQuery {
  return events(
    'Where else was this command run?',
    'process',
    { 'process.command_line': commandLine },
    '',
    atMs - WEEK,
    atMs + DAY,
  );
}

function connections({ atMs, host }: Subject): GuideQuery {
  const question = `What did ${name(host, 'the host')} connect to within an hour?`;
  return events(question, 'network', { 'host.name': host }, '', atMs - HOUR, atMs + HOUR);
}

function files({ atMs, host, user }: Subject): GuideQuery {
  const question = `Which files did ${name(user, 'the user')} touch on ${name(host, 'the host')} within an hour?`;
  return events(question, 'file', { 'host.name': host, 'user.name': user }, '', atMs - HOUR, atMs + HOUR);
}

const SCHEDULERS = [
  'crontab',
  'at',
  'batch',
  'systemctl',
  'systemd-run',
  'chkconfig',
  'update-rc.d',
  'launchctl',
  'schtasks.exe',
  'sc.exe',
];
const STARTUP_PATHS = [
  '/etc/cron*',
  '/var/spool/cron/*',
  '/etc/systemd/*',
  '/usr/lib/systemd/*',
  '*/.config/systemd/*',
  '/etc/init.d/*',
  '/etc/rc*',
  '*/.bashrc',
  '*/.profile',
  '*/.ssh/authorized_keys',
  '/Library/Launch*',
  '*\\Start Menu\\Programs\\Startup\\*',
];

function persistence({ atMs, host }: Subject): GuideQuery {
  const strings = (texts: readonly string[]) => texts.map(eqlString).join(', ');
  const more = `(process.name in~ (${strings(SCHEDULERS)}) or file.path like~ (${strings(STARTUP_PATHS)}))`;
  const question = `What was scheduled or set to start on ${name(host, 'the host')} within a day?`;
  return events(question, 'any', { 'host.name': host }, more, atMs - DAY, atMs + DAY);
}

function logins({ atMs, host }: Subject): GuideQuery {
  const question = `Who logged in on ${name(host, 'the host')} within a day?`;
  return events(question, 'authentication', { 'host.name': host }, '', atMs - DAY, atMs + DAY);
}

function sameUser({ atMs, host, user }: Subject): GuideQuery {
  const question = `What else did ${name(user, 'the user')} run on ${name(host, 'the host')} within an hour?`;
  return events(question, 'process', { 'host.name': host, 'user.name': user }, '', atMs - HOUR, atMs + HOUR);
}

function elsewhere({ atMs, process, commandLine }: Subject): GuideQuery {
  const question = `On which hosts did ${name(process, 'the program')} run like this?`;
  return events(question, 'process', { 'process.command_line': commandLine }, '', atMs - WEEK, atMs + DAY);
}

function surroundings({ atMs, host }: Subject): GuideQuery {
  const question = `What happened on ${name(host, 'the host')} within ten minutes?`;
  return events(question, 'any', { 'host.name': host }, '', atMs - HOUR / 6, atMs + HOUR / 6);
}

function otherAlerts({ atMs, host, user }: Subject, words: string): AlertsQuestion {
  const aboutUser = /\buser|account/i.test(words) && !/\bhost|system|machine/i.test(words);
  const [parameter, value] = aboutUser ? (['user', user] as const) : (['host', host] as const);
  const period = /\b(\d{1,3}) (hours?|days?)\b/i.exec(words);
  const ms = period === null ? 2 * DAY : Number(period[1]) * (/day/i.test(period[2] as string) ? DAY : HOUR);
  const within = ms % DAY === 0 ? `${ms / DAY} days` : `${ms / HOUR} hours`;
  return {
    over: 'alerts',
    question: `Which alerts ${parameter === 'user' ? 'of' : 'on'} ${name(value, `the ${parameter}`)} are there within ${within}?`,
    from: atMs - ms,
    to: atMs + ms,
    parameters: value === undefined ? {} : { [parameter]: value },
    ...(value === undefined ? { problem: `The event has no ${parameter}.name.` } : {}),
  };
}

/** What it asks is `category where` each field has its value, and `more`. */
function events(
  question: string,
  category: string,
  fields: Readonly<Partial<Record<LookupField, string | undefined>>>,
  more: string,
  from: number,
  to: number,
): EventsQuestion {
  const given = Object.entries(fields) as [LookupField, string | undefined][];
  const lacking = given.filter(([, value]) => value === undefined).map(([field]) => field);
  const clauses = given.map(([field, value]) =>
    value === undefined ? `${eqlField(field)} == "{{${field}}}"` : eqlEquals(field, [value]),
  );
  if (more !== '') clauses.push(more);
  const where = Object.fromEntries(given.filter(([, value]) => value !== undefined)) as EventsWithin['where'];
  return {
    over: 'events',
    question,
    text: `${category} where ${clauses.join(' and ')}`,
    from,
    to,
    within: { where, ...(category === 'any' ? {} : { category }) },
    isExact: more === '',
    ...(lacking.length === 0 ? {} : { problem: `The event has no ${lacking.join(' and no ')}.` }),
  };
}

function name(value: string | undefined, otherwise: string): string {
  return value === undefined ? otherwise : shownText(value, LONGEST_VALUE);
}
