/**
 * Rules for auditd, record by record, on events as the format gives them.
 */
import { expect, it } from 'vitest';
import type { Event } from '../../event/event.ts';
import { openStream } from '../../format/stream.ts';
import { compileMatcher } from '../../match/matcher.ts';
import { evaluate } from '../../plan/predicate/evaluate.ts';
import { compileSigma } from './sigma.ts';

const AT = 'msg=audit(1700000000.123:456):';
const CALL = `type=SYSCALL ${AT} arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=777 a2=3 a3=0 items=2 ppid=10 pid=11 auid=1000 uid=0 euid=0 tty=pts0 ses=1 comm="chmod" exe="/usr/bin/chmod" key="k1"
type=EXECVE ${AT} argc=3 a0="chmod" a1="755" a2="/etc/shadow"
type=CWD ${AT} cwd="/root"
type=PATH ${AT} item=0 name="/usr/bin/chmod" inode=1 mode=0100755 nametype=NORMAL
type=PATH ${AT} item=1 name="/etc/new" inode=2 mode=0100644 nametype=CREATE
type=PROCTITLE ${AT} proctitle=63686D6F64`;
const STOP = `type=SERVICE_STOP ${AT} pid=1 uid=0 auid=4294967295 ses=4294967295 msg='unit=auditd comm="systemd" exe="/lib/systemd/systemd" hostname=? addr=? terminal=? res=success'`;

function eventsOf(text: string): readonly Event[] {
  const events: Event[] = [];
  const reader = openStream(
    { standsInForEndpoint: true, now: () => 0 },
    { event: (event) => events.push(event), reject: () => {} },
  );
  for (const [index, line] of text.split('\n').entries()) {
    reader.line({ bytes: Buffer.from(line), origin: { path: 'audit.log', offset: index, line: index + 1 } });
  }
  reader.end();
  return events;
}

it.each<[string, string, boolean]>([
  // The arguments of the command, not of the system call, and the other way round.
  ['s: {type: EXECVE, a0: chmod, a1: 755}\ncondition: s', CALL, true],
  ['s: {type: EXECVE, a1: 777}\ncondition: s', CALL, false],
  ['s: {type: SYSCALL, a1: 777, exe|endswith: /chmod}\ncondition: s', CALL, true],
  ['s: {type: SYSCALL, a1: 755}\ncondition: s', CALL, false],
  ['s: {type: execve, a2|endswith: shadow}\ncondition: s', CALL, true],
  // Without a type any one record will do, but one must.
  ['s: {a1: 755, a2|endswith: shadow}\ncondition: s', CALL, true],
  ['s: {a1: 777, a2: 3}\ncondition: s', CALL, true],
  ['s: {a1: 777, a2|endswith: shadow}\ncondition: s', CALL, false],
  // One and the same PATH record.
  ['s: {type: PATH, name: /etc/new, nametype: CREATE}\ncondition: s', CALL, true],
  ['s: {type: PATH, name: /usr/bin/chmod, nametype: CREATE}\ncondition: s', CALL, false],
  ['s: {name: /usr/bin/chmod, nametype: CREATE}\ncondition: s', CALL, false],
  // Fields of two records are no record.
  ['s: {cwd: /root, a0: chmod}\ncondition: s', CALL, false],
  ['s: {type: CWD, cwd: /root}\ncondition: s', CALL, true],
  ['s: {type: CWD, a0: chmod}\ncondition: s', CALL, false],
  // Different maps may be met by different records.
  [
    'a: {type: EXECVE, a0: chmod}\nb: {type: PATH, nametype: CREATE}\nc: {cwd: /root}\ncondition: a and b and c',
    CALL,
    true,
  ],
  ['a: {type: EXECVE, a0: chmod}\nb: {name: /nowhere}\ncondition: a and not b', CALL, true],
  ['s:\n  - {type: PATH, name: /x}\n  - {type: SYSCALL, SYSCALL: execve}\ncondition: s', CALL, true],
  ['s: {type: [PATH, SYSCALL], comm: chmod}\ncondition: s', CALL, true],
  ['s: {type: PATH}\ncondition: s', CALL, true],
  ['s: {type: USER_CMD}\ncondition: s', CALL, false],
  // Records of user space.
  ['s: {type: SERVICE_STOP, unit: auditd}\ncondition: s', STOP, true],
  ['s: {type: SERVICE_STOP, unit: other}\ncondition: s', STOP, false],
  ['s: {type: SERVICE_START, unit: auditd}\ncondition: s', STOP, false],
  ['s: {type: [SERVICE_START, SERVICE_STOP]}\ncondition: s', STOP, true],
  ['s: {unit: auditd, comm: systemd}\ncondition: s', STOP, true],
  ['s: {unit: auditd, comm: other}\ncondition: s', STOP, false],
  ['s: {type|startswith: SERVICE_}\ncondition: s', STOP, true],
  ['s: {type|startswith: EXEC, a0: chmod}\ncondition: s', CALL, true],
])('%s', (detection, log, expected) => {
  const text = `logsource: {product: linux, service: auditd}\ndetection:\n${detection.replaceAll(/^/gm, '  ')}`;
  const { plan, diagnostics } = compileSigma(text);
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  const [event] = eventsOf(log);
  if (plan === undefined || event === undefined) throw new Error('no plan or event');
  expect(evaluate(plan.predicate, event)).toBe(expected);
  const found: number[] = [];
  compileMatcher([{ predicate: plan.predicate, reads: () => true }]).match(event, (index) => found.push(index));
  expect(found).toEqual(expected ? [0] : []);
});

it('tells a mistake once, in however many records the map is looked for', () => {
  const text = 'logsource: {product: linux, service: auditd}\ndetection:\n  s: {a0|all: x, a1: y}\n  condition: s';
  const codes = compileSigma(text).diagnostics.map(({ code }) => code);
  expect(codes.filter((code) => code === 'sigma-all-single')).toHaveLength(1);
});
