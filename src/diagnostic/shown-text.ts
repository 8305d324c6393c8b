/**
 * Other people's text, made fit for one line of ours: without control characters or marks that turn the direction of
 * writing, cut with an ellipsis after so many code points.
 */
export function shownText(text: string, longest: number): string {
  const oneLine = text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim();
  const points = [...oneLine.slice(0, longest * 2 + 2)];
  return points.length > longest ? `${points.slice(0, longest - 1).join('')}…` : oneLine;
}
