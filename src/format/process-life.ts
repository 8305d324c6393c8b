/**
 * One process as the table has it: few values at hand, the rest with what told of it.
 *
 * A life is never changed but for its place among others: whatever is known anew makes another, which shares with it since when it
 * is and how it is called.
 */
import type { Event } from '../event/event.ts';
import type { KnownProcess } from './known-process.ts';
import { processEntityId } from './process-entity.ts';
import { sizeOf, type Told, type ToldProcesses, toldAs } from './told-process.ts';

/** What a process takes beside its texts and its line, in bytes (320 to 500 where it is described, measured; less where its line is kept). */
const LIFE_SIZE = 450;

/** The entity id that the source gives, else a number of its own. */
export type LifeKey = string | number;

export interface Life {
  readonly key: LifeKey;
  readonly pid: number;
  /** Absent of one that only others told of: what they tell may say it. */
  readonly ppid: number | undefined;
  /** The entity id that the source gives, or what it is made of. */
  readonly id: string | MadeId | undefined;
  readonly parent: ParentLink | undefined;
  readonly session: string | undefined;
  readonly loginId: string | undefined;
  /** Where the host's pid counter stood when the life was first seen. */
  readonly born: number;
  readonly told: Told;
  /** Absent where it is as `told` tells, of a life that no other event told of (`sinceOf`). */
  readonly since: Since | undefined;
  /** UTF-16 units that `since` and `id` may hold beside `told`. */
  readonly earlier: number;
  readonly characters: number;
  /** Where it is as long as it is known (`life-slots.ts`); negative of one that left. */
  slot: number;
  /** The link of those that it is concluded to be the parent of, all the same one. */
  asParent: ParentLink | undefined;
  /** The link of those whose source names it as their parent. */
  asNamed: ParentLink | undefined;
}

export interface ParentLink {
  /** Key of the parent's life. */
  readonly key: LifeKey;
  /** Concluded from the parent's pid; otherwise the source named the process. */
  readonly isDerived: boolean;
}

/** When a life began, as far as known. */
export type Since =
  | { readonly kind: 'known'; readonly time: string | undefined }
  /** As its first event tells: where that does not say, when it happened. */
  | { readonly kind: 'seen'; readonly told: Told }
  /** As this event tells: where it does not say, as was known before. */
  | { readonly kind: 'after'; readonly told: Told; readonly before: string | undefined };

/** What an entity id is made of that no source gives. */
interface MadeId {
  readonly host: string;
  readonly pid: number;
  readonly told: Told;
  readonly since: Since | undefined;
}

/** When the life began. */
export function sinceOf({ since, told }: Pick<Life, 'since' | 'told'>): Since {
  return since ?? { kind: 'seen', told };
}

/** Of what told of it last. */
export function toldSize({ characters, earlier }: Life): number {
  return characters - LIFE_SIZE - earlier;
}

/** Of a life of which a line of such length told, and nothing else. */
export function sizeOfLine(length: number): number {
  return LIFE_SIZE + length;
}

export function lifeSize(told: Told, earlier: number): number {
  return LIFE_SIZE + sizeOf(told) + earlier;
}

export function startOf(since: Since, processes: ToldProcesses): string | undefined {
  if (since.kind === 'known') return since.time;
  const { start, seen } = processes.describe(since.told);
  return start ?? (since.kind === 'seen' ? seen : since.before);
}

/** @param event the one that told of it, where that is at hand, and no other did */
export function idOf(life: Life, processes: ToldProcesses, event?: Event): string | undefined {
  const { id } = life;
  if (typeof id !== 'object') return id;
  if (event !== undefined) {
    const start = event.text('process.start') ?? event.text('@timestamp');
    return processEntityId(id.host, id.pid, `${start} ${event.text('event.sequence') ?? ''}`);
  }
  const { sequence = '' } = processes.describe(id.told);
  return processEntityId(id.host, id.pid, `${startOf(sinceOf(id), processes)} ${sequence}`);
}

export function parentPidOf(life: Life, processes: ToldProcesses): number | undefined {
  return life.ppid ?? processes.describe(life.told).ppid;
}

/** All that is known of it. */
export function asKnown(life: Life, processes: ToldProcesses): KnownProcess {
  const { seen: _seen, sequence: _sequence, ppid: _ppid, ...described } = processes.describe(life.told);
  const ppid = parentPidOf(life, processes);
  const entityId = idOf(life, processes);
  const start = startOf(sinceOf(life), processes);
  return {
    pid: life.pid,
    ...(ppid === undefined ? {} : { ppid }),
    ...described,
    ...(entityId === undefined ? {} : { entityId }),
    ...(start === undefined ? {} : { start }),
  };
}

/** The same without the line that tells of it: it takes less, and more to make. */
export function readOut(life: Life, processes: ToldProcesses): Life {
  if (life.told.line === undefined) return life;
  const id = idOf(life, processes);
  const told = toldAs(processes.describe(life.told));
  return {
    ...life,
    id,
    told,
    since: { kind: 'known', time: startOf(sinceOf(life), processes) },
    earlier: 0,
    characters: lifeSize(told, 0),
  };
}
