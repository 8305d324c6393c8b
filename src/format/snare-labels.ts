/**
 * Where in the text that Windows makes of an event its data stand, by the names that these have in the event's data.
 *
 *   `Subject:   Account Name:  ada   …  Process Command Line: x` ──▶ SubjectUserName at …, CommandLine at …
 *
 * Labels stand in sections (`Subject:`, `New Logon:`); Snare puts spaces for Windows' tabs and line ends. A command line stands last
 * and is taken whole, whatever looks like a label in it.
 *
 * What tells where they stand is letters, spaces and colons. So it is told alike of a text as a string of JSON writes it, where the
 * only escapes are `\\` and `\"`.
 */

/** How a value stands: behind its label, in the next part, or to the end. */
export const [OWN, FOLLOWS, COMMAND] = [2, 3, 4] as const;

export interface DataPlace {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly how: number;
}

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

/** A label with its value behind it, or with the value in the next part. */
const LABEL = /^([A-Z][A-Za-z() -]{1,48}):(?: (.*))?$/s;
const COMMAND_LINE = /(?<=\s)Process Command Line:\s*/;
/** What Windows says of every such event behind its data. */
const EXPLANATION = /\s{2,}Token Elevation Type indicates /;

/** Each name once, in the order of the text. */
export function dataPlaces(text: string): readonly DataPlace[] {
  const command = commandPlace(text);
  const parts = partsOf(text, command.label);
  const found = new Map<string, DataPlace>();
  let section = '';
  for (let at = 0; at < parts.length; at += 1) {
    const { text: part, end } = parts[at] as Part;
    const [, label, own] = LABEL.exec(part) ?? [];
    if (label === undefined) continue;
    const account = SECTIONS.get(label);
    if (account !== undefined && own === undefined) {
      section = account;
      continue;
    }
    const next = parts[at + 1];
    const follows = own === undefined && next !== undefined && !LABEL.test(next.text);
    if (follows) at += 1;
    // A heading has no value; what follows is its section's first label.
    else if (own === undefined) {
      if (!OF_ACCOUNT.has(label) && !NAMES.has(label)) section = '';
      continue;
    }
    const name = nameOf(label, section);
    if (found.has(name)) continue;
    if (own === undefined) found.set(name, { name, start: next?.start ?? end, end: next?.end ?? end, how: FOLLOWS });
    else found.set(name, { name, start: end - own.length, end, how: OWN });
  }
  if (command.place !== undefined) {
    found.delete('CommandLine');
    found.set('CommandLine', command.place);
  }
  return [...found.values()].sort((a, b) => a.start - b.start);
}

interface Part {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Parted by two spaces or more, up to a place. */
function partsOf(text: string, before: number): readonly Part[] {
  const whole = text.slice(0, before).trimEnd();
  const parts: Part[] = [];
  let start = whole.length - whole.trimStart().length;
  const add = (end: number) => {
    if (end > start) parts.push({ text: whole.slice(start, end), start, end });
  };
  for (const { index, 0: between } of whole.matchAll(/\s{2,}/g)) {
    if (index < start) continue;
    add(index);
    start = index + between.length;
  }
  add(whole.length);
  return parts;
}

/** Where the label of a command line stands, and itself where it says something. */
function commandPlace(text: string): { readonly label: number; readonly place?: DataPlace } {
  const label = COMMAND_LINE.exec(text);
  if (label === null) return { label: text.length };
  const start = label.index + label[0].length;
  const rest = text.slice(start);
  const line = rest.slice(0, EXPLANATION.exec(rest)?.index).trimEnd();
  if (line === '') return { label: label.index };
  return { label: label.index, place: { name: 'CommandLine', start, end: start + line.length, how: COMMAND } };
}

function nameOf(label: string, section: string): string {
  const account = OF_ACCOUNT.get(label);
  if (account !== undefined && section !== '') return section + account;
  return NAMES.get(label) ?? label.replace(/[^A-Za-z]/g, '');
}
