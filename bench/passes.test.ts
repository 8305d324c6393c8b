import { expect, test } from 'vitest';
import { generateAuditLog, generateEcs } from './generate.ts';
import type { Lane } from './lanes.ts';
import { openPasses } from './passes.ts';

const EVENTS = 1_000;
const MISSION_RULE = '99c2b626-de44-4322-b1f9-157ca408c17e';

test.each([
  { name: 'ecs', json: true, bytes: generateEcs(EVENTS), lines: EVENTS },
  { name: 'audit', json: false, bytes: generateAuditLog(EVENTS), lines: EVENTS * 6 },
])('every pass reads the whole of the generated lane $name, and every web server in it is an alert', async (lane) => {
  const passes = await openPasses([MISSION_RULE]);
  const [baseline, decode, scan] = passes.map((pass) => pass.run(lane as unknown as Lane, lane.bytes));
  expect(baseline).toEqual({ events: lane.lines });
  expect(decode).toEqual({ events: EVENTS, rejected: 0 });
  expect(scan).toEqual({ events: EVENTS, rejected: 0, alerts: EVENTS / 500 });
});

test('a generated lane is the same every time', () => {
  expect(generateEcs(50).equals(generateEcs(50))).toBe(true);
  expect(generateAuditLog(50).equals(generateAuditLog(50))).toBe(true);
});
