/** A text with its matching parts marked. */
import type { Range } from '../evidence/marking.ts';

export function Marked({ text, ranges }: { readonly text: string; readonly ranges: readonly Range[] }) {
  const parts = ranges.map(([start, end], index) => (
    <span key={start}>
      {text.slice(ranges[index - 1]?.[1] ?? 0, start)}
      <mark>{text.slice(start, end)}</mark>
    </span>
  ));
  return (
    <>
      {parts}
      {text.slice(ranges.at(-1)?.[1] ?? 0)}
    </>
  );
}
