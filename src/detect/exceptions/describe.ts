/**
 * An exception in a sentence, for people who have not written it.
 */
import { shownText } from '../../diagnostic/shown-text.ts';
import type { ExceptionEntry, TimeWindow } from '../exception.ts';
import type { ExceptionDraft } from './draft.ts';

const LONGEST_VALUE = 80;
const MOST_SHOWN = 3;

interface Known {
  readonly rules?: readonly { readonly id: string; readonly name: string }[];
}

export function describeException(draft: ExceptionDraft, known: Known): string {
  const { condition, windows = [], expires, step } = draft;
  const said = condition.kind === 'entries' ? joined(condition.entries.map(describeEntry), 'and') : 'its query holds';
  const of = step === undefined ? '' : ` for step ${step} of the sequence`;
  const when = windows.length === 0 ? '' : `, ${joined(windows.map(describeWindow), 'or')}`;
  const until = expires === undefined ? '' : `, for events before ${shownText(expires, 40)}`;
  return `No alert from ${describeRules(draft, known)} where ${said}${of}${when}${until}.`;
}

function describeRules({ rules }: ExceptionDraft, known: Known): string {
  if (rules === 'all') return 'any rule';
  const names = new Map(known.rules?.map(({ id, name }) => [id, name]));
  if (rules.length > MOST_SHOWN) return `${rules.length} rules`;
  return joined(
    rules.map((id) => `“${shownText(names.get(id) ?? id, LONGEST_VALUE)}”`),
    'or',
  );
}

function describeEntry(entry: ExceptionEntry): string {
  const field = shownText(entry.field, LONGEST_VALUE);
  const anyCase = 'ignore_case' in entry && entry.ignore_case === true ? ' in any case' : '';
  switch (entry.operator) {
    case 'is':
      return `${field} is ${quote(entry.value)}${anyCase}`;
    case 'is_not':
      return `${field} is not ${quote(entry.value)}${anyCase}`;
    case 'is_one_of':
      return `${field} is ${several(entry.values)}${anyCase}`;
    case 'is_not_one_of':
      return `${field} is not ${several(entry.values)}${anyCase}`;
    case 'exists':
      return `${field} is there`;
    case 'does_not_exist':
      return `${field} is not there`;
    case 'matches':
      return `${field} matches ${quote(entry.value)}${anyCase}`;
    case 'does_not_match':
      return `${field} does not match ${quote(entry.value)}${anyCase}`;
    case 'in_list':
      return `${field} is in the list ${quote(entry.list)}${anyCase}`;
    case 'not_in_list':
      return `${field} is not in the list ${quote(entry.list)}${anyCase}`;
    case 'nested':
      return `one of ${field} has ${joined(entry.entries.map(describeEntry), 'and')}`;
  }
}

const DAYS = ['Mondays', 'Tuesdays', 'Wednesdays', 'Thursdays', 'Fridays', 'Saturdays', 'Sundays'];

/** `Mondays and Fridays from 22:00 to 06:00 (Europe/Berlin)`. */
export function describeWindow(window: TimeWindow): string {
  const zone = shownText(window.zone, 40);
  if (window.kind === 'cron') {
    return `for ${shownText(window.lasts, 20)} from each time of “${shownText(window.pattern, 60)}” (${zone})`;
  }
  const days = window.days.map((day) => DAYS[day - 1] ?? `day ${day}`);
  const which = new Set(window.days).size === 7 ? 'every day' : joined(days, 'and');
  return `${which} from ${shownText(window.from, 10)} to ${shownText(window.to, 10)} (${zone})`;
}

function several(values: readonly string[]): string {
  if (values.length <= MOST_SHOWN) return joined(values.map(quote), 'or');
  return `one of ${values.length} values (${values.slice(0, MOST_SHOWN).map(quote).join(', ')}, …)`;
}

function quote(text: string): string {
  return `“${shownText(text, LONGEST_VALUE)}”`;
}

function joined(parts: readonly string[], word: 'and' | 'or'): string {
  const last = parts.at(-1);
  if (last === undefined) return 'nothing';
  return parts.length === 1 ? last : `${parts.slice(0, -1).join(', ')} ${word} ${last}`;
}
