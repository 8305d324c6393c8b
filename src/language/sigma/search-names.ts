/**
 * Which search identifiers a pattern of a condition means: `1 of selection_*`, `all of them`.
 */

/** Names beginning with an underscore are left to those who name them so. */
export function searchNamesLike(pattern: string, names: readonly string[]): readonly string[] {
  if (pattern.toLowerCase() === 'them') return names.filter((name) => !name.startsWith('_'));
  const matches = starPattern(pattern);
  return names.filter((name) => matches(name) && (!name.startsWith('_') || pattern.startsWith('_')));
}

/** `*` stands for any run of characters, anywhere; nothing else is special. Linear in the name. */
function starPattern(pattern: string): (name: string) => boolean {
  const [head = '', ...rest] = pattern.split('*');
  const tail = rest.pop();
  if (tail === undefined) return (name) => name === pattern;
  return (name) => {
    if (name.length < head.length + tail.length || !name.startsWith(head) || !name.endsWith(tail)) return false;
    let at = head.length;
    const end = name.length - tail.length;
    for (const piece of rest) {
      const found = name.indexOf(piece, at);
      if (found === -1 || found + piece.length > end) return false;
      at = found + piece.length;
    }
    return at <= end;
  };
}
