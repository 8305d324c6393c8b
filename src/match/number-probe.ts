/**
 * Which needs of rules a line meets by a field that is a number written in it (`Copies.isNumber`): told by its digits, as numbers of
 * processes and ports hardly ever come again.
 */
import { type LineScanner, type LineShape, NULL, NUMBER, STRING } from '../format/line-shape.ts';
import { mark } from './byte-marks.ts';
import type { Needs, Probe } from './line-probe.ts';

export class NumberProbe implements Probe {
  private readonly members: readonly LineShape<unknown>[];
  private readonly needs: Needs;

  /**
   * @param needs of numbers, or of any value
   * @param always what each line meets; the probe adds what it does by there being a value
   */
  constructor(members: readonly LineShape<unknown>[], needs: Needs, always: Int32Array) {
    this.members = members.filter(({ kind }) => kind !== NULL);
    this.needs = needs;
    if (this.members.length > 0) mark(needs.present, always);
  }

  meet({ bytes, starts, ends }: LineScanner<unknown>, _line: Uint8Array, met: Int32Array): boolean {
    const { members } = this;
    const { numbers } = this.needs;
    for (let at = 0; at < members.length; at += 1) {
      const { number, kind } = members[at] as LineShape<unknown>;
      const start = starts[number] as number;
      const end = ends[number] as number;
      if (kind === NUMBER) numbers.meetDecoded(bytes, start, end, met);
      else if (kind === STRING) numbers.meetDecoded(bytes, start + 1, end - 1, met);
      else return false;
    }
    return true;
  }

  /** A number is short. */
  costOf(): number {
    return 0;
  }
}
