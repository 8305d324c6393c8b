/**
 * The SQL of every table gives the rows and cells that the reference gives, of random events: fields that are missing,
 * have several values, stand nested, flat or in arrays of objects, hold what is no text or no Unicode, and rows that an
 * earlier Vedette stored.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../../../test/effort.ts';
import { setPath } from '../../event/event.ts';
import type { Json, JsonObject } from '../../event/json.ts';
import { KUSTO_TABLES } from '../../vocabulary/kusto-tables.ts';
import { isPlain, StoredRows, type TestEvent } from './stored-rows.fixture.ts';

/** Tables of one source have the columns of the schema's own. */
const FED = KUSTO_TABLES.filter(
  ({ isEmpty, isOfOneSource, names }) =>
    isEmpty !== true && (isOfOneSource !== true || names[0] === 'vimProcessCreateLinuxSysmon'),
);

/** Fields by which tables choose and name, with words that they know and others. */
const WORDS: Readonly<Record<string, readonly Json[]>> = {
  'event.category': ['process', 'Process', 'file', 'network', 'registry', 'authentication', 'web', 'library'],
  'event.type': ['start', 'end', 'creation', 'deletion', 'change', 'connection', 'access', 'İstart', 'START'],
  'event.action': ['rename', 'Overwrite', 'opened'],
  'event.code': ['7', 8, '12', '13', 17, '22', 4624],
  'event.module': ['m365_defender', 'system', 'nginx', 'crowdstrike', 'sentinel_one_cloud_funnel'],
  'event.outcome': ['success', 'failure', 'Success', true],
  'host.os.type': ['linux', 'windows', 'Kelvin'],
  'log.syslog.facility.code': [0, 4, '10', 99],
  'network.direction': ['egress', 'Inbound', 'ingress', 'internal'],
  'process.name': ['sshd', 'Sudo', 'su'],
  'registry.path': ['HKLM\\Software\\Run\\Updater', 'HKU\\Ünïcode\\x'],
  'registry.value': ['Updater', 'x', 'ü'],
  'winlog.channel': ['Security', 'Microsoft-Windows-Sysmon/Operational', 'Linux-Sysmon/Operational'],
  'winlog.event_data.EventType': ['SetValue', 'DeleteKey', 'deletevalue', 'RenameKey'],
  'winlog.event_data.LogonId': ['0x3e7', 12, 'x'],
  'winlog.event_data.ParentUser': ['CORP\\ana', 'root'],
};

const FIELDS = [...new Set(FED.flatMap(({ columns }) => columns.flatMap(({ fields }) => fields)))].filter(
  (field) => field !== '@timestamp' && field !== 'winlog.event_data',
);

const value: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(
    '1',
    '-7',
    '007',
    ' 5',
    '3.5',
    '1e3',
    12,
    -3.25,
    2 ** 53 - 1,
    '123456789012345678',
    '9999999999',
    '9223372036854775807',
    '-9223372036854775809',
    '-0',
    true,
    false,
  ),
  fc.constantFrom<Json>('', '[x]', '{"a":1}', "it's", 'a\\b "c"', 'a\u0000b', 'İK', '𝒳y', '\ud800z', 'Ünïcode'),
  fc.constantFrom<Json>('2026-03-01T12:00:00.1234567Z', '2026-02-30', 1772366400000, '0001-01-01'),
  fc.string({ maxLength: 8 }),
);
const several = (one: fc.Arbitrary<Json>): fc.Arbitrary<Json> =>
  fc.oneof(
    { weight: 6, arbitrary: one },
    { weight: 1, arbitrary: fc.array(one, { maxLength: 3 }) as fc.Arbitrary<Json> },
    { weight: 1, arbitrary: fc.constant<Json>(null) },
    { weight: 1, arbitrary: one.map((inner): Json => [[inner], null]) },
    { weight: 1, arbitrary: one.map((inner): Json => ({ inner })) },
  );

const field: fc.Arbitrary<readonly [string, Json]> = fc.oneof(
  fc
    .constantFrom(...Object.keys(WORDS))
    .chain((name) =>
      several(fc.constantFrom(...(WORDS[name] as readonly Json[]))).map((json) => [name, json] as const),
    ),
  fc.tuple(fc.constantFrom(...FIELDS), several(value)),
);

const document: fc.Arbitrary<JsonObject> = fc
  .tuple(fc.array(field, { minLength: 2, maxLength: 24 }), fc.nat(9), fc.nat(30))
  .map(([fields, shape, at]) => {
    const made: Record<string, Json> = {};
    for (const [index, [name, json]] of fields.entries()) {
      if (shape === 0 && index === at % fields.length) made[name] = json;
      else setPath(made, name, json);
    }
    // An object becomes an array of objects.
    const name = Object.keys(made)[at % Object.keys(made).length] as string;
    const inner = made[name];
    if (shape === 1 && inner !== undefined) made[name] = [inner, inner];
    return made as JsonObject;
  });

const event: fc.Arbitrary<TestEvent> = fc.record({
  document,
  timeMs: fc.oneof(fc.integer({ min: -1000, max: 1_900_000_000_000 }), fc.constantFrom(-62_135_596_800_001, 9e15)),
  ticks: fc.nat(9_999),
  isOld: fc.constantFrom(false, false, false, true),
});

test('every table has the rows that the reference has', () => compare(fc.sample(event, runs(150))));

test('every table has the rows that the reference has where nothing is odd, and less is read', async () => {
  const events = fc.sample(event, runs(150)).filter(isPlain);
  expect(events.length).toBeGreaterThan(3);
  await compare(events);
});

test('every table has them where most columns hold nothing', () =>
  compare(fc.sample(event, 50).filter(isPlain).slice(0, 3)));

async function compare(events: readonly TestEvent[]): Promise<void> {
  const stored = await StoredRows.of(events);
  try {
    for (const table of FED) {
      const rows = await stored.bySql(table);
      expect(rows, table.names[0]).toEqual(stored.byReference(table));
      expect(await stored.differingForms(table), table.names[0]).toBe(0);
    }
  } finally {
    stored.close();
  }
}
