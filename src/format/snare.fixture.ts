/**
 * Records of Snare's in objects of JSON: values of all sorts, some of which look like labels or the ends of values.
 */
import fc from 'fast-check';

/** So often that others come seldom: lines alike come again. */
const usual = <T>(one: T): readonly T[] => new Array<T>(6).fill(one);
const plain = fc.constantFrom(
  'C:\\Windows\\cmd.exe',
  'C:\\temp\\new.exe',
  'ada',
  'CORP\\ada',
  '0x1f',
  '10',
  '-',
  '\\NULL SID',
);
const ODD_VALUES = [
  ...[
    'Program: x',
    'Ends with:',
    'a  b',
    ' lead',
    'trail ',
    '',
    'a Process Command Line: b',
    'Process Command Line: c',
  ],
  ...[
    'x  Token Elevation Type indicates y',
    'x  Tail',
    'x    T',
    'say "it"',
    'straße',
    'a\u00a0 b',
    'a\nb',
    'a\tb',
    '\u0001',
    'C:\\x:y',
    ': ',
    '/',
  ],
];
const odd = fc.constantFrom(...ODD_VALUES);
/** What differs from line to line. */
const values = fc
  .record({
    sid: plain,
    account: plain,
    started: plain,
    parent: plain,
    command: fc.constantFrom('cmd /c "echo  a"', 'cmd  /c Account Name:   x', 'ada'),
    pid: fc.constantFrom('0x1f', '0x20', '0X21', '32', '0x0', '-', '0x', '0xfg', '0xfffffffffffff'),
    ppid: fc.constantFrom('0x1f', '0x20', '33', '-1'),
    computer: fc.constantFrom('ws-1', 'ws-2', ' ws-2', 'N/A'),
    created: fc.constantFrom(
      ...usual('Tue Jul 28 11:28:00 2026'),
      'Sun Feb  1 23:59:59 2026',
      'Sun Feb 29 01:02:03 2026',
      'Tue Jul 28 11:28:00 2026 x',
      'soon',
    ),
    isExplained: fc.constantFrom(...usual(false), true),
    // What stands before the first value.
    says: fc.constantFrom(...usual('A new process has been created.'), 'A new process has been cr\u00e9ated.'),
  })
  .chain((all) =>
    fc.oneof(
      fc.constant(all),
      fc
        .tuple(fc.constantFrom('sid', 'account', 'started', 'parent', 'command', 'computer'), odd)
        .map(([name, value]): typeof all => ({ ...all, [name]: value })),
    ),
  );
type Values = typeof values extends fc.Arbitrary<infer V> ? V : never;

const started = (of: Values) =>
  `${of.says}    Creator Subject:   Security ID:  ${of.sid}   Account Name:  ${of.account}   Logon ID:  0x3E7    ` +
  `Target Subject:   Security ID:  \\NULL SID    Process Information:   New Process ID:  ${of.pid}   New Process Name: ${of.started}   ` +
  `Creator Process ID: ${of.ppid}   Creator Process Name: ${of.parent}   Process Command Line: ${of.command}` +
  (of.isExplained ? '    Token Elevation Type indicates the type of token.' : '');
const loggedOn = (of: Values) =>
  `An account failed to log on.    Subject:   Security ID:  ${of.sid}   Account Name:  -    Logon Type:   3    New Logon:   ` +
  `Account Name:  ${of.account}    Network Information:   Workstation Name: ${of.started}   Source Network Address: 192.0.2.7   Key Length:  ${of.parent}`;
const parts = fc.record({
  of: values,
  kind: fc.constantFrom(...usual('4688'), '4625', '7036', 'x'),
  header: fc.constantFrom(
    ...usual('<131>Jul 28 11:28:41 relay '),
    'Jul 28 11:28:41 relay ',
    'Jul  8 01:02:03 ',
    'Jul 28 11:28:41 relay x\t',
  ),
  channel: fc.constantFrom(...usual('Security'), 'System', 'Microsoft-Windows-Sysmon/Operational'),
  plain: fc.constantFrom(...usual(''), 'b', '-'),
  rest: fc.constantFrom(...usual('\t77'), '', '\t77\t', '\t1\t2'),
  isCut: fc.constantFrom(...usual(false), true),
  around: fc.constantFrom<object>(
    ...usual({ product: 'windows' }),
    { product: 'windows', host: 'r1', snare: 1 },
    { winlog: { a: 1 }, x: 'ada' },
  ),
});
type Parts = typeof parts extends fc.Arbitrary<infer P> ? P : never;

function lineOf({ of, kind, header, channel, plain, rest, isCut, around }: Parts): string {
  const text = kind === '4688' ? started(of) : loggedOn(of);
  const columns = ['1', channel, '77', of.created, kind, 'Microsoft-Windows-Security-Auditing', '-\\-', 'N/A'];
  const behind = ['Success Audit', of.computer, 'Process Creation', plain, text + rest];
  const whole = `${header}MSWinEventLog\t${[...columns, ...behind].slice(0, isCut ? 9 : undefined).join('\t')}`;
  return JSON.stringify({ message: whole, ...around });
}

export const snareLine = parts.map(lineOf);

const USUAL: Parts = {
  of: {
    ...{
      sid: '-',
      account: 'ada',
      started: 'C:\\Windows\\cmd.exe',
      parent: 'C:\\temp\\new.exe',
      command: 'ada',
      pid: '0x1f',
      ppid: '0x20',
    },
    ...{
      computer: 'ws-1',
      created: 'Tue Jul 28 11:28:00 2026',
      isExplained: false,
      says: 'A new process has been created.',
    },
  },
  ...{
    kind: '4688',
    header: '<131>Jul 28 11:28:41 relay ',
    channel: 'Security',
    plain: 'b',
    rest: '\t77',
    isCut: false,
  },
  around: { product: 'windows' },
};

/** Lines as all are, and of each odd value the same lines but for it, wherever it may stand. */
export const ODD_LINES: readonly { readonly usual: string; readonly odd: readonly string[] }[] = [
  '4688',
  '4625',
].flatMap((kind) => {
  const names = ['sid', 'account', 'started', 'parent', 'command', 'computer', 'says'] as const;
  const withValue = (value: string) =>
    names.map((name) => lineOf({ ...USUAL, kind, of: { ...USUAL.of, [name]: value } }));
  const usual = lineOf({ ...USUAL, kind });
  const long = ['x'.repeat(14), 'x'.repeat(15)];
  return ODD_VALUES.map((value) => ({
    usual,
    odd: [value, ...long.flatMap((before) => [before + value, before + value + before])].flatMap(withValue),
  }));
});
