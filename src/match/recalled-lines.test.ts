import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runs } from '../../test/effort.ts';
import { NO_SPAN } from '../diagnostic/span.ts';
import { concernsProcesses } from '../format/known-process.ts';
import { LineScanner, type LineShape } from '../format/line-shape.ts';
import { TextParts } from '../format/text-parts.ts';
import { and, matchAnywhere, not, type Predicate, wildcardPattern } from '../plan/predicate/node.ts';
import { LineSieve } from './line-sieve.ts';
import { contains, is } from './predicates.fixture.ts';
import { type PassedSo, RecalledLines } from './recalled-lines.ts';
import type { SievePlan } from './sieve-plan.ts';
import { found, known, settings } from './sieved-lines.fixture.ts';

const values = fc.record({
  host: fc.constantFrom('ws-1', 'ws-2', 'srv-33'),
  pid: fc.constantFrom('0x11', '0x2a', '0x53e9', '0x12', '0x13', '0x2b'),
  ppid: fc.constantFrom('0x10', '0x2a'),
  // As long as each other: what stood there in the line before does not end elsewhere.
  image: fc.constantFrom('C:\\cmd.exe', 'C:\\tool.ex', 'C:\\new.exe'),
  command: fc.constantFrom('tool /q', 'cmd /c "new"', 'x', 'tool loud', 'tool quiet'),
  second: fc.constantFrom('11', '12'),
  computer: fc.constantFrom(undefined, undefined, '-'),
  label: fc.constantFrom('New', 'New', 'New', 'Old'),
  user: fc.constantFrom('1000', '1001'),
});
type Values = typeof values extends fc.Arbitrary<infer V> ? V : never;

const snare = ({ host, pid, ppid, image, command, second, computer, label }: Values) => {
  const columns = [
    '1',
    'Security',
    '77',
    `Tue Jul 28 11:28:${second} 2026`,
    '4688',
    'Microsoft-Windows-Security-Auditing',
  ];
  const text =
    `A new process has been created.    Creator Subject:   Security ID:  NT AUTHORITY\\SYSTEM    Process Information:   ` +
    `${label} Process ID:  ${pid}   New Process Name: ${image}   Creator Process ID: ${ppid}   Process Command Line: ${command}`;
  const behind = ['-\\-', 'N/A', 'Success Audit', computer ?? host, 'Process Creation', '', `${text}\t${second}`];
  const message = `<131>Jul 28 11:28:${second} ${host} MSWinEventLog\t${[...columns, ...behind].join('\t')}`;
  return JSON.stringify({ message, product: 'windows' });
};
const sysmon =
  (EventID: number) =>
  ({ host, pid, ppid, image, command, second }: Values) =>
    JSON.stringify({
      Channel: 'Microsoft-Windows-Sysmon/Operational',
      SourceName: 'Microsoft-Windows-Sysmon',
      EventID,
      TimeCreated: `2026-02-01T00:00:${second}Z`,
      Hostname: host,
      ProcessId: Number(pid),
      ParentProcessId: Number(ppid),
      Image: image,
      CommandLine: command,
    });
const laurel = ({ host, pid, ppid, image, command, second, user }: Values) =>
  JSON.stringify({
    ID: `1769903999.1${second}:42`,
    NODE: host,
    SYSCALL: {
      ...{ syscall: 'execve', success: 'yes', pid: Number(pid), ppid: Number(ppid), auid: user, ses: user, exe: image },
    },
    EXECVE: { ARGV: [command] },
  });
/** Of which two members tell the host. */
const harfanglab = ({ host, pid, ppid, image, command, second, user }: Values) =>
  JSON.stringify({
    '@event_create_date': `2026-02-03T04:05:${second}.123Z`,
    log_type: 'process',
    agent: { agentid: user, hostname: host, ostype: 'windows' },
    ...{ commandline: command, image_name: image, pid: Number(pid), ppid: Number(ppid), process_unique_id: `p-${pid}` },
  });
/** Words of its texts are looked for where they stand. */
const document = ({ host, image, command, second, user }: Values) =>
  JSON.stringify({
    '@timestamp': `2026-02-01T00:00:${second}Z`,
    ...{ event: { category: 'file' }, host: { name: host }, process: { executable: image, command_line: command } },
    user: { id: user },
  });
const ofSysmon = { start: sysmon(1), end: sysmon(5), file: sysmon(11) } as const;
/** Ends of processes that others had started. */
const life = (of: Values) => ofSysmon[of.user === '1000' ? 'start' : 'end'](of);
const lineOf = { snare, laurel, harfanglab, document, life, ...ofSysmon };

const edit = fc.record({
  values,
  // Mostly where headers are, and what tells the log source.
  at: fc.oneof(fc.nat(1_000), fc.nat(150)),
  to: fc.constantFrom('', '0', '9', 'a', 'Z', ' ', '\\', '"', ':', '\t', '\\t', '\\u0041', 'é', '/', '}', '  T', 'xx'),
  takes: fc.nat(1),
});

