/** Kusto's literals and regular expressions. */
import type { CaseFold, Re2Flags, WildcardPattern } from '../plan/predicate/node.ts';

const ESCAPES: Readonly<Record<string, string>> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

export function kqlString(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what has to be escaped
  return `"${text.replaceAll(/["\\\u0000-\u001f\u007f\u0085\u2028\u2029]/g, escapeCharacter)}"`;
}

function escapeCharacter(character: string): string {
  return ESCAPES[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** A wildcard pattern over the whole text; of texts in lower case where case is ignored. */
export function re2OfWildcard(pattern: WildcardPattern, fold: CaseFold): string {
  const parts = pattern.map((part) => {
    if (part === '*') return '.*';
    if (part === '?') return '.';
    return quoted(fold === 'none' ? part.text : part.text.toLowerCase());
  });
  return `(?s)^${parts.join('')}$`;
}

/** Long lists of patterns are nested too deeply for Kusto as clauses of their own; each of these is shorter than it takes. */
const LONGEST_REGEX = 8_000;

/** Expressions of which one matches where one of the patterns does; of texts in lower case where case is ignored. */
export function re2OfWildcards(patterns: readonly WildcardPattern[], fold: CaseFold): readonly string[] {
  const lists: string[][] = [];
  let room = 0;
  for (const pattern of patterns) {
    const whole = re2OfWildcard(pattern, fold).replace(/^\(\?s\)/, '');
    const part = whole.replace(/^\^\.\*/, '').replace(/(?<!\\)\.\*\$$/, '');
    if (part.length >= room) {
      lists.push([]);
      room = LONGEST_REGEX;
    }
    room -= part.length + 1;
    lists.at(-1)?.push(part);
  }
  return lists.map((parts) => `(?s)${parts.join('|')}`);
}

const CLASSES: Readonly<Record<string, string>> = { d: '0-9', w: '0-9A-Za-z_', s: '\\t\\n\\f\\r ' };

/**
 * An expression of RE2 with its classes written out, since in Kusto `\d` and its like are those of Unicode; `undefined`
 * for what cannot be: a negated class within a class, `\Q…\E`.
 */
export function withAsciiClasses(pattern: string, { ignoreCase, multiline, dotAll }: Re2Flags): string | undefined {
  let inClass = false;
  let sayable = true;
  const written = pattern.replaceAll(/\\[\s\S]|\[:\^?\w+:\]|\[\^?\]?|\]/g, (part) => {
    if (part.startsWith('[:')) return part;
    if (part.startsWith('[')) {
      inClass = !inClass || !part.endsWith(']');
      return part;
    }
    if (part === ']') {
      inClass = false;
      return part;
    }
    const letter = part.charAt(1);
    if (letter === 'Q') sayable = false;
    const members = CLASSES[letter.toLowerCase()];
    if (members === undefined) return part;
    if (letter === letter.toLowerCase()) return inClass ? members : `[${members}]`;
    if (inClass) sayable = false;
    return `[^${members}]`;
  });
  const flags = `${ignoreCase ? 'i' : ''}${multiline ? 'm' : ''}${dotAll ? 's' : ''}`;
  return sayable ? `${flags === '' ? '' : `(?${flags})`}${written}` : undefined;
}

/** An expression of Lucene without its own operators, over the whole text; `undefined` for any other. */
export function re2OfLucene(pattern: string, fold: CaseFold): string | undefined {
  const plain = pattern.replaceAll(/\\[^0-9A-Za-z]/g, '').replaceAll('[^', '[');
  if (!/^[\0-\x7f]*$/.test(plain) || /[~<>@&#"^$\\]/.test(plain) || /^[*+?{]|[|(][*+?{|)]|\|$/.test(plain))
    return undefined;
  return `(?s${fold === 'none' ? '' : 'i'})^(?:${pattern})$`;
}

function quoted(text: string): string {
  return text.replaceAll(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}

/** Windows writes some numbers in hexadecimal, and rules do as it does. */
export function decimal(text: string): string {
  return /^0x[0-9a-f]{1,12}$/i.test(text) ? String(Number(text)) : text;
}
