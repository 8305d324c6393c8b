/**
 * Keys that are pressed while another page, filter, order or folding is on its way. They are meant for what comes, which
 * gets them once it is drawn; what still stands there does not see them.
 *
 *   keydown ──something is on its way, or others wait──▶ held ──it is drawn──▶ what has the focus then
 *
 * They keep their order: while some wait, those that come after them wait too. A key that stays pressed waits once, or
 * what it does would go on after it was let go. What a field or the browser itself takes
 * is left to them at once: typing, Tab, arrows, Space, anything with a modifier.
 */
import { isTyping } from './keys.ts';
import { isUnderWay } from './passage.ts';

/** More is not meant. */
const MOST_HELD = 32;

const held: string[] = [];

/** @returns what ends it */
export function holdKeys(): () => void {
  window.addEventListener('keydown', hold, { capture: true });
  return () => window.removeEventListener('keydown', hold, { capture: true });
}

function hold(event: KeyboardEvent): void {
  if (!event.isTrusted || !(isUnderWay() || held.length > 0) || !isCommand(event)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!event.repeat && held.length < MOST_HELD) held.push(event.key);
}

function isCommand({ key, ctrlKey, metaKey, altKey, isComposing, target }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey || altKey || isComposing || isTyping(target)) return false;
  return key === 'Enter' || key === 'Escape' || (key !== ' ' && [...key].length === 1);
}

/** One at a time, so that what a key changes is drawn before the next; the rest waits where one asks for something that has to be drawn. */
export function giveHeldKeys(): void {
  const key = isUnderWay() ? undefined : held.shift();
  if (key === undefined) return;
  give(key);
  setTimeout(giveHeldKeys);
}

/** Also does what the browser does after a key, but not after one that a program made. */
function give(key: string): void {
  const target = document.activeElement ?? document.body;
  const isFree = target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  if (!isFree) return;
  if (isTyping(target)) {
    // The one way that reaches plain fields and editors alike, and can be undone.
    if (key.length === 1) document.execCommand('insertText', false, key);
  } else if (key === 'Enter' && target instanceof HTMLElement && target.matches('a[href], button')) {
    target.click();
  }
}
