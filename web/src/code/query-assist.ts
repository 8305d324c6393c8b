/**
 * Completion and hover help for queries, as the service's parsers give them: a query alone is EQL or Kibana's language, one
 * in a rule is what the rule says.
 *
 *   a key ──▶ source ──text, place──▶ service ──what begins as typed──▶ list
 *
 * The service filters, so each key asks anew; a question that a newer one overtakes is dropped. Where the service does
 * not answer there is nothing to choose, and writing goes on.
 */
import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
  startCompletion,
} from '@codemirror/autocomplete';
import type { Extension } from '@codemirror/state';
import { hoverTooltip, keymap, type Tooltip } from '@codemirror/view';
import type { QueryPlace } from '../../../src/serve/language-api.ts';
import { type AssistedLanguage, completeQuery, hoverQuery } from '../api/language.ts';

/** What the text is: a query in EQL, in Kibana's language or in Kusto, or a whole rule with one in it. */
export type AssistedText = 'query' | 'kuery' | 'kusto' | 'rule';

/** Longer texts are not asked about: a whole rule is read at every key. */
const LONGEST: Readonly<Record<AssistedText, number>> = {
  query: 64_000,
  kuery: 64_000,
  kusto: 64_000,
  rule: 100_000,
};
const HOVER_MS = 400;

export function queryAssist(kind: AssistedText): Extension {
  return [
    autocompletion({
      override: [(context) => complete(context, kind)],
      icons: false,
      // In a query, Enter asks it; a choice is made by going to it first.
      selectOnOpen: kind === 'rule',
    }),
    // Some systems keep Ctrl-Space for themselves.
    keymap.of([{ key: 'Alt-/', run: startCompletion }]),
    hoverTooltip((view, at) => hover(view.state.doc.toString(), at, kind), { hoverTime: HOVER_MS }),
  ];
}

/** Of a rule, any: its own language counts. */
function languageOf(kind: AssistedText): AssistedLanguage {
  return kind === 'kuery' || kind === 'kusto' ? kind : 'eql';
}

function placeOf(kind: AssistedText, text: string, offset: number): QueryPlace {
  return { text, offset, in: kind === 'rule' ? 'rule' : 'query' };
}

async function complete(context: CompletionContext, kind: AssistedText): Promise<CompletionResult | null> {
  const text = context.state.doc.toString();
  if (text.length > LONGEST[kind]) return null;
  const overtaken = new AbortController();
  context.addEventListener('abort', () => overtaken.abort());
  const answer = await completeQuery(languageOf(kind), placeOf(kind, text, context.pos), overtaken.signal).catch(
    () => undefined,
  );
  // Unasked, the list opens once something is typed.
  if (answer === undefined || answer.options.length === 0 || (!context.explicit && answer.start === context.pos)) {
    return null;
  }
  const options = answer.options.map(
    ({ label, insert, detail, kind: type }): Completion => ({
      label,
      apply: insert,
      type,
      ...(detail === undefined ? {} : { detail }),
    }),
  );
  return { from: answer.start, options, filter: false };
}

async function hover(text: string, offset: number, kind: AssistedText): Promise<Tooltip | null> {
  if (text.length > LONGEST[kind]) return null;
  const help = await hoverQuery(languageOf(kind), placeOf(kind, text, offset)).catch(() => null);
  if (help === null) return null;
  return {
    pos: help.start,
    end: help.end,
    above: true,
    create() {
      const dom = document.createElement('div');
      dom.className = 'cm-help';
      const title = document.createElement('code');
      title.textContent = help.title;
      const words = document.createElement('p');
      words.textContent = help.doc;
      dom.append(title, words);
      return { dom };
    },
  };
}
