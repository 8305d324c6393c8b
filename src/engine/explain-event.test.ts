import { describe, expect, it } from 'vitest';
import { documentSource, Event } from '../event/event.ts';
import type { JsonObject } from '../event/json.ts';
import { compileEql } from '../language/eql/eql.ts';
import type { EventPlan } from '../plan/plan.ts';
import { explainerOf } from './explain-event.ts';

const query = 'process where process.name == "nc"';
const rule = {
  document: { id: 'r', query, indexPatterns: ['logs-endpoint.events.*'] },
  plan: compileEql(query).plan as EventPlan,
};
const matching = { event: { category: ['process'] }, process: { name: 'nc' } };

const event = (document: JsonObject, ...dataStreams: string[]) =>
  new Event({
    time: { ms: 0, ticks: 0 },
    source: documentSource(document),
    raw: new Uint8Array(),
    format: 'test',
    dataStreams,
  });

describe('an explanation of one event', () => {
  it('has no obstacle exactly where the rule fires', () => {
    const explained = explainerOf(rule);
    expect(explained(event(matching, 'logs-endpoint.events.process-default'))).toMatchObject({
      fires: true,
      obstacles: [],
    });
    expect(explained(event({ ...matching, process: { name: 'NC' } }))).toMatchObject({
      fires: false,
      obstacles: [{ kind: 'other-case' }],
    });
  });

  it('names the data stream that the rule does not read', () => {
    const explained = explainerOf(rule)(event(matching, 'logs-auditd_manager.auditd-default'));
    expect(explained).toMatchObject({
      fires: false,
      reads: false,
      obstacles: [
        {
          kind: 'wrong-data-stream',
          message: 'The rule reads logs-endpoint.events.*; the event is in logs-auditd_manager.auditd-default.',
        },
      ],
    });
  });

  it('names the exception that removes a match, and asks for none where there is no match', () => {
    const asked: string[] = [];
    const explained = explainerOf(rule, (id) => {
      asked.push(id);
      return { id: 'x1', name: 'Backup jobs' };
    });
    expect(explained(event(matching))).toMatchObject({
      fires: false,
      excepted_by: { id: 'x1', name: 'Backup jobs' },
      obstacles: [{ kind: 'excepted', message: 'The exception “Backup jobs” removes it.' }],
    });
    expect(explained(event({}))).not.toHaveProperty('excepted_by');
    expect(asked).toEqual(['r']);
  });
});
