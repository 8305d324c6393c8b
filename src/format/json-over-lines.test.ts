import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readEvents } from '../../test/read-events.ts';

const ALERT = {
  time: '2026-01-02T03:04:05.678901234Z',
  rule: 'r',
  priority: 'Warning',
  output: 'a\n}\n{',
  output_fields: { 'proc.pid': 44, 'evt.time': '9', args: ['a', {}] },
};
const AUDIT = 'type=USER_AUTH msg=audit(1700000000.123:5): pid=1 res=success';

test.for([
  ['alone', (text: string) => text],
  ['in a list', (text: string) => `[\n${text.replaceAll(/^/gm, '  ')},\n${text.replaceAll(/^/gm, '  ')}\n]`],
  ['with returns', (text: string) => text.replaceAll('\n', '\r\n')],
  ['one after the other', (text: string) => `${text}\n${text}\n\n${text}`],
  ['between others', (text: string) => `${AUDIT}\n${text}\n${AUDIT}\n{"@timestamp":"2026-01-01T00:00:00Z"}`],
] as const)('an object over several lines is read: %s', ([, around]) => {
  const { events, rejects, reader } = readEvents(around(JSON.stringify(ALERT, null, 2)));
  expect(rejects).toEqual([]);
  const alerts = events.filter(({ format }) => format === 'falco');
  expect(alerts.length).toBeGreaterThan(0);
  for (const alert of alerts) {
    expect(alert.document()).toMatchObject({ process: { pid: 44 }, falco: { output: ALERT.output } });
    expect(JSON.parse(Buffer.from(alert.raw).toString())).toEqual(ALERT);
  }
  expect(reader.waiting).toBeUndefined();
});

test('objects of a list are read, each on its line', () => {
  const one = JSON.stringify(ALERT);
  for (const text of [`[\n${one},\n  ${one}\n]`, `[\n${one}\n,\n${one} ]\n`, `[\r\n${one} ,\r\n${one}\r\n],\r\n`]) {
    const { events, rejects } = readEvents(text);
    expect(rejects).toEqual([]);
    expect(events.map(({ format, raw }) => [format, Buffer.from(raw).toString().trim()])).toEqual([
      ['falco', one],
      ['falco', one],
    ]);
  }
});

test('any object is, however it is indented, and stands where its first line stands', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }), { minKeys: 1, maxKeys: 4 }),
      fc.constantFrom(1, 2, 4, '\t'),
      (object, indent) => {
        fc.pre(!Object.hasOwn(object, '__proto__'));
        const { events, rejects } = readEvents(`${AUDIT}\n${JSON.stringify({ a: 1, ...object }, null, indent)}`);
        expect(rejects).toEqual([]);
        const [event] = events.filter(({ format }) => format !== 'auditd');
        expect(event?.origin).toMatchObject({ line: 2, offset: AUDIT.length + 1 });
      },
    ),
    { numRuns: 60 },
  );
});

test('what is none takes no other line with it', () => {
  const { events, rejects } = readEvents(`{\n  "a": 1,\n  ${AUDIT}\n${AUDIT.replace(':5', ':6')}\n}\n{\n  "b"`);
  expect(events.map(({ format }) => format)).toEqual(['auditd', 'auditd']);
  expect(rejects.map(({ code, origin }) => [code, origin.line])).toEqual([
    ['not-json', 1],
    ['unknown-format', 5],
    ['not-json', 6],
  ]);
  expect(Buffer.from(rejects[0]?.bytes ?? []).toString()).toContain('{\n  "a": 1,\n');
  const broken = readEvents('{\n  "a" 1\n}\n{\n}\n');
  expect([broken.events.length, broken.rejects.map(({ code }) => code)]).toEqual([1, ['not-json']]);
});

test('how much is kept of one is bounded', () => {
  const { events, rejects } = readEvents(`{\n${' "a":\n'.repeat(50_001)}${AUDIT}`);
  expect(events).toHaveLength(1);
  expect(rejects[0]).toMatchObject({ code: 'not-json', origin: { line: 1 } });
});
