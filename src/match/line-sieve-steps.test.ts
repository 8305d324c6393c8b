/**
 * Lines of which a single step of the sieve would lose something if it took them for others: with all steps, and without each.
 */
import { expect, it } from 'vitest';
import { runs } from '../../test/effort.ts';
import { NO_SPAN } from '../diagnostic/span.ts';
import type { JsonObject } from '../event/json.ts';
import { concernsProcesses } from '../format/known-process.ts';
import {
  and,
  exists,
  matchAnywhere,
  matchFields,
  not,
  or,
  type Predicate,
  wildcardPattern,
} from '../plan/predicate/node.ts';
import { type IsNeeded, LineSieve } from './line-sieve.ts';
import { contains, is } from './predicates.fixture.ts';
import { found, known, settings, someSwitches } from './sieved-lines.fixture.ts';

/** In fields of that name, or in any. */
const anywhere = (text: string, fields?: string): Predicate =>
  matchAnywhere(
    { kind: 'wildcard', anyOf: [wildcardPattern(['*', { text }, '*'])], fold: 'unicode' },
    NO_SPAN,
    fields === undefined ? undefined : wildcardPattern([{ text: fields }, '*']),
  );

/** Each of the rules holds of some of the lines, and not of all. */
function expectSame(objects: readonly JsonObject[], predicates: readonly Predicate[], isNeeded: IsNeeded): void {
  const lines = objects.map((object) => JSON.stringify(object));
  const rules = predicates.map((predicate) => ({ predicate, reads: () => true }));
  const all = [...lines, ...lines.flatMap((line) => [line, line, line]), ...lines];
  const read = found(all, rules);
  for (const rule of rules.keys()) {
    const count = read.told.matches.filter((match) => match.split(' ')[1] === `${rule}`).length;
    expect(count, `rule ${rule}`).toBeGreaterThan(0);
    expect(count, `rule ${rule}`).toBeLessThan(all.length);
  }
  for (const [at, rule] of rules.entries()) {
    const { told } = found(all, [rule], new LineSieve([rule], settings, isNeeded, 1));
    const own = read.told.matches.map((match) => match.split(' ')).filter((match) => match[1] === `${at}`);
    expect(told).toMatchObject({ matches: own.map(([line, _, ...rest]) => [line, 0, ...rest].join(' ')), rejected: 0 });
  }
  const wanted = known(read.processes, lines, []);
  const isOfProcesses = isNeeded === concernsProcesses;
  for (const without of [...someSwitches(runs(6)), ...(isOfProcesses ? [{ withoutNotes: true }] : [])]) {
    const sieved = found(all, rules, new LineSieve(rules, settings, isNeeded, 1, without));
    expect(sieved.told, JSON.stringify(without)).toEqual(read.told);
    if (isOfProcesses) expect(known(sieved.processes, lines, [])).toEqual(wanted);
    expect(sieved.passed + sieved.handed, JSON.stringify(without)).toBeGreaterThan(0);
  }
}

const SYSMON = { Channel: 'Microsoft-Windows-Sysmon/Operational', SourceName: 'Microsoft-Windows-Sysmon', EventID: 1 };
const start = (rest: JsonObject): JsonObject => ({
  ...{ ...SYSMON, TimeCreated: '2026-02-01T00:00:00Z', Hostname: 'h1' },
  ...rest,
});

