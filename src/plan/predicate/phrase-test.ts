/**
 * Phrases in running text: what Elasticsearch's `match` and `match_phrase` do on a text field.
 *
 *   value ──split──▶ words in lower case with their places ──▶ the phrase's words one after the other
 *
 * Two ways to split, those of the analyzers that the fields have: Lucene's standard tokenizer (Unicode's UAX 29: `.`
 * and `'` join letters, `.` and `,` join digits, so `http.server` and `3.11` are one word each), and the pattern
 * `[\W&&[^-]]+` that Elastic indexes PowerShell scripts with. Letters fold to lower case, nothing is stemmed.
 *
 * Many rules ask the same long script one after the other, so the words of the last value are kept.
 */
import type { PhraseTest, WildcardPattern, WordSplit } from './node.ts';
import type { ValueTest } from './value-test.ts';
import { compileWildcard, type Ranges } from './wildcard.ts';

interface Words {
  readonly texts: readonly string[];
  /** UTF-16 offsets of each word in the value. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly distinct: ReadonlySet<string>;
}

const WORD: Readonly<Record<WordSplit, RegExp>> = {
  standard:
    /[\p{L}\p{M}\p{N}_]+(?:(?:(?<=[\p{L}\p{M}])[.:'’·](?=\p{L})|(?<=\p{N})[.,;'’](?=\p{N}))[\p{L}\p{M}\p{N}_]+)*/gu,
  script: /[A-Za-z0-9_-]+/g,
};

/** The words of a text in lower case, in order. */
export function wordsOf(text: string, split: WordSplit): readonly string[] {
  return wordsIn(text, split).texts;
}

export function compilePhrases({ anyOf, split }: PhraseTest): ValueTest {
  const phrases = anyOf.filter((phrase) => phrase.length > 0).map((phrase) => phrase.map(compileWord));
  const find = (value: unknown): readonly [number, number] | undefined => {
    const words = wordsIn(String(value), split);
    for (const phrase of phrases) {
      const at = findPhrase(phrase, words);
      if (at !== undefined) return [words.starts[at] as number, words.ends[at + phrase.length - 1] as number];
    }
    return undefined;
  };
  return {
    passes: (value) => find(value) !== undefined,
    ranges: (value): Ranges => {
      const found = find(value);
      return found === undefined ? [] : [found];
    },
  };
}

interface Word {
  /** Absent for a pattern. */
  readonly text?: string;
  readonly matches: (word: string) => boolean;
}

function compileWord(pattern: WildcardPattern): Word {
  const [only, second] = pattern;
  if (second === undefined && typeof only === 'object') {
    const { text } = only;
    return { text, matches: (word) => word === text };
  }
  return { matches: compileWildcard(pattern, 'none').matches };
}

function findPhrase(phrase: readonly Word[], { texts, distinct }: Words): number | undefined {
  if (phrase.some(({ text }) => text !== undefined && !distinct.has(text))) return undefined;
  const [first, ...others] = phrase as readonly [Word, ...Word[]];
  for (let at = 0; at + others.length < texts.length; at += 1) {
    if (!first.matches(texts[at] as string)) continue;
    if (others.every((word, index) => word.matches(texts[at + 1 + index] as string))) return at;
  }
  return undefined;
}

let last: { readonly text: string; readonly split: WordSplit; readonly words: Words } | undefined;

function wordsIn(text: string, split: WordSplit): Words {
  if (last?.text === text && last.split === split) return last.words;
  const texts: string[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  for (const match of text.matchAll(WORD[split])) {
    texts.push(match[0].toLowerCase());
    starts.push(match.index);
    ends.push(match.index + match[0].length);
  }
  const words = { texts, starts, ends, distinct: new Set(texts) };
  last = { text, split, words };
  return words;
}
