/** What a window asks, and what became of it for one group, in a sentence. */
import type { WindowStory } from '../correlate/window-stories.ts';
import type { Bound, Bounds, Presence, Window, WindowTest } from '../plan/window.ts';
import { lengthOf } from './story-message.ts';

/** `at least 10 events within 5 min`, `A, then B within 90 s`. */
export function tellAsked(window: Window): string {
  return `${askedOf(window)} within ${lengthOf(window.timespan)}`;
}

export function tellWindow(story: WindowStory, window: Window): string {
  const { end, lacking, elsewhere } = story;
  const within = ` within ${lengthOf(window.timespan)}`;
  const lacks = namesOf(window, lacking);
  switch (end) {
    case 'matched':
      return `${capital(heldOf(story, window))}.`;
    case 'waiting': {
      if (lacking.length === 0) return `At most ${heldOf(story, window)}; it asks for ${askedOf(window)}${within}.`;
      const late = namesOf(window, [...elsewhere.keys()]);
      const rest = namesOf(
        window,
        lacking.filter((member) => !elsewhere.has(member)),
      );
      const seen = story.had.length === 0 ? '' : `${namesOf(window, story.had)} matched; `;
      const apart = late === '' ? '' : ` ${late} did, but not${within} of it.`;
      return `${seen}${rest} did not${within}.${apart}`;
    }
    case 'too-late':
      if (lacking.length === 0) return togetherMessage(story, window);
      return window.test.kind === 'in-order'
        ? `${namesOf(window, story.had)} matched; ${lacks} came later than${within} of the first.`
        : `${namesOf(window, story.had)} matched, and ${lacks} too, but not${within} of each other.`;
    case 'out-of-order':
      return story.had.length === 0
        ? `A later one of the rules matched, but ${lacks} did not match before it.`
        : `Out of order: ${namesOf(window, story.had)} matched; ${lacks} matched, but not after ${story.had.length === 1 ? 'it' : 'them'}.`;
    case 'unmet':
      return `The window held ${heldOf(story, window)}; it asks for ${askedOf(window)}${within}.`;
  }
}

function togetherMessage({ together, ...story }: WindowStory, window: Window): string {
  const all = measureOf(window.test, together ?? 0);
  return `${capital(all)} in all, but at most ${heldOf(story as WindowStory, window)}; it asks for ${askedOf(window)} within ${lengthOf(window.timespan)}.`;
}

/** What the nearest window held: `7 events within 4 min`. */
function heldOf({ value, from, to, held, had }: WindowStory, window: Window): string {
  const span = from === undefined || to === undefined || held < 2 ? '' : ` within ${lengthOf(to.ms - from.ms)}`;
  if (window.test.kind === 'in-order') return `all of the rules, in order,${span}`.replace(/,$/, '');
  if (window.test.kind === 'member-count' || window.test.kind === 'presence') {
    return `${had.length === 0 ? 'none of the rules' : `matches of ${namesOf(window, had)}`}${span}`;
  }
  return value === undefined ? 'nothing to measure' : `${measureOf(window.test, value)}${span}`;
}

function measureOf(test: WindowTest, value: number): string {
  const shown = Number(value.toFixed(3)).toLocaleString('en-US');
  switch (test.kind) {
    case 'event-count':
      return value === 1 ? '1 event' : `${shown} events`;
    case 'value-count':
      return value === 1 ? '1 different value' : `${shown} different values`;
    case 'value-sum':
      return `a sum of ${shown}`;
    case 'value-average':
      return `an average of ${shown}`;
    case 'value-percentile':
      return `a ${percentileOf(test.percentile)} of ${shown}`;
    default:
      return shown;
  }
}

function askedOf(window: Window): string {
  const { test, members } = window;
  const fields = [...new Set(members.flatMap(({ values }) => values.map(({ name }) => name)))].join(', ');
  switch (test.kind) {
    case 'event-count':
      return `${boundsOf(test.bounds)} events`;
    case 'value-count':
      return `${boundsOf(test.bounds)} different values of ${fields}`;
    case 'value-sum':
      return `a sum of ${fields} of ${boundsOf(test.bounds)}`;
    case 'value-average':
      return `an average of ${fields} of ${boundsOf(test.bounds)}`;
    case 'value-percentile':
      return `a ${percentileOf(test.percentile)} of ${fields} of ${boundsOf(test.bounds)}`;
    case 'member-count': {
      const names = namesOf(window, [...members.keys()]);
      const [bound, ...others] = test.bounds;
      const isAll = others.length === 0 && bound?.operator === '>=' && bound.value === members.length;
      return isAll ? names : `${boundsOf(test.bounds)} of ${names}`;
    }
    case 'in-order':
      return members.map(({ name }) => name).join(', then ');
    case 'presence':
      return presenceOf(test.condition, window);
  }
}

function boundsOf(bounds: Bounds): string {
  const words: Readonly<Record<Bound['operator'], string>> = {
    '>': 'more than',
    '>=': 'at least',
    '<': 'less than',
    '<=': 'at most',
    '==': 'exactly',
    '!=': 'other than',
  };
  return bounds.map(({ operator, value }) => `${words[operator]} ${value.toLocaleString('en-US')}`).join(' and ');
}

function presenceOf(condition: Presence, window: Window): string {
  switch (condition.kind) {
    case 'member':
      return namesOf(window, [condition.member]);
    case 'not':
      return `not ${presenceOf(condition.child, window)}`;
    case 'and':
    case 'or':
      return `(${condition.children.map((child) => presenceOf(child, window)).join(` ${condition.kind} `)})`;
  }
}

function percentileOf(percent: number): string {
  return percent === 50 ? 'median' : `percentile ${percent}`;
}

function namesOf({ members }: Window, numbers: readonly number[]): string {
  const names = numbers.map((number) => members[number]?.name ?? '');
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
