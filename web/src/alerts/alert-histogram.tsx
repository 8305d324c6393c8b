/**
 * Alerts over time. A click on a bar, or a drag over several, filters by their time; the bars stay those of the whole
 * time, so that the choice can be seen in its surroundings and moved.
 */
import { useQuery } from '@tanstack/react-query';
import { type PointerEvent, useState } from 'react';
import { histogramQuestion } from '../api/questions.ts';
import { TimePresets } from '../parts/time-presets.tsx';
import { useNow } from '../words/clock.ts';
import { counted } from '../words/counts.ts';
import { axisTime, dayAndTime } from '../words/time.ts';
import styles from './alerts.module.css';
import { alertQueryOf, type ListSearch, withChange } from './list-search.ts';

const BUCKETS = 90;
interface Props {
  readonly search: ListSearch;
  readonly setSearch: (search: ListSearch) => void;
}

export function AlertHistogram({ search, setSearch }: Props) {
  const now = useNow();
  const query = alertQueryOf(withChange(search, { from: undefined, to: undefined }));
  const { data } = useQuery(histogramQuestion(query, BUCKETS));
  const [drag, setDrag] = useState<readonly [number, number]>();
  const counts = data?.counts ?? [];
  const start = Date.parse(data?.from ?? '');
  const timeOf = (bucket: number) => new Date(start + bucket * (data?.bucket_ms ?? 0)).toISOString();
  const most = Math.max(1, ...counts);
  const total = counts.reduce((sum, count) => sum + count, 0);

  const choose = (range: readonly [number, number]) => {
    const first = Math.min(...range);
    const [from, to] = [timeOf(first), timeOf(Math.max(...range) + 1)];
    const isSame = from === search.from && to === search.to;
    setSearch(withChange(search, isSame ? { from: undefined, to: undefined } : { from, to }));
  };
  const isChosen = (bucket: number) => {
    if (drag !== undefined) return bucket >= Math.min(...drag) && bucket <= Math.max(...drag);
    if (search.from === undefined && search.to === undefined) return false;
    const at = start + bucket * (data?.bucket_ms ?? 0);
    return (
      at + (data?.bucket_ms ?? 0) > timeOr(search.from, Number.NEGATIVE_INFINITY) &&
      at < timeOr(search.to, Number.POSITIVE_INFINITY)
    );
  };

  return (
    <div className={styles.histogram}>
      <div
        className={styles.plot}
        role="img"
        aria-label={
          data === undefined || total === 0
            ? 'Alerts over time'
            : `${counted(total, 'alert')} from ${dayAndTime(data.from, now)} to ${dayAndTime(data.to, now)}`
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
            title={`${dayAndTime(timeOf(bucket), now)}: ${counted(count, 'alert')}`}
          >
            <span style={{ height: count === 0 ? 0 : `max(3px, ${(count / most) * 100}%)` }} />
          </div>
        ))}
      </div>
      <div className={styles.axis}>
        <span>{total > 0 && data !== undefined && axisTime(data.from, now)}</span>
        <TimePresets setRange={(range) => setSearch(withChange(search, range))} />
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
