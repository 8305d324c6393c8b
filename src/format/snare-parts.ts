/**
 * Where the parts of a record of Snare's stand in its text, as a string of JSON writes that.
 *
 *   MSWinEventLog\t1\tSecurity\t…\tA new process has been created.   …   New Process ID:  0x53e9   …\t1251670
 *                 columns ──────────────┘ of Windows' text the data, by name ──────┘            columns ┘
 *
 * Only of a text that has no escapes but `\t`, `\\` and `\"`, and is ASCII: what stands where is told alike of it and of what it stands for.
 */
import { COMMAND, dataPlaces, FOLLOWS } from './snare-labels.ts';

/** What a record says, by its parts. */
export interface SnareText {
  /** What stands between tabs, by number, without space around it up to `PLAIN`; absent where it does not go so far. */
  column(number: number): string | undefined;
  /** Of the columns behind Windows' text. */
  readonly rest: readonly string[];
  /** A value of Windows' text, by its name in the event's data; and the names that there are. */
  datum(name: string): string | undefined;
  readonly names: readonly string[];
  /** Whether it says when it was written, known without reading that. */
  readonly isTimed: boolean;
  /** The member of the line of JSON whose parts these are (`text-parts.ts`), where they count as members. */
  readonly member: string | undefined;
}

/** Numbers of columns. */
export const [CREATED, CODE, PLAIN, TEXT, FIRST_OF_REST] = [3, 4, 11, 12, 13] as const;
/** More are not told apart. */
export const MOST_COLUMNS = 32;
/** What the names of columns and of data begin with, as parts. */
export const [COLUMN_OF, DATA] = ['Column.', 'EventData.'] as const;
/** How a value stands: between tabs. Others are those of `snare-labels.ts`. */
export const COLUMN = 1;
export const SNARE_SIGN = 'MSWinEventLog\\t';

/** Each record that was split has this part. */
export const CODE_PART = `${COLUMN_OF}${CODE}`;
/** The name of the whole of Windows' text, as a part. */
export const WINDOWS_TEXT = `${COLUMN_OF}${TEXT}`;

export interface SnarePart {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly how: number;
}

export interface SnareParts {
  /** In the order of the text, none of them in another. */
  readonly parts: readonly SnarePart[];
  /** Windows' text, which holds the data. */
  readonly text: SnarePart | undefined;
}

/** `undefined` where the text is none, or is not told so. */
export function splitSnare(text: string): SnareParts | undefined {
  if (!text.startsWith(SNARE_SIGN)) return undefined;
  const tabs = tabsIn(text);
  if (tabs === undefined || tabs.length > MOST_COLUMNS - 1 || tabs.length <= CODE) return undefined;
  const columns = tabs.map((tab, number) => ({
    name: `${COLUMN_OF}${number}`,
    start: tab + TAB_LENGTH,
    end: tabs[number + 1] ?? text.length,
    how: COLUMN,
  }));
  const whole = columns[TEXT];
  const code = columns[CODE];
  if (code === undefined || !/^\d{1,10}$/.test(text.slice(code.start, code.end))) return undefined;
  const from = whole?.start ?? 0;
  const places = whole === undefined ? [] : dataPlaces(text.slice(from, whole.end));
  const data = places.map(({ name, start, end, how }) => {
    return { name: DATA + name, start: from + start, end: from + end, how };
  });
  if (data.some(({ start, end, how }) => !isPlain(text.slice(start, end), how))) return undefined;
  return { parts: [...columns.slice(0, TEXT), ...data, ...columns.slice(FIRST_OF_REST)], text: whole };
}

const TAB_LENGTH = 2;

function tabsIn(text: string): readonly number[] | undefined {
  const tabs: number[] = [];
  for (const { index, 1: escaped } of text.matchAll(/\\(.)/gs)) {
    if (escaped === 't') tabs.push(index);
    else if (escaped !== '\\' && escaped !== '"') return undefined;
  }
  return tabs;
}

/** What could be taken for a label, or for the end of a value, is left to who reads the text whole. */
function isPlain(value: string, how: number): boolean {
  return how === COMMAND ? !/ {2}T/.test(value) : how !== FOLLOWS || !/:(?: |$)/.test(value);
}
