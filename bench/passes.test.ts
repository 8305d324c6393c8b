import { expect, test } from 'vitest';
import { FORMATS } from '../src/format/formats.ts';
import { readEvents } from '../test/read-events.ts';
import { generateAuditLog, generateEcs } from './generate.ts';
import { FORMAT_LANES, generateFormat } from './generate-formats.ts';
import type { Lane } from './lanes.ts';
import { openPasses } from './passes.ts';

const EVENTS = 1_000;
const MISSION_RULE = '99c2b626-de44-4322-b1f9-157ca408c17e';

test.each([
  { name: 'ecs', json: true, bytes: generateEcs(EVENTS), lines: EVENTS },
  { name: 'audit', json: false, bytes: generateAuditLog(EVENTS), lines: EVENTS * 6 },
])('every pass reads the whole of the generated lane $name, and every web server in it is an alert', async (lane) => {
  const measured = lane as unknown as Lane;
  const passes = (await openPasses([MISSION_RULE])).filter(({ isOf }) => isOf?.(measured) ?? true);
  const [baseline, decode, derive, scan, lines, fields] = passes.map((pass) => pass.run(measured, lane.bytes));
  expect(baseline).toEqual({ events: lane.lines });
  expect(decode).toEqual({ events: EVENTS, rejected: 0 });
  expect(derive).toEqual(decode);
  expect(scan).toEqual({ events: EVENTS, rejected: 0, alerts: EVENTS / 500 });
  expect(lines).toEqual(lane.json ? undefined : baseline);
  expect(fields).toEqual(lane.json ? undefined : baseline);
});

test('there is a lane for every format that a file can be of', () => {
  const elsewhere = ['auditd', 'elastic-defend', 'procfs'];
  const lanes = FORMAT_LANES.map(({ format }) => format);
  expect([...lanes, ...elsewhere].sort()).toEqual(FORMATS.map(({ name }) => name).sort());
});

test.each(FORMAT_LANES)('the lane $format is read wholly, as that format', (lines) => {
  const { events, rejects } = readEvents(generateFormat(lines, 200).toString());
  expect(rejects).toEqual([]);
  expect(events).toHaveLength(200);
  for (const event of events) {
    expect(event.format).toBe(lines.format);
    if (event.text('event.kind') === 'asset') continue;
    expect(event.text('host.name')).toMatch(/^(?:srv|ws)-[0-3]\d/);
    if (lines.format === 'syslog') expect(event.text('event.action') ?? event.text('process.name')).toBeDefined();
    else expect(event.text('process.command_line')).toMatch(/\w/);
  }
});

test('a generated lane is the same every time', () => {
  expect(generateEcs(50).equals(generateEcs(50))).toBe(true);
  expect(generateAuditLog(50).equals(generateAuditLog(50))).toBe(true);
  for (const lines of FORMAT_LANES) {
    expect(generateFormat(lines, 50).equals(generateFormat(lines, 50)), lines.format).toBe(true);
  }
});
