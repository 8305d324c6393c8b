/**
 * What vendors' formats promise of their words (`split-words.ts`) covers whatever they derive: of each field, what comes of each
 * word that the format's own source names in each member that the field is made of, and of two of them at once.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { oneIn } from '../../test/effort.ts';
import { ownWords } from '../../test/own-words.ts';
import type { OwnWords } from '../event/event.ts';
import { type Scalar, scalarsOf } from '../event/field-path.ts';
import { isJsonObject, type Json, type JsonObject } from '../event/json.ts';
import { CROWDSTRIKE } from './crowdstrike-ecs.ts';
import { crowdstrikeWords } from './crowdstrike-fields.ts';
import type { Derivation, DerivationTable } from './derivation.ts';
import { ENDGAME, ENDGAME_PROMISES } from './endgame.ts';
import { HARFANGLAB, HARFANGLAB_PROMISES, kindOfRecord } from './harfanglab-ecs.ts';
import { SENTINEL_ONE, SENTINEL_ONE_PROMISES, sentinelOneRecord } from './sentinel-one-ecs.ts';

const time = { ms: 1_769_903_999_123, ticks: 0 };
/** Values of every kind that some field is made of, beside words. */
const VALUES: readonly Json[] = [
  ...['0', '1', '2', '6', '17', '28', '255', '10', 11, 'true', '192.0.2.7', '2001:db8::7', '10.0.0.5 10.0.0.6'],
  ...['C:\\Users\\ada b\\x.EXE', '/usr/bin/ls', '"C:\\a b.exe" say "one two" x"yz"w', '/', 'HKLM\\Software\\Value'],
  ...['1769903999.5', '1769903999123', '134124736001234567', '2026-01-31T23:59:59.5Z', 'CORP\\ada', 'ada@corp.example'],
  ...['TCPV4', 'udpv6', 'type: 5 www.example.org', 'type: 28 a.example;192.0.2.9', 'one, two', 'one|two', 'zz'],
  ...[['192.0.2.7', 'zz'], { md5: 'aabb', sha1: 'ccdd', sha256: 'eeff' }, null],
];

interface Format<R> {
  readonly title: string;
  readonly table: DerivationTable<R>;
  readonly recordOf: (raw: JsonObject) => R;
  readonly words: (record: R) => OwnWords | undefined;
  /** Files that name what its members may hold. */
  readonly sources: readonly string[];
  readonly bases: readonly JsonObject[];
  /** Names of objects in its records. */
  readonly objects?: readonly string[];
}

function format<R>(format: Format<R>) {
  return { title: format.title, sweep: () => sweep(format) };
}

const FORMATS = [
  format({
    title: 'Endgame',
    table: ENDGAME,
    recordOf: (raw) => ({ raw, time }),
    words: ENDGAME_PROMISES.words,
    sources: ['endgame', 'os-of-path'],
    bases: ['process', 'network', 'registry', 'file'].map((kind) => ({ event_type_full: `${kind}_event` })),
  }),
  format({
    title: 'HarfangLab',
    table: HARFANGLAB,
    recordOf: (row) => {
      const agent = isJsonObject(row.agent) ? row.agent : {};
      return { row, agent, time, ...kindOfRecord(row) };
    },
    words: HARFANGLAB_PROMISES.words,
    sources: ['harfanglab-ecs', 'harfanglab', 'os-of-path'],
    objects: ['agent', 'pe_info'],
    bases: ['process', 'network', 'dns_resolution', 'file', 'registry', 'library', 'alert'].map((log_type) => ({
      log_type,
      agent: { agentid: 'a-1' },
    })),
  }),
  format({
    title: 'SentinelOne',
    table: SENTINEL_ONE,
    recordOf: (raw) => sentinelOneRecord(raw, time),
    words: SENTINEL_ONE_PROMISES.words,
    sources: ['sentinel-one-ecs', 'sentinel-one-actions', 'sentinel-one-names'],
    bases: [
      { 'event.category': 'process', 'event.type': 'Process Creation' },
      { 'event.category': 'ip', 'event.type': 'IP Connect' },
    ],
  }),
  format({
    title: 'CrowdStrike',
    table: CROWDSTRIKE,
    recordOf: (raw) => ({ raw, time, host: { name: 'ws-2', domain: 'corp.example' }, user: { name: 'eve' } }),
    words: crowdstrikeWords,
    sources: ['crowdstrike-fields', 'crowdstrike-actions', 'crowdstrike-ecs'],
    bases: [
      { event_platform: 'Lin', event_simpleName: 'ProcessRollup2' },
      { event_platform: 'Win', event_simpleName: 'DnsRequest' },
      {
        ...{ event_platform: 'Win', event_simpleName: 'FileWritten', Protocol: '6', LocalPort: '10', RemotePort: '11' },
        ...{ LocalAddressIP4: '192.0.2.1', RemoteAddressIP4: '192.0.2.2', ProcessStartTime: '1769903999.5', id: 'i' },
      },
    ],
  }),
];

