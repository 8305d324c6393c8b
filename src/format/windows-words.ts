/**
 * What words a Windows event holds that the record it was read from does not (`OwnWords`).
 *
 * The tables of the Windows formats take values as they are, in lower case, or parts of them. They make words of their own
 * in three ways: names of things that the record has a number for, which are listed here; arguments of a command line, where
 * a quote within a word is left out and what is around it grows together; and the id of a network flow, which is a hash.
 * A test holds this to the captures: whoever adds a word to a table is told.
 */
import type { OwnWords } from '../event/event.ts';
import { asText } from './json-fields.ts';
import { datumOf, type WindowsRecord } from './windows-record.ts';
import { securityWords } from './windows-security-kinds.ts';
import { flowId, sysmonWords } from './windows-sysmon.ts';

const NONE: readonly string[] = [];
/** Where a command line may stand. */
const COMMAND_LINES = ['CommandLine', 'ParentCommandLine', 'HostApplication', 'ContextInfo', 'param2', 'param3'];
/** A quote that has a character of a word or an escape of one beside it on both sides. */
const QUOTE_WITHIN = /[^\s"]\\*"+\\*[^\s"]/;

export function windowsWords(record: WindowsRecord): OwnWords {
  const { hostName } = record.settings;
  return {
    fixed: FIXED,
    made: hostName === undefined ? NONE : [hostName],
    flow: record.code === '3' ? () => flowId(record) : undefined,
    unquoted: () => unquoted(record),
  };
}

function unquoted(record: WindowsRecord): readonly string[] {
  const found: string[] = [];
  for (const name of COMMAND_LINES) addJoined(asText(datumOf(record, name)), found);
  if (record.channel === 'Windows PowerShell') addJoined(record.message, found);
  return found;
}

function addJoined(text: string | undefined, found: string[]): void {
  if (text?.includes('"') && QUOTE_WITHIN.test(text)) found.push(text.replace(/[\\"]/g, ''));
}

const FIXED = `
  event windows linux host success failure process info start end
  windows.sysmon_operational windows.powershell windows.powershell_operational windows.forwarded sysmon_linux.log
  system.security system.system system.application winlog.winlog winlog sysmon_linux
  Microsoft-Windows-Sysmon Microsoft-Windows-Sysmon/Operational Linux-Sysmon
  information critical error warning verbose
  Info Start Stop DCStart DCStop Extension Reply Resume Suspend Send
  Response Time, WDI Context, WDI Diag, SQM, Audit Failure, Audit Success, Correlation Hint, Classic
  Interactive Network Batch Service Unlock NetworkCleartext NewCredentials RemoteInteractive CachedInteractive
  Kernel Driver, File System Driver, Recognizer Driver, Win32 Own Process, Win32 Share Process, Interactive Own Process,
  Interactive Share Process
  ${sysmonWords()}
  ${securityWords()}`.toLowerCase();
