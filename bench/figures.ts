/**
 * What the bench of matching gave, kept from commit to commit in `docs/figures/matching.json`: small, so that it may grow.
 *
 *   rows ──▶ by lane, by pass: [speed of the baseline's, candidates an event, matches]; the baseline: events a second
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { PassResult } from './passes.ts';

export interface Measured extends PassResult {
  readonly lane: string;
  readonly pass: string;
  readonly bytes: number;
  readonly seconds: number;
  readonly eventsPerSecond: number;
  readonly megabytesPerSecond: number;
  /** Of the baseline's speed. */
  readonly ofBaseline: number;
  /** Of a set of rules: how many of them had to be evaluated for an event. */
  readonly candidates?: number;
}

/** What an event costs with many rules of what it costs with few of the same kind. */
export interface Growth {
  readonly lane: string;
  readonly many: string;
  readonly few: string;
  readonly times: number;
}

/** What a run of the bench gave. */
export interface Measurement {
  readonly machine: string;
  /** How many rules each set has, and how many of them are idle. */
  readonly rules: Readonly<Record<string, number>>;
  readonly idle: Readonly<Record<string, number>>;
  readonly rows: readonly Measured[];
  readonly growth: readonly Growth[];
}

interface Kept {
  readonly when: string;
  readonly commit: string;
  readonly rules: Readonly<Record<string, number>>;
  /** Not told of earlier commits. */
  readonly idle?: Readonly<Record<string, number>>;
  readonly lanes: Readonly<Record<string, Readonly<Record<string, number | readonly (number | null)[]>>>>;
  readonly growth: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

const FILE = fileURLToPath(new URL('../docs/figures/matching.json', import.meta.url));
const COMPARED = [
  ['match:all', 'match:real-500'],
  ['match:real-5000', 'match:real-500'],
  ['match:made-50000', 'match:made-500'],
] as const;

/** Of few that were drawn several times (`match:real-500:2`), the mean counts: what one draw costs hangs on a rule or two. */
export function growthOf(rows: readonly Measured[]): readonly Growth[] {
  return COMPARED.flatMap(([many, few]) =>
    rows
      .filter(({ pass }) => pass === many)
      .flatMap(({ lane, seconds }) => {
        const draws = rows.filter((row) => row.lane === lane && (row.pass === few || row.pass.startsWith(`${few}:`)));
        if (draws.length === 0) return [];
        const mean = draws.reduce((sum, row) => sum + row.seconds, 0) / draws.length;
        return [{ lane, many, few, times: seconds / mean }];
      }),
  );
}

/** Adds what was measured to the figures, under the commit that it was measured at. */
export function keepFigures(measured: Measurement): void {
  const { history } = JSON.parse(readFileSync(FILE, 'utf8')) as { readonly history: readonly Kept[] };
  const lanes: Record<string, Record<string, number | readonly (number | null)[]>> = {};
  for (const row of measured.rows) {
    const ofLane = lanes[row.lane] ?? {};
    lanes[row.lane] = ofLane;
    ofLane[row.pass] = row.pass.startsWith('baseline')
      ? Math.round(row.eventsPerSecond)
      : [rounded(row.ofBaseline), rounded(row.candidates), row.alerts ?? null];
  }
  const growth: Record<string, Record<string, number>> = {};
  for (const { many, few, lane, times } of measured.growth) {
    const key = `${many} / ${few}`;
    growth[key] = { ...growth[key], [lane]: rounded(times) ?? 0 };
  }
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const when = new Date().toISOString().slice(0, 10);
  const kept: Kept = { when, commit, rules: measured.rules, idle: measured.idle, lanes, growth };
  const figures = {
    machine: measured.machine,
    columns: ['of the baseline’s speed', 'candidates an event', 'matches or alerts'],
    history: [...history, kept],
  };
  const text = JSON.stringify(figures, null, 2);
  // A list in a line, as the formatter has them.
  const short = text.replace(/\[\s+([^[\]{}]*?)\s+\]/g, (_, items: string) => `[${items.replace(/\s+/g, ' ')}]`);
  writeFileSync(FILE, `${short}\n`);
}

function rounded(number: number | undefined): number | null {
  return number === undefined ? null : Number(number.toPrecision(3));
}
