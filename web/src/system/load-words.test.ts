import { expect, test } from 'vitest';
import {
  commitWords,
  historyLine,
  limitWords,
  memoryWords,
  queueWords,
  rateWords,
  storageWords,
  threadWords,
} from './load-words.ts';

test('how hard the service works is told in sentences', () => {
  expect(rateWords({ rate: { now: 1234.4, minute: 0.25 } })).toBe('1,234 a second now, 0.3 over the last minute');
  expect(queueWords([{ name: 'storing', depth: 0 }])).toBe('Nothing waits.');
  expect(
    queueWords([
      { name: 'ordering', depth: 1_200 },
      { name: 'ingest', depth: 9, limit: 10 },
      { name: 'new', depth: 1 },
    ]),
  ).toBe('Waiting: 1,200 to be put in order for sequences, 9 (full at 10) requests to be answered, 1 new.');
  expect(commitWords({ count: 0, p50_ms: 0, p99_ms: 0 })).toBe('Nothing was written yet.');
  expect(commitWords({ count: 100, p50_ms: 4.2, p99_ms: 1_250 })).toBe(
    'Half of the last 100 batches were safe on the disk within 5 ms, 99 of 100 within 1.3 s.',
  );
  expect(storageWords({ state_bytes: 6.2e6, event_bytes: 8.1e8, free_bytes: 7.9e10 })).toBe(
    'Alerts and state take 6 MB, events 810 MB; 79.00 GB left on the disk.',
  );
  expect(
    memoryWords({
      resident_bytes: 4.1e8,
      working_heap_bytes: 9e7,
      storing_heap_bytes: 3e7,
      serving_heap_bytes: 4e7,
      limits: [],
    }),
  ).toContain('410 MB: 90 MB');
  expect(
    limitWords({
      limits: [
        { of: 'hunts', bytes: 1.1e9 },
        { of: 'lookups', bytes: 4e8 },
      ],
    }),
  ).toBe('At most 1.10 GB for hunts, 400 MB for look-ups.');
  expect(threadWords({ working_busy: 0.368, serving_lag_p99_ms: 0 })).toContain(
    'busy 37 % of the time. Of 100 requests, 99 wait less than 1 ms',
  );
});

test('the last minute is a line from left to right, as high as its largest second', () => {
  expect(historyLine([])).toBe('');
  expect(historyLine([0, 5, 10])).toBe('0.0,23.0 50.0,12.0 100.0,1.0');
});
