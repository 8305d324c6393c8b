/**
 * Places in a text that is read again when the first of them is asked for: what the text was read into is many times as
 * large as the text, and of most rules no place is ever asked for again.
 */
import { createRequire } from 'node:module';
import type { RuleLocator } from './locator.ts';

/** @param at the number of the rule in the text; a text that gives no such rule has no places to ask for */
export function lateLocator(text: string, file: string, at: number): RuleLocator {
  let read: RuleLocator | undefined;
  const locate = (): RuleLocator => {
    read ??= forms().ruleFormOf(text, file)?.parse(text, file)[at]?.locate;
    if (read === undefined) throw new Error(`there is no rule ${at} in ${file}`);
    return read;
  };
  return {
    key: (path) => locate().key(path),
    value: (path) => locate().value(path),
    query: (part) => locate().query(part),
    part: (path, part) => {
      const found = locate();
      return found.part?.(path, part) ?? found.value(path);
    },
  };
}

/** Required, since those who ask for a place do not wait, and hardly anybody asks: the forms are a hundred files. */
function forms(): typeof import('./forms.ts') {
  return createRequire(import.meta.url)(import.meta.url.endsWith('.ts') ? './forms.ts' : './forms.js');
}
