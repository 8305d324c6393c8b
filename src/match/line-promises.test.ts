/**
 * What is taken for known of lines hangs on nothing but what their format promises: of formats that promise less than ours do.
 */
import { expect, it } from 'vitest';
import { Event, type FieldSource, type Form, type OwnWords } from '../event/event.ts';
import type { Json, JsonObject } from '../event/json.ts';
import { LineScanner, type LineShape } from '../format/line-shape.ts';
import { type Changed, membersOf, RecordedJson } from '../format/recorded-json.ts';
import { FieldFacts, type NotedLine } from './field-facts.ts';
import { otherTime } from './plain-time.ts';
import { processNotesOf } from './process-notes.ts';

const RECORD = { time: '2026-02-01T00:00:00Z', which: 'a', pid: '11', parent: '10', id: 'p-11', other: 'p-12' };
type Fields = Readonly<Record<string, (view: typeof RECORD) => Json | undefined>>;
type Promises = Omit<Partial<FieldSource>, 'get' | 'document'> & { readonly own?: (view: typeof RECORD) => OwnWords };

const START: Fields = {
  'event.category': () => ['process'],
  'event.type': () => ['start'],
  'host.name': () => 'h1',
  'process.pid': ({ pid }) => Number(pid),
  'process.parent.pid': ({ parent }) => Number(parent),
  'process.entity_id': ({ id }) => id,
};
const FORMS: Readonly<Record<string, Form>> = {
  'process.pid': 'number',
  'process.parent.pid': 'number',
  'process.entity_id': 'same',
  'process.start': 'same',
};

/** A line of a format that gives these fields. */
function lineOf(fields: Fields, { own, ...promises }: Promises = {}) {
  const scanner = new LineScanner<unknown>();
  const line = Buffer.from(JSON.stringify(RECORD));
  const members = membersOf(scanner.scan(line) as LineShape<unknown>);
  const timed = members.get('0 time')?.number as number;
  const readChanged = (changed?: Changed): NotedLine => {
    const recorded = new RecordedJson(RECORD, members, changed);
    const view = recorded.view as JsonObject & typeof RECORD;
    const get = (field: string) => fields[field]?.(view);
    const words = own && (() => own(view));
    const source = {
      document: () => ({}),
      form: (field: string) => FORMS[field],
      ...promises,
      get,
      ...(words && { words }),
    };
    const event = new Event({ time: { ms: 0, ticks: 0 }, source, raw: line, format: 'test', dataStreams: [] });
    return { event, recorded };
  };
  const times = new Set([timed]);
  const read = () => readChanged();
  const readAtOtherTime = () => readChanged({ members: times, to: otherTime });
  const lines = {
    reader: () => ({ read, readAtOtherTime, readChanged }),
    times,
    members,
    switches: {},
    grew: () => {},
  };
  const factsBut = (...decided: readonly string[]) => {
    const numbers = decided.map((name) => members.get(`0 ${name}`)?.number as number);
    return new FieldFacts(read, readAtOtherTime, new Set(numbers), () => false);
  };
  return { note: () => processNotesOf(lines)?.of(scanner, line), factsBut };
}

it('notes a process by what is promised to be the text of a member', () => {
  const note = lineOf(START).note();
  expect(note).toMatchObject({ kind: 'line', pid: 11, ppid: 10, host: 'h1', start: undefined });
  expect(note?.kind === 'line' && note.entityId.text).toBe('p-11');
  // Whoever says when it began says it of each line anew.
  expect(lineOf({ ...START, 'process.start': ({ time }) => time }).note()).toMatchObject({ start: null });
});

it.each<[string, Fields, Promises]>([
  [
    'made in a way that nobody promises',
    START,
    { form: (field) => (field === 'process.parent.pid' ? undefined : FORMS[field]) },
  ],
  [
    'of the member that another one says',
    { ...START, 'process.entity_id': ({ which, id, other }) => (which === 'a' ? id : other) },
    {},
  ],
  ['always the same', { ...START, 'process.parent.pid': () => 1 }, {}],
])('reads each line of a process of which something is %s', (_, fields, promises) => {
  expect(lineOf(fields, promises).note()).toBeUndefined();
});

it('takes no words of one line for those of others', () => {
  const own = ({ which }: typeof RECORD): OwnWords => ({ fixed: '', made: [`made of ${which}`], unquoted: () => [] });
  const { factsBut } = lineOf(START, { own });
  expect(factsBut('id').words()).toBeUndefined();
  expect(factsBut('which').words()?.made).toEqual(['made of a']);
});

it('takes no field for lacking that lines at other times have', () => {
  const { factsBut } = lineOf({
    'process.start': ({ time }) => (time.startsWith('2026') ? undefined : time),
    'process.name': ({ which }) => (which === 'a' ? undefined : which),
  });
  const facts = factsBut('id', 'time');
  expect(['process.start', 'process.name', 'process.title'].map((field) => facts.lacks(field))).toEqual([
    false,
    false,
    true,
  ]);
});
