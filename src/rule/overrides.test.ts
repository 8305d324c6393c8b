import { expect, it } from 'vitest';
import { documentSource, Event } from '../event/event.ts';
import type { JsonObject } from '../event/json.ts';
import { inspectText } from './inspect.ts';
import { countedAt, isBuildingBlock, nameFrom, overridesOf, riskFrom, severityFrom } from './overrides.ts';
import type { RuleDocument } from './rule.ts';

const documentOf = (more: object): RuleDocument => {
  const given = { rule_id: 'x', name: 'x', type: 'query', language: 'kuery', query: 'a: b', severity: 'low', ...more };
  return inspectText(JSON.stringify(given), 'x.ndjson')[0]?.document as RuleDocument;
};
const overrides = (more: object) => overridesOf(documentOf(more));
const event = (document: JsonObject) =>
  new Event({
    time: { ms: 5_000, ticks: 0 },
    source: documentSource(document),
    raw: new Uint8Array(),
    format: 'json',
    dataStreams: [],
  });
const mapping = (field: string, value: string, severity: string) => ({ field, operator: 'equals', value, severity });

it('the highest severity that fits counts', () => {
  const own = overrides({
    severity_mapping: [
      mapping('event.severity', '73', 'high'),
      mapping('event.severity', '99', 'critical'),
      mapping('user.name', 'root', 'medium'),
      mapping('user.name', '', 'critical'),
    ],
  });
  expect(severityFrom(own, event({ event: { severity: 73 }, user: { name: 'root' } }))).toBe('high');
  expect(severityFrom(own, event({ event: { severity: [99, 73] } }))).toBe('critical');
  expect(severityFrom(own, event({ event: { severity: 1 } }))).toBeUndefined();
});

it.each([
  [{ event: { risk_score: 40 } }, 40],
  [{ event: { risk_score: ['7', 61.5, 101] } }, 61.5],
  [{ event: { risk_score: 'high' } }, undefined],
  [{ event: { risk_score: '' } }, undefined],
  [{}, undefined],
])('the highest number from 0 to 100 is the risk: %j', (document, expected) => {
  const own = overrides({ risk_score_mapping: [{ field: 'event.risk_score', operator: 'equals', value: '' }] });
  expect(riskFrom(own, event(document))).toBe(expected);
});

it('an alert is named by a field, where the event has it', () => {
  const own = overrides({ rule_name_override: 'message' });
  expect(nameFrom(own, event({ message: 'Found it' }))).toBe('Found it');
  expect(nameFrom(own, event({ message: ' ' }))).toBeUndefined();
});

it('an event counts by another time, and by its own where that is missing, unless the rule forbids it', () => {
  const own = overrides({ timestamp_override: 'event.ingested' });
  expect(countedAt(own, event({ event: { ingested: '1970-01-01T00:00:07Z' } }))).toBe(7_000);
  expect(countedAt(own, event({}))).toBe(5_000);
  const strict = overrides({ timestamp_override: 'event.ingested', timestamp_override_fallback_disabled: true });
  expect(countedAt(strict, event({}))).toBeUndefined();
  expect(countedAt(overrides({}), event({}))).toBe(5_000);
});

it('a building-block rule is known', () => {
  expect(isBuildingBlock(documentOf({ building_block_type: 'default' }))).toBe(true);
  expect(isBuildingBlock(documentOf({}))).toBe(false);
});
