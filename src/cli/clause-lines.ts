/** A trace as lines of a terminal: each clause, whether it held, and the value seen. */
import { shownText } from '../diagnostic/shown-text.ts';
import type { TraceNode } from '../plan/predicate/trace.ts';
import type { Style } from './terminal.ts';

const CLAUSE_COLUMN = 58;
const LONGEST_VALUE = 60;

/** @param depth how far it is indented, two columns each */
export function clauseLines(node: TraceNode, look: Style, depth: number, root = depth): readonly string[] {
  const indent = '  '.repeat(depth);
  const mark = !node.needed ? look.dim('–') : node.result ? look.green('✓') : look.red('✗');
  if (node.children.length > 0) {
    const head = node.kind === 'and' ? 'all of' : node.kind === 'or' ? 'one of' : 'not';
    const isRoot = depth === root && node.kind === 'and';
    const below = node.children.flatMap((child) => clauseLines(child, look, isRoot ? depth : depth + 1, root));
    return isRoot ? below : [`${indent}${mark} ${look.dim(head)}`, ...below];
  }
  const text = shownText(node.text.replaceAll(/\s+/g, ' '), CLAUSE_COLUMN * 2);
  const line = `${indent}${mark} ${text.padEnd(CLAUSE_COLUMN - indent.length)}  ${look.dim(valuesSeen(node))}`;
  return [line.trimEnd()];
}

function valuesSeen({ field, values }: TraceNode): string {
  if (field === undefined) return '';
  if (values === undefined || values.length === 0) return 'missing';
  return shownText(values.join(' · '), LONGEST_VALUE);
}
