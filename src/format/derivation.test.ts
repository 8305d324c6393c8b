import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText } from '../../test/any-text.ts';
import { runs } from '../../test/effort.ts';
import { readEvents } from '../../test/read-events.ts';
import { jsonAt, scalarsOf } from '../event/field-path.ts';
import { isJsonObject, type Json } from '../event/json.ts';
import { DerivedSource, derivationTable } from './derivation.ts';

test('a field derived twice, or within another, is our own mistake', () => {
  const one = (field: string) => ({ field, from: [], transform: 'constant' as const, compute: () => 1 });
  expect(() => derivationTable([one('a.b'), one('a.b')])).toThrow('twice');
  expect(() => derivationTable([one('a.b'), one('a.b.c')])).toThrow('part of it');
});

test('a field is derived at most once', () => {
  let runs = 0;
  const table = derivationTable<undefined>([
    {
      field: 'a.b',
      from: [],
      transform: 'compute',
      compute: () => {
        runs += 1;
        return undefined;
      },
    },
  ]);
  const source = new DerivedSource(undefined, table);
  source.get('a.b');
  source.get('a.b');
  source.document();
  expect(runs).toBe(1);
});

const text = fc.oneof(anyText({ maxLength: 12 }), fc.constantFrom('?', '(null)', '(none)', '__proto__'));
const hex = (value: string): string => Buffer.from(value).toString('hex').toUpperCase() || '""';
const auditLog = fc
  .record({
    args: fc.array(text, { maxLength: 4 }),
    success: fc.constantFrom('yes', 'no'),
    call: fc.constantFrom('59', '42', '231', '9999'),
    uid: fc.constantFrom('0', '1000', '4294967295'),
    exe: text,
    name: text,
    other: fc.constantFrom('', 'LOGIN', 'AVC', 'CONFIG_CHANGE', 'USER_CMD', 'NEW_TYPE'),
  })
  .map(({ args, success, call, uid, exe, name, other }) => {
    const id = 'msg=audit(1700000000.123:77):';
    return [
      ...(other === ''
        ? []
        : [`type=${other} ${id} pid=1 uid=5 auid=4294967295 res=1 op=x msg='cmd=${hex(name)} res=failed'`]),
      `type=SYSCALL ${id} arch=c000003e syscall=${call} success=${success} exit=0 a0=1 ppid=2 pid=3 auid=${uid} uid=${uid} gid=0 euid=0 tty=pts1 ses=4 comm=${hex(exe)} exe=${hex(exe)} key=${hex(name)}`,
      `type=EXECVE ${id} argc=${args.length} ${args.map((arg, at) => `a${at}=${hex(arg)}`).join(' ')}`,
      `type=CWD ${id} cwd=${hex(name)}`,
      `type=PATH ${id} item=0 name=${hex(name)}`,
      `type=PATH ${id} item=1 name=${hex(exe)}`,
      `type=PROCTITLE ${id} proctitle=${hex(args.join('\0'))}`,
    ].join('\n');
  });

const procfsLine = fc
  .record({
    args: fc.array(text),
    exe: text,
    comm: text,
    tty: fc.constantFrom('pts/3', '', 'x'),
    start_ticks: fc.nat(),
  })
  .map((part) => JSON.stringify({ procfs: 1, time: '2026-01-01T00:00:00Z', pid: 5, ppid: 1, uid: '0', ...part }));

test('what is read lazily, one field or its part or parent, is what the document holds', () => {
  fc.assert(
    fc.property(fc.oneof(auditLog, procfsLine), fc.boolean(), (log, documentFirst) => {
      const whole = readEvents(log).events.map((event) => event.document());
      for (const [at, event] of readEvents(log).events.entries()) {
        const document = whole[at] ?? {};
        if (documentFirst) event.document();
        for (const path of pathsOf(document)) {
          if (path.startsWith('log')) continue;
          expect(event.json(path), path).toEqual(jsonAt(document, path));
          expect(event.values(path), path).toEqual(scalarsOf(jsonAt(document, path)));
        }
      }
    }),
    { numRuns: runs(150) },
  );
});

test('a field that the record does not have is missing', () => {
  const [event] = readEvents(JSON.stringify({ procfs: 1, time: '2026-01-01T00:00:00Z', pid: 5 })).events;
  expect(event?.json('process.executable')).toBeUndefined();
  expect(event?.json('process.pid.more')).toBeUndefined();
  expect(event?.json('registry')).toBeUndefined();
  expect(event?.values('process.args')).toEqual([]);
});

function* pathsOf(value: Json, at = ''): Iterable<string> {
  if (Array.isArray(value)) for (const item of value) yield* pathsOf(item, at);
  if (!isJsonObject(value)) return;
  for (const [name, part] of Object.entries(value)) {
    const path = at === '' ? name : `${at}.${name}`;
    yield path;
    yield* pathsOf(part, path);
  }
}
