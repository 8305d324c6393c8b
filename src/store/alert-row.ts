/**
 * An alert as the columns that lists filter, sort and show, and back to a summary.
 *
 * The columns are made from the alert document once, when it is stored; the document itself stays whole beside them.
 * What an attacker can make long (a command line) is cut here, so that a page of a list has a bounded size; searching
 * sees more of it than the list shows.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Alert, AlertStatus, CloseReason } from '../detect/alert.ts';
import { valuesAt } from '../event/field-path.ts';
import type { JsonObject } from '../event/json.ts';
import { parseTime } from '../event/time.ts';
import type { RuleAttribution, RuleLanguage, Severity } from '../rule/rule.ts';
import type { AlertSummary } from './alert-query.ts';
import type { AlertLikeness } from './triage-store.ts';

/** In rising order: the position is what the store keeps and sorts by. */
export const SEVERITIES: readonly Severity[] = Object.freeze(['informational', 'low', 'medium', 'high', 'critical']);
export const STATUSES: readonly AlertStatus[] = Object.freeze(['open', 'acknowledged', 'closed']);

const MAX_NAME = 256;
const MAX_SHOWN = 2_000;
const MAX_SEARCHED = 8_000;

/** Values for the columns of `INSERT_COLUMNS`, in their order. */
export type AlertColumns = readonly (string | number)[];

export const INSERT_COLUMNS = [
  ...['id', 'time_ms', 'time', 'created', 'severity', 'risk_score', 'rule_id', 'rule_name', 'rule_language'],
  ...['host', 'user', 'process', 'command_line', 'reason', 'sample', 'entity', 'hash'],
] as const;

export const SUMMARY_COLUMNS =
  'seq, time_ms, id, time, created, severity, risk_score, rule_id, rule_name, rule_language, host, user, process, ' +
  'command_line, reason, status, close_reason, sample, incident, ' +
  '(SELECT credit FROM rule_credit WHERE rule_credit.seq = alert.credit) AS credit, ' +
  'EXISTS (SELECT 1 FROM building_block WHERE building_block.seq = alert.seq) AS building_block, ' +
  '(SELECT matches FROM suppression WHERE suppression.seq = alert.seq) AS suppressed';

/** @throws {TypeError} when the alert's time is none: a bug in whoever made it. */
export function columnsOf(alert: Alert): AlertColumns {
  const { user, process, command } = shownOf(alert);
  const { timeMs, severity, host, sample, entity, hash } = placeColumnsOf(alert);
  return [
    alert.id,
    timeMs,
    alert.original_time,
    alert['@timestamp'],
    severity,
    alert.risk_score,
    alert.rule.id,
    cut(alert.rule.name, MAX_NAME),
    alert.rule.language,
    host,
    cut(user, MAX_NAME),
    cut(process, MAX_NAME),
    cut(command, MAX_SHOWN),
    cut(alert.reason, MAX_SHOWN),
    sample,
    entity,
    hash,
  ];
}

/** The columns that decide where an alert stands among others. */
export interface PlaceColumns {
  readonly timeMs: number;
  /** Its rank. */
  readonly severity: number;
  /** Empty where it names none. */
  readonly host: string;
  /** 1 for an alert of the sample. */
  readonly sample: number;
  /** Of the process: its entity id and the SHA-256 of its program; empty where unknown. */
  readonly entity: string;
  readonly hash: string;
}

export function placeColumnsOf(alert: Alert): PlaceColumns {
  const event = alert.events.at(-1) ?? {};
  return {
    timeMs: epochMs(alert.original_time),
    severity: SEVERITIES.indexOf(alert.severity),
    host: cut(shownOf(alert).host, MAX_NAME),
    sample: alert.sample === true ? 1 : 0,
    entity: cut(firstText(event, ['process.entity_id']), MAX_NAME),
    hash: likenessOf('hash', firstText(event, ['process.hash.sha256'])),
  };
}

type RuleCredit = Pick<RuleAttribution, 'author' | 'license' | 'reference'>;

const MOST_CREDITED = 20;

/** Whose the rule is, as lists show it; as JSON, each of its texts cut. */
export function creditOf({ author, license, reference }: RuleCredit): string {
  const some = (texts: readonly string[]) => texts.slice(0, MOST_CREDITED).map((text) => cut(text, MAX_NAME));
  const credit: RuleCredit = {
    author: some(author),
    ...(license === undefined ? {} : { license: cut(license, MAX_NAME) }),
    // A cut address would lead elsewhere.
    reference: reference.filter((address) => address.length <= MAX_SHOWN).slice(0, MOST_CREDITED),
  };
  return JSON.stringify(credit);
}

