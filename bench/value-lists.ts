/**
 * What a value list of a million entries costs: time to compile, memory it keeps, look-ups a second.
 *
 *   node --expose-gc bench/value-lists.ts [entries]
 *
 * One line a type; times are those of the processor, so that a busy machine does not matter. Look-ups are half of values that are in the list and half of values that are not, each another text
 * than the one compiled, as a value out of an event is.
 */
import type { ValueListType } from '../src/detect/exception.ts';
import { compileList, MOST_VALUES } from '../src/detect/exceptions/value-list.ts';

const LOOK_UPS = 500_000;
const entries = Number(process.argv[2] ?? 1_000_000);

interface Lane {
  readonly name: string;
  readonly type: ValueListType;
  /** Of an even number in the list, of an odd one not. */
  readonly value: (number: number) => string;
  readonly entry?: (number: number) => string;
}

const quad = (number: number) => [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');
const LANES: readonly Lane[] = [
  { name: 'keyword, sha256', type: 'keyword', value: (number) => number.toString(16).padStart(64, '0') },
  { name: 'keyword, paths', type: 'keyword', value: (number) => `C:\\Users\\user${number}\\AppData\\a.exe` },
  { name: 'ip, IPv4', type: 'ip', value: quad },
  {
    name: 'ip, IPv6',
    type: 'ip',
    value: (number) => `2001:db8::${(number >>> 16).toString(16)}:${(number & 65_535).toString(16)}`,
  },
  {
    name: 'ip_range, /31',
    type: 'ip_range',
    value: (number) => quad(number * 2),
    entry: (number) => `${quad(number * 2)}/31`,
  },
  {
    name: 'wildcard',
    type: 'wildcard',
    value: (number) => `C:\\Users\\user${number}\\AppData\\a.exe`,
    entry: (number) => `C:\\Users\\user${number}\\*`,
  },
];

for (const lane of LANES) {
  await settle();
  await measure(lane);
}

async function measure({ name, type, value, entry = value }: Lane): Promise<void> {
  const count = Math.min(entries, MOST_VALUES[type]);
  const before = memory();
  const started = process.cpuUsage();
  const list = compileList(type, generate(count, entry));
  list.has(value(0), 'none');
  const compiled = secondsSince(started);
  await settle();
  const kept = memory() - before;
  const probes = Array.from({ length: LOOK_UPS }, (_, index) => value((index * 7_919) % (count * 2)));
  const begun = process.cpuUsage();
  let found = 0;
  for (const probe of probes) if (list.has(probe, 'none')) found += 1;
  const perSecond = LOOK_UPS / secondsSince(begun);
  console.log(
    `${name.padEnd(18)} ${list.size.toLocaleString('en-US').padStart(10)} entries  ${compiled.toFixed(2).padStart(6)} s to compile  ` +
      `${(kept / 1e6).toFixed(0).padStart(5)} MB  ${Math.round(perSecond).toLocaleString('en-US').padStart(11)} look-ups a second  (${((found / LOOK_UPS) * 100).toFixed(0)} % found)`,
  );
}

function* generate(count: number, entry: (number: number) => string): Iterable<string> {
  for (let number = 0; number < count; number += 1) yield entry(number * 2);
}

function secondsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

/** Buffers are given back a moment after they are found to be free. */
async function settle(): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function memory(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
