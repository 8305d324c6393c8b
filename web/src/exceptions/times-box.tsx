/** When the exception holds: until a time, and only within windows, each said in words with its next times. */
import { useQuery } from '@tanstack/react-query';
import type { TimeWindow, WindowForecast } from '../../../src/serve/exception-api.ts';
import { forecastQuestion } from '../api/exceptions.ts';
import { Combobox, suggestionsFor } from '../parts/combobox.tsx';
import partStyles from '../parts/parts.module.css';
import { inputTime } from '../words/time.ts';
import styles from './exceptions.module.css';
import { FindingNotes, usePlace } from './finding-notes.tsx';

const DAY_MS = 86_400_000;
const ENDS = [
  { label: 'in a day', days: 1 },
  { label: 'in a week', days: 7 },
  { label: 'in a month', days: 30 },
  { label: 'in a year', days: 365 },
];

export function Expiry({
  expires,
  setExpires,
}: {
  readonly expires: string;
  readonly setExpires: (at: string) => void;
}) {
  const place = usePlace('expires');
  const isTime = expires !== '' && !Number.isNaN(Date.parse(expires));
  return (
    <div>
      <div className={styles.line}>
        <label>
          Until{' '}
          <input
            type="datetime-local"
            className={styles.input}
            aria-invalid={place.isInvalid}
            aria-describedby={place.id}
            value={isTime ? inputTime(expires).slice(0, 16) : ''}
            onChange={(event) => {
              const at = new Date(event.currentTarget.value);
              setExpires(Number.isNaN(at.getTime()) ? '' : at.toISOString());
            }}
          />
        </label>
        {ENDS.map(({ label, days }) => (
          <button
            key={label}
            type="button"
            className={partStyles.quiet}
            onClick={() => setExpires(new Date(Date.now() + days * DAY_MS).toISOString())}
          >
            {label}
          </button>
        ))}
        <button type="button" className={partStyles.quiet} aria-pressed={expires === ''} onClick={() => setExpires('')}>
          without end
        </button>
      </div>
      <FindingNotes {...place} />
    </div>
  );
}

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const OWN_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;
const ZONES = ['UTC', ...Intl.supportedValuesOf('timeZone')].map((value) => ({ value }));

const WEEKLY: TimeWindow = { kind: 'weekly', days: [1, 2, 3, 4, 5], from: '22:00', to: '06:00', zone: OWN_ZONE };
const CRON: TimeWindow = { kind: 'cron', pattern: '0 9 1 * *', lasts: '8h', zone: OWN_ZONE };

interface WindowsProps {
  readonly windows: readonly TimeWindow[];
  readonly setWindows: (windows: readonly TimeWindow[]) => void;
}

export function Windows({ windows, setWindows }: WindowsProps) {
  const place = usePlace('windows');
  const { data } = useQuery({ ...forecastQuestion(windows), enabled: windows.length > 0 });
  const put = (at: number, window: TimeWindow | undefined) =>
    setWindows(windows.flatMap((each, index) => (index !== at ? [each] : window === undefined ? [] : [window])));
  return (
    <div>
      {windows.map((window, index) => (
        <WindowRow
          // biome-ignore lint/suspicious/noArrayIndexKey: windows have no names, and their order does not change
          key={index}
          at={`windows.${String(index)}`}
          window={window}
          change={(changed) => put(index, changed)}
          forecast={data?.[index]}
        />
      ))}
      <FindingNotes {...place} />
      <div className={styles.line}>
        <button type="button" className={partStyles.quiet} onClick={() => setWindows([...windows, WEEKLY])}>
          {windows.length === 0 ? 'Only at times of the week' : 'Another time of the week'}
        </button>
        <button type="button" className={partStyles.quiet} onClick={() => setWindows([...windows, CRON])}>
          {windows.length === 0 ? 'Only from times of a cron pattern' : 'Another cron pattern'}
        </button>
      </div>
    </div>
  );
}

