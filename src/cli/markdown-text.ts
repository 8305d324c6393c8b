/**
 * Markdown as plain text for a terminal: headings stand out, lists keep their bullets, links show where they lead, code
 * stays as it is, paragraphs are filled to the width. Only what guides use; anything else is printed as written.
 */
import { printable, type Style } from './terminal.ts';

/** The text's lines, safe to print. `width` in columns. */
export function markdownText(markdown: string, look: Style, width: number): readonly string[] {
  const lines: string[] = [];
  let fenced = false;
  let open: { first: string; rest: string; words: Word[] } | undefined;
  const flush = (): void => {
    if (open !== undefined) lines.push(...fill(open.words, open.first, open.rest, width, look));
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
        lines.push(look.bold((heading[1] ?? '').replaceAll(/\*\*|`/g, '')));
      } else if (item !== null) {
        flush();
        const bullet = `${item[1] ?? ''}${item[2] === undefined ? '•' : `${item[2]}.`} `;
        open = { first: bullet, rest: ' '.repeat(bullet.length), words: wordsOf(item[3] ?? '') };
      } else {
        const quote = /^>\s?/.exec(line)?.[0].length ?? 0;
        open ??= { first: quote > 0 ? '  ' : '', rest: quote > 0 ? '  ' : '', words: [] };
        for (const word of wordsOf(line.slice(quote))) open.words.push(word);
      }
    }
  }
  flush();
  return lines;
}

interface Word {
  readonly text: string;
  readonly mark: 'plain' | 'code' | 'strong';
  /** A space stands before it. */
  readonly apart: boolean;
}

/** A paragraph in pieces that are not broken: words, code spans whole; links become `text (address)`. */
function wordsOf(text: string): Word[] {
  const linked = text.replaceAll(/\[([^[\]]{1,200})\]\(([^()\s]{1,500})\)/g, '$1 ($2)').trim();
  const words: Word[] = [];
  let strong = false;
  let apart = true;
  for (const [piece] of linked.matchAll(/`[^`]+`|\*\*|\s+|[^\s`*]+|[`*]/g)) {
    if (piece === '**') {
      strong = !strong;
    } else if (piece.trim() === '') {
      apart = true;
    } else {
      const isCode = piece.length > 1 && piece.startsWith('`');
      words.push({
        text: isCode ? piece.slice(1, -1) : piece,
        mark: isCode ? 'code' : strong ? 'strong' : 'plain',
        apart,
      });
      apart = false;
    }
  }
  return words;
}

function fill(words: readonly Word[], first: string, rest: string, width: number, look: Style): string[] {
  const paint = { plain: (text: string) => text, code: look.cyan, strong: look.bold };
  const lines: string[] = [];
  let line = first;
  let used = first.length;
  let empty = true;
  for (const { text, mark, apart } of words) {
    const gap = apart && !empty ? ' ' : '';
    if (apart && !empty && used + 1 + text.length > width) {
      lines.push(line);
      line = rest + paint[mark](text);
      used = rest.length + text.length;
    } else {
      line += gap + paint[mark](text);
      used += gap.length + text.length;
    }
    empty = false;
  }
  return [...lines, line];
}
