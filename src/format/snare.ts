/**
 * Records of a Windows event log as Snare and its like send them in syslog: parts separated by tabs, the event's data
 * only in the text that Windows makes of it.
 *
 *   `MSWinEventLog⇥1⇥Security⇥77⇥Tue Jul 28 11:28:00 2026⇥4688⇥…` ──▶ SnareRecord ──▶ windows-ecs.ts ──▶ Event
 *
 * Labels in Windows' text become the names that the event's data has (`New Process ID` is `NewProcessId`, `snare-labels.ts`), so that
 * rules in Windows' own names hold. Times have no zone and count as UTC. A record reads of its text what it is asked for.
 */
import type { Json, JsonObject } from '../event/json.ts';
import type { EventTime } from '../event/time.ts';
import { type Derivation, type DerivationTable, derivationTable, type Promises } from './derivation.ts';
import type { FormatSettings } from './format.ts';
import { partName } from './part-names.ts';
import { dataPlaces } from './snare-labels.ts';
import { CODE, CREATED, DATA, FIRST_OF_REST, MOST_COLUMNS, PLAIN, type SnareText, TEXT } from './snare-parts.ts';
import { syslogTime } from './syslog-line.ts';
import { WINDOWS, type WindowsTable } from './windows-ecs.ts';
import { splitAccount, type WindowsRecord } from './windows-record.ts';
import { windowsWords } from './windows-words.ts';

const SIGN = /^(?:\S{1,255}\t)?MSWinEventLog\t/;
/** Of columns that nothing else knows. */
const [CRITICALITY, CHANNEL, COUNTER, PROVIDER, ACCOUNT, KIND, RESULT, COMPUTER, CATEGORY] = [
  0, 1, 2, 5, 6, 7, 8, 9, 10,
];

/** `undefined` where the message is none, or names no event id. */
export function snareTextIn(message: string): SnareText | undefined {
  const sign = SIGN.exec(message);
  if (sign === null) return undefined;
  const columns = message.slice(sign[0].length).split('\t', MOST_COLUMNS);
  if (!/^\d{1,10}$/.test(columns[CODE]?.trim() ?? '')) return undefined;
  const text = columns[TEXT] ?? '';
  let data: ReadonlyMap<string, string> | undefined;
  const known = () => {
    data ??= new Map(dataPlaces(text).map(({ name, start, end }) => [name, text.slice(start, end)]));
    return data;
  };
  return {
    column: (number) => (number < PLAIN ? columns[number]?.trim() : columns[number]),
    rest: columns.slice(FIRST_OF_REST),
    datum: (name) => known().get(name),
    get names() {
      return [...known().keys()];
    },
    isTimed: false,
    member: undefined,
  };
}

/** What a record came in. */
interface Around {
  /** That of the header. */
  readonly host: () => string | undefined;
  /** The whole line. */
  readonly original: () => string;
}

export class SnareRecord implements WindowsRecord {
  readonly text: SnareText;
  readonly settings: FormatSettings;
  readonly ingested: number;
  readonly system = NO_DATA;
  readonly names: WindowsRecord['names'];
  readonly placeOf: WindowsRecord['placeOf'];
  private readonly around: Around;

  constructor(text: SnareText, around: Around, settings: FormatSettings) {
    this.text = text;
    this.around = around;
    this.settings = settings;
    this.ingested = settings.now();
    const { member } = text;
    this.names = {
      get task() {
        return said(text.column(CATEGORY));
      },
      get keywords() {
        return keywordsOf(text.column(RESULT));
      },
    };
    this.placeOf = member === undefined ? undefined : (path) => placeIn(member, path);
  }

  get provider(): string | undefined {
    return said(this.text.column(PROVIDER));
  }

  get code(): string {
    return String(Number(this.text.column(CODE)));
  }

  get channel(): string | undefined {
    return said(this.text.column(CHANNEL));
  }

  get computer(): string | undefined {
    return said(this.text.column(COMPUTER));
  }

