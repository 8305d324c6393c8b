/**
 * SigmaHQ's rules, all of them: that they load, and that they fire on SigmaHQ's regression events, real Windows events
 * with the rules that fire on them. The events are put into ECS here by the vocabulary itself (each field in all of its
 * homes), so that this tests the language, not a format.
 */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it, type TestContext } from 'vitest';
import { findCorpora, requireCorpora } from '../../test/requirement.ts';
import { documentSource, Event } from '../event/event.ts';
import { isJsonObject, type Json, type JsonObject, parseJson } from '../event/json.ts';
import { compileMatcher } from '../match/matcher.ts';
import { participants } from '../plan/plan.ts';
import { sigmaField } from '../vocabulary/sigma-fields.ts';
import { type Inspection, inspectText, type LoadedRule } from './inspect.ts';

interface Case {
  readonly rule: string;
  readonly events: readonly { readonly Event: JsonObject }[];
  readonly source: string;
}

/** Sysmon's event ids in ECS words: category of Sigma, `event.category`, `event.type`. */
const SYSMON: ReadonlyMap<string, readonly [string, string, string]> = new Map([
  ['1', ['process_creation', 'process', 'start']],
  ['3', ['network_connection', 'network', 'start']],
  ['5', ['process_termination', 'process', 'end']],
  ['6', ['driver_load', 'driver', 'start']],
  ['7', ['image_load', 'library', 'start']],
  ['8', ['create_remote_thread', 'process', 'change']],
  ['10', ['process_access', 'process', 'access']],
  ['11', ['file_event', 'file', 'creation']],
  ['12', ['registry_event', 'registry', 'change']],
  ['13', ['registry_set', 'registry', 'change']],
  ['14', ['registry_rename', 'registry', 'change']],
  ['23', ['file_delete', 'file', 'deletion']],
  ['26', ['file_delete', 'file', 'deletion']],
]);

function ecs({ Event: record }: { readonly Event: JsonObject }): Event {
  const system = record.System as JsonObject;
  const channel = String(system.Channel);
  const code = String(isJsonObject(system.EventID) ? system.EventID['#text'] : system.EventID);
  const sysmon = channel.includes('Sysmon') ? SYSMON.get(code) : undefined;
  const document: Record<string, Json> = {
    'host.os.type': 'windows',
    'winlog.channel': channel,
    'event.code': code,
    ...(sysmon === undefined ? {} : { 'event.category': [sysmon[1]], 'event.type': [sysmon[2]] }),
  };
  const provider = ((system.Provider as JsonObject)['#attributes'] as JsonObject).Name as Json;
  const fields: readonly [string, Json][] = [
    ['Provider_Name', provider],
    ['Computer', system.Computer ?? null],
    ...dataOf(record.EventData ?? record.UserData),
  ];
  for (const [name, value] of fields) {
    const category = sysmon?.[0];
    for (const home of sigmaField(name.replaceAll(' ', ''), { product: 'windows', category }).fields)
      document[home.name] = value;
  }
  return new Event({
    time: { ms: 0, ticks: 0 },
    source: documentSource(document),
    raw: new Uint8Array(),
    format: 'test',
    dataStreams: [],
  });
}

function dataOf(data: Json | undefined): [string, Json][] {
  if (!isJsonObject(data)) return [];
  const entries = Object.entries(data).filter(([name]) => !name.startsWith('#'));
  const [first] = entries;
  const nested = entries.length === 1 && first !== undefined && isJsonObject(first[1]);
  return nested ? dataOf(first[1]) : entries;
}

/** Read once for both tests: it takes seconds. */
let inspections: readonly Inspection[] = [];

beforeAll(() => {
  const corpora = findCorpora();
  if (corpora === undefined) return;
  const folder = join(corpora, 'sigma');
  const files = globSync('rules*/**/*.yml', { cwd: folder }).sort();
  inspections = files.flatMap((file) => inspectText(readFileSync(join(folder, file), 'utf8'), file));
});

it('every rule loads; what does not run is counted by its reason', (context: TestContext) => {
  requireCorpora(context, 'sigma');
  const counts: Record<string, number> = {};
  const count = (what: string) => {
    counts[what] = (counts[what] ?? 0) + 1;
  };
  for (const { rule, document, findings } of inspections) {
    count(rule === undefined ? 'refused' : rule.idle === undefined ? 'runs' : 'idle');
    for (const { severity, code } of findings) count(`${severity} ${code}`);
    expect(document?.source.text.slice(document.queryOffset).startsWith(document.query)).toBe(true);
  }
  expect(inspections).toHaveLength(3_757);
  expect(counts).toEqual({
    runs: 3_723,
    idle: 32,
    refused: 2,
    'error sigma-placeholder': 2,
    'info sigma-log-source-unserved': 32,
    'info rule-attack-newer': 1_740,
    'info sigma-field-unknown': 9,
    'info sigma-value-repeated': 14,
    'info sigma-wildcard-every': 9,
    'warning sigma-value-never': 2,
    'warning sigma-wildcard-redundant': 7,
  });
});

it('every rule fires on its event, and others as the recorded matrix has it', (context: TestContext) => {
  const folder = requireCorpora(context, 'sigma');
  const rules = inspections.flatMap(({ rule }): LoadedRule[] => (rule === undefined ? [] : [rule]));
  const matcher = compileMatcher(
    rules.map(({ plan }) => ({ predicate: participants(plan).predicate, reads: () => true })),
  );
  const matrix = JSON.parse(readFileSync(join(folder, 'regression/matrix.json'), 'utf8')) as Record<string, string[]>;
  const lines = readFileSync(join(folder, 'regression/cases.ndjson'), 'utf8').trim().split('\n');
  const silent: string[] = [];
  const differences: string[] = [];
  let compared = 0;
  for (const line of lines) {
    const { rule, events, source } = parseJson(line) as unknown as Case;
    let fired = false;
    for (const [index, event] of events.entries()) {
      const found = new Set<string>();
      matcher.match(ecs(event), (at) => found.add((rules[at] as LoadedRule).document.id));
      fired ||= found.has(rule);
      const expected = matrix[`${source}#${index}`];
      if (expected === undefined) continue;
      compared += expected.length;
      for (const id of expected) if (!found.has(id)) differences.push(`- ${id} on ${source}#${index}`);
      for (const id of found) if (!expected.includes(id)) differences.push(`+ ${id} on ${source}#${index}`);
    }
    if (!fired) silent.push(rule);
  }
  expect(lines).toHaveLength(98);
  expect(silent).toEqual([]);
  expect(differences).toEqual([]);
  expect(compared).toBe(170);
});
