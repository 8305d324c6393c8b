/** Hunts over the invented events: EQL and Kibana’s language as they are, by the reference evaluator; of others only that they are asked. */
import { documentSource, Event } from '../../src/event/event.ts';
import { compileEql } from '../../src/language/eql/eql.ts';
import { compileKuery } from '../../src/language/kuery/kuery.ts';
import { evaluate } from '../../src/plan/predicate/evaluate.ts';
import type { Predicate } from '../../src/plan/predicate/node.ts';
import type { HuntAnswer, HuntAsk } from '../../src/serve/hunt-api.ts';
import type { EventDetail } from '../../src/serve/triage-api.ts';

const BARS = 60;

export function huntIn(
  all: readonly EventDetail[],
  { language, text, from = '', to = '~', limit = 100 }: HuntAsk,
): HuntAnswer {
  const events = all.filter(({ time }) => time >= from && time < to);
  const { plan, diagnostics } = language === 'kuery' ? compileKuery(text) : compileEql(text);
  const findings = diagnostics.map(({ code, severity, message, hint, span: { start, end } }) => ({
    code,
    severity,
    message,
    ...(hint === undefined ? {} : { hint }),
    start,
    end,
  }));
  const nothing: HuntAnswer = {
    findings,
    kind: 'events',
    events: [],
    groups: [],
    columns: [],
    found: 0,
    read: 0,
    ms: 3,
  };
  if (plan === undefined) return nothing;
  if (plan.kind !== 'event') {
    const pairs = events
      .slice(1, 4)
      .map((event, at) => ({ key: [event.host ?? null], events: [event, events[at] ?? null] }));
    return { ...nothing, kind: 'groups', groups: pairs, found: pairs.length, read: events.length };
  }
  const found = events.filter((event) => holds(plan.predicate, event));
  // A hunt that has to read much is stopped once.
  const isSlow = text.includes('slow') && to === '~';
  const last = found[9]?.time;
  return {
    ...nothing,
    events: found.slice(0, limit),
    found: found.length,
    read: events.length,
    ms: 1_240,
    ...(isSlow && last !== undefined ? { stopped_at: last } : {}),
    histogram: histogramOf(all, found),
  };
}

function holds(predicate: Predicate, { document }: EventDetail): boolean {
  const source = documentSource(document);
  const time = { ms: 0, ticks: 0 };
  return evaluate(predicate, new Event({ time, source, raw: new Uint8Array(), format: 'fixture', dataStreams: [] }));
}

function histogramOf(all: readonly EventDetail[], found: readonly EventDetail[]): NonNullable<HuntAnswer['histogram']> {
  const begin = Date.parse(all.at(-1)?.time ?? '');
  const end = Date.parse(all[0]?.time ?? '') + 1;
  const bucket = Math.ceil((end - begin) / BARS);
  const counts = Array<number>(BARS).fill(0);
  for (const { time } of found) {
    const at = Math.floor((Date.parse(time) - begin) / bucket);
    counts[at] = (counts[at] ?? 0) + 1;
  }
  const iso = (ms: number) => new Date(ms).toISOString();
  return { from: iso(begin), to: iso(begin + BARS * bucket), bucket_ms: bucket, counts };
}
