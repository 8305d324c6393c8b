/**
 * The words of `in`, `has_any` and the like in the form in which they cost least: each a constant of its own, for which
 * SQL has an `IN`, or all in one list, which a function of this process looks up.
 */
import type { Span } from '../../diagnostic/span.ts';
import type { ScalarType } from '../../plan/relation/cell.ts';
import type { ConstantCell, FunctionCell, Scalar } from '../../plan/relation/node.ts';

const AMONG: ReadonlySet<string> = new Set(['in', '!in', 'in~', '!in~']);
const TERMS: ReadonlySet<string> = new Set(['has_any', '!has_any', 'has_all']);
/** SQL looks for each of them in each text: some hundred are dearer than asking this process. */
const MOST_SEARCHED = 40;

/** @param args of the call, those that look at no row as constants. Anything but lists of texts is left as it is. */
export function withListedWords(node: FunctionCell, args: readonly Scalar[]): readonly Scalar[] {
  const isAmong = AMONG.has(node.function);
  const [operand, ...items] = args;
  if (!(isAmong || TERMS.has(node.function)) || operand?.type !== 'string' || items.length === 0) return args;
  const words = wordsOf(items);
  if (words === undefined || words.length === 0) return args;
  const each = { ...node, args: [operand, ...words.map((word) => constant(word, 'string', node.span))] };
  return (isAmong ? each : withOneList(each)).args;
}

/** The call with many words in one list, for this process; a signature of a type for each would have no end. */
export function withOneList(node: FunctionCell): FunctionCell {
  const [operand, ...items] = node.args;
  const isOfWords = AMONG.has(node.function) || TERMS.has(node.function);
  if (operand?.type !== 'string' || !isOfWords || items.length <= MOST_SEARCHED) return node;
  const words = wordsOf(items);
  return words === undefined ? node : { ...node, args: [operand, constant(words, 'dynamic', node.span)] };
}

function constant(value: ConstantCell['value'], type: ScalarType, span: Span): ConstantCell {
  return { kind: 'constant', type, value, span };
}

/** Each once; `undefined` where one is no constant text. */
function wordsOf(items: readonly Scalar[]): readonly string[] | undefined {
  const words = new Set<string>();
  for (const item of items) {
    if (item.kind !== 'constant') return undefined;
    const texts = item.type === 'dynamic' && Array.isArray(item.value) ? item.value : [item.value];
    if (item.type !== 'string' && item.type !== 'dynamic') return undefined;
    for (const text of texts) {
      if (typeof text !== 'string') return undefined;
      words.add(text);
    }
  }
  return [...words];
}
