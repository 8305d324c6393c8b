import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryPredicate } from '../../test/arbitrary.ts';
import { runs } from '../../test/effort.ts';
import { NO_SPAN } from '../diagnostic/span.ts';
import { concernsProcesses } from '../format/known-process.ts';
import { and, matchAny, matchAnywhere, not, wildcardPattern } from '../plan/predicate/node.ts';
import { LineSieve } from './line-sieve.ts';
import { contains, equals, is } from './predicates.fixture.ts';
import { found, known, settings, switches } from './sieved-lines.fixture.ts';

const SYSMON = { Channel: 'Microsoft-Windows-Sysmon/Operational', SourceName: 'Microsoft-Windows-Sysmon' };
const HOSTS = ['h1', 'h2'];
const PIDS = [4, 10];

/** Of any of the few pids. */
const CHILDREN = HOSTS.flatMap((Hostname) =>
  PIDS.map((ParentProcessId) =>
    JSON.stringify({
      ...{ ...SYSMON, EventID: 1, TimeCreated: '2026-02-01T00:00:09Z', Image: 'C:\\x.exe', ProcessId: 99 },
      ...{ ParentProcessId, Hostname },
    }),
  ),
);

const texts = fc.oneof(
  fc.constantFrom(
    'python',
    'Python3',
    'bash',
    'a.b',
    '10',
    'straße',
    '\u212aelvin',
    '-',
    '',
    'C:\\python',
    'say "python"\n',
  ),
  fc.constantFrom('2026-01-31T23:59:59.5Z', '2026-02-01 00:00:00', '2026-02-31T00:00:00Z', '9007199254740993'),
);
const scalar = fc.oneof(texts, fc.constantFrom(0, 10, -3, 2.5, true, false, null));
const anything = fc.oneof(scalar, fc.array(scalar, { maxLength: 2 }));

/** Documents in ECS, nested and flat, of few shapes. */
const document = fc.record(
  {
    '@timestamp': fc.constantFrom('2026-01-31T23:59:59.5Z', '2026-02-01T00:00:00Z', 'never'),
    event: fc.record({ category: fc.constantFrom('process', 'file', 'bash') }),
    process: fc.record({ name: anything, args: anything, pid: scalar }, { requiredKeys: ['name'] }),
    'process.name': texts,
    'labels.flag': scalar,
    vendor: fc.record({ thing: anything }),
  },
  { requiredKeys: ['@timestamp', 'process'] },
);
/** Records of Windows in flat JSON. */
const record = fc.record(
  {
    EventID: fc.constantFrom(1, 3, 11, 12, 13, '7', 4688, 4624),
    Channel: fc.constantFrom('Microsoft-Windows-Sysmon/Operational', 'Security', 'System'),
    SourceName: fc.constantFrom('Microsoft-Windows-Sysmon', 'Microsoft-Windows-Security-Auditing'),
    TimeCreated: fc.constantFrom('2026-01-31T23:59:59.5Z', '2026-02-01T00:00:00Z', 'never'),
    UtcTime: fc.constantFrom('2026-01-31 23:59:59.500', '-'),
    Image: texts,
    TargetObject: texts,
    Details: texts,
    Hashes: fc.constantFrom('MD5=00ab,IMPHASH=12cd', 'IMPHASH=0', '-'),
    Hostname: fc.constantFrom('h1', 'h2'),
  },
  { requiredKeys: ['EventID', 'Channel', 'SourceName', 'TimeCreated', 'Image'] },
);

