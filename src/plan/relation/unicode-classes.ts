/**
 * Kusto's regular expressions in RE2's syntax.
 *
 * The two differ in the classes: in Kusto `\d`, `\w` and `\s` are those of Unicode (the engine matches `\d` with `１`),
 * in RE2 those of ASCII. `\b` stays ASCII's.
 */

const CLASSES: Readonly<Record<string, string>> = {
  d: '\\p{Nd}',
  w: '\\p{L}\\p{M}\\p{Nd}\\p{Pc}',
  s: '\\t-\\r \\x{85}\\p{Z}',
};

/** The pattern with its classes written out. Offsets change, so check the pattern before. */
export function unicodeClasses(pattern: string): string {
  let inClass = false;
  // A `]` right after the bracket that opens a class stands for itself, and so does `[` within one.
  return pattern.replace(/\\Q[\s\S]*?(?:\\E|$)|\\[\s\S]|\[:\^?\w+:\]|\[\^?\]?|\]/g, (part) => {
    if (part.startsWith('[:')) return part;
    if (part.startsWith('[')) inClass = !inClass || !part.endsWith(']');
    else if (part === ']') inClass = false;
    const letter = part.length === 2 && part.startsWith('\\') ? part.charAt(1) : '';
    const members = CLASSES[letter.toLowerCase()];
    if (members === undefined) return part;
    if (letter === letter.toLowerCase()) return inClass ? members : `[${members}]`;
    // A negated class within a class cannot be written out; RE2 has it for ASCII.
    return inClass ? part : `[^${members}]`;
  });
}
