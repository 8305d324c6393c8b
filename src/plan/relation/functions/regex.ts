/**
 * Taking texts apart by regular expressions. A pattern that is none matches nothing.
 *
 * Source: Microsoft's page on each function, and recorded answers: `extract` gives '' and `extract_all` null where nothing
 * matches; `trim` takes one match from each end.
 */
import type { Json } from '../../../event/json.ts';
import type { Cell } from '../cell.ts';
import { arrayOf, convertCell, longOf } from '../cell-number.ts';
import { textOf } from '../cell-text.ts';
import type { ScalarFunction, Signature } from '../function.ts';
import { type RegexMatch, regexOf } from '../text-regex.ts';
import { countAt, textAt, typeAt } from './arguments.ts';
import { LONGEST_TEXT } from './text.ts';

export const REGEX_FUNCTIONS: Readonly<Record<string, ScalarFunction>> = {
  extract: (args, signature) => {
    const regex = regexOf(textAt(args, signature, 0));
    const group = countAt(args, signature, 1);
    for (const { groups } of regex?.matches(textAt(args, signature, 2)) ?? []) {
      return convertCell(groups[group ?? -1] ?? '', 'string', signature.result);
    }
    return signature.result === 'string' ? '' : null;
  },
  extract_all: (args, signature) => {
    const [pattern, text] = [textAt(args, signature, 0), textAt(args, signature, args.length - 1)];
    const regex = regexOf(pattern);
    if (regex === undefined || regex.groupCount === 0) return null;
    const wanted = args.length > 2 ? wantedGroups(args[1] ?? null, pattern) : undefined;
    const picks = wanted ?? Array.from({ length: regex.groupCount }, (_, at) => at + 1);
    const found: Json[] = [];
    for (const { groups } of regex.matches(text)) {
      const values = picks.map((group) => groups[group] ?? '');
      found.push(values.length === 1 ? (values[0] ?? '') : values);
    }
    return found.length === 0 ? null : found;
  },
  replace_regex: (args, signature) => {
    const text = textAt(args, signature, 0);
    const regex = regexOf(textAt(args, signature, 1));
    if (regex === undefined) return text;
    const template = readTemplate(textAt(args, signature, 2));
    let [made, at] = ['', 0];
    for (const match of regex.matches(text)) {
      made += text.slice(at, match.start) + fill(template, match);
      at = match.end;
      if (made.length > LONGEST_TEXT) return '';
    }
    return made + text.slice(at);
  },
  trim: (args, signature) => trimmed(args, signature, true, true),
  trim_start: (args, signature) => trimmed(args, signature, true, false),
  trim_end: (args, signature) => trimmed(args, signature, false, true),
};

/** Numbers and names of groups. */
function wantedGroups(cell: Cell, pattern: string): readonly number[] {
  const names = [...pattern.matchAll(/\\[\s\S]|\((?:\?P?<(\w+)>|(?!\?))/g)]
    .filter(([part]) => !part.startsWith('\\'))
    .map(([, name]) => name);
  return (arrayOf(cell) ?? []).map((each) => {
    const number = longOf(each, 'dynamic');
    return number === null ? names.indexOf(textOf(each, 'dynamic')) + 1 : Number(number);
  });
}

/** Text, and the numbers of groups: `\1`, `\0` for all, `\\` for itself. */
function readTemplate(text: string): readonly (string | number)[] {
  return [...text.matchAll(/\\(\d)|\\([\s\S])|[^\\]+|\\$/g)].map(([part, digit, other]) =>
    digit === undefined ? (other === '\\' ? '\\' : part) : Number(digit),
  );
}

function fill(template: readonly (string | number)[], { groups }: RegexMatch): string {
  return template.map((part) => (typeof part === 'number' ? (groups[part] ?? '') : part)).join('');
}

function trimmed(args: readonly Cell[], signature: Signature, start: boolean, end: boolean): string {
  const pattern = textAt(args, signature, 0);
  let text = textOf(args[1] ?? null, typeAt(signature, 1));
  if (start)
    for (const match of regexOf(`^(?:${pattern})`)?.matches(text) ?? []) {
      text = text.slice(match.end);
      break;
    }
  if (end)
    for (const match of regexOf(`(?:${pattern})$`)?.matches(text) ?? []) {
      text = text.slice(0, match.start);
      break;
    }
  return text;
}
