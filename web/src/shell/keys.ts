/**
 * Single-key commands of a page. A key that is typed into a field, held with a modifier, or pressed while a dialog is
 * open belongs to that, never to the page.
 */
import { useEffect, useRef } from 'react';

/** What each key does, by `KeyboardEvent.key`. */
export type KeyCommands = Readonly<Record<string, (() => void) | undefined>>;

export function useKeys(commands: KeyCommands): void {
  const current = useRef(commands);
  useEffect(() => {
    current.current = commands;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isTyping(event.target) || document.querySelector('[role="dialog"]') !== null) return;
      const command = Object.hasOwn(current.current, event.key) ? current.current[event.key] : undefined;
      if (command === undefined) return;
      event.preventDefault();
      command();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
}

const FIELDS =
  'input:not([type="radio"]):not([type="checkbox"]):not([type="file"]), textarea, select, [contenteditable="true"]';

/** Whether keys are text there. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest(FIELDS) !== null;
}