/** A value as the column that alerts like it are counted by has it. */
export function likenessOf(what: AlertLikeness, value: string): string {
  return cut(value, what === 'command' ? MAX_SHOWN : MAX_NAME);
}

/** What a search looks in: the sentence, the command line, host, user and rule name, a line each. */
export function searchedText(alert: Alert): string {
  const { host, user, command } = shownOf(alert);
  const names = [alert.rule.name, host, user].map((name) => cut(name, MAX_NAME));
  const texts = [alert.reason, command].map((text) => cut(text, MAX_SEARCHED));
  return foldForSearch([...names, ...texts].join('\n'));
}

/**
 * How a text is compared in a search: any case, composed. Used for what is stored and for what is asked. A NUL would
 * end the text for SQLite's full-text search, so it counts as a blank.
 */
export function foldForSearch(text: string): string {
  return text.normalize('NFC').toLowerCase().replaceAll('\0', ' ');
}

/** The columns of a summary, as SQLite gives them. */
export interface SummaryRow {
  readonly id: string;
  readonly time: string;
  readonly created: string;
  readonly severity: number;
  readonly risk_score: number;
  readonly rule_id: string;
  readonly rule_name: string;
  readonly rule_language: RuleLanguage;
  readonly host: string;
  readonly user: string;
  readonly process: string;
  readonly command_line: string;
  readonly reason: string;
  readonly status: number;
  readonly close_reason: CloseReason | null;
  readonly sample: number;
  readonly incident: number | null;
  /** What `creditOf` makes. */
  readonly credit: string | null;
  /** 1 for an alert of a building-block rule. */
  readonly building_block: number;
  /** Of a rule that suppresses alerts. */
  readonly suppressed: number | null;
}

export function summaryOf(row: SummaryRow): AlertSummary {
  return {
    id: row.id,
    time: row.time,
    created: row.created,
    severity: SEVERITIES[row.severity] as Severity,
    risk_score: row.risk_score,
    reason: row.reason,
    status: STATUSES[row.status] as AlertStatus,
    ...(row.close_reason === null ? {} : { close_reason: row.close_reason }),
    rule: {
      id: row.rule_id,
      name: row.rule_name,
      language: row.rule_language,
      ...(row.credit === null ? {} : (JSON.parse(row.credit) as RuleCredit)),
    },
    ...(row.host === '' ? {} : { host: row.host }),
    ...(row.user === '' ? {} : { user: row.user }),
    ...(row.process === '' ? {} : { process: row.process }),
    ...(row.command_line === '' ? {} : { command_line: row.command_line }),
    ...(row.sample === 1 ? { sample: true } : {}),
    ...(row.building_block === 1 ? { building_block: true } : {}),
    ...(row.suppressed === null || row.suppressed === 0 ? {} : { suppressed: row.suppressed }),
    ...(row.incident === null ? {} : { incident: String(row.incident) }),
  };
}

export interface PackedRaw {
  readonly bytes: Uint8Array;
  readonly encoding: 'plain' | 'deflate';
}

// Below this the saving is less than a page of SQLite can use.
const DEFLATE_FROM = 1_024;

export function packRaw(raw: Uint8Array): PackedRaw {
  if (raw.length < DEFLATE_FROM) return { bytes: raw, encoding: 'plain' };
  return { bytes: deflateRawSync(raw), encoding: 'deflate' };
}

export function unpackRaw(packed: PackedRaw): Uint8Array {
  return packed.encoding === 'deflate' ? new Uint8Array(inflateRawSync(packed.bytes)) : packed.bytes;
}

interface Shown {
  readonly host: string;
  readonly user: string;
  readonly process: string;
  readonly command: string;
}

/** Of a sequence, the last event is the one that a list shows. */
function shownOf(alert: Alert): Shown {
  const event = alert.events.at(-1) ?? {};
  return {
    host: firstText(event, ['host.name', 'host.hostname', 'host.id']),
    user: firstText(event, ['user.name', 'user.id']),
    process: firstText(event, ['process.name', 'process.executable']),
    command: firstText(event, ['process.command_line']) || valuesAt(event, 'process.args').join(' '),
  };
}

function firstText(event: JsonObject, fields: readonly string[]): string {
  for (const field of fields) {
    const value = valuesAt(event, field)[0];
    if (value !== undefined && value !== '') return String(value);
  }
  return '';
}

// `Date.parse` also reads the six-digit years that `toISOString` writes for a clock gone far wrong.
function epochMs(time: string): number {
  const ms = parseTime(time)?.ms ?? Date.parse(time);
  if (Number.isNaN(ms)) throw new TypeError(`An alert's time is not ISO 8601: ${JSON.stringify(time)}`);
  return ms;
}

/** At most `length` UTF-16 units, never half a character, the cut shown. */
function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