const data = fc.record(
  { Image: texts, TargetObject: texts, Details: texts, Hashes: fc.constantFrom('IMPHASH=12cd', '-'), Other: anything },
  { requiredKeys: ['Image'] },
);
const code = fc.constantFrom(1, 3, 11, 12, '7', 4688);
const when = fc.constantFrom('2026-01-31T23:59:59.5Z', '2026-02-01T00:00:00Z');
/** The same as nested JSON. */
const nested = fc.record({
  Event: fc.record({
    System: fc.record({
      Provider: fc.record({ '#attributes': fc.record({ Name: fc.constant('Microsoft-Windows-Sysmon') }) }),
      EventID: code,
      TimeCreated: fc.record({ '#attributes': fc.record({ SystemTime: when }) }),
      Channel: fc.constantFrom('Microsoft-Windows-Sysmon/Operational', 'Security'),
      Computer: fc.constantFrom('h1', 'h2'),
    }),
    EventData: data,
  }),
});
/** The same in the documents of winlogbeat, with what a document may hold beside it. */
const shipped = fc.record(
  {
    '@timestamp': when,
    event: fc.record({ kind: fc.constant('event'), code }),
    winlog: fc.record({
      event_id: code,
      channel: fc.constantFrom('Microsoft-Windows-Sysmon/Operational', 'Security'),
      provider_name: fc.constant('Microsoft-Windows-Sysmon'),
      computer_name: fc.constantFrom('h1', 'h2'),
      event_data: data,
    }),
    host: fc.record({ name: fc.constantFrom('h1', 'h2') }),
    'process.name': texts,
    message: texts,
  },
  { requiredKeys: ['@timestamp', 'winlog'] },
);

const clause = fc.constantFrom(
  is('process.executable', 'c:\\python'),
  is('process.name', 'PYTHON'),
  is('event.code', '12'),
  contains('registry.path', 'ython'),
  contains('registry.data.strings', '10'),
  is('process.pe.imphash', '12cd'),
  is('winlog.event_data.Details', ''),
  contains('winlog.event_data.Image', 'kelvin'),
  is('@timestamp', '2026-02-01T00:00:00.000Z'),
  is('host.name', 'h2'),
  matchAnywhere(
    { kind: 'wildcard', anyOf: [wildcardPattern(['*', { text: 'python' }, '*'])], fold: 'unicode' },
    NO_SPAN,
  ),
);
const predicate = fc.oneof(
  arbitraryPredicate,
  clause,
  fc.array(fc.oneof(clause, arbitraryPredicate), { minLength: 2, maxLength: 3 }).map((parts) => and(parts, NO_SPAN)),
);

const pid = fc.constantFrom(...PIDS, '11', '-', '0xa', ' 10', '1e1');
const image = fc.constantFrom(
  'C:\\cmd.exe',
  'C:\\python.exe',
  '-',
  'C:\\straße.exe',
  'sekurlsa::x',
  'C:\\"say" python',
);
/** Starts and ends of processes, of few pids; names twice, odd escapes and letters among them. */
const processLine = fc
  .record(
    {
      EventID: fc.constantFrom(1, 1, 1, 5),
      Channel: fc.constant(SYSMON.Channel),
      SourceName: fc.constant(SYSMON.SourceName),
      TimeCreated: when,
      Image: image,
      CommandLine: image,
      ProcessId: pid,
      ProcessGuid: fc.constantFrom(
        '{11111111-0000-0000-0000-000000000001}',
        '{11111111-0000-0000-0000-000000000002}',
        // As some write the first one.
        '11111111-0000-0000-0000-000000000001',
        '11111111-0000-0000-0000-00000000000x',
        '11111111-0000-0000-000-00000000000001',
        '00000000-0000-0000-0000-000000000000',
        'x\\y',
        '-',
      ),
      ParentProcessId: pid,
      ParentProcessGuid: fc.constantFrom(
        '{11111111-0000-0000-0000-000000000001}',
        // Another that ends alike.
        '11111111-0000-0000-0000-000000010001',
        '11111111-0000-0000-000-00000000000001',
        '00000000-0000-0000-0000-000000000000',
        'x\\y',
        '-',
      ),
      ParentImage: image,
      ParentCommandLine: image,
      Hostname: fc.constantFrom(...HOSTS),
    },
    { requiredKeys: ['EventID', 'Channel', 'SourceName', 'TimeCreated', 'Image', 'ProcessId', 'Hostname'] },
  )
  .chain((one) => {
    const text = JSON.stringify(one);
    const odd = text.replace('python', '\\u0070ython').replaceAll('cmd.exe', 'cmd\\u002eexe');
    return fc.constantFrom(text, text, text, odd, text.replace('{', '{"Image":"C:\\\\python.exe",'), `${text} `);
  });
