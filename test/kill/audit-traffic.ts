/**
 * A Linux audit log made up for tests: ordinary executions with a web server every now and then, the records of two
 * executions at a time interleaved, so that a crash can fall between the lines of one event.
 */
export interface Traffic {
  readonly text: string;
  readonly servers: number;
}

const START_SECONDS = 1_790_000_000;
/** Seconds between two executions: a slot of five minutes then holds 100 of them and never reaches a rule's cap. */
const STEP_SECONDS = 3;
const SERVER_EVERY = 40;

/**
 * The number of the first execution from a time on, epoch milliseconds; events are stored for some days only. Always the
 * first of a round, so that the traffic ends with no web server, whatever the time.
 */
export function firstExecutionSince(timeMs: number): number {
  return SERVER_EVERY * Math.ceil((timeMs / 1_000 - START_SECONDS) / STEP_SECONDS / SERVER_EVERY);
}

/** @param first the number of the first execution, where earlier traffic is gone on with */
export function makeAuditTraffic(executions: number, first = 0): Traffic {
  const lines: string[] = [];
  let servers = 0;
  for (let index = first; index < first + executions; index += 2) {
    const pair = [index, index + 1].map((number) => {
      const isServer = number % SERVER_EVERY === 7;
      if (isServer) servers += 1;
      return recordsOf(
        number,
        isServer ? ['python3', '-m', 'http.server', String(8_000 + (number % 900))] : ['ls', '-la'],
      );
    });
    const [left = [], right = []] = pair;
    for (const [at, line] of left.entries()) lines.push(line, right[at] as string);
  }
  return { text: `${lines.join('\n')}\n`, servers };
}

// The two of a pair lie a second apart: records further apart than two seconds would not be read as interleaved.
function secondsOf(number: number): number {
  return START_SECONDS + (number - (number % 2)) * STEP_SECONDS + (number % 2);
}

function recordsOf(number: number, args: readonly string[]): readonly string[] {
  const program = args[0] === 'python3' ? 'python3.11' : (args[0] as string);
  const id = `audit(${secondsOf(number)}.${String(number % 1_000).padStart(3, '0')}:${10_000 + number})`;
  const ids = 'auid=1000 uid=1000 gid=1000 euid=1000 suid=1000 fsuid=1000 egid=1000 sgid=1000 fsgid=1000';
  return [
    `node=web-07 type=SYSCALL msg=${id}: arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=2 a2=3 a3=4 items=2 ppid=700 pid=${1_000 + (number % 30_000)} ${ids} tty=pts0 ses=5 comm="${args[0]}" exe="/usr/bin/${program}" key=(null)`,
    `node=web-07 type=EXECVE msg=${id}: argc=${args.length} ${args.map((arg, at) => `a${at}="${arg}"`).join(' ')}`,
    `node=web-07 type=CWD msg=${id}: cwd="/srv"`,
    `node=web-07 type=PROCTITLE msg=${id}: proctitle=${Buffer.from(args.join('\0')).toString('hex').toUpperCase()}`,
  ];
}