/** The line with a few characters of it others. */
function edited(line: string, { at, to, takes }: { at: number; to: string; takes: number }): string {
  const place = at % line.length;
  return line.slice(0, place) + to + line.slice(place + takes);
}

const anywhere = (text: string): Predicate =>
  matchAnywhere({ kind: 'wildcard', anyOf: [wildcardPattern(['*', { text }, '*'])], fold: 'unicode' }, NO_SPAN);
const RULES: readonly (readonly Predicate[])[] = [
  [],
  [contains('process.executable', 'new.exe')],
  [
    contains('process.executable', 'tool'),
    and([contains('process.executable', 'cmd'), is('host.name', 'ws-2')], NO_SPAN),
  ],
  [and([contains('process.executable', 'new'), not(is('process.name', 'x'), NO_SPAN)], NO_SPAN)],
  [contains('process.parent.executable', 'tool')],
  [contains('process.command_line', 'loud'), contains('message', 'loud')],
  [and([contains('process.executable', 'new'), anywhere('loud')], NO_SPAN), anywhere('quiet')],
];

it('changes nothing where lines are as ones before but for a character somewhere', () => {
  let passed = 0;
  fc.assert(
    fc.property(
      fc.constantFrom('snare', 'snare', 'laurel', 'harfanglab', 'document', 'life', 'start', 'file'),
      fc.array(values, { minLength: 3, maxLength: 6 }),
      fc.array(edit, { minLength: 1, maxLength: 12 }),
      fc.constantFrom(...RULES),
      fc.boolean(),
      fc.constantFrom({}, {}, { isHasty: true }),
      (kind, like, edits, predicates, isTold, switches) => {
        const rules = predicates.map((predicate) => ({ predicate, reads: () => true }));
        const usual = like.map(lineOf[kind]);
        const others = edits.flatMap((one) => [edited(lineOf[kind](one.values), one), lineOf[kind](one.values)]);
        const all = [...usual, ...usual, ...usual, ...usual, ...others, ...usual, ...others];
        const sieve = new LineSieve(rules, settings, isTold ? concernsProcesses : () => false, 1, switches);
        const [sieved, read] = [found(all, rules, sieve, isTold), found(all, rules, undefined, isTold)];
        passed += sieved.passed;
        expect(sieved.told).toEqual(read.told);
        const asked = [...usual, ...edits.map((one) => lineOf[kind](one.values))];
        if (isTold) expect(known(sieved.processes, asked, [])).toEqual(known(read.processes, asked, []));
      },
    ),
    { numRuns: runs(140) },
  );
  expect(passed).toBeGreaterThan(0);
});

it('knows a value as passed over of its plan alone, and by no number that another had before', () => {
  const scanner = new LineScanner<unknown>();
  const texts = new TextParts<unknown>();
  const recalled = new RecalledLines<unknown, string>(scanner, texts);
  const scanned = (name: string, kind = 'a') =>
    scanner.scan(Buffer.from(JSON.stringify({ name, kind }))) as LineShape<unknown>;
  const waysOf = (kind: string): PassedSo<string> => {
    const bytes = Buffer.from(JSON.stringify(kind));
    const plan: SievePlan = { tell: () => 'none', passedBy: () => 0, sieved: () => expect.unreachable() };
    return { of: kind, plan, notes: undefined, rangesOf: () => [{ member: 1, least: bytes, most: bytes }] };
  };
  const [one, other] = [waysOf('a'), waysOf('b')];
  const found = (name: string, kind = 'a') => recalled.find(scanned(name, kind))?.of;
  recalled.learn(scanned('first'), one);
  recalled.learn(scanned('last', 'b'), other);
  expect([found('first'), found('last', 'b')]).toEqual(['a', 'b']);
  expect([found('last'), found('first', 'b')]).toEqual([undefined, undefined]);
  const numberOf = (name: string) => {
    scanned(name);
    return scanner.addValueOf(0);
  };
  const number = numberOf('first');
  const { generation } = scanner.values;
  for (let at = 0; scanner.values.generation === generation; at += 1) numberOf(`${at}`.padStart(500));
  let at = 0;
  while (numberOf(`${at}`) !== number) at += 1;
  expect(found(`${at}`)).toBeUndefined();
  // Also where something of the plan is known again.
  recalled.learn(scanned('next'), one);
  expect([found('next'), found(`${at}`)]).toEqual(['a', undefined]);
});

