/**
 * Fills the tables of fields in the docs from the formats' own derivations and their deviations from recorded events.
 *
 *   node tools/format-fields.ts      writes docs/format-fields.md, and the overview in docs/formats.md
 *
 * What a deviation names differs from a recording; what none names is equal, which each format's test holds it to. A test
 * fails when a page is behind, or a format is not in `SOURCES`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AUDIT } from '../src/format/auditd-ecs.ts';
import { CROWDSTRIKE } from '../src/format/crowdstrike-ecs.ts';
import { DEFENDER } from '../src/format/defender-ecs.ts';
import type { Transform } from '../src/format/derivation.ts';
import { AUDITD_DEVIATIONS } from '../src/format/deviations/auditd.ts';
import { CROWDSTRIKE_FDR } from '../src/format/deviations/crowdstrike-fdr.ts';
import type { Deviation } from '../src/format/deviations/deviation.ts';
import { SENTINEL_ONE_DEVIATIONS } from '../src/format/deviations/sentinel-one.ts';
import { WINDOWS_DEVIATIONS } from '../src/format/deviations/windows.ts';
import { ENDGAME } from '../src/format/endgame.ts';
import { FALCO } from '../src/format/falco.ts';
import { HARFANGLAB } from '../src/format/harfanglab-ecs.ts';
import { JOURNALD } from '../src/format/journald.ts';
import { OCSF } from '../src/format/ocsf.ts';
import { PROCFS } from '../src/format/procfs.ts';
import { SENTINEL_ONE } from '../src/format/sentinel-one-ecs.ts';
import { SYSLOG } from '../src/format/syslog-ecs.ts';
import { WINDOWS } from '../src/format/windows-ecs.ts';

const DOCS = fileURLToPath(new URL('../docs', import.meta.url));
const OVERVIEW = /(<!-- format-fields -->\n)[\s\S]*?(<!-- \/format-fields -->)/;

interface FieldOrigin {
  readonly from: readonly string[];
  readonly transform: Transform;
}

interface Source {
  readonly title: string;
  /** Names of the formats that derive so. */
  readonly formats: readonly string[];
  readonly fields: ReadonlyMap<string, FieldOrigin>;
  /** Absent where there is no recorded pair. */
  readonly deviations?: readonly Deviation[];
}

const WINDOWS_FORMATS = ['windows-xml', 'windows-azure', 'windows-json', 'windows-flat', 'winlogbeat'];

const SOURCES: readonly Source[] = [
  { title: 'Linux audit', formats: ['auditd', 'laurel'], fields: AUDIT.byField, deviations: AUDITD_DEVIATIONS },
  { title: 'procfs', formats: ['procfs'], fields: PROCFS.byField },
  {
    title: 'Sysmon',
    formats: ['sysmon-linux', ...WINDOWS_FORMATS],
    fields: WINDOWS.sysmon.byField,
    deviations: WINDOWS_DEVIATIONS.filter(({ pair }) => !pair.startsWith('security-')),
  },
  {
    title: 'Windows Security',
    formats: WINDOWS_FORMATS,
    fields: WINDOWS.security.byField,
    deviations: WINDOWS_DEVIATIONS.filter(({ pair }) => pair === '*' || pair.startsWith('security-')),
  },
  { title: 'CrowdStrike', formats: ['crowdstrike-fdr'], fields: CROWDSTRIKE.byField, deviations: CROWDSTRIKE_FDR },
  {
    title: 'SentinelOne',
    formats: ['sentinel-one'],
    fields: SENTINEL_ONE.byField,
    deviations: SENTINEL_ONE_DEVIATIONS,
  },
  { title: 'Endgame', formats: ['endgame'], fields: ENDGAME.byField },
  { title: 'Defender', formats: ['defender'], fields: DEFENDER.byField },
  { title: 'HarfangLab', formats: ['harfanglab'], fields: HARFANGLAB.byField },
  { title: 'Falco', formats: ['falco'], fields: FALCO.byField },
  { title: 'OCSF', formats: ['ocsf'], fields: OCSF.byField },
  { title: 'journal', formats: ['journald', 'journald-export'], fields: JOURNALD.byField },
  { title: 'syslog', formats: ['syslog'], fields: SYSLOG.byField },
];

/** Documents that are ECS already or in names of their own, and so are not derived. */
const TAKEN_AS_THEY_ARE = ['elastic-defend', 'json'];

