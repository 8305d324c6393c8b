/**
 * Records of a Windows event log as Snare and its like send them in syslog: parts separated by tabs, the event's data
 * only in the text that Windows makes of it.
 *
 *   `MSWinEventLog⇥1⇥Security⇥77⇥Tue Jul 28 11:28:00 2026⇥4688⇥…` ──▶ WindowsRecord ──▶ windows-ecs.ts ──▶ Event
 *
 * Windows' text says `Label: value` in sections (`Subject:`, `New Logon:`); Snare puts spaces for its tabs and line ends.
 * Labels become the names that the event's data has (`New Process ID` is `NewProcessId`), so that rules in Windows' own
 * names hold. A command line stands last and is taken whole, whatever looks like a label in it. Times have no zone and count
 * as UTC.
 */
import type { Json, JsonObject } from '../event/json.ts';
import type { FormatSettings } from './format.ts';
import { syslogTime } from './syslog-line.ts';
import { splitAccount, type WindowsRecord } from './windows-record.ts';

const SIGN = /^(?:\S{1,255}\t)?MSWinEventLog\t/;

export interface SnareRecord {
  readonly record: WindowsRecord;
  /** What Snare adds, under names of ours. */
  readonly snare: JsonObject;
}

/** `undefined` where the message is none, or names no event id. `host` is that of the header around it. */
export function readSnare(
  message: string,
  host: string | undefined,
  settings: FormatSettings,
): SnareRecord | undefined {
  const sign = SIGN.exec(message);
  if (sign === null) return undefined;
  const parts = message.slice(sign[0].length).split('\t', 32);
  const [criticality, channel, counter, created, code = '', provider, account, kind, result, computer, category] =
    parts.map((part) => part.trim()) as (string | undefined)[];
  if (!/^\d{1,10}$/.test(code)) return undefined;
  const [plain, text = '', ...rest] = parts.slice(11);
  const now = settings.now();
  return {
    record: {
      provider: said(provider),
      code: String(Number(code)),
      channel: said(channel),
      computer: said(computer),
      created: said(created),
      createdTime: timeOf(created, now),
      user: userOf(said(account), said(kind)),
      system: {},
      names: { task: said(category), keywords: keywordsOf(result) },
      message: said(text),
      data: { ...dataOf(text), ...(said(plain) === undefined ? {} : { Data: plain as string }) },
      syslogHost: host,
      ingested: now,
      settings,
    },
    snare: known({ criticality, counter, result, rest: rest.length === 0 ? undefined : rest }),
  };
}

/** `Tue Jul 28 11:28:00 2026` */
function timeOf(text: string | undefined, now: number) {
  const match = /^(?:[A-Z][a-z]{2} )?([A-Z][a-z]{2} {1,2}\d{1,2}) (\d{2}:\d{2}:\d{2}) (\d{4})$/.exec(text ?? '');
  return match === null ? undefined : syslogTime(`${match[1]} ${match[3]} ${match[2]}`, now);
}

function said(text: string | undefined): string | undefined {
  return text === undefined || text === '' || text === 'N/A' || text === '-' || text === '-\\-' ? undefined : text;
}

function userOf(account: string | undefined, type: string | undefined): WindowsRecord['user'] {
  return { ...splitAccount(account), ...(type === undefined ? {} : { type }) };
}

function keywordsOf(result: string | undefined): readonly string[] | undefined {
  const [, word] = /^(Success|Failure) Audit$/.exec(result ?? '') ?? [];
  return word === undefined ? undefined : [`Audit ${word}`];
}

function known(fields: { readonly [name: string]: Json | undefined }): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, Json] => entry[1] !== undefined));
}

// --- Windows' text ----------------------------------------------------------------------------------------------------

/** Whose account a section tells of, as the first part of the names in its data. */
const SECTIONS: ReadonlyMap<string, string> = new Map([
  ['Subject', 'Subject'],
  ['Creator Subject', 'Subject'],
  ['New Logon', 'Target'],
  ['Target Subject', 'Target'],
  ['Target Account', 'Target'],
  ['New Account', 'Target'],
  ['Account For Which Logon Failed', 'Target'],
  ['Account Whose Credentials Were Used', 'Target'],
  ['Account That Was Locked Out', 'Target'],
  ['Group', 'Target'],
]);

