import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../../test/effort.ts';
import { type AssembledEvent, AuditAssembler, SETTLE_MS } from './auditd-assemble.ts';
import { type AuditRecord, parseAuditRecord } from './auditd-record.ts';

function assembler(limits?: { events: number; bytes: number }) {
  const released: AssembledEvent[] = [];
  const assembler = new AuditAssembler((event) => released.push(event), limits);
  let offset = 0;
  const add = (line: string, now = 0): void => {
    const record = parseAuditRecord(line) as AuditRecord;
    assembler.add(record, Buffer.from(line), { path: 'a', offset, line: 1 }, now);
    offset += line.length + 1;
  };
  const types = () =>
    released.map(({ lines }) => lines.records.map((record) => `${record.serial}${record.type}`).join('+'));
  return { assembler, add, released, types };
}

const line = (serial: number, type: string, second = 0, node = '') =>
  `${node === '' ? '' : `node=${node} `}type=${type} msg=audit(${1_700_000_000 + second}.123:${serial}): x=1`;

test('records of interleaved events find each other; PROCTITLE ends an event', () => {
  const { add, types, released } = assembler();
  for (const [serial, type] of [
    [1, 'SYSCALL'],
    [2, 'SYSCALL'],
    [1, 'EXECVE'],
    [2, 'EXECVE'],
    [2, 'PROCTITLE'],
    [1, 'PROCTITLE'],
  ] as const) {
    add(line(serial, type));
  }
  expect(types()).toEqual(['2SYSCALL+2EXECVE+2PROCTITLE', '1SYSCALL+1EXECVE+1PROCTITLE']);
  expect(Buffer.from(released[1]?.lines.raw ?? []).toString()).toBe(
    [line(1, 'SYSCALL'), line(1, 'EXECVE'), line(1, 'PROCTITLE')].join('\n'),
  );
  expect(released[1]?.origin.offset).toBe(0);
});

test('the same time and serial of another node is another event', () => {
  const { assembler: one, add, types } = assembler();
  add(line(1, 'SYSCALL', 0, 'a'));
  add(line(1, 'SYSCALL', 0, 'b'));
  one.end();
  expect(types()).toEqual(['1SYSCALL', '1SYSCALL']);
});

test('EOE ends an event; messages of user space stand alone', () => {
  const { assembler: one, add, types } = assembler();
  add(line(1, 'SYSCALL'));
  add(line(2, 'USER_AUTH'));
  add(line(1, 'EOE'));
  expect(types()).toEqual(['2USER_AUTH', '1SYSCALL+1EOE']);
  expect(one.waiting).toBeUndefined();
});

test('an event is complete once its own node is two seconds on', () => {
  const { assembler: one, add, types } = assembler();
  add(line(1, 'SYSCALL', 0, 'a'));
  add(line(9, 'SYSCALL', 60, 'b'));
  add(line(2, 'SYSCALL', 1, 'a'));
  expect(types()).toEqual([]);
  expect(one.waiting?.offset).toBe(0);
  add(line(3, 'SYSCALL', 3, 'a'));
  expect(types()).toEqual(['1SYSCALL', '2SYSCALL']);
});

test('live, an event is complete when no line of it came for a while', () => {
  const { assembler: one, add, types } = assembler();
  add(line(1, 'SYSCALL'), 1000);
  add(line(1, 'CWD'), 1400);
  one.settle(1400 + SETTLE_MS - 1);
  expect(types()).toEqual([]);
  one.settle(1400 + SETTLE_MS);
  expect(types()).toEqual(['1SYSCALL+1CWD']);
  expect(one.waiting).toBeUndefined();
});

test('a clock that is set back begins the wait anew', () => {
  const { assembler: one, add, types } = assembler();
  add(line(1, 'SYSCALL'), 3_600_000);
  one.settle(1_000);
  add(line(1, 'CWD'), 1_200);
  one.settle(1_200 + SETTLE_MS - 1);
  expect(types()).toEqual([]);
  one.settle(1_200 + SETTLE_MS);
  expect(types()).toEqual(['1SYSCALL+1CWD']);
});

test('memory is bounded by events and by bytes; what is released early is counted', () => {
  const few = assembler({ events: 3, bytes: 1e9 });
  for (let serial = 1; serial <= 5; serial += 1) few.add(line(serial, 'SYSCALL'));
  expect(few.types()).toEqual(['1SYSCALL', '2SYSCALL']);
  expect(few.assembler.forced).toBe(2);

  const small = assembler({ events: 1e9, bytes: 10_000 });
  for (let part = 0; part < 100; part += 1) small.add(line(1, 'PATH'));
  expect(small.assembler.forced).toBeGreaterThan(3);
  small.assembler.end();
  expect(small.released.flatMap(({ lines }) => lines.records)).toHaveLength(100);
});

test('lines that nobody parsed make the events that parsed ones make, in any order', () => {
  const step = fc.record({
    serial: fc.nat(2),
    type: fc.constantFrom('SYSCALL', 'SYSCALL', 'PATH', 'PROCTITLE', 'EOE', 'USER_AUTH'),
    second: fc.constantFrom(0, 0, 0, 1, 3),
    node: fc.constantFrom('', '', 'a'),
    settled: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 24 }), fc.constantFrom(1, 2, 1e9), (steps, events) => {
      const parsed = assembler({ events, bytes: 1e9 });
      const unparsed = assembler({ events, bytes: 1e9 });
      for (const [at, { serial, type, second, node, settled }] of steps.entries()) {
        const text = line(serial, type, second, node);
        parsed.add(text, at * 100);
        expect(unparsed.assembler.addLine(Buffer.from(text), { path: 'a', offset: 0, line: 1 }, at * 100)).toBe(true);
        for (const one of settled ? [parsed, unparsed] : []) one.assembler.settle(at * 100);
      }
      for (const one of [parsed, unparsed]) one.assembler.end();
      // One that has nothing but its end is none, and need not be given.
      const said = (types: readonly string[]) => types.filter((type) => !/^\dEOE$/.test(type));
      expect(said(unparsed.types())).toEqual(said(parsed.types()));
      expect(unparsed.assembler.waiting).toBeUndefined();
    }),
    { numRuns: runs(200) },
  );
});
