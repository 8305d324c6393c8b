import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documentSource, Event } from '../event/event.ts';
import type { JsonObject } from '../event/json.ts';
import type { Suppression } from '../rule/rule.ts';
import { decide, EMPTY_FUNNEL, type Match } from './decide.ts';
import { groupMatch, MOST_COUNTED_IDS, SuppressionBook } from './suppression.ts';
import { SuppressionNotes } from './suppression-notes.ts';

const MINUTE = 60_000;
const BY_HOST: Suppression = { groupBy: [{ field: 'host.name' }], missing: 'suppress', eachMember: false };

const event = (time: number, document: JsonObject): Event =>
  new Event({
    time: { ms: time, ticks: 0 },
    source: documentSource(document),
    raw: new Uint8Array(),
    format: 'json',
    dataStreams: [],
  });
const on = (id: string, time: number, host: string | readonly string[] | undefined): Match => ({
  alertId: id,
  events: [event(time, host === undefined ? {} : { host: { name: host } })],
});

/** What is decided of matches, batch by batch, by one memory. */
class Story {
  readonly notes = new SuppressionNotes();
  readonly alerts: string[] = [];
  readonly counts = new Map<string, number>();
  private readonly suppression: Suppression;

  constructor(suppression: Suppression) {
    this.suppression = suppression;
  }

  decide(...matches: readonly Match[]) {
    const book = new SuppressionBook('rule', this.suppression, 5 * MINUTE, this.notes);
    const grouped = matches.flatMap((match) => groupMatch('rule', match, this.suppression));
    const { created, funnel } = decide({ cap: 99, created: 0 }, grouped, {
      isKnown: (id) => this.alerts.includes(id) || book.isSuppressed(id),
      suppression: book,
    });
    this.alerts.push(...created.map(({ alertId: id }) => id));
    for (const change of book.changes()) {
      this.notes.record(change);
      this.counts.set(change.alertId, (this.counts.get(change.alertId) ?? 0) + change.counted.length);
    }
    return funnel;
  }
}

describe('suppression', () => {
  it('of a rule that rests spares what its run finds, in whatever batch', () => {
    const story = new Story({ ...BY_HOST, groupBy: [], durationMs: 60 * MINUTE, sparesRun: true });
    expect(story.decide(on('a', 1, 'x'), on('b', 2, 'y'))).toMatchObject({ created: 2 });
    expect(story.decide(on('c', 3, 'z'))).toMatchObject({ created: 1 });
    expect(story.decide(on('d', 6 * MINUTE, 'x'), on('e', 59 * MINUTE, 'z'))).toMatchObject({ suppressed: 2 });
    expect(story.decide(on('f', 61 * MINUTE, 'x'))).toMatchObject({ created: 1 });
    expect([...story.counts]).toEqual([
      ['a', 2],
      ['f', 0],
    ]);
  });

  it('of a run lets one alert a group and slot stand for the others, over batches', () => {
    const story = new Story(BY_HOST);
    expect(story.decide(on('a', 0, 'x'), on('b', 1, 'x'), on('c', 2, 'y'))).toEqual({
      ...EMPTY_FUNNEL,
      matched: 3,
      suppressed: 1,
      created: 2,
    });
    story.decide(on('d', 4 * MINUTE, 'x'), on('e', 5 * MINUTE, 'x'));
    expect(story.alerts).toEqual(['a', 'c', 'e']);
    expect([...story.counts]).toEqual([
      ['a', 2],
      ['c', 0],
      ['e', 0],
    ]);
  });

  it('of a window begins with the alert, and with one that comes late and lies close before it', () => {
    const story = new Story({ ...BY_HOST, durationMs: 60 * MINUTE });
    story.decide(on('a', 30 * MINUTE, 'x'), on('b', 89 * MINUTE, 'x'), on('c', 90 * MINUTE, 'x'));
    story.decide(on('late', 10 * MINUTE, 'x'));
    story.decide(on('before', -40 * MINUTE, 'x'));
    expect(story.alerts).toEqual(['a', 'c', 'before']);
    expect(story.counts.get('a')).toBe(2);
  });

  it('never counts a match twice, however often it is decided and in whatever batches', () => {
    const anyMatch = fc.record({ at: fc.nat(40), host: fc.constantFrom('x', 'y', undefined) });
    const duration = fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined });
    fc.assert(
      fc.property(fc.array(anyMatch, { maxLength: 20 }), fc.nat(20), duration, (told, cut, minutes) => {
        const suppression = { ...BY_HOST, ...(minutes === undefined ? {} : { durationMs: minutes * MINUTE }) };
        const matches = told.map(({ at, host }, number) => on(`m${number}`, at * MINUTE, host));
        const whole = new Story(suppression);
        whole.decide(...matches);
        const parts = new Story(suppression);
        parts.decide(...matches.slice(0, cut));
        parts.decide(...matches.slice(cut));
        expect(parts.alerts).toEqual(whole.alerts);
        expect([...parts.counts].sort()).toEqual([...whole.counts].sort());
        expect(parts.decide(...matches)).toMatchObject({ duplicate: matches.length, suppressed: 0, created: 0 });
        const sum = [...whole.counts.values()].reduce((total, count) => total + count, whole.alerts.length);
        expect(sum).toBe(matches.length);
      }),
      { numRuns: 200 },
    );
  });

  it('forgets ids of very many, and takes what lies before those it knows for counted', () => {
    const story = new Story(BY_HOST);
    const many = Array.from({ length: 3 * MOST_COUNTED_IDS }, (_, at) => on(`m${at}`, at, 'x'));
    story.decide(...many.slice(0, 2_000));
    story.decide(...many.slice(2_000));
    expect(story.counts.get('m0')).toBe(many.length - 1);
    expect(story.notes.isSuppressed('m100')).toBe(false);
    expect(story.decide(...many)).toMatchObject({ duplicate: many.length, suppressed: 0 });
  });
});

