/** A text of an event with its matching parts marked. */
import type { Range } from '../evidence/marking.ts';
import { withoutTurns } from '../words/direction.ts';

export function Marked({ text, ranges }: { readonly text: string; readonly ranges: readonly Range[] }) {
  const parts = ranges.map(([start, end], index) => (
    <span key={start}>
      {withoutTurns(text.slice(ranges[index - 1]?.[1] ?? 0, start))}
      <mark>{withoutTurns(text.slice(start, end))}</mark>
    </span>
  ));
  return (
    <>
      {parts}
      {withoutTurns(text.slice(ranges.at(-1)?.[1] ?? 0))}
    </>
  );
}
