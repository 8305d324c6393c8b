/**
 * Counts what could not be read, by reason, with the first line of each as an example. Memory does not grow with the
 * number of rejects; whoever wants them all is handed each as it comes.
 */
import type { Reject } from '../format/format.ts';
import type { RejectCount, RejectedLine, RejectSummary } from './scan-summary.ts';

/** So much of a rejected line is shown or kept. */
const LONGEST_TEXT = 2_000;

export class RejectTally {
  private readonly hand: ((reject: RejectedLine) => void) | undefined;
  private readonly byCode = new Map<string, { count: number; readonly first: RejectedLine }>();
  private total = 0;

  constructor(hand: ((reject: RejectedLine) => void) | undefined) {
    this.hand = hand;
  }

  add(reject: Reject): void {
    this.total += 1;
    const known = this.byCode.get(reject.code);
    if (known !== undefined) known.count += 1;
    if (known !== undefined && this.hand === undefined) return;
    const line = describe(reject);
    if (known === undefined) this.byCode.set(reject.code, { count: 1, first: line });
    this.hand?.(line);
  }

  summary(): RejectSummary {
    const byCode = [...this.byCode].map(([code, { count, first }]): RejectCount => ({ code, count, first }));
    return { total: this.total, byCode: byCode.sort((a, b) => b.count - a.count) };
  }
}

function describe({ origin, code, reason, bytes }: Reject): RejectedLine {
  const text = Buffer.from(bytes.subarray(0, LONGEST_TEXT)).toString('utf8');
  return { file: origin.path, line: origin.line, offset: origin.offset, code, reason, text };
}