it('remembers of a rule neither what only this line says nor what only the process before was', () => {
  const child = { ProcessId: 20, ParentProcessId: 10 };
  const children = (Image: string) => [
    start({ ...child, Image }),
    // The same of each of them but who started it, which only some say.
    ...['-', 'C:\\python.exe', 'C:\\cmd.exe'].map((ParentImage) => start({ ...child, Image, ParentImage })),
    start({ ...child, Image, OriginalFileName: 'x.exe' }),
    start({ ...child, Image, OriginalFileName: 'z.exe' }),
  ];
  const objects = ['C:\\python.exe', 'C:\\cmd.exe'].flatMap((Image) => [
    start({ ProcessId: 10, Image, CommandLine: `${Image} -m x` }),
    ...children('C:\\x.exe'),
    ...children('C:\\y.exe').slice(2),
  ]);
  const name = is('process.name', 'x.exe');
  const byPython = contains('process.parent.executable', 'python');
  const original = { name: 'process.pe.original_file_name', type: 'keyword' } as const;
  const isNamedSo = matchFields(original, 'equals', { name: 'process.name', type: 'keyword' }, 'unicode', NO_SPAN);
  expectSame(
    objects,
    [
      byPython,
      and([name, byPython], NO_SPAN),
      and([name, not(byPython, NO_SPAN)], NO_SPAN),
      or([name, byPython], NO_SPAN),
      and([isNamedSo, byPython], NO_SPAN),
      and([anywhere('x.exe', 'process.n'), byPython], NO_SPAN),
      anywhere('python', 'process.parent.'),
      not(anywhere('python', 'process.parent.'), NO_SPAN),
      and([name, anywhere('python', 'process.parent.')], NO_SPAN),
      anywhere('python', 'process.'),
      and([name, anywhere('python', 'process.')], NO_SPAN),
      and([anywhere('x.exe', 'process.'), byPython], NO_SPAN),
      contains('process.parent.args[0]', 'python'),
      and([name, not(contains('process.parent.args[0]', 'python'), NO_SPAN)], NO_SPAN),
    ],
    concernsProcesses,
  );
});

it('tells no rule by a line alone that searches what earlier events say, whatever names the line has', () => {
  const ecs = (pid: number, name: string, rest: JsonObject): JsonObject => ({
    ...{ '@timestamp': '2026-02-01T00:00:00Z', event: { category: 'process', type: 'start' }, host: { name: 'h1' } },
    process: { pid, name, executable: `/${name}`, ...rest },
    // What stands for every field, and for every word, among fields of rules.
    ...{ '*': 'x', '**': 'y' },
  });
  const objects = ['python', 'bash'].flatMap((name) => [
    ecs(10, name, {}),
    ecs(20, 'x', { parent: { pid: 10 } }),
    ecs(21, 'y', { parent: { pid: 10 } }),
  ]);
  const search = anywhere('python', 'process.parent.');
  expectSame(objects, [search, and([is('process.name', 'x'), not(search, NO_SPAN)], NO_SPAN)], concernsProcesses);
});

it('takes nothing of a line for known of lines at other times, of a rule that searches', () => {
  const objects = [0, 1, 2, 0, 1].flatMap((second) =>
    [3, 12].map((EventID) =>
      start({
        EventID,
        TimeCreated: `2026-02-01T00:00:0${second}Z`,
        Image: 'C:\\x.exe',
        User: 'h1\\ada',
        RuleName: '-',
      }),
    ),
  );
  const three = [is('event.code', '3'), is('process.name', 'x.exe'), is('user.name', 'ada'), is('user.domain', 'h1')];
  expectSame(
    objects,
    [
      anywhere('00:00:01', ''),
      and([is('process.name', 'x.exe'), anywhere('00:00:01', '')], NO_SPAN),
      and([...three, anywhere('00:00:01.000')], NO_SPAN),
      and([...three, not(anywhere('00:00:01.000'), NO_SPAN)], NO_SPAN),
      and([...three, anywhere('00:00:01', '@')], NO_SPAN),
    ],
    () => false,
  );
});

