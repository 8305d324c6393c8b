import { expect, it, vi } from 'vitest';
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

it('wakes who sleeps when there is more to do, and takes what a scout tells while it is waited for', () => {
  const board = new ScoutBoard(boardMemory(1, 1));
  const turn = board.turn;
  const first = board.open(1, 3);
  expect(board.turn).not.toBe(turn);
  const begun = board.claim(0) as Claim;
  const wait = vi.spyOn(Atomics, 'wait').mockImplementation(() => {
    board.tell(0, begun);
    return 'ok';
  });
  board.advance(first + 1);
  expect(board.take(begun.block, 50)).toBe(begun.room);
  expect(wait).toHaveBeenCalledOnce();
  wait.mockRestore();
  expect(board.isBusy).toBe(false);
  // Of a file that was not read to its end, what a scout has told goes, and what it tells late; no block of another is one of it.
  board.advance(first + 3);
  board.close();
  const given = board.open(2, 40);
  const [told, late] = [board.claim(0) as Claim, board.claim(0) as Claim];
  expect([board.file, told.index, late.index]).toEqual([2, told.block - given, late.block - given]);
  board.tell(0, told);
  board.close();
  expect(board.claim(0)).toBeUndefined();
  board.tell(0, late);
  const next = board.open(3, 40);
  expect(next).toBeGreaterThan(late.block);
  const claims = Array.from({ length: 8 }, () => board.claim(0) as Claim);
  expect(new Set(claims.map(({ room }) => room.number)).size).toBe(8);
  for (const { block, index } of claims) expect(index).toBe(block - next);
  expect([board.claim(0), board.isBusy]).toEqual([undefined, true]);
});

it('has a scout claim each block once, all but those at which the scan is, and lose none of its rooms where it is late', () => {
  const board = new ScoutBoard(boardMemory(1, 1));
  const claimed = () => {
    const claims: Claim[] = [];
    for (let claim = board.claim(0); claim !== undefined; claim = board.claim(0)) claims.push(claim);
    return claims;
  };
  const claimedOf = (file: number) => {
    const first = board.open(file, 8);
    const blocks = claimed().map(({ block }) => block - first);
    board.close();
    // From its beginning on.
    expect(blocks[0]).toBeLessThan(5);
    return blocks.toSorted((a, b) => a - b);
  };
  expect(claimedOf(1)).toEqual([2, 3, 4, 5, 6, 7]);
  // Of a file behind one that ended while scouts were to rest, too.
  board.open(1, 200);
  claimed();
  board.shut();
  board.close();
  expect(claimedOf(3)).toEqual([2, 3, 4, 5, 6, 7]);
  const given = board.open(4, 200);
  const late = board.claim(0) as Claim;
  expect(board.take(late.block, 0)).toBeUndefined();
  // In its place there is a later block by now.
  board.advance(given + 34);
  board.tell(0, late);
  expect(new Set(claimed().map(({ room }) => room.number)).size).toBe(8);
});

it('wakes who sleeps, and who waits for a block', () => {
  const board = new ScoutBoard(boardMemory(1, 1));
  const notify = vi.spyOn(Atomics, 'notify');
  const wait = vi.spyOn(Atomics, 'wait').mockImplementation(() => {
    expect(notify).not.toHaveBeenCalled();
    board.open(1, 8);
    return 'ok';
  });
  board.sleep(board.turn, 1_000);
  expect(notify).toHaveBeenCalledOnce();
  board.tell(0, board.claim(0) as Claim);
  expect(notify).toHaveBeenCalledTimes(2);
  for (const spy of [notify, wait]) spy.mockRestore();
});
