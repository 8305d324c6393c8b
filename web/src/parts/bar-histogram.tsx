/**
 * Counts over time as bars. A click on a bar, or a drag over several, chooses their time; choosing the same again takes
 * the choice back.
 */
import { type PointerEvent, useState } from 'react';
import type { Histogram } from '../../../src/serve/api.ts';
import { useNow } from '../words/clock.ts';
import { counted } from '../words/counts.ts';
import { axisTime, dayAndTime } from '../words/time.ts';
import styles from './bar-histogram.module.css';
import { TimePresets } from './time-presets.tsx';

/** ISO 8601. */
interface Range {
  readonly from: string | undefined;
  readonly to: string | undefined;
}

interface Props {
  /** Absent while it is loading. */
  readonly data: Histogram | undefined;
  /** What is counted: `alert`. */
  readonly noun: string;
  readonly range: Range;
  readonly setRange: (range: Range) => void;
  /** Left out where they stand elsewhere on the page. */
  readonly hasPresets?: boolean;
}

export function BarHistogram({ data, noun, range, setRange, hasPresets = true }: Props) {
  const now = useNow();
  const [drag, setDrag] = useState<readonly [number, number]>();
  const counts = data?.counts ?? [];
  const start = Date.parse(data?.from ?? '');
  const timeOf = (bucket: number) => new Date(start + bucket * (data?.bucket_ms ?? 0)).toISOString();
  const most = Math.max(1, ...counts);
  const total = counts.reduce((sum, count) => sum + count, 0);

  const choose = (buckets: readonly [number, number]) => {
    const first = Math.min(...buckets);
    const [from, to] = [timeOf(first), timeOf(Math.max(...buckets) + 1)];
    const isSame = from === range.from && to === range.to;
    setRange(isSame ? { from: undefined, to: undefined } : { from, to });
  };
  const isChosen = (bucket: number) => {
    if (drag !== undefined) return bucket >= Math.min(...drag) && bucket <= Math.max(...drag);
    if (range.from === undefined && range.to === undefined) return false;
    const at = start + bucket * (data?.bucket_ms ?? 0);
    return (
      at + (data?.bucket_ms ?? 0) > timeOr(range.from, Number.NEGATIVE_INFINITY) &&
      at < timeOr(range.to, Number.POSITIVE_INFINITY)
    );
  };

  return (
    <div className={styles.histogram}>
      <div
        className={styles.plot}
        role="img"
        aria-label={
          data === undefined || total === 0
            ? `${noun.charAt(0).toUpperCase()}${noun.slice(1)}s over time`
            : `${counted(total, noun)} from ${dayAndTime(data.from, now)} to ${dayAndTime(data.to, now)}`
        }
        onPointerDown={(event) => {
          const bucket = bucketAt(event, counts.length);
          if (event.button !== 0 || bucket === undefined) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          setDrag([bucket, bucket]);
        }}
        onPointerMove={(event) => {
          const bucket = bucketAt(event, counts.length);
          if (drag !== undefined && bucket !== undefined && bucket !== drag[1]) setDrag([drag[0], bucket]);
        }}
        onPointerUp={() => {
          if (drag !== undefined) choose(drag);
          setDrag(undefined);
        }}
        onPointerCancel={() => setDrag(undefined)}
      >
        {counts.map((count, bucket) => (
          <div
            // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place in time
            key={bucket}
            className={styles.bar}
            data-chosen={isChosen(bucket)}
            title={`${dayAndTime(timeOf(bucket), now)}: ${counted(count, noun)}`}
          >
            <span style={{ height: count === 0 ? 0 : `max(3px, ${(count / most) * 100}%)` }} />
          </div>
        ))}
      </div>
      <div className={styles.axis}>
        <span>{total > 0 && data !== undefined && axisTime(data.from, now)}</span>
        {hasPresets ? <TimePresets setRange={setRange} /> : <span />}
        <span>{total > 0 && data !== undefined && axisEnd(data.to, now)}</span>
      </div>
    </div>
  );
}

function bucketAt(event: PointerEvent<HTMLElement>, buckets: number): number | undefined {
  if (buckets === 0) return undefined;
  const { left, width } = event.currentTarget.getBoundingClientRect();
  const at = Math.floor(((event.clientX - left) / width) * buckets);
  return Math.min(buckets - 1, Math.max(0, at));
}

function timeOr(time: string | undefined, otherwise: number): number {
  return time === undefined ? otherwise : Date.parse(time);
}

function axisEnd(to: string, now: number): string {
  return Math.abs(now - Date.parse(to)) < 120_000 ? 'now' : axisTime(to, now);
}
