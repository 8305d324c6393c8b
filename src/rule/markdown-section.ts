/**
 * One section of a Markdown text, found by its heading.
 */

/**
 * The text under the first heading that is `title` (any case), up to the next heading of its level or a higher one,
 * without the heading. `undefined` where there is none or nothing stands under it. Headings are `#` lines outside
 * fenced code.
 */
export function markdownSection(text: string, title: string): string | undefined {
  const lines = text.split('\n');
  let fence: string | undefined;
  let level = 0;
  let start: number | undefined;
  let end = lines.length;
  for (const [index, line] of lines.entries()) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence !== undefined) {
      if (mark?.startsWith(fence) && line.trim() === mark) fence = undefined;
      continue;
    }
    fence = mark;
    const heading = /^ {0,3}(#{1,6})[ \t]+([^\r]*)/.exec(line);
    if (heading === null) continue;
    const [, marks = '', written = ''] = heading;
    if (start !== undefined && marks.length <= level) {
      end = index;
      break;
    }
    if (start === undefined && written.length < 200 && headingText(written) === title.toLowerCase()) {
      start = index + 1;
      level = marks.length;
    }
  }
  if (start === undefined) return undefined;
  const section = lines.slice(start, end).join('\n').trim();
  return section === '' ? undefined : section;
}

/** Without closing `#`s and emphasis. */
function headingText(written: string): string {
  return written
    .trim()
    .replace(/[ \t]#+$/, '')
    .replace(/^[*_]+|[*_:]+$/g, '')
    .trim()
    .toLowerCase();
}