it('learns nothing of a line where it takes more than the scan to tell where what counts stands', () => {
  const scanner = new LineScanner<unknown>();
  /** Of the two members, the scan tells of the first one alone. */
  const texts = { toldOf: () => ({ member: -1, tag: 0, way: 0, count: 2, told: 1, ranges: [] }) };
  const scanned = () => scanner.scan(Buffer.from('{"name":"a","kind":"b"}')) as LineShape<unknown>;
  type Asked = Partial<Record<'host' | 'teller' | 'of', number>>;
  const other = { member: 0, least: Buffer.from('"x"'), most: Buffer.from('"x"') };
  const isKnown = (
    decided: number,
    passedBy: number,
    noted?: Asked,
    held?: 'host' | 'teller' | 'text',
    isTold = true,
  ) => {
    const recalled = new RecalledLines<unknown, string>(scanner, {
      toldOf: () => ({ ...texts.toldOf(), ranges: held === 'text' ? [other] : [] }),
      isTold: () => isTold,
    });
    const plan: SievePlan = { tell: () => 'none', passedBy: () => passedBy, sieved: () => expect.unreachable() };
    const same = (what: 'host' | 'teller') => {
      return { ranges: held === what ? [other] : [], member: noted?.[what] ?? -1, value: undefined };
    };
    const alike = { host: same('host'), teller: same('teller'), members: [noted?.of ?? 0] };
    const notes = noted && { alike: () => (noted.of === -1 ? undefined : alike), ofAlike: () => expect.unreachable() };
    const own = Buffer.from(decided === 0 ? '"a"' : '"b"');
    const shape = scanned();
    recalled.learn(shape, { of: '', plan, notes, rangesOf: () => [{ member: decided, least: own, most: own }] });
    return recalled.find(scanned()) !== undefined;
  };
  expect([isKnown(0, 0), isKnown(0, -1), isKnown(0, 0, { host: 0, teller: 0 })]).toEqual([true, true, true]);
  expect([isKnown(1, 0), isKnown(1, -1), isKnown(0, 1)]).toEqual([false, false, false]);
  const ofNotes = [{ host: 1 }, { teller: 1 }, { of: 1 }, { of: -1 }].map((noted) => isKnown(0, 0, noted));
  expect(ofNotes).toEqual([false, false, false, false]);
  // Learned, and of another line than this one.
  expect([isKnown(0, 0, {}, 'host'), isKnown(0, 0, {}, 'teller')]).toEqual([false, false]);
  expect([isKnown(0, 0, undefined, undefined, false), isKnown(0, 0, undefined, 'text')]).toEqual([false, false]);
});

it('knows of each shape its own ways, and none when what is held was forgotten, a shape seldom came or the plan is another', () => {
  const scanner = new LineScanner<unknown>();
  const recalled = new RecalledLines<unknown, string>(scanner, new TextParts<unknown>());
  const scanned = (kind: string, other: string) =>
    scanner.scan(Buffer.from(`{"name":"a","${other}":"${kind}"}`)) as LineShape<unknown>;
  const planOf = (): SievePlan => {
    return { tell: () => 'none', passedBy: () => 0, sieved: () => expect.unreachable() };
  };
  const wayOf = (kind: string, other: string, plan: SievePlan): PassedSo<string> => {
    const bytes = Buffer.from(`"${kind}"`);
    const rangesOf = () => [{ member: 1, least: bytes, most: bytes }];
    return { of: `${other} ${kind}`, plan, notes: undefined, rangesOf };
  };
  const plan = planOf();
  const find = (kind: string, other = 'one') => recalled.find(scanned(kind, other));
  const learn = (kind: string, other = 'one', by = plan) => {
    find(kind, other);
    recalled.learn(scanned(kind, other), wayOf(kind, other, by));
  };
  learn('a', 'one');
  learn('a', 'two');
  for (const other of ['one', 'two', 'one']) expect(find('a', other)?.of).toBe(`${other} a`);
  // Of the line before only a value was not known.
  recalled.find(scanner.scan(Buffer.from('{"name":"b","one":"a"}')) as LineShape<unknown>);
  learn('b');
  expect(find('b')?.of).toBe('one b');
  const replaced = planOf();
  recalled.find(scanner.scan(Buffer.from('{"name":"c","one":"a"}')) as LineShape<unknown>);
  recalled.learn(scanned('a', 'one'), wayOf('a', 'one', replaced));
  expect(find('a')?.plan).toBe(replaced);
  for (let miss = 0; miss < 512; miss += 1) find('none');
  expect(find('a')).toBeUndefined();
  const { ranges } = scanner;
  // Where what is forgotten stood, something that any line is within comes to stand, by whatever number.
  const anything = {
    member: 0,
    least: new Uint8Array(1_000),
    most: new Uint8Array(1_000).fill(0xff),
    isBeginning: true,
  };
  for (const number of [1, 2, 3]) {
    for (const { book } = ranges; ranges.book === book; ) ranges.add([anything]);
    learn('a');
    for (const { book } = ranges; ranges.book === book; ) ranges.add([anything], number);
    expect([find('a'), find('none')]).toEqual([undefined, undefined]);
    learn('b');
    expect([find('b')?.of, find('a'), find('none')]).toEqual(['one b', undefined, undefined]);
  }
  for (let [at, { book }] = [0, ranges]; ranges.book === book; at += 1) {
    learn(`${at}`);
    expect(find(`${at}`)?.of).toBe(`one ${at}`);
  }
});
