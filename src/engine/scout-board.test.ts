import { expect, it } from 'vitest';
import { boardMemory, type Claim, ScoutBoard } from './scout-board.ts';

/** What a block takes: the scan where it reads all of it or what scouts found, and a scout. */
interface Costs {
  readonly all: number;
  readonly needed: number;
  readonly look: number;
}

const BLOCKS = 600;

/** How long a file takes where nothing else takes time; who has nothing to do looks again after a tenth of a block's. */
function timeOf({ all, needed, look }: Costs, scouts: number): number {
  const board = new ScoutBoard(boardMemory(scouts, 1));
  // That there was nothing to do for long says nothing of a file.
  for (let times = 0; times < BLOCKS; times += 1) board.claim(0);
  const first = board.open(1, BLOCKS);
  const claims: (Claim | undefined)[] = Array.from({ length: scouts });
  const until = claims.map(() => 0);
  let now = 0;
  const goOn = () => {
    for (let next = Math.min(...until); next <= now; next = Math.min(...until)) {
      const scout = until.indexOf(next);
      const told = claims[scout];
      if (told !== undefined) board.tell(scout, told);
      claims[scout] = board.claim(scout);
      until[scout] = next + (claims[scout] === undefined ? look / 10 : look);
    }
  };
  for (let block = first; block < first + BLOCKS; block += 1) {
    goOn();
    board.advance(block);
    // A scout that is at it is waited for, as long as it would take to read it.
    const at = claims.findIndex((claim) => claim?.block === block);
    now = Math.min(Math.max(now, until[at] ?? 0), now + all);
    goOn();
    now += board.take(block, 0) === undefined ? all : needed;
  }
  return now;
}

/** Where nobody ever waits. */
function leastTimeOf({ all, needed, look }: Costs, scouts: number): number {
  const share = Math.max(0, (look - scouts * needed) / (look + scouts * (all - needed)));
  return BLOCKS * (share * all + (1 - share) * needed);
}

it.each([
  { all: 100, needed: 0, look: 100 },
  { all: 100, needed: 25, look: 100 },
  { all: 100, needed: 60, look: 110 },
  { all: 100, needed: 10, look: 300 },
  { all: 100, needed: 95, look: 80 },
])('shares blocks so that nobody waits for long, whatever takes long: %o', (costs) => {
  for (const scouts of [1, 2]) expect(timeOf(costs, scouts)).toBeLessThan(1.08 * leastTimeOf(costs, scouts));
});

it('leaves to the scan what a scout had begun that is no more', () => {
  const board = new ScoutBoard(boardMemory(2, 1));
  const first = board.open(1, BLOCKS);
  const told = board.claim(0) as Claim;
  board.tell(0, told);
  const begun = board.claim(0) as Claim;
  expect(board.isBusy).toBe(true);
  board.lost(0);
  expect(board.isBusy).toBe(false);
  board.advance(first + 1);
  expect(board.take(told.block, 0)).toBe(told.room);
  expect(board.take(begun.block, 0)).toBeUndefined();
});