interface RowProps {
  readonly at: string;
  readonly window: TimeWindow;
  /** Without one: taken out. */
  readonly change: (window: TimeWindow | undefined) => void;
  readonly forecast: WindowForecast | undefined;
}

function WindowRow({ at, window, change, forecast }: RowProps) {
  const place = usePlace(at, true);
  const setZone = (zone: string) => change({ ...window, zone });
  return (
    <fieldset className={styles.window} aria-describedby={place.id}>
      <legend>{window.kind === 'weekly' ? 'Times of the week' : 'From times of a cron pattern'}</legend>
      <div className={styles.line}>
        {window.kind === 'weekly' ? (
          <WeeklyFields window={window} change={change} isInvalid={place.isInvalid} />
        ) : (
          <CronFields window={window} change={change} isInvalid={place.isInvalid} />
        )}
        <span className={styles.zone}>
          <Combobox
            label="Time zone"
            text={window.zone}
            setText={setZone}
            suggest={(text) => suggestionsFor(ZONES, text)}
            pick={({ value }) => setZone(value)}
            className={styles.input}
            isInvalid={place.isInvalid}
            describedBy={place.id}
          />
        </span>
        <button
          type="button"
          className={styles.drop}
          aria-label="Take out this window"
          onClick={() => change(undefined)}
        >
          ×
        </button>
      </div>
      <FindingNotes {...place} />
      {forecast !== undefined && forecast.words !== '' && <Forecast forecast={forecast} zone={window.zone} />}
    </fieldset>
  );
}

type FieldsProps<K extends TimeWindow['kind']> = Pick<RowProps, 'change'> & {
  readonly window: Extract<TimeWindow, { kind: K }>;
  readonly isInvalid: boolean;
};

function WeeklyFields({ window, change, isInvalid }: FieldsProps<'weekly'>) {
  const { days, from, to } = window;
  const toggle = (day: number) =>
    change({ ...window, days: days.includes(day) ? days.filter((each) => each !== day) : [...days, day].sort() });
  return (
    <>
      <span className={styles.days} role="group" aria-label="Days">
        {DAYS.map((name, index) => (
          <button key={name} type="button" aria-pressed={days.includes(index + 1)} onClick={() => toggle(index + 1)}>
            {name}
          </button>
        ))}
      </span>
      <label>
        from{' '}
        <input
          className={`mono ${styles.clock}`}
          aria-invalid={isInvalid}
          value={from}
          maxLength={5}
          onChange={(event) => change({ ...window, from: event.currentTarget.value })}
        />
      </label>
      <label>
        to{' '}
        <input
          className={`mono ${styles.clock}`}
          aria-invalid={isInvalid}
          value={to}
          maxLength={5}
          onChange={(event) => change({ ...window, to: event.currentTarget.value })}
        />
      </label>
    </>
  );
}

function CronFields({ window, change, isInvalid }: FieldsProps<'cron'>) {
  return (
    <>
      <label>
        pattern{' '}
        <input
          className={`mono ${styles.input}`}
          aria-invalid={isInvalid}
          title="minute, hour, day, month, weekday"
          value={window.pattern}
          onChange={(event) => change({ ...window, pattern: event.currentTarget.value })}
        />
      </label>
      <label>
        for{' '}
        <input
          className={`mono ${styles.clock}`}
          aria-invalid={isInvalid}
          title="a number and m, h or d"
          value={window.lasts}
          maxLength={20}
          onChange={(event) => change({ ...window, lasts: event.currentTarget.value })}
        />
      </label>
    </>
  );
}

function Forecast({
  forecast: { words, open, next },
  zone,
}: {
  readonly forecast: WindowForecast;
  readonly zone: string;
}) {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });
  const begins = next.map((time) => format.format(new Date(time)));
  return (
    <p className={styles.forecast}>
      {words.charAt(0).toUpperCase() + words.slice(1)}. {open ? 'Open now. ' : ''}
      {begins.length > 0 && `Next: ${begins.join('; ')}.`}
    </p>
  );
}
