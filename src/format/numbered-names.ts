/**
 * Tables of names by number, written as runs of names that are numbered in a row, each run after its first number and a
 * colon: `59: execve exit 62: kill` is 59, 60 and 62.
 */
export function numbered(text: string): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  let number = 0;
  for (const word of text.trim().split(/\s+/)) {
    if (word.endsWith(':')) {
      number = Number(word.slice(0, -1));
    } else {
      names.set(String(number), word);
      number += 1;
    }
  }
  return names;
}
