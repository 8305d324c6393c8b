/**
 * The regular expressions of pipelines, which are Python's, run as RE2: linear in the text, so that a pipeline file
 * from elsewhere cannot hang. Look-around and back-references are refused where the file is read.
 *
 *   replacement `\1-\g<name>` ──read once──▶ parts ──each match──▶ text
 */
import { RE2JS } from 're2js';
import { checkRe2 } from '../../../plan/re2-regex.ts';

export interface PythonRegex {
  /** Python's `match`: from the beginning of the text. */
  readonly matchesStart: (text: string) => boolean;
  /** Python's `sub`; `undefined` where the result would be longer than `LONGEST`. */
  readonly replaceAll: (text: string, replacement: Replacement) => string | undefined;
  readonly hasGroup: (group: number | string) => boolean;
}

/** Plain texts and groups, by number or name. */
export type Replacement = readonly (string | { readonly group: number | string })[];

/** The longest text that a replacement may make. */
const LONGEST = 20_000;

/** What is wrong with the pattern, as the end of a sentence; `undefined` where nothing is. */
export function checkPythonRegex(pattern: string): string | undefined {
  return checkRe2(pattern)?.message;
}

/** Only for patterns in which `checkPythonRegex` finds nothing wrong. */
export function pythonRegex(pattern: string): PythonRegex {
  const anywhere = RE2JS.compile(pattern);
  const atStart = RE2JS.compile(`\\A(?:${pattern})`);
  const groups = anywhere.groupCount();
  const names = new Set([...pattern.matchAll(/\(\?P?<(\w+)>/g)].map(([, name = '']) => name));
  return {
    matchesStart: (text) => atStart.test(text),
    hasGroup: (group) => (typeof group === 'number' ? group <= groups : names.has(group)),
    replaceAll(text, replacement) {
      const matcher = anywhere.matcher(text);
      let made = '';
      let at = 0;
      while (matcher.find()) {
        made += text.slice(at, matcher.start());
        for (const part of replacement) made += typeof part === 'string' ? part : (matcher.group(part.group) ?? '');
        at = matcher.end();
        if (made.length > LONGEST) return undefined;
      }
      made += text.slice(at);
      return made.length > LONGEST ? undefined : made;
    },
  };
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f', v: '\v', a: '\u0007', b: '\b' };

/**
 * Python's replacement texts: `\1`, `\g<1>`, `\g<name>`, `\n` and its like, `\\`.
 * @returns what is wrong, as a whole sentence, where it cannot be read
 */
export function readReplacement(text: string, regex: PythonRegex): Replacement | { readonly fault: string } {
  const parts: (string | { readonly group: number | string })[] = [];
  let at = 0;
  for (const match of text.matchAll(/\\(?:g<(\w+)>|([1-9]\d?)|(0[0-7]{0,2})|([\s\S]|$))/g)) {
    const [whole, name, number, octal, other = ''] = match;
    parts.push(text.slice(at, match.index));
    at = match.index + whole.length;
    const reference = name ?? number;
    if (reference !== undefined) {
      const group = /^\d+$/.test(reference) ? Number(reference) : reference;
      if (!regex.hasGroup(group)) return { fault: `The expression has no group ${reference}.` };
      parts.push({ group });
    } else if (octal !== undefined) parts.push(String.fromCharCode(Number.parseInt(octal, 8)));
    else if (other === '') return { fault: 'The replacement ends in the middle of an escape.' };
    else if (Object.hasOwn(ESCAPES, other)) parts.push(ESCAPES[other] as string);
    else if (/[A-Za-z]/.test(other)) return { fault: `The replacement has an unknown escape, \\${other}.` };
    else parts.push(other === '\\' ? '\\' : whole);
  }
  parts.push(text.slice(at));
  return parts.filter((part) => part !== '');
}
