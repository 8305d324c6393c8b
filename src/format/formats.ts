/**
 * The formats that are recognised, in the order in which a line is offered to them.
 */
import { auditd } from './auditd.ts';
import { crowdstrikeFdr } from './crowdstrike-fdr.ts';
import { defender } from './defender.ts';
import { elasticDefend } from './elastic-defend.ts';
import { endgame } from './endgame.ts';
import { falco } from './falco.ts';
import type { Format } from './format-reader.ts';
import { harfanglab } from './harfanglab.ts';
import { journald } from './journald.ts';
import { journaldExport } from './journald-export.ts';
import { jsonObject } from './json-object.ts';
import { laurel } from './laurel.ts';
import { ocsf } from './ocsf.ts';
import { procfs } from './procfs.ts';
import { sentinelOne } from './sentinel-one.ts';
import { syslog } from './syslog.ts';
import { sysmonLinux } from './sysmon-linux.ts';
import { windowsAzure } from './windows-azure.ts';
import { windowsFlat } from './windows-flat.ts';
import { windowsJson } from './windows-json.ts';
import { windowsXml } from './windows-xml.ts';
import { winlogbeat } from './winlogbeat.ts';

export const FORMATS: readonly Format[] = [
  auditd,
  laurel,
  procfs,
  crowdstrikeFdr,
  sentinelOne,
  endgame,
  defender,
  harfanglab,
  falco,
  ocsf,
  sysmonLinux,
  windowsXml,
  windowsAzure,
  windowsJson,
  windowsFlat,
  winlogbeat,
  journald,
  journaldExport,
  syslog,
  elasticDefend,
  jsonObject,
];