/** Every format that the tables tell of. */
export function formatsInTables(): ReadonlySet<string> {
  return new Set([...SOURCES.flatMap(({ formats }) => formats), ...TAKEN_AS_THEY_ARE]);
}

/** The fields that the overview lists: who a process is, what it runs, and who started it. */
const OVERVIEW_FIELDS = [
  ...['pid', 'entity_id', 'name', 'executable', 'command_line', 'args', 'args_count', 'working_directory', 'title'],
  ...['tty', 'start', 'end', 'exit_code', 'hash', 'code_signature', 'pe.original_file_name', 'user.name'],
  ...['parent.pid', 'parent.entity_id', 'parent.name', 'parent.executable', 'parent.command_line', 'parent.args'],
].map((field) => `process.${field}`);

/** The page with the overview as the formats have it. */
export function withOverview(page: string): string {
  const head = `| field | ${SOURCES.map(({ title }) => title).join(' | ')} |\n|---|${SOURCES.map(() => '---').join('|')}|`;
  const rows = OVERVIEW_FIELDS.map((field) => {
    const cells = SOURCES.map((source) => overviewCell(source, field));
    return `| \`${field}\` | ${cells.join(' | ')} |`;
  });
  return page.replace(OVERVIEW, (_, open: string, close: string) => [`${open}${head}`, ...rows, close].join('\n'));
}

function overviewCell({ fields, deviations }: Source, field: string): string {
  const origin = fields.get(field) ?? [...fields].find(([name]) => name.startsWith(`${field}.`))?.[1];
  if (origin === undefined) return '';
  const sign = origin.transform === 'compute' ? '◐' : '●';
  return deviations !== undefined && differing(deviations, field).length > 0 ? `${sign} ≠` : sign;
}

/** The whole page of all process fields, with what each is read from. */
export function fieldsPage(): string {
  const sections = SOURCES.map((source) => {
    const fields = [...source.fields].filter(([field]) => field.startsWith('process.'));
    const rows = fields.map(([field, { from, transform }]) =>
      [
        `| \`${field}\``,
        [...new Set(from)]
          .filter((path) => path !== '')
          .map((path) => `\`${path}\``)
          .join(', '),
        HOW[transform],
        `${recorded(source.deviations, field)} |`,
      ].join(' | '),
    );
    return [
      `## ${source.title}`,
      '',
      `Formats: ${source.formats.map((format) => `\`${format}\``).join(', ')}.`,
      '',
      '| field | from | how | recorded events |',
      '|---|---|---|---|',
      ...rows,
      '',
    ].join('\n');
  });
  return `${INTRODUCTION}\n${sections.join('\n')}`;
}

const INTRODUCTION = `# Where process fields come from

Written by \`node tools/format-fields.ts\` from the formats themselves; a test fails when it is behind. [Formats](formats.md) tells
what each format is, and shows the overview.

*Recorded events* are pairs of a raw event and the ECS document that Elastic's integration makes of it; a
difference is told with its reason, and none means that there is none in any recording. A \`winlogbeat\` document has, beside these, what it says itself; \`elastic-defend\` documents are taken as they are.
`;

const HOW: Readonly<Record<Transform, string>> = {
  same: 'as it is',
  number: 'as a number',
  guid: 'as a GUID in braces',
  lower: 'in lower case',
  basename: 'its last part',
  end: 'its end',
  time: 'as a time',
  constant: 'always the same',
  compute: 'computed',
};

function recorded(deviations: readonly Deviation[] | undefined, field: string): string {
  if (deviations === undefined) return 'none';
  const reasons = new Set(differing(deviations, field).map(({ reason }) => reason.replaceAll('|', '\\|')));
  return reasons.size === 0 ? 'no difference' : [...reasons].join(' ');
}

function differing(deviations: readonly Deviation[], field: string): readonly Deviation[] {
  return deviations.filter(({ fields }) => fields.some((one) => covers(one, field) || covers(field, one)));
}

function covers(parent: string, field: string): boolean {
  return field === parent || field.startsWith(`${parent}.`);
}

/** The pages by path, with what they ought to hold. */
export function formatPages(): readonly { readonly path: string; readonly page: string; readonly wanted: string }[] {
  const [overview, fields] = [join(DOCS, 'formats.md'), join(DOCS, 'format-fields.md')];
  const page = readFileSync(overview, 'utf8');
  return [
    { path: overview, page, wanted: withOverview(page) },
    { path: fields, page: read(fields), wanted: fieldsPage() },
  ];
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { path, page, wanted } of formatPages()) if (page !== wanted) writeFileSync(path, wanted);
}
