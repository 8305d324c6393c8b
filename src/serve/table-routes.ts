/**
 * The routes of whole Kusto queries over the stored events. Shapes: `table-api.ts`. A query ends when its time is up, or
 * when whoever asked has gone, which interrupts the statement that runs.
 *
 * The rows come written out from the thread that read them, and are put into the answer as they are.
 */
import type { FastifyInstance } from 'fastify';
import type { WrittenFormat } from '../engine/tables/answer-file.ts';
import type { QueryWindow } from '../engine/tables/event-scans.ts';
import type { TableQueryOptions } from '../engine/tables/run-query.ts';
import { askTables, type HuntLimits, type TableSearch } from '../engine/tables/table-search.ts';
import { chartOf } from '../plan/relation/chart.ts';
import { reading } from './event-routes.ts';
import { BODY_LIMIT, goneSignal, rangeOf, UNPROCESSABLE } from './hunt-routes.ts';
import { findingsOf } from './language-routes.ts';
import { NO_QUERY, TABLE_ASK, TABLE_FILE_ASK } from './request-schema.ts';
import type { ServerOptions } from './server-options.ts';
import type { TableAsk, TableFileAsk, TableHuntAnswer } from './table-api.ts';

/** Whole Kusto queries. */
export interface TablesPort {
  readonly search: TableSearch;
  readonly limits: HuntLimits;
  /** What queries may name beside the tables of the house. */
  readonly schema?: () => Pick<TableQueryOptions, 'tables' | 'functions' | 'given'>;
}

const TYPES = { csv: 'text/csv; charset=utf-8', json: 'application/json', parquet: 'application/vnd.apache.parquet' };
const TICKS_PER_MS = 10_000n;
const NOTHING = { columns: [], rows: [], cut: false } as const;

export function addTableRoutes(app: FastifyInstance, { tables, now }: Pick<ServerOptions, 'tables' | 'now'>): void {
  const ask = async (body: TableAsk, format: WrittenFormat, signal: AbortSignal) => {
    const { limits, search, schema } = tables;
    const rows = Math.min(body.rows ?? limits.rows, limits.rows);
    const window = windowOf(body);
    const asked = {
      now: BigInt(now().getTime()) * TICKS_PER_MS,
      format,
      limits: { ...limits, rows },
      ...(window === undefined ? {} : { window }),
    };
    const began = performance.now();
    const result = await reading(askTables(search, body.text, asked, { ...schema?.(), signal }));
    return { ...result, ms: Math.round(performance.now() - began) };
  };

  app.post<{ Body: TableAsk }>(
    '/api/hunt/table',
    { schema: { querystring: NO_QUERY, body: TABLE_ASK }, bodyLimit: BODY_LIMIT },
    async (request, reply) => {
      const { answer, plan, diagnostics, ms } = await ask(request.body, 'page', goneSignal(reply));
      const findings = findingsOf(diagnostics);
      if (answer === undefined || plan === undefined)
        return reply.code(UNPROCESSABLE).send({ findings, ...NOTHING, ms } satisfies TableHuntAnswer);
      const chart = chartOf(plan);
      const head: Omit<TableHuntAnswer, 'columns' | 'rows'> = {
        findings,
        cut: answer.isCut,
        ms,
        ...(chart === undefined ? {} : { chart }),
      };
      // The answer begins with a brace, as the head does.
      const begin = Buffer.from(`${JSON.stringify(head).slice(0, -1)},`);
      return reply.type('application/json').send(Buffer.concat([begin, answer.bytes.subarray(1)]));
    },
  );

  app.post<{ Body: TableFileAsk }>(
    '/api/hunt/table/file',
    { schema: { querystring: NO_QUERY, body: TABLE_FILE_ASK }, bodyLimit: BODY_LIMIT },
    async (request, reply) => {
      const { format } = request.body;
      const { answer, diagnostics, ms } = await ask(request.body, format, goneSignal(reply));
      if (answer === undefined)
        return reply
          .code(UNPROCESSABLE)
          .send({ findings: findingsOf(diagnostics), ...NOTHING, ms } satisfies TableHuntAnswer);
      return reply
        .type(TYPES[format])
        .header('content-disposition', `attachment; filename="hunt.${format}"`)
        .header('x-vedette-rows', String(answer.rows))
        .header('x-vedette-cut', String(answer.isCut))
        .send(Buffer.from(answer.bytes));
    },
  );
}

function windowOf(body: TableAsk): QueryWindow | undefined {
  const { from, to } = rangeOf(body);
  if (from === undefined && to === undefined) return undefined;
  return {
    ...(from === undefined ? {} : { after: BigInt(from) * TICKS_PER_MS - 1n }),
    ...(to === undefined ? {} : { upTo: BigInt(to) * TICKS_PER_MS - 1n }),
  };
}
