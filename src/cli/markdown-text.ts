/**
 * Markdown as plain text for a terminal: headings stand out, lists keep their bullets, links show where they lead, code
 * stays as it is, paragraphs are filled to the width. Only what guides use; anything else is printed as written.
 */
import { printable, type Style } from './terminal.ts';

/** The text's lines, safe to print. `width` in columns. */
export function markdownText(markdown: string, look: Style, width: number): readonly string[] {
  const lines: string[] = [];
  let fenced = false;
  let open: { first: string; rest: string; words: string[] } | undefined;
  const flush = (): void => {
    if (open !== undefined)
      lines.push(...fill(open.words, open.first, open.rest, width).map((line) => inline(line, look)));
    open = undefined;
  };
  for (const raw of markdown.trim().split(/\r?\n/)) {
    const line = printable(raw);
    if (/^\s*(```|~~~)/.test(line)) {
      flush();
      fenced = !fenced;
    } else if (fenced) {
      lines.push(`    ${look.cyan(line)}`);
    } else if (line.trim() === '') {
      flush();
      if (lines.length > 0 && lines.at(-1) !== '') lines.push('');
    } else {
      const heading = /^#{1,6}\s+(.*)$/.exec(line);
      const item = /^(\s*)(?:[-*+]|(\d{1,3})[.)])\s+(.*)$/.exec(line);
      if (heading !== null) {
        flush();
        lines.push(look.bold(unmarked(heading[1] ?? '')));
      } else if (item !== null) {
        flush();
        const bullet = `${item[1] ?? ''}${item[2] === undefined ? '•' : `${item[2]}.`} `;
        open = { first: bullet, rest: ' '.repeat(bullet.length), words: wordsOf(item[3] ?? '') };
      } else {
        const quote = /^>\s?/.exec(line)?.[0].length ?? 0;
        open ??= { first: quote > 0 ? '  ' : '', rest: quote > 0 ? '  ' : '', words: [] };
        open.words.push(...wordsOf(line.slice(quote)));
      }
    }
  }
  flush();
  return lines;
}

/** Words of a paragraph; a code span stays whole, links become `text (address)`. */
function wordsOf(text: string): string[] {
  const linked = text.replaceAll(/\[([^[\]]{1,200})\]\(([^()\s]{1,500})\)/g, '$1 ($2)');
  return linked.trim().match(/(?:`[^`]*`|\S)+/g) ?? [];
}

function fill(words: readonly string[], first: string, rest: string, width: number): string[] {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of words) {
    if (!empty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = rest;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line];
}

/** Code in colour and emphasis without its stars; a pair that is broken over two lines stays as written. */
function inline(line: string, look: Style): string {
  return line
    .split(/(`[^`]+`)/)
    .map((part, index) =>
      index % 2 === 1 ? look.cyan(part.slice(1, -1)) : part.replaceAll(STRONG, (_, text: string) => look.bold(text)),
    )
    .join('');
}

const STRONG = /\*\*([^*]{1,200})\*\*/g;

function unmarked(text: string): string {
  return text.replaceAll(STRONG, '$1').replaceAll('`', '');
}
