/**
 * What the table of processes is told of lines that nobody reads is what it is told of their events, however ids are written.
 */
import { expect, it } from 'vitest';
import { isJsonObject, type Json, type JsonObject } from '../event/json.ts';
import { concernsProcesses } from '../format/known-process.ts';
import { LineSieve } from './line-sieve.ts';
import { found, known, settings } from './sieved-lines.fixture.ts';
import { CROWDSTRIKE, LAUREL, RECORDS } from './vendor-records.fixture.ts';

/** Members that name a process and its parent, by number and by id; in records of some format there are such. */
const NUMBERS = [
  ...[['tgt.process.pid'], ['src.process.pid'], ['RawProcessId'], ['pid'], ['ppid']],
  ...[
    ['SYSCALL', 'pid'],
    ['SYSCALL', 'ppid'],
    ['process', 'pid'],
    ['actor', 'process', 'pid'],
  ],
  ...[
    ['process', 'parent', 'pid'],
    ['properties', 'ProcessId'],
    ['properties', 'InitiatingProcessId'],
  ],
  ...[
    ['winlog', 'event_data', 'ProcessId'],
    ['winlog', 'event_data', 'ParentProcessId'],
  ],
  ...[
    ['Event', 'EventData', 'ProcessId'],
    ['Event', 'EventData', 'ParentProcessId'],
  ],
];
const IDS = [
  ...[['tgt.process.uid'], ['src.process.uid'], ['TargetProcessId'], ['ParentProcessId']],
  ...[['process_unique_id'], ['parent_unique_id'], ['unique_pid'], ['unique_ppid']],
  ...[
    ['process', 'uid'],
    ['actor', 'process', 'uid'],
    ['process', 'entity_id'],
    ['process', 'parent', 'entity_id'],
  ],
  ...[
    ['winlog', 'event_data', 'ProcessGuid'],
    ['winlog', 'event_data', 'ParentProcessGuid'],
  ],
  ...[
    ['Event', 'EventData', 'ProcessGuid'],
    ['Event', 'EventData', 'ParentProcessGuid'],
  ],
];
const WRITTEN_NUMBERS: readonly Json[] = [
  26,
  '26',
  '0x1a',
  '0x1A',
  ' 26',
  '26.0',
  '2.6e1',
  '+26',
  '026',
  // More than a number holds exactly, which is nobody's.
  `0x${'f'.repeat(14)}`,
  '9'.repeat(17),
  '',
  '-',
  'x',
  0,
];
const GUID = '11111111-0000-0000-0000-000000000001';
const WRITTEN_IDS: readonly Json[] = [
  ...[GUID, `{${GUID}}`, GUID.replaceAll('1', 'a'), GUID.replaceAll('1', 'A'), '1111-111-0000-0000-0000-000000000001'],
  '{1111-111-0000-0000-0000-000000000001}',
  ...['11111111000000000000000000000000000a', '00000000-0000-0000-0000-000000000000', '0', '00', '-', '', 'x\\y'],
  ...['x"y', 'a b', ' a', 'straße', '77', 77, 0, '7.70', '\u0001', 'p/11'],
];

function valueAt(json: Json | undefined, [name, ...rest]: readonly string[]): Json | undefined {
  if (name === undefined) return json;
  return isJsonObject(json) && Object.hasOwn(json, name) ? valueAt(json[name], rest) : undefined;
}

/** Of what the record has; without the member where `to` is undefined. */
function withValue(json: JsonObject, path: readonly string[] | undefined, to: Json | undefined): JsonObject {
  const [name = '', ...rest] = path ?? [];
  const own = json[name];
  if (own === undefined) return json;
  const value = rest.length === 0 ? to : withValue(isJsonObject(own) ? own : {}, rest, to);
  const { [name]: _own, ...others } = json;
  return value === undefined ? others : { ...json, [name]: value };
}

/** Starts of processes that are told apart by what is written so, and of their children, which are told apart by the other. */
function linesOf(record: JsonObject): readonly string[] {
  const there = (paths: readonly (readonly string[])[]) => paths.filter((path) => valueAt(record, path) !== undefined);
  const [[pid, ppid], [id, parentId]] = [there(NUMBERS), there(IDS)];
  const isText = pid !== undefined && typeof valueAt(record, pid) === 'string';
  const numbered = (json: JsonObject, number: number) => withValue(json, pid, isText ? `${number}` : number);
  const lines: JsonObject[] = [];
  for (const [at, value] of (pid === undefined ? [] : WRITTEN_NUMBERS).entries()) {
    lines.push(withValue(withValue(record, pid, value), id, `own-${at}`));
    lines.push(withValue(withValue(withValue(record, ppid, value), parentId, undefined), id, `child-${at}`));
  }
  for (const [at, value] of (id === undefined ? [] : WRITTEN_IDS).entries()) {
    lines.push(numbered(withValue(record, id, value), 100 + at));
    const child = withValue(withValue(record, parentId, value), id, `child-of-${at}`);
    lines.push(numbered(withValue(child, ppid, isText ? '100' : 100), 200 + at));
  }
  return lines.map((line) => JSON.stringify(line));
}

/** Processes with the pid of the one before, which are told by who logged in, or by the session alone. */
const SESSIONS = [
  ...[1000, 1000, 1000, 0, 1000].map((auid) => ({ pid: 11, ses: 7, auid })),
  ...[7, 7, 7, 8, 7].map((ses) => ({ pid: 12, ses, auid: 1000 })),
].map((told, at) =>
  JSON.stringify({ ...LAUREL, ID: `1769903999.123:${50 + at}`, SYSCALL: { ...LAUREL.SYSCALL, ...told } }),
);
/** The same process again, which says that it began later, and what it starts. */
const BEGUN = ['1769903999.5', '1769904000.5', '1769904001.5'].flatMap((ProcessStartTime) => [
  JSON.stringify({ ...CROWDSTRIKE, ProcessStartTime }),
  JSON.stringify({ ...CROWDSTRIKE, ProcessStartTime, TargetProcessId: '78', ParentProcessId: '77' }),
]);

it('tells of processes what their events tell, by whatever number or id', () => {
  let noted = 0;
  for (const [number, lines] of [...RECORDS.map(linesOf), SESSIONS, BEGUN].entries()) {
    const log = [...lines, ...lines, ...lines.toReversed(), ...lines];
    const [sieved, read] = [found(log, [], new LineSieve([], settings, concernsProcesses, 1)), found(log, [])];
    noted += sieved.noted;
    expect(sieved.told, `record ${number}`).toEqual(read.told);
    const [told, wanted] = [known(sieved.processes, lines, lines), known(read.processes, lines, lines)];
    expect(told, `record ${number}`).toEqual(wanted);
  }
  expect(noted).toBeGreaterThan(600);
});