const ofProcess = fc.constantFrom(
  contains('process.parent.executable', 'python'),
  contains('process.parent.command_line', 'cmd'),
  contains('process.parent.args', 'say'),
  is('process.parent.name', 'python.exe'),
  is('process.name', 'cmd.exe'),
  contains('process.command_line', 'python'),
  is('process.parent.args_count', '1'),
  equals('process.parent.pid', 10),
  equals('process.pid', 4, 11),
  contains('process.parent.entity_id', '0001'),
  matchAnywhere(
    { kind: 'wildcard', anyOf: [wildcardPattern(['*', { text: 'sekurlsa::' }, '*'])], fold: 'unicode' },
    NO_SPAN,
  ),
  matchAnywhere(
    { kind: 'wildcard', anyOf: [wildcardPattern(['*', { text: 'say python' }, '*'])], fold: 'unicode' },
    NO_SPAN,
  ),
  // Of fields that are named, also those that events before told.
  matchAnywhere(
    { kind: 'wildcard', anyOf: [wildcardPattern(['*', { text: 'python' }, '*'])], fold: 'unicode' },
    NO_SPAN,
    wildcardPattern([{ text: 'process.parent.' }, '*']),
  ),
);
const maybeNot = fc.tuple(ofProcess, fc.boolean()).map(([one, isNot]) => (isNot ? not(one, NO_SPAN) : one));
const ofProcesses = fc.oneof(
  ofProcess,
  fc.array(maybeNot, { minLength: 2, maxLength: 3 }).map((parts) => and(parts, NO_SPAN)),
);

