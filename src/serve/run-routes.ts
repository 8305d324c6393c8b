/**
 * The routes of runs over stored events, of gaps, and of asking for both. Shapes: `run-api.ts`.
 */
import type { FastifyInstance } from 'fastify';
import type { Gap, RunRecord } from '../detect/run-record.ts';
import type { RunAsked } from '../engine/runs/live-runs.ts';
import type { SchedulerStatus, RunUnderWay as UnderWay } from '../engine/runs/run-scheduler.ts';
import { scheduleWindow } from '../rule/schedule.ts';
import type { RunStore, SlotRecord } from '../store/run-store.ts';
import { writing } from './alert-routes.ts';
import { ApiFailure } from './api-error.ts';
import { GAP_QUERY, MAX_RUNS, NO_QUERY, RUN_ASK, RUN_QUERY, SLOT_QUERY } from './request-schema.ts';
import type {
  GapPage,
  GapSummary,
  RuleName,
  RunAsk,
  RunPage,
  RunRequest,
  RunSummary,
  RunUnderWay,
  Slot,
  SlotPage,
} from './run-api.ts';
import type { ServerOptions } from './server-options.ts';

/** What the routes need of the service. Promises reject with an Error whose message is fit for people. */
export interface RunsPort {
  readonly log: Pick<RunStore, 'records' | 'slots' | 'gaps' | 'gap' | 'requests'>;
  /** Absent until the working thread has told. */
  status(): SchedulerStatus | undefined;
  /** The request's number. */
  request(asked: RunAsked): Promise<number>;
  /** False where no such request waits or is under way. */
  cancel(request: number): Promise<boolean>;
  /** False where there is no such gap that is open. */
  fill(gap: number, reason: string): Promise<boolean>;
}

interface Page {
  readonly rule?: string;
  readonly limit?: string;
  readonly before?: string;
}
interface ByNumber {
  Params: { id: string };
}

const DEFAULT_LIMIT = 100;

export function addRunRoutes(
  app: FastifyInstance,
  { runs, rules, operator }: Pick<ServerOptions, 'runs' | 'rules' | 'operator'>,
): void {
  const plain = { querystring: NO_QUERY };
  const namer = (): ((id: string) => RuleName) => {
    const names = new Map(rules().map(({ document }) => [document.id, document.name]));
    return (id) => {
      const name = names.get(id);
      return name === undefined ? { id } : { id, name };
    };
  };

  app.get<{ Querystring: Page & { kind?: RunRecord['kind']; state?: RunRecord['state'] } }>(
    '/api/runs',
    { schema: { querystring: RUN_QUERY } },
    (request): RunPage => {
      const { rule, kind, state } = request.query;
      const { limit, before } = pageOf(request.query);
      const found = runs.log.records({
        limit: limit + 1,
        ...(rule === undefined ? {} : { rule }),
        ...(kind === undefined ? {} : { kind }),
        ...(state === undefined ? {} : { state }),
        ...(before === undefined ? {} : { before }),
      });
      const status = runs.status();
      const name = namer();
      const shown = found.slice(0, limit);
      return {
        runs: shown.map((run) => summaryOf(run, name)),
        ...(found.length > limit ? { next: shown.at(-1)?.id as number } : {}),
        ...(status?.underway === undefined ? {} : { underway: underwayOf(status.underway) }),
        waiting: status?.waiting ?? 0,
      };
    },
  );

  app.post<{ Body: RunAsk }>('/api/runs', { schema: { ...plain, body: RUN_ASK } }, async (request, reply) => {
    const { rules: ids, uncapped, by } = request.body;
    const from = timeOf(request.body.from, 'from');
    const to = timeOf(request.body.to, 'to');
    if (from >= to)
      throw new ApiFailure('body-invalid', 'The time ends before it begins.', '`from` must lie before `to`.');
    const unknown = ids?.find((id) => !rules().some(({ document }) => document.id === id));
    if (unknown !== undefined) {
      throw new ApiFailure('rule-not-found', `No rule ${JSON.stringify(unknown.slice(0, 80))} is loaded.`);
    }
    const asked: RunAsked = {
      from,
      to,
      reason: `${by ?? operator} asked for it.`,
      ...(ids === undefined ? {} : { rules: ids }),
      ...(uncapped === undefined ? {} : { uncapped }),
    };
    return reply.code(202).send({ request: await writing(runs.request(asked)) });
  });

  app.get<{ Querystring: Page & { capped?: string } }>(
    '/api/runs/slots',
    { schema: { querystring: SLOT_QUERY } },
    (request): SlotPage => {
      const { rule, capped, before } = request.query;
      const { limit } = pageOf({ ...(request.query.limit === undefined ? {} : { limit: request.query.limit }) });
      const found = runs.log.slots({
        limit: limit + 1,
        ...(rule === undefined ? {} : { rule }),
        ...(capped === 'true' ? { capped: true } : {}),
        ...(before === undefined ? {} : { before: timeOf(before, 'before') }),
      });
      const intervals = new Map(
        rules().map(({ document }) => [document.id, scheduleWindow(document.schedule).interval]),
      );
      const name = namer();
      const shown = wholeSlots(found, limit);
      const last = shown.at(-1);
      return {
        slots: shown.map((slot) => slotOf(slot, name, intervals.get(slot.ruleId))),
        ...(found.length > limit && last !== undefined ? { next: isoOf(last.slot) } : {}),
      };
    },
  );

  app.get('/api/runs/requests', { schema: plain }, (): readonly RunRequest[] => {
    const name = namer();
    return runs.log.requests().map(({ rules: ids, from, to, requested, gap: _, ...request }) => ({
      ...request,
      from: isoOf(from),
      to: isoOf(to),
      requested: isoOf(requested),
      ...(ids === undefined ? {} : { rules: ids.map(name) }),
    }));
  });

  app.delete<ByNumber>('/api/runs/requests/:id', { schema: plain }, async (request): Promise<{ removed: true }> => {
    const { id } = request.params;
    const isThere = numberOf(id) !== undefined && (await writing(runs.cancel(Number(id))));
    if (isThere) return { removed: true };
    throw new ApiFailure(
      'request-not-found',
      `No run of the number ${JSON.stringify(id.slice(0, 20))} waits or is under way.`,
    );
  });

  app.get<{ Querystring: Page & { state?: Gap['state'] } }>(
    '/api/gaps',
    { schema: { querystring: GAP_QUERY } },
    (request): GapPage => {
      const { rule, state } = request.query;
      const { limit, before } = pageOf(request.query);
      const found = runs.log.gaps({
        limit: limit + 1,
        ...(rule === undefined ? {} : { rule }),
        ...(state === undefined ? {} : { state }),
        ...(before === undefined ? {} : { before }),
      });
      const name = namer();
      const shown = found.slice(0, limit);
      return {
        gaps: shown.map((gap) => gapOf(gap, name)),
        ...(found.length > limit ? { next: shown.at(-1)?.id as number } : {}),
      };
    },
  );

  app.post<ByNumber>('/api/gaps/:id/fill', { schema: plain }, async (request, reply) => {
    const { id } = request.params;
    const gap = numberOf(id) === undefined ? undefined : runs.log.gap(Number(id));
    if (gap === undefined) throw new ApiFailure('gap-not-found', `There is no gap ${JSON.stringify(id.slice(0, 20))}.`);
    if (!(await writing(runs.fill(gap.id, `${operator} asked for it.`)))) {
      throw new ApiFailure('gap-not-open', 'That gap is filled already, or its events are no longer stored.');
    }
    return reply.code(202).send({ asked: true });
  });
}

