/**
 * Sigma's strings: `*` any run of characters, `?` one, and the backslash that takes their meaning away.
 *
 * A backslash before `*`, `?` or another backslash makes that character plain; before anything else it is itself. So
 * `\\*` is a backslash and a wildcard, `\\\*` a backslash and a star. Source: the specification, "Escape Character".
 */
import { type WildcardPart, type WildcardPattern, wildcardPattern } from '../../plan/predicate/node.ts';

export function parsePattern(text: string): WildcardPattern {
  const parts: WildcardPart[] = [];
  let plain = '';
  const flush = () => {
    parts.push({ text: plain });
    plain = '';
  };
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] as string;
    if (character === '\\' && /[\\*?]/.test(text[at + 1] ?? '')) {
      at += 1;
      plain += text[at];
    } else if (character === '*' || character === '?') {
      flush();
      parts.push(character);
    } else {
      plain += character;
    }
  }
  flush();
  return wildcardPattern(parts);
}

/** The pattern's text where it has no wildcard. */
export function plainText(pattern: WildcardPattern): string | undefined {
  if (pattern.length === 0) return '';
  const [part] = pattern;
  return pattern.length === 1 && typeof part === 'object' ? part.text : undefined;
}

/** The pattern with each stretch of plain text replaced by what `change` makes of it. */
export function mapText(pattern: WildcardPattern, change: (text: string) => string): WildcardPattern {
  return wildcardPattern(pattern.map((part) => (typeof part === 'object' ? { text: change(part.text) } : part)));
}