describe('groups', () => {
  const termsOf = (match: Match, suppression: Suppression) =>
    groupMatch('rule', match, suppression).map(({ group }) => group?.terms.map(({ value }) => value));

  it('take arrays as sets, or of a query each member on its own', () => {
    expect(termsOf(on('a', 0, ['y', 'x', 'y']), BY_HOST)).toEqual([[['x', 'y']]]);
    const each = { ...BY_HOST, eachMember: true };
    expect(termsOf(on('a', 0, ['y', 'x', 'y']), each)).toEqual([[['y']], [['x']]]);
    const ids = groupMatch('rule', on('a', 0, ['y', 'x']), each).map(({ alertId: id }) => id);
    expect(new Set(ids).size).toBe(2);
  });

  it('take what is missing for alike, or for an alert of its own', () => {
    expect(termsOf(on('a', 0, undefined), BY_HOST)).toEqual([[null]]);
    expect(termsOf(on('a', 0, undefined), { ...BY_HOST, missing: 'alert' })).toEqual([undefined]);
  });

  it('take of a sequence what its events share, in their order, or the field of a step', () => {
    const steps = [
      event(0, { host: { name: ['b', 'a'] }, user: { name: 'ana' } }),
      event(1, { host: { name: ['b', 'a', 'c'] }, user: { name: 'ben' } }),
    ];
    const sequence: Match = { alertId: 's', events: steps, joined: { keys: [], steps } };
    const groupBy = [{ field: 'host.name' }, { field: 'user.name' }, { field: 'user.name', step: 2 }];
    expect(termsOf(sequence, { groupBy, missing: 'suppress', eachMember: true })).toEqual([
      [['b', 'a'], null, ['ben']],
    ]);
  });

  it('take a name of the rule’s own from the first field that has it', () => {
    const groupBy = [{ field: 'Dvc', homes: ['host.name', 'host.hostname'] }];
    const second: Match = { alertId: 'a', events: [event(0, { host: { hostname: 'x' } })] };
    for (const match of [on('a', 0, 'x'), second]) {
      const [grouped] = groupMatch('rule', match, { ...BY_HOST, groupBy });
      expect(grouped?.group?.terms).toEqual([{ field: 'Dvc', value: ['x'] }]);
    }
  });

  it('keep the sample apart', () => {
    const [own, sample] = [false, true].map(
      (isSample) => groupMatch('rule', { ...on('a', 0, 'x'), sample: isSample }, BY_HOST)[0]?.group?.key,
    );
    expect(own).not.toBe(sample);
  });
});
