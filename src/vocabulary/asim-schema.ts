/**
 * One schema of ASIM as the tables that queries name: the unifying parser that takes parameters (`imX`, `_Im_X`), the
 * one that takes none (`ASimX`), and those of one source (`vimXLinuxSysmon`, `ASimXLinuxSysmon`).
 */
import type { Span } from '../diagnostic/span.ts';
import { and, matchAny, type Predicate } from '../plan/predicate/node.ts';
import type { Column, Table } from './table.ts';
import { type TableParameters, tableParameters } from './table-parameters.ts';

export interface AsimSchema {
  readonly names: readonly string[];
  /** Without parameters. */
  readonly plain: readonly string[];
  /** What the parsers of single sources are called between `vim` and the source. */
  readonly stem: string;
  readonly sources: readonly string[];
  readonly columns: readonly Column[];
  /** `name column…` for each. */
  readonly parameters: readonly string[] | TableParameters;
  readonly rows: (span: Span) => Predicate;
  readonly isEmpty?: true;
}

export function asimTables(schema: AsimSchema): readonly Table[] {
  const { names, plain, stem, sources, columns, rows } = schema;
  const given = 'filters' in schema.parameters ? schema.parameters : tableParameters(schema.parameters);
  const none = tableParameters(['disabled', 'pack']);
  const empty = schema.isEmpty === undefined ? {} : { isEmpty: schema.isEmpty };
  const table = (own: readonly string[], parameters: TableParameters): Table =>
    Object.freeze({ names: Object.freeze(own), columns, ...parameters, rows, ...empty });
  return [
    table(names, given),
    table(plain, none),
    ...sources.flatMap((source) => {
      const [field, word] = SOURCES[source] ?? ['event.module', source];
      const test = { kind: 'equals', anyOf: [word], fold: 'unicode' } as const;
      const own = (span: Span) => and([rows(span), matchAny({ name: field, type: 'keyword' }, test, span)], span);
      return [
        Object.freeze({ ...table([`vim${stem}${source}`], given), rows: own, isOfOneSource: true }),
        Object.freeze({ ...table([`ASim${stem}${source}`], none), rows: own, isOfOneSource: true }),
      ];
    }),
  ];
}

/** What tells the events of a source. */
const SOURCES: Readonly<Record<string, readonly [field: string, word: string]>> = {
  CrowdStrikeFalconHost: ['event.module', 'crowdstrike'],
  LinuxSysmon: ['winlog.channel', 'Linux-Sysmon/Operational'],
  LinuxSysmonFileCreated: ['winlog.channel', 'Linux-Sysmon/Operational'],
  M365Defender: ['event.module', 'm365_defender'],
  Microsoft365Defender: ['event.module', 'm365_defender'],
  Microsoft365D: ['event.module', 'm365_defender'],
  MicrosoftSecurityEvents: ['winlog.channel', 'Security'],
  MicrosoftSysmon: ['winlog.channel', 'Microsoft-Windows-Sysmon/Operational'],
  MicrosoftSysmonWindowsEvent: ['winlog.channel', 'Microsoft-Windows-Sysmon/Operational'],
  MicrosoftWindowsEvent: ['winlog.channel', 'Security'],
  MicrosoftWindowsEvents: ['winlog.channel', 'Security'],
  SentinelOne: ['event.module', 'sentinel_one_cloud_funnel'],
  Sshd: ['process.name', 'sshd'],
  Su: ['process.name', 'su'],
  Sudo: ['process.name', 'sudo'],
};
