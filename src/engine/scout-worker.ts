/** The thread of one scout: claims blocks, reads them, looks through them, for as long as it is let. */
import module from 'node:module';
import { type MessagePort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { ScoutFile, ScoutTask } from './scout.ts';
import type { BoardMemory } from './scout-board.ts';

/** What a thread is started with. */
export interface ScoutStart {
  readonly task: ScoutTask;
  readonly board: BoardMemory;
  readonly number: number;
  /** Each file comes here before its blocks may be claimed. */
  readonly files: MessagePort;
  /** Where compiled code is kept: threads do not take that over by themselves, and start four times as slowly without. */
  readonly compiled?: string;
}

const { task, board: memory, number, files, compiled } = workerData as ScoutStart;
if (compiled !== undefined) module.enableCompileCache(compiled);
const [{ scoutOf }, { ScoutBoard }] = await Promise.all([import('./scout.ts'), import('./scout-board.ts')]);
const scout = scoutOf(task);
const board = new ScoutBoard(memory);
let idle = 0;
let file: ScoutFile | undefined;
for (;;) {
  const { turn } = board;
  const claimed = board.claim(number);
  if (claimed === undefined) {
    board.sleep(turn, idle);
    idle += 1;
    continue;
  }
  idle = 0;
  while (file?.number !== board.file) file = receiveMessageOnPort(files)?.message as ScoutFile;
  scout.look(file, claimed, board.blockBytes);
  board.tell(number, claimed);
}
