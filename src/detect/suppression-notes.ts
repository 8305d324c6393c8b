/** Windows of suppression kept in memory: for what runs without a store. */
import {
  type CountedMatch,
  MOST_COUNTED_IDS,
  nearestWindow,
  type SuppressionChange,
  type SuppressionMemory,
  type SuppressionWindow,
} from './suppression.ts';

interface NotedWindow extends SuppressionWindow {
  counted: CountedMatch[];
  floor?: number;
}

export class SuppressionNotes implements SuppressionMemory {
  /** By rule and group. */
  private readonly windows = new Map<string, NotedWindow[]>();
  private readonly ids = new Set<string>();

  suppressionWindow(ruleId: string, group: string, time: number, ahead: number): SuppressionWindow | undefined {
    return nearestWindow(this.windows.get(`${group} ${ruleId}`) ?? [], time, ahead);
  }

  isSuppressed(id: string): boolean {
    return this.ids.has(id);
  }

  record({ ruleId, group, alertId, from, until, counted }: SuppressionChange): void {
    const key = `${group} ${ruleId}`;
    const windows = this.windows.get(key) ?? [];
    this.windows.set(key, windows);
    let window = windows.find((one) => one.alertId === alertId);
    if (window === undefined) {
      window = { alertId, from, until, isEnded: false, counted: [] };
      windows.push(window);
    }
    for (const match of counted) {
      window.counted.push(match);
      this.ids.add(match.id);
    }
    this.forgetOld(window);
  }

  private forgetOld(window: NotedWindow): void {
    if (window.counted.length <= MOST_COUNTED_IDS) return;
    const byTime = window.counted.toSorted((a, b) => b.time - a.time);
    const floor = byTime[MOST_COUNTED_IDS / 2 - 1]?.time as number;
    if (floor === window.floor) return;
    for (const { id, time } of byTime) if (time < floor) this.ids.delete(id);
    window.counted = byTime.filter(({ time }) => time >= floor);
    window.floor = floor;
  }
}
