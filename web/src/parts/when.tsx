/** A time, with the exact one on hovering and for machines. */
import { useNow } from '../words/clock.ts';
import { dayAndTime, exactTime, longAge, shortAge } from '../words/time.ts';

/** `short`: `3 min`; `long`: `3 minutes ago`; `full`: `today 14:02:11, 3 minutes ago`. */
export function When({ time, form }: { readonly time: string; readonly form: 'short' | 'long' | 'full' }) {
  const now = useNow();
  const text =
    form === 'short'
      ? shortAge(time, now)
      : form === 'long'
        ? longAge(time, now)
        : `${dayAndTime(time, now)}, ${longAge(time, now)}`;
  return (
    <time dateTime={time} title={exactTime(time)}>
      {text}
    </time>
  );
}
