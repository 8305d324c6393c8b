/**
 * What has changed between two texts, line by line, as patches show it: hunks with some lines around each change.
 */
import { structuredPatch } from 'diff';

export interface DiffHunk {
  /** Number of its first line in the one and in the other text, from 1. */
  readonly from_line: number;
  readonly to_line: number;
  readonly lines: readonly DiffLine[];
}

export interface DiffLine {
  readonly kind: 'same' | 'removed' | 'added';
  readonly text: string;
}

/** Lines around a change. */
const CONTEXT = 3;
/** Time grows with the square of what differs: beyond this, one text is said to stand for the other. */
const MOST_EDITS = 4_000;

const KINDS: Readonly<Record<string, DiffLine['kind']>> = { ' ': 'same', '-': 'removed', '+': 'added' };

/** Nothing where the texts are the same. */
export function diffTexts(from: string, to: string): readonly DiffHunk[] {
  if (from === to) return [];
  const patch = structuredPatch('', '', from, to, '', '', { context: CONTEXT, maxEditLength: MOST_EDITS });
  if (patch === undefined) return [wholly(from, to)];
  return patch.hunks.map(({ oldStart, newStart, lines }) => ({
    from_line: oldStart,
    to_line: newStart,
    lines: lines.flatMap((line) => {
      const kind = KINDS[line[0] ?? ''];
      // Else the line says that a text has no line break at its end.
      return kind === undefined ? [] : [{ kind, text: line.slice(1) }];
    }),
  }));
}

function wholly(from: string, to: string): DiffHunk {
  const lines = (text: string, kind: DiffLine['kind']) => text.split('\n').map((line) => ({ kind, text: line }));
  return { from_line: 1, to_line: 1, lines: [...lines(from, 'removed'), ...lines(to, 'added')] };
}
