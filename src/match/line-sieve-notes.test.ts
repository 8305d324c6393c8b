/**
 * What the table of processes is told of lines that nobody reads is what it is told of their events, however ids are written.
 */
import { expect, it } from 'vitest';
import { isJsonObject, type Json, type JsonObject } from '../event/json.ts';
import { concernsProcesses } from '../format/known-process.ts';
import { LineSieve } from './line-sieve.ts';
import { found, known, settings } from './sieved-lines.fixture.ts';
import { RECORDS } from './vendor-records.fixture.ts';

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
  '',
  '-',
  'x',
  0,
];
const GUID = '11111111-0000-0000-0000-000000000001';
const WRITTEN_IDS: readonly Json[] = [
  ...[GUID, `{${GUID}}`, GUID.replaceAll('1', 'a'), GUID.replaceAll('1', 'A'), '11111111-0000-0000-000-00000000000001'],
  ...['11111111000000000000000000000000000a', '00000000-0000-0000-0000-000000000000', '0', '00', '-', '', 'x\\y'],
  ...['x"y', 'a b', ' a', 'straße', '77', 77, '7.70', '\u0001', 'p/11'],
];

function valueAt(json: Json | undefined, [name, ...rest]: readonly string[]): Json | undefined {
  if (name === undefined) return json;
  return isJsonObject(json) && Object.hasOwn(json, name) ? valueAt(json[name], rest) : undefined;
}

function withValue(json: JsonObject, [name = '', ...rest]: readonly string[], to: Json): JsonObject {
  const own = json[name];
  return { ...json, [name]: rest.length === 0 ? to : withValue(isJsonObject(own) ? own : {}, rest, to) };
}

it('tells of processes what their events tell, by whatever number or id', () => {
  let noted = 0;
  for (const [number, record] of RECORDS.entries()) {
    const all: string[] = [];
    const there = (paths: readonly (readonly string[])[]) =>
      paths.filter((path) => valueAt(record, path) !== undefined);
    for (const [paths, written] of [
      [there(NUMBERS), WRITTEN_NUMBERS],
      [there(IDS), WRITTEN_IDS],
    ] as const) {
      for (const value of written) for (const path of paths) all.push(JSON.stringify(withValue(record, path, value)));
    }
    if (all.length === 0) continue;
    const log = [...all, ...all, ...all, ...all.toReversed(), ...all];
    const [sieved, read] = [found(log, [], new LineSieve([], settings, concernsProcesses, 1)), found(log, [])];
    noted += sieved.noted;
    expect(sieved.told, `record ${number}`).toEqual(read.told);
    const [children, wanted] = [known(sieved.processes, all, all), known(read.processes, all, all)];
    expect(children, `record ${number}`).toEqual(wanted);
  }
  expect(noted).toBeGreaterThan(800);
});
