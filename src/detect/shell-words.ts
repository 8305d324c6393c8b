/**
 * The words of one simple command in a POSIX shell's text (`sh -c TEXT`), where they are the same whatever the shell's
 * state is.
 *
 * Refuses (`undefined`) whatever the shell would compute or add: parameters, substitutions, globs, braces, tildes,
 * several commands, redirections, background, assignments, comments, newlines. So what is given is all that the text
 * runs, and nothing can hide behind a harmless command in it.
 *
 * Source: POSIX.1-2017, Shell Command Language, 2.2 Quoting and 2.3 Token Recognition.
 */

/** Outside of quotes these mean more than themselves, in POSIX or in bash, zsh, ksh, csh or fish. */
const ACTIVE = /[|&;<>()$`*?[\]{}~!#^\n\r]/;
/** Within double quotes. */
const ACTIVE_QUOTED = /[$`!\n]/;
const ASSIGNMENT = /^[A-Za-z_][A-Za-z0-9_]*\+?=/;

export function splitShellWords(text: string): readonly string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] as string;
    if (character === ' ' || character === '\t') {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (character === "'") {
      const end = text.indexOf("'", at + 1);
      if (end === -1) return undefined;
      word = (word ?? '') + text.slice(at + 1, end);
      at = end;
    } else if (character === '"') {
      const quoted = readQuoted(text, at + 1);
      if (quoted === undefined) return undefined;
      word = (word ?? '') + quoted.text;
      at = quoted.end;
    } else if (character === '\\') {
      const next = text[at + 1];
      if (next === undefined || next === '\n' || next === '\r') return undefined;
      word = (word ?? '') + next;
      at += 1;
    } else if (ACTIVE.test(character)) {
      return undefined;
    } else {
      word = (word ?? '') + character;
    }
  }
  if (word !== undefined) words.push(word);
  const [first] = words;
  return first === undefined || ASSIGNMENT.test(first) ? undefined : words;
}

/** From after the opening quote; `end` is the closing one. */
function readQuoted(text: string, start: number): { readonly text: string; readonly end: number } | undefined {
  let read = '';
  for (let at = start; at < text.length; at += 1) {
    const character = text[at] as string;
    if (character === '"') return { text: read, end: at };
    if (ACTIVE_QUOTED.test(character)) return undefined;
    if (character === '\\') {
      const next = text[at + 1] ?? '';
      // A backslash before anything else stands for itself.
      const escapes = next === '"' || next === '\\' || next === '$' || next === '`';
      if (next === '\n') return undefined;
      read += escapes ? next : `\\${next}`;
      at += 1;
    } else {
      read += character;
    }
  }
  return undefined;
}