/** Labels of accounts, whose names depend on the section. */
const OF_ACCOUNT: ReadonlyMap<string, string> = new Map([
  ['Security ID', 'UserSid'],
  ['Account Name', 'UserName'],
  ['Account Domain', 'DomainName'],
  ['Logon ID', 'LogonId'],
  ['Group Name', 'UserName'],
  ['Group Domain', 'DomainName'],
]);

/** Labels whose names are not their words. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ['New Process ID', 'NewProcessId'],
  ['Creator Process ID', 'ProcessId'],
  ['Creator Process Name', 'ParentProcessName'],
  ['Process ID', 'ProcessId'],
  ['Process Command Line', 'CommandLine'],
  ['Source Network Address', 'IpAddress'],
  ['Source Port', 'IpPort'],
  ['Logon Process', 'LogonProcessName'],
  ['Authentication Package', 'AuthenticationPackageName'],
  ['Package Name (NTLM only)', 'LmPackageName'],
  ['Transited Services', 'TransmittedServices'],
  ['Sub Status', 'SubStatus'],
  ['Service File Name', 'ServiceFileName'],
  ['Target Server Name', 'TargetServerName'],
]);

/** Windows prints accounts for their ids; the ids of these are the same everywhere (MS-DTYP, "Well-Known SID Structures"). */
const SIDS: ReadonlyMap<string, string> = new Map([
  ['\\NULL SID', 'S-1-0-0'],
  ['NULL SID', 'S-1-0-0'],
  ['NT AUTHORITY\\ANONYMOUS LOGON', 'S-1-5-7'],
  ['NT AUTHORITY\\SYSTEM', 'S-1-5-18'],
  ['NT AUTHORITY\\LOCAL SERVICE', 'S-1-5-19'],
  ['NT AUTHORITY\\NETWORK SERVICE', 'S-1-5-20'],
]);

/** A label with its value behind it, or with the value in the next part. */
const LABEL = /^([A-Z][A-Za-z() -]{1,48}):(?: (.*))?$/s;
const COMMAND_LINE = /(?<=\s)Process Command Line:\s*/;
/** What Windows says of every such event behind its data. */
const EXPLANATION = /\s{2,}Token Elevation Type indicates /;

function dataOf(text: string): JsonObject {
  const command = COMMAND_LINE.exec(text);
  const parts = (command === null ? text : text.slice(0, command.index)).trim().split(/\s{2,}/);
  const found = new Map<string, string>();
  let section = '';
  for (let at = 0; at < parts.length; at += 1) {
    const [, label, own] = LABEL.exec(parts[at] as string) ?? [];
    if (label === undefined) continue;
    const account = SECTIONS.get(label);
    if (account !== undefined && own === undefined) {
      section = account;
      continue;
    }
    const next = parts[at + 1];
    const follows = own === undefined && next !== undefined && !isLabel(next);
    if (follows) at += 1;
    // A heading has no value; what follows is its section's first label.
    else if (own === undefined) {
      if (!OF_ACCOUNT.has(label) && !NAMES.has(label)) section = '';
      continue;
    }
    const name = nameOf(label, section);
    const value = own ?? (next as string);
    if (!found.has(name)) found.set(name, name.endsWith('UserSid') ? (SIDS.get(value) ?? value) : value);
  }
  const line = command === null ? '' : text.slice(command.index + command[0].length).split(EXPLANATION, 1)[0];
  if (line !== undefined && line.trim() !== '') found.set('CommandLine', line.trim());
  return Object.fromEntries(found);
}

function isLabel(part: string): boolean {
  const [, label] = LABEL.exec(part) ?? [];
  return label !== undefined;
}

function nameOf(label: string, section: string): string {
  const account = OF_ACCOUNT.get(label);
  if (account !== undefined && section !== '') return section + account;
  return NAMES.get(label) ?? label.replace(/[^A-Za-z]/g, '');
}