function pageOf({ limit, before }: Page): { readonly limit: number; readonly before?: number } {
  const count = limit === undefined ? DEFAULT_LIMIT : Number(limit);
  if (count < 1 || count > MAX_RUNS) {
    throw new ApiFailure('query-invalid', `limit is ${count}.`, `A whole number from 1 to ${MAX_RUNS}.`);
  }
  return { limit: count, ...(before === undefined ? {} : { before: Number(before) }) };
}

function numberOf(id: string): number | undefined {
  return /^[0-9]{1,15}$/.test(id) ? Number(id) : undefined;
}

function timeOf(text: string, name: string): number {
  const ms = Date.parse(text);
  if (!Number.isNaN(ms)) return ms;
  const hint = 'A time in ISO 8601, for example 2026-01-31T12:00:00Z.';
  throw new ApiFailure('body-invalid', `${name} is no time: ${JSON.stringify(text.slice(0, 40))}.`, hint);
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}

/** Pages end between slots: the slots of one time stay together, unless they alone are more than a page. */
function wholeSlots(found: readonly SlotRecord[], limit: number): readonly SlotRecord[] {
  const beyond = found[limit];
  const shown = found.slice(0, limit);
  if (beyond === undefined) return shown;
  const whole = shown.filter(({ slot }) => slot !== beyond.slot);
  return whole.length === 0 ? shown : whole;
}

function summaryOf(
  { ruleId, from, to, started, ended, ...run }: RunRecord,
  name: (id: string) => RuleName,
): RunSummary {
  return {
    ...run,
    rule: name(ruleId),
    from: isoOf(from),
    to: isoOf(to),
    started: isoOf(started),
    ...(ended === undefined ? {} : { ended: isoOf(ended) }),
  };
}

function underwayOf({ from, to, started, at, ...run }: UnderWay): RunUnderWay {
  return { ...run, from: isoOf(from), to: isoOf(to), started: isoOf(started), at: isoOf(at) };
}

function slotOf(
  { ruleId, slot, funnel }: SlotRecord,
  name: (id: string) => RuleName,
  interval = scheduleWindow({}).interval,
): Slot {
  return { rule: name(ruleId), from: isoOf(slot), to: isoOf(slot + interval), funnel };
}

function gapOf({ ruleId, from, to, detected, ...gap }: Gap, name: (id: string) => RuleName): GapSummary {
  return { ...gap, rule: name(ruleId), from: isoOf(from), to: isoOf(to), detected: isoOf(detected) };
}
