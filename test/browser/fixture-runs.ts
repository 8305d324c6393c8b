/** Invented runs, gaps and slots, and what happens to them when something is asked for. */
import type { GapSummary, RunAsk, RunRequest, RunSummary, Slot } from '../../src/serve/run-api.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NONE = { matched: 0, excepted: 0, suppressed: 0, duplicate: 0, capped: 0, created: 0 };

export interface RunAnswer {
  readonly status: number;
  readonly body: unknown;
}

export interface FixtureRuns {
  /** Nothing where the path is not about runs. */
  answer(method: string, url: URL, body: unknown): RunAnswer | undefined;
  reset(): void;
  removeAll(): void;
}

export function fixtureRuns(
  now: () => number,
  rules: () => readonly { readonly id: string; readonly name: string }[],
): FixtureRuns {
  const at = (before: number) => new Date(now() - before).toISOString();
  const rule = (index: number) => {
    const found = rules()[index];
    return found === undefined ? { id: 'gone' } : { id: found.id, name: found.name };
  };
  let runs: readonly RunSummary[] = [];
  let gaps: readonly GapSummary[] = [];
  let slots: readonly Slot[] = [];
  let requests: readonly RunRequest[] = [];
  let isGoing = true;

  const reset = () => {
    isGoing = true;
    runs = [
      run(5, { rule: rule(0), kind: 'manual', funnel: { ...NONE, matched: 9, excepted: 2, duplicate: 3, created: 4 } }),
      run(4, {
        rule: rule(1),
        kind: 'scheduled',
        state: 'partial',
        funnel: { ...NONE, matched: 1_204, capped: 1_104, created: 100 },
        warnings: [{ code: 'run-capped', message: '1,104 matches are over the cap of 100 alerts.' }],
      }),
      run(3, {
        rule: rule(2),
        kind: 'fill',
        state: 'failed',
        message: 'The stored events could not be read: the disk is full.',
      }),
      run(2, { rule: { id: 'gone-rule' }, kind: 'late', state: 'stopped', message: 'Somebody stopped it.' }),
      run(1, { rule: rule(0), kind: 'catch-up' }),
    ];
    gaps = [
      gap(4, { rule: rule(2), reason: 'down', from: at(9 * HOUR), to: at(8 * HOUR) }),
      gap(3, { rule: rule(2), reason: 'failed', tries: 3, from: at(7 * HOUR), to: at(6 * HOUR) }),
      gap(2, { rule: rule(0), reason: 'paused', from: at(5 * HOUR), to: at(4 * HOUR) }),
      gap(1, { rule: rule(0), reason: 'late', state: 'filled', from: at(30 * HOUR), to: at(29 * HOUR) }),
    ];
    slots = [
      slot(0, { rule: rule(0), funnel: { ...NONE, matched: 2, created: 2 } }),
      slot(1, { rule: rule(1), funnel: { ...NONE, matched: 480, capped: 380, created: 100 } }),
      slot(2, { rule: rule(1), funnel: { ...NONE, matched: 220, capped: 120, created: 100 } }),
      slot(3, { rule: rule(0), funnel: { ...NONE, matched: 3, excepted: 1, created: 2 } }),
    ];
    requests = [
      {
        ...asked(8, { from: at(9 * HOUR), to: at(8 * HOUR) }),
        rules: [rule(2)],
        kind: 'fill',
        reason: 'To fill a gap.',
      },
    ];
  };
  const run = (id: number, parts: Partial<RunSummary> & Pick<RunSummary, 'rule' | 'kind'>): RunSummary => ({
    id,
    from: at((7 - id) * HOUR),
    to: at((6 - id) * HOUR),
    started: at((6 - id) * 20 * MINUTE),
    ended: at((6 - id) * 20 * MINUTE - 3_400),
    state: 'succeeded',
    funnel: NONE,
    events: 41_204,
    warnings: [],
    ...parts,
  });
  const gap = (id: number, parts: Pick<GapSummary, 'rule' | 'reason' | 'from' | 'to'> & Partial<GapSummary>) => ({
    id,
    detected: parts.to,
    state: 'open' as const,
    tries: 0,
    ...parts,
  });
  const slot = (index: number, parts: Pick<Slot, 'rule' | 'funnel'>): Slot => ({
    from: at((index + 1) * 5 * MINUTE),
    to: at(index * 5 * MINUTE),
    ...parts,
  });
  const asked = (id: number, { from, to, uncapped = false }: RunAsk): RunRequest => ({
    id,
    kind: 'manual',
    from,
    to,
    uncapped,
    reason: 'vedette asked for it.',
    requested: new Date(now()).toISOString(),
  });
  const underway = () => ({
    kind: 'manual' as const,
    rules: 4,
    from: at(26 * HOUR),
    to: at(2 * HOUR),
    started: at(20_000),
    events: 61_000,
    at: at(10 * HOUR),
    request: 7,
  });

  const list = (kind: string, query: URLSearchParams) => {
    const of = <T extends { readonly rule: { readonly id: string } }>(all: readonly T[]) =>
      all.filter(({ rule: { id } }) => [id, null].includes(query.get('rule')));
    if (kind === 'slots') {
      return { slots: of(slots).filter(({ funnel }) => query.get('capped') === null || funnel.capped > 0) };
    }
    if (kind === 'gaps')
      return { gaps: of(gaps).filter(({ state }) => [state as string, null].includes(query.get('state'))) };
    const found = of(runs)
      .filter((each) => [each.kind as string, null].includes(query.get('kind')))
      .filter((each) => [each.state as string, null].includes(query.get('state')))
      .slice(0, Number(query.get('limit') ?? 100));
    return { runs: found, waiting: requests.length, ...(isGoing ? { underway: underway() } : {}) };
  };

  return {
    reset,
    removeAll() {
      [runs, gaps, slots, requests] = [[], [], [], []];
      isGoing = false;
    },
    answer(method, { pathname, searchParams }, body) {
      const [, , kind, id, part] = pathname.split('/');
      if (kind === 'gaps' && method === 'POST' && part === 'fill') {
        gaps = gaps.map((each) => (String(each.id) === id ? { ...each, state: 'filled' } : each));
        return { status: 202, body: { asked: true } };
      }
      if (kind === 'gaps') return { status: 200, body: list('gaps', searchParams) };
      if (kind !== 'runs') return undefined;
      if (method === 'DELETE') {
        isGoing = isGoing && part !== '7';
        requests = requests.filter((each) => String(each.id) !== part);
        return { status: 200, body: { removed: true } };
      }
      if (method === 'POST') {
        const ask = body as RunAsk;
        const known = rules().filter((each) => ask.rules?.includes(each.id));
        const request = asked(10 + requests.length, ask);
        requests = [...requests, ask.rules === undefined ? request : { ...request, rules: known }];
        return { status: 202, body: { request: request.id } };
      }
      if (id === 'requests') return { status: 200, body: requests };
      return { status: 200, body: list(id === 'slots' ? 'slots' : 'runs', searchParams) };
    },
  };
}
