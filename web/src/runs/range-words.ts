/** Stretches of time as people say them. */
import { dayAndTime, duration } from '../words/time.ts';

/** `today 10:00 to 10:05, 5 min`; the day of the end only where it is another. */
export function rangeWords(from: string, to: string, now: number): string {
  const begin = withoutSeconds(dayAndTime(from, now));
  const end = withoutSeconds(dayAndTime(to, now));
  const [dayBegin, dayEnd] = [begin, end].map((words) => words.slice(0, words.lastIndexOf(' ')));
  const shownEnd = dayBegin === dayEnd ? end.slice(end.lastIndexOf(' ') + 1) : end;
  return `${begin} to ${shownEnd}, ${duration(Date.parse(to) - Date.parse(from))}`;
}

function withoutSeconds(words: string): string {
  return words.replace(/(\d\d:\d\d):00$/, '$1');
}