  get created(): string | undefined {
    return said(this.text.column(CREATED));
  }

  get isTimed(): boolean {
    return this.text.isTimed;
  }

  get createdTime(): EventTime | undefined {
    return timeOf(this.text.column(CREATED), this.ingested);
  }

  get user(): WindowsRecord['user'] {
    return userOf(said(this.text.column(ACCOUNT)), said(this.text.column(KIND)));
  }

  get message(): string | undefined {
    return said(this.text.column(TEXT));
  }

  get data(): JsonObject {
    const { text } = this;
    const names = said(text.column(PLAIN)) === undefined ? text.names : [...text.names, PLAIN_DATUM];
    return Object.fromEntries(names.map((name) => [name, this.datum(name) as string]));
  }

  datum(name: string): string | undefined {
    const { text } = this;
    if (name === PLAIN_DATUM && said(text.column(PLAIN)) !== undefined) return text.column(PLAIN);
    const value = text.datum(name);
    return value !== undefined && isSid(name) ? (SIDS.get(value) ?? value) : value;
  }

  get syslogHost(): string | undefined {
    return this.around.host();
  }

  get original(): string {
    return this.around.original();
  }
}

const NO_DATA: JsonObject = {};
const PLAIN_DATUM = 'Data';

/** `Tue Jul 28 11:28:00 2026` */
function timeOf(text: string | undefined, now: number): EventTime | undefined {
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

/** Windows prints accounts for their ids; the ids of these are the same everywhere (MS-DTYP, "Well-Known SID Structures"). */
const SIDS: ReadonlyMap<string, string> = new Map([
  ['\\NULL SID', 'S-1-0-0'],
  ['NULL SID', 'S-1-0-0'],
  ['NT AUTHORITY\\ANONYMOUS LOGON', 'S-1-5-7'],
  ['NT AUTHORITY\\SYSTEM', 'S-1-5-18'],
  ['NT AUTHORITY\\LOCAL SERVICE', 'S-1-5-19'],
  ['NT AUTHORITY\\NETWORK SERVICE', 'S-1-5-20'],
]);

function isSid(name: string): boolean {
  return name.endsWith('UserSid');
}

// --- As fields ----------------------------------------------------------------------------------------------------------

const derive = (
  field: string,
  compute: (record: SnareRecord) => Json | undefined,
  from: readonly string[] = [],
): Derivation<SnareRecord> => ({ field, from, transform: 'compute', compute });

/** What Snare adds, under names of ours. */
const OWN_FIELDS: readonly Derivation<SnareRecord>[] = [
  derive('snare.criticality', ({ text }) => text.column(CRITICALITY)),
  derive('snare.counter', ({ text }) => text.column(COUNTER)),
  derive('snare.result', ({ text }) => text.column(RESULT)),
  derive('snare.rest', ({ text: { rest } }) => (rest.length === 0 ? undefined : rest)),
  { ...derive('event.original', ({ original }) => original, ['original']), transform: 'same' },
];

const withOwn = ({ byField }: DerivationTable<WindowsRecord>) =>
  derivationTable<SnareRecord>([...byField.values(), ...OWN_FIELDS]);

export const SNARE: Readonly<Record<WindowsTable, DerivationTable<SnareRecord>>> = {
  sysmon: withOwn(WINDOWS.sysmon),
  security: withOwn(WINDOWS.security),
  powershell: withOwn(WINDOWS.powershell),
  other: withOwn(WINDOWS.other),
};

/** Ids of accounts hold no words. */
export const SNARE_PROMISES: Promises<SnareRecord> = {
  words: windowsWords,
  placeOf: ({ placeOf }, path) => placeOf?.(path),
};

/** The name of the part that holds a value of Windows' text, where that is the event's as it stands there. */
function placeIn(member: string, path: string): string | undefined {
  if (path === 'original') return member;
  const name = path.startsWith(DATA) ? path.slice(DATA.length) : PLAIN_DATUM;
  return name === PLAIN_DATUM || isSid(name) ? undefined : partName(member, DATA + name);
}