/** Words, and what else a value may be of a member. */
function dictionaryOf(sources: readonly string[]): readonly Json[] {
  const words = sources.flatMap((name) => {
    const path = fileURLToPath(new URL(`${name}.ts`, import.meta.url));
    const text = readFileSync(path, 'utf8').replace(/\/\*[\s\S]*?\*\/|^import[\s\S]*?;$|^\s*\/\/.*$/gm, '');
    return text.match(/[A-Za-z_]\w{2,}/g) ?? [];
  });
  return [...VALUES, ...new Set(words)];
}

/** Which words are not promised, of which field; and which fields had no value. */
function sweep<R>({ table, recordOf, words, sources, bases, objects = [] }: Format<R>) {
  const dictionary = dictionaryOf(sources);
  const some = [...VALUES, ...paired.of(dictionary)];
  const withMember = (raw: JsonObject, path: string, value: Json): JsonObject => {
    const [name = '', inner = ''] = path.split('.');
    if (!objects.includes(name)) return { ...raw, [path]: value };
    const outer = raw[name];
    return { ...raw, [name]: { ...(isJsonObject(outer) ? outer : {}), [inner]: value } };
  };
  const unsaid = new Set<string>();
  const empty = new Set(table.byField.keys());
  /** @returns what the field says of its own */
  const look = (derivation: Derivation<R>, raw: JsonObject, given?: Json): string => {
    const { field } = derivation;
    const record = recordOf(raw);
    const value = derivation.compute(record);
    if (value === undefined) return '';
    empty.delete(field);
    if (value === given || typeof value === 'number') return '';
    const found = ownWords(leavesOf(value), JSON.stringify(leavesOf(raw)), words(record));
    for (const word of found.unsaid) unsaid.add(`${field}: ${word}`);
    return found.own.join();
  };
  for (const derivation of table.byField.values()) {
    const members = membersOf(derivation);
    // What is taken as it is says what it was given.
    const isMade = derivation.transform === 'compute';
    const tried = isMade ? (members.length > MOST_PAIRED ? some : dictionary) : VALUES;
    for (const base of bases) {
      look(derivation, base);
      for (const member of members) {
        const telling = new Map<string, Json>();
        for (const value of tried) {
          const own = look(derivation, withMember(base, member, value), value);
          if (own !== '' && !telling.has(own)) telling.set(own, value);
        }
        if (members.length > MOST_PAIRED) continue;
        for (const one of telling.values()) {
          const first = withMember(base, member, one);
          for (const other of members) {
            if (other === member) continue;
            for (const value of some) look(derivation, withMember(first, other, value), value);
          }
        }
      }
    }
  }
  return { unsaid: [...unsaid], empty: [...empty] };
}

/** Every value in it, but for those that nobody looks for. */
function leavesOf(value: Json): readonly Scalar[] {
  if (!isJsonObject(value)) return Array.isArray(value) ? value.flatMap(leavesOf) : scalarsOf(value);
  return Object.values(value).flatMap(leavesOf);
}

/** Of two members at once, and of many. */
const paired = oneIn(10);
/** Of more members each is tried by itself. */
const MOST_PAIRED = 3;

/** `*` is all there are, of which any will do. */
function membersOf({ from }: { readonly from: readonly string[] }): readonly string[] {
  return from.filter((path) => path !== '').map((path) => path.replace('*', 'path'));
}

describe('words that a format makes are those that it promises', () => {
  for (const { title, sweep } of FORMATS) {
    it(paired.name(`of ${title}, in every field`), () => {
      expect(sweep()).toEqual({ unsaid: [], empty: [] });
    });
  }
});
