import { expect, test } from 'vitest';
import { parseAuditRecord } from './auditd-record.ts';

const ID = 'msg=audit(1700000000.123:77):';
const fieldsOf = (line: string) => Object.fromEntries(parseAuditRecord(line)?.fields ?? []);
const argsOf = (line: string) =>
  [...(parseAuditRecord(line)?.args ?? [])].map(([index, parts]) => [
    index,
    Object.fromEntries([...parts].map(([part, bytes]) => [part, Buffer.from(bytes).toString()])),
  ]);

test('header: node, type, time, serial', () => {
  expect(parseAuditRecord(`node=web-1 type=SYSCALL ${ID} arch=c000003e`)).toMatchObject({
    node: 'web-1',
    type: 'SYSCALL',
    time: '1700000000.123',
    serial: '77',
  });
  expect(parseAuditRecord(`type=UNKNOWN[1334] ${ID} prog-id=3`)?.type).toBe('UNKNOWN[1334]');
  expect(parseAuditRecord(`type=1309 ${ID} argc=0`)?.type).toBe('EXECVE');
  expect(parseAuditRecord('type=DAEMON_CONFIG msg=audit(1700000000.123:77) config changed, auid=0')?.serial).toBe('77');
});

test.each([
  '',
  'type=',
  'type=SYSCALL',
  'type=SYSCALL msg=audit(1.2',
  'type=x y',
  'node= type=EOE',
  'type=A msg=audit(x:1):',
])('no header in %j', (line) => expect(parseAuditRecord(line)).toBeUndefined());

test('quoted, bare, and hexadecimal only where a program could choose the bytes', () => {
  expect(
    fieldsOf(`type=SYSCALL ${ID} a0=CAFE a1=cafe comm="my prog" exe=2F62696E2F6120622028C3A929 key=(null)`),
  ).toEqual({
    a0: 'CAFE',
    a1: 'cafe',
    comm: 'my prog',
    exe: '/bin/a b (é)',
  });
  // An odd number of digits, or lower case, is no hex that audit writes.
  expect(fieldsOf(`type=CWD ${ID} cwd=ABC`)).toEqual({ cwd: 'ABC' });
  expect(fieldsOf(`type=USER_AUTH ${ID} acct=beef`)).toEqual({ acct: 'beef' });
  expect(fieldsOf(`type=PATH ${ID} item=0 name=FFFE`)).toEqual({ item: '0', name: '\ufffd\ufffd' });
});

test('what auditd translated, after 0x1d', () => {
  expect(fieldsOf(`type=SYSCALL ${ID} uid=0 key="k"\x1dARCH=x86_64 SYSCALL=execve UID="root"`)).toEqual({
    uid: '0',
    key: 'k',
    ARCH: 'x86_64',
    SYSCALL: 'execve',
    UID: 'root',
  });
});

test('messages of user space, whose fields do not override the kernel’s', () => {
  expect(
    fieldsOf(
      `type=USER_CMD ${ID} pid=9 uid=1000 msg='cwd="/home/u" cmd=6C73202D6C pid=1 terminal=pts/0 res=success'\x1dUID="u"`,
    ),
  ).toEqual({ pid: '9', uid: '1000', cwd: '/home/u', cmd: 'ls -l', terminal: 'pts/0', res: 'success', UID: 'u' });
  expect(
    fieldsOf(`type=USER_END ${ID} user pid=3 msg='PAM: session close acct=root : exe="/x" (hostname=?, res=success)'`),
  ).toEqual({
    pid: '3',
    acct: 'root',
    exe: '/x',
    hostname: '?',
    res: 'success',
  });
  expect(fieldsOf(`type=SERVICE_START ${ID} msg='unit=x res=success"`)).toEqual({ unit: 'x', res: 'success' });
});

test('old kernels’ LOGIN, and AVC', () => {
  expect(fieldsOf(`type=LOGIN ${ID} login pid=5 uid=0 old auid=4294967295 new auid=1000`)).toEqual({
    pid: '5',
    uid: '0',
    'old-auid': '4294967295',
    auid: '1000',
  });
  expect(fieldsOf(`type=AVC ${ID} avc:  denied  { read write } for  pid=5 comm="x"`)).toEqual({
    pid: '5',
    comm: 'x',
    seresult: 'denied',
    seperms: 'read write',
  });
});

test('arguments of an EXECVE: bare is hexadecimal, empty is an argument, long ones come in pieces', () => {
  const line = `type=EXECVE ${ID} argc=4 a0="sh" a1="" a2=612062 a3_len=6 a3[0]="abc" a3[1]=646566`;
  expect(argsOf(line)).toEqual([
    [0, { 0: 'sh' }],
    [1, { 0: '' }],
    [2, { 0: 'a b' }],
    [3, { 0: 'abc', 1: 'def' }],
  ]);
  expect(fieldsOf(line)).toEqual({ argc: '4' });
});

test('is linear in the line, whatever it holds', () => {
  const length = 500_000;
  for (const piece of [
    'a',
    '=',
    "a='",
    'a="',
    '(',
    ' ',
    'a=(null) ',
    'a=,',
    '"',
    'a[1]=',
    'old a=',
    'A0',
    '\x1d',
    'a=\'b="c =',
  ]) {
    for (const type of ['USER_CMD', 'EXECVE', 'AVC']) {
      const record = parseAuditRecord(`type=${type} ${ID} ${piece.repeat(length / piece.length)}`);
      expect(record?.fields.size).toBeLessThan(10);
    }
  }
});