it('takes no number for a time that decides the log source, or whether the event is needed', () => {
  const codes = ['1434567891', '1769903999', '1434567890', '1769903999.123'];
  const objects = codes.flatMap((code) => [
    { '@timestamp': '2026-02-01T00:00:00Z', event: { code } },
    { '@timestamp': '2026-02-01T00:00:00Z', event: { category: 'host' }, labels: { code } },
  ]);
  expectSame(
    objects,
    codes.flatMap((code) => [is('event.code', code), is('labels.code', code)]),
    () => false,
  );
  const lines = objects.map((object) => JSON.stringify(object));
  const all = [...lines, ...lines, ...lines, ...lines];
  const needed: IsNeeded = (event) => !event.values('labels.code').includes('1434567890');
  const over = [all, all.toReversed()].flatMap((order) =>
    found(order, [], new LineSieve([], settings, needed, 1)).over.map((at) => order[at]),
  );
  expect(over.length).toBeGreaterThan(0);
  expect(over.filter((line) => line?.includes('"labels":{"code":"1434567890"}') === false)).toEqual([]);
});

it('rules no line out by a letter of an escape', () => {
  const texts = ['nservices', 'tservices', '\\services', '"services', 'bservices'];
  const values = [...texts, '\nservices', '\tservices', '\bservices', 'services', '-', 'xservices'];
  const objects = values.map((Image) => start({ EventID: 11, Image }));
  const isThere = exists({ name: 'process.executable', type: 'keyword' }, NO_SPAN);
  expectSame(
    objects,
    texts.map((text) => and([isThere, not(contains('process.executable', text), NO_SPAN)], NO_SPAN)),
    () => false,
  );
});

it('looks for what is a part of a text, or a number that stands nowhere, in all of it', () => {
  const hashes = ['MD5=00ab,IMPHASH=12cd', 'IMPHASH=00ab,MD5=12cd', 'MD5=12cd', 'MD5=0012cd', '-'].map((Hashes) =>
    start({ Image: 'C:\\x.exe', Hashes }),
  );
  const names = ['process.hash.md5', 'related.hash'];
  expectSame(
    hashes,
    names.flatMap((name) => ['00ab', '12cd'].map((text) => is(name, text))),
    () => false,
  );
  const values = ['DWORD (0x0000000a)', 'QWORD (0x00000000-0x0000000b)', '10', 'a 10', '-'].map((Details) =>
    start({ EventID: 13, TargetObject: `HKLM\\${Details}\\x`, Details }),
  );
  // Of objects in a list nobody has told members apart.
  const listed = [[{ name: 'python' }], [{ name: 'bash' }], { name: 'python' }, [{ name: 'x' }, { name: 'bash' }]].map(
    (labels) => ({ '@timestamp': '2026-02-01T00:00:00Z', event: { category: 'host' }, labels }),
  );
  expectSame(listed, [is('labels.name', 'python'), is('labels.name', 'bash')], () => false);
  const ofNumber = ['10', '11', 'a 10'].map((text) => is('registry.data.strings', text));
  expectSame(values, [...ofNumber, contains('registry.data.strings', '1')], () => false);
});

it('takes numbers for what they are, however they are written', () => {
  const digits = ['1', '2', '3'].map((last) => `900719925474099${last}`);
  const written = ['1.50', '1.5', '-0', '0', ...digits];
  const lineOf = (number: string, list: string) =>
    `{"@timestamp":"2026-02-01T00:00:00Z","event":{"category":"host"},"labels":{"number":${number}}${list}}`;
  const lines = written.flatMap((number) => [lineOf(number, ''), lineOf('7', `,"n":[${number}]`)]);
  const all = [...lines, ...lines, ...lines, ...lines, ...lines];
  const rules = ['1.5', '0', ...digits].flatMap((number) =>
    ['labels.number', 'n'].flatMap((field) =>
      [is, contains].map((test) => ({ predicate: test(field, number), reads: () => true })),
    ),
  );
  const read = found(all, rules);
  expect(read.told.matches.length).toBeGreaterThan(all.length);
  for (const without of someSwitches(runs(6))) {
    const sieved = found(all, rules, new LineSieve(rules, settings, () => false, 1, without));
    expect(sieved.told, JSON.stringify(without)).toEqual(read.told);
    expect(sieved.passed + sieved.handed).toBeGreaterThan(0);
  }
});
