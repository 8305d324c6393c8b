/** How Kusto KQL looks: operators of the pipe, text operators, strings in all their forms, comments. */
import { type Grammar, skipPast, skipString } from './grammar.ts';

export interface KustoState {
  isLongString: boolean;
}

const KEYWORDS: ReadonlySet<string> = new Set(
  `and as asc between by consume contains contains_cs count datatable desc distinct endswith endswith_cs evaluate extend
  externaldata facet false find first fork from getschema has has_all has_any has_cs hasprefix hasprefix_cs hassuffix
  hassuffix_cs in in~ invoke join kind last let like limit lookup make-series matches materialize mv-apply mv-expand not
  nulls null of on or order parse parse-kv parse-where partition print project project-away project-keep project-rename
  project-reorder range reduce regex render sample sample-distinct scan search serialize set sort startswith
  startswith_cs step summarize take to top top-hitters top-nested true typeof union where with`.split(/\s+/),
);

/** What Kusto calls types also stands before a literal: `datetime(2026-01-31)`. */
const WORD =
  /^!?[A-Za-z_$][\w$]*(?:-(?:away|keep|rename|reorder|series|apply|expand|kv|where|distinct|hitters|nested))?~?/;

export const kustoGrammar: Grammar<KustoState> = {
  name: 'kusto',
  startState: () => ({ isLongString: false }),
  copyState: (state) => ({ ...state }),
  token(stream, state) {
    const isLong = state.isLongString || stream.match(/^h?```/i) !== null;
    if (isLong) {
      state.isLongString = !skipPast(stream, '```');
      return 'string';
    }
    if (stream.eatSpace()) return null;
    if (stream.match('//')) {
      stream.skipToEnd();
      return 'comment';
    }
    if (stream.match(/^h?@["']/i)) {
      skipString(stream, stream.string.charAt(stream.pos - 1), undefined);
      return 'string';
    }
    if (stream.match(/^h?["']/i)) {
      skipString(stream, stream.string.charAt(stream.pos - 1), '\\');
      return 'string';
    }
    if (
      stream.match(/^0x[\da-f]+|^\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?:(?:micro|nano|milli)?seconds?|tick|ms|[dhms])?\b/i)
    ) {
      return 'number';
    }
    const word = stream.match(WORD);
    if (word === null || typeof word === 'boolean') {
      stream.next();
      return null;
    }
    const name = word[0].replace(/^!/, '');
    if (stream.string.charAt(stream.start - 1) !== '.' && KEYWORDS.has(name)) return 'keyword';
    return stream.match(/^\s*\(/, false) ? 'variableName' : 'propertyName';
  },
};
