/**
 * The formats that are recognised, in the order in which a line is offered to them.
 *
 *   object ──names of its members──▶ formats that have one of them ──▶ the first that recognises it
 */
import { auditd } from './auditd.ts';
import { crowdstrikeFdr } from './crowdstrike-fdr.ts';
import { defender } from './defender.ts';
import { elasticDefend } from './elastic-defend.ts';
import { endgame } from './endgame.ts';
import { falco } from './falco.ts';
import type { Format, ReadLine } from './format-reader.ts';
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

/** By name of a member, a bit for each format whose objects may have it, by place in the list; formats that say no names. */
const BY_NAME = new Map<string, number>();
let unnamed = 0;
for (const [place, { names }] of FORMATS.entries()) {
  if (names === undefined) unnamed |= 1 << place;
  for (const name of names ?? []) BY_NAME.set(name, (BY_NAME.get(name) ?? 0) | (1 << place));
}

/** The first format that has the line, of those that may have it. */
export function formatOf(line: ReadLine, mayBe: (format: Format) => boolean = isAny): Format | undefined {
  const { json } = line;
  if (json === undefined) return FORMATS.find((one) => mayBe(one) && one.recognises(line));
  let left = unnamed;
  for (const name in json) left |= BY_NAME.get(name) ?? 0;
  for (; left !== 0; left &= left - 1) {
    const format = FORMATS[31 - Math.clz32(left & -left)] as Format;
    if (mayBe(format) && format.recognises(line)) return format;
  }
  return undefined;
}

function isAny(): boolean {
  return true;
}
