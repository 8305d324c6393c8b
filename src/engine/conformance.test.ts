/**
 * The cases of `conformance/`, through the door that a scan and the service use: rules loaded from a file, events in the
 * order of arrival, alerts out. Its README tells the little language.
 */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { documentSource, Event } from '../event/event.ts';
import type { LoadedRule } from '../rule/inspect.ts';
import { loadRules } from '../rule/load.ts';
import { Detector, LATENESS_MS, MemoryLedger } from './detector.ts';

const ROOT = fileURLToPath(new URL('../../conformance', import.meta.url));
const START = Date.UTC(2026, 0, 1);
const FOLDERS = globSync('*/*/cases.txt', { cwd: ROOT }).sort().map(dirname);

it('there are cases', () => expect(FOLDERS.length).toBeGreaterThanOrEqual(15));

describe.each(FOLDERS)('%s', (folder) => {
  const lines = readFileSync(join(ROOT, folder, 'cases.txt'), 'utf8')
    .split('\n')
    .filter((line) => line.includes('=>'));
  const rules = loadRules([join(ROOT, folder, 'rules.yml')]);

  it('loads', async () => {
    const { findings } = await rules;
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it.each(lines)('%s', async (line) => {
    const [, live, events = '', matches = ''] = /^(live:)?(.*)=>(.*)$/.exec(line) ?? [];
    const expected = matches.trim() === '-' ? '' : matches.trim();
    const arrived = events.trim().split(/\s+/).map(eventOf);
    const { rules: loaded } = await rules;
    expect(alertsLive(loaded, arrived)).toBe(expected);
    if (live === undefined) expect(alertsOfFiles(loaded, arrived)).toBe(expected);
  });
});

/** `AB@1m2s:host=x,user=a+b`: kinds, time, fields with one value or several. */
function eventOf(text: string, at: number): Event {
  const [, kinds = '', time = '', fields = ''] = /^([A-Z]+)@([\dhms]+)(?::(.*))?$/.exec(text) ?? [];
  const document = {
    n: at + 1,
    kind: [...kinds],
    event: { category: ['test'] },
    ...Object.fromEntries(
      fields
        .split(',')
        .filter((field) => field !== '')
        .map((field) => {
          const [name = '', value = ''] = field.split('=');
          return [name, value.includes('+') ? value.split('+') : value];
        }),
    ),
  };
  return new Event({
    time: { ms: START + secondsOf(time) * 1_000, ticks: 0 },
    source: documentSource(document),
    raw: new TextEncoder().encode(text),
    format: 'test',
    dataStreams: [],
    id: String(at + 1),
  });
}

function secondsOf(time: string): number {
  const unit: Readonly<Record<string, number>> = { h: 3_600, m: 60, s: 1, '': 1 };
  return [...time.matchAll(/(\d+)([hms]?)/g)].reduce(
    (sum, [, number, of = '']) => sum + Number(number) * (unit[of] ?? 1),
    0,
  );
}

function alertsOfFiles(rules: readonly LoadedRule[], events: readonly Event[]): string {
  const detector = new Detector({ rules, maxAlerts: Number.POSITIVE_INFINITY, now: () => START });
  for (const event of events) detector.observe(event);
  detector.end();
  return told(rules, detector);
}

/** As the service sees it: the clock goes on with the newest event. */
function alertsLive(rules: readonly LoadedRule[], events: readonly Event[]): string {
  let clock = START;
  const detector = new Detector({
    rules,
    maxAlerts: Number.POSITIVE_INFINITY,
    now: () => clock,
    lateness: LATENESS_MS,
  });
  for (const event of events) {
    clock = Math.max(clock, event.time.ms);
    detector.observe(event);
    detector.settle();
  }
  for (let hour = 0; hour < 3; hour += 1) {
    clock += 3_600_000;
    detector.settle();
  }
  return told(rules, detector);
}

function told(rules: readonly LoadedRule[], detector: Detector): string {
  const names = new Map(rules.map(({ document }) => [document.id, String(document.extra.name)]));
  return detector
    .drain(new MemoryLedger())
    .alerts.map(({ alert }) => {
      const events = alert.events.map(({ n }) => n).join(' ');
      return `${names.get(alert.rule.id)}[${events}]${alert.measured === undefined ? '' : `=${alert.measured}`}`;
    })
    .sort()
    .join(' ');
}