describe('sieve of lines', () => {
  it('changes nothing of what is found, counted and rejected, on random rules and lines', () => {
    let passed = 0;
    fc.assert(
      fc.property(
        fc.array(predicate, { maxLength: 5 }),
        fc.array(fc.oneof(document, record, nested, shipped), { minLength: 1, maxLength: 8 }),
        switches,
        (predicates, objects, without) => {
          const rules = predicates.map((one) => ({ predicate: one, reads: () => true }));
          const lines = objects.map((object, at) => {
            const text = JSON.stringify(object);
            return at % 3 === 2 ? text.replaceAll('python', 'pytho\\u006e') : text;
          });
          // Each comes again, so that there is something to learn from.
          const all = [...lines, ...lines, ...lines, ...lines.toReversed()];
          const sieved = found(
            all,
            rules,
            new LineSieve(rules, settings, () => false, 1, passed > runs(60) ? without : {}),
          );
          passed += sieved.passed;
          expect(sieved.told).toEqual(found(all, rules).told);
        },
      ),
      { numRuns: runs(60) },
    );
    expect(passed).toBeGreaterThan(runs(60));
  });

  it('changes nothing of what is found of processes, which lines before tell more of', () => {
    let handed = 0;
    let noted = 0;
    // Before that nothing is left out.
    const isEnough = () => noted > runs(50) / 4 && handed > runs(50);
    fc.assert(
      fc.property(
        fc.array(ofProcesses, { maxLength: 5 }),
        fc.array(processLine, { minLength: 1, maxLength: 10 }),
        switches,
        (predicates, lines, without) => {
          const rules = predicates.map((one) => ({ predicate: one, reads: () => true }));
          const all = [...lines, ...lines, ...lines.toReversed(), ...lines];
          const sieved = found(
            all,
            rules,
            new LineSieve(rules, settings, concernsProcesses, 1, isEnough() ? without : {}),
          );
          handed += sieved.handed;
          noted += sieved.noted;
          const read = found(all, rules);
          expect(sieved.told).toEqual(read.told);
          expect(known(sieved.processes, lines, CHILDREN)).toEqual(known(read.processes, lines, CHILDREN));
        },
      ),
      { numRuns: runs(50) },
    );
    expect(isEnough()).toBe(true);
  });

  it('takes nothing of a line for known of lines at other times, of a rule that asks for the time', () => {
    const line = (second: number) =>
      JSON.stringify({ ...SYSMON, EventID: 3, TimeCreated: `2026-02-01T00:00:0${second}Z`, Image: 'C:\\x.exe' });
    const lines = [1, 2, 1, 2, 3, 1, 2, 1].map(line);
    const asked = matchAny(
      { name: '@timestamp', type: 'keyword' },
      { kind: 'equals', anyOf: ['2026-02-01T00:00:01.000Z'], fold: 'unicode' },
      NO_SPAN,
    );
    const rules = [{ predicate: asked, reads: () => true }];
    const { told } = found(lines, rules, new LineSieve(rules, settings, () => false, 1));
    expect(told).toEqual(found(lines, rules).told);
    expect(told.matches).toHaveLength(4);
  });

  it('finds the same where many rules may hold, or so many that they are left to the matcher', () => {
    const text = (text: string) =>
      matchAny(
        { name: 'process.name', type: 'keyword' },
        { kind: 'wildcard', anyOf: [wildcardPattern(['*', { text }, '*'])], fold: 'unicode' },
        NO_SPAN,
      );
    // Rules of whose needs the bits stand in words of their own.
    const names = ['host-none', 'host text70.', 'host text7.', 'host text99.', 'host64', 'host text3.'];
    const lines = Array.from({ length: 14 }, (_, at) =>
      JSON.stringify({ '@timestamp': '2026-02-01T00:00:00Z', process: { name: names[at % names.length] } }),
    );
    let matched = 0;
    for (const count of [100, 1_200]) {
      const rules = Array.from({ length: count }, (_, rule) => ({
        predicate: and([text('host'), text(`text${rule}.`)], NO_SPAN),
        reads: () => true,
      }));
      const both = rules.concat(rules.map(({ reads }) => ({ predicate: text('host'), reads })));
      for (const some of [rules, both]) {
        const sieved = found(lines, some, new LineSieve(some, settings, () => false, 1));
        expect(sieved.told).toEqual(found(lines, some).told);
        matched += sieved.told.matches.length;
      }
    }
    expect(matched).toBeGreaterThan(100);
  });

  it('passes over no line that is needed whatever the rules say', () => {
    const line = JSON.stringify({ '@timestamp': '2026-02-01T00:00:00Z', event: { category: 'process' } });
    const lines = [line, line, line, line];
    const needed = new LineSieve([], settings, (event) => event.values('event.category').includes('process'), 1);
    expect(found(lines, [], needed).passed).toBe(0);
    expect(found(lines, [], new LineSieve([], settings, () => false, 1)).passed).toBe(2);
  });

  it('knows lines of an object of no format by little of them, where the host is said for it', () => {
    const line = (_: unknown, at: number) => JSON.stringify({ User: `user-${at}`, BytesOut: at, product: 'windows' });
    const lines = Array.from({ length: 9 }, line);
    expect(found(lines, [], new LineSieve([], settings, () => false, 1)).passed).toBe(7);
  });

  it('rejects what is no JSON, and what has no time, of a log source that it passes over', () => {
    const line = (time: string) => `{"@timestamp":"${time}","event":{"category":"process"}}`;
    const good = line('2026-02-01T00:00:00Z');
    const lines = [good, good, good, `${good.slice(0, -1)},}`, line('2026-02-30T00:00:00Z'), line('soon'), good];
    const { told, passed } = found(lines, [], new LineSieve([], settings, () => false, 1));
    expect(told).toEqual({ matches: [], events: [], rejected: 3, unrouted: 4, formats: [['elastic-defend', 4]] });
    expect(passed).toBe(2);
  });
});
