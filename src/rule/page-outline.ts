/**
 * A page of Markdown cut into what a reader sees first: front matter, the title, labelled values (`**Severity**: low`,
 * or with a list under it), and sections under second headings, with their places.
 *
 * Only lines outside fenced code count as headings and labels.
 */
import { type Span, spanOf } from '../diagnostic/span.ts';

export interface PageOutline {
  readonly frontMatter?: string;
  readonly title?: Heading;
  /** What stands under the title, before the first label or section. */
  readonly introduction: PageText;
  /** In the order of the page; also those inside sections, where nothing but a label stands before the colon. */
  readonly labels: readonly PageLabel[];
  readonly sections: readonly PageSection[];
}

export interface Heading {
  readonly text: string;
  /** `# Title [anchor]` */
  readonly anchor?: string;
  readonly span: Span;
}

export interface PageText {
  /** Without blank lines around it. */
  readonly text: string;
  readonly span: Span;
}

export interface PageLabel {
  readonly name: string;
  readonly span: Span;
  /** Behind the colon. */
  readonly value: PageText;
  /** `* …` lines under a label with nothing behind the colon; deeper ones with their blanks. */
  readonly items: readonly PageText[];
  readonly deeper: readonly PageText[];
}

export interface PageSection extends PageText {
  readonly heading: Heading;
  readonly fences: readonly PageText[];
}

interface Line {
  readonly text: string;
  readonly start: number;
  /** Where the next line starts. */
  readonly next: number;
}

export function outlinePage(page: string): PageOutline {
  const lines = linesOf(page);
  const first =
    lines[0]?.text.trim() === '---' ? lines.findIndex(({ text }, at) => at > 0 && text.trim() === '---') : -1;
  const body = lines.slice(first === -1 ? 0 : first + 1);
  const outside = outsideFences(body);
  const titleAt = body.findIndex(({ text }, at) => outside[at] && /^#[ \t]/.test(text));
  const headings = body.flatMap(({ text }, at) => (outside[at] && /^##[ \t]/.test(text) ? [at] : []));
  const labels = body.flatMap((_, at) => (outside[at] ? labelAt(body, at) : []));
  const introductionEnd = Math.min(headings[0] ?? body.length, ...labels.slice(0, 1).map(({ at }) => at));
  const sections = headings.map((at, index): PageSection => {
    const end = headings[index + 1] ?? body.length;
    return {
      heading: heading(body[at] as Line),
      ...textOf(body.slice(at + 1, end), page),
      fences: fencesIn(body.slice(at + 1, end), outside.slice(at + 1, end), page),
    };
  });
  return {
    ...(first === -1
      ? {}
      : {
          frontMatter: lines
            .slice(1, first)
            .map(({ text }) => text)
            .join('\n'),
        }),
    ...(titleAt === -1 ? {} : { title: heading(body[titleAt] as Line) }),
    introduction: textOf(body.slice(titleAt + 1, introductionEnd), page),
    labels: labels.map(({ label }) => label),
    sections,
  };
}

/** The text under a line that is nothing but `**title**`, up to the next such line or heading. */
export function underBoldLine(text: string, title: string): string | undefined {
  const lines = text.split('\n');
  const isTitle = (line: string): boolean => /^(?:\*\*[^*]+\*\*:?|#{1,6}[ \t].*)\s*$/.test(line);
  const at = lines.findIndex(
    (line) =>
      isTitle(line) &&
      line
        .replace(/[*:#\s]+/g, ' ')
        .trim()
        .toLowerCase() === title.toLowerCase(),
  );
  if (at === -1) return undefined;
  const end = lines.findIndex((line, index) => index > at && isTitle(line));
  const under = lines
    .slice(at + 1, end === -1 ? lines.length : end)
    .join('\n')
    .trim();
  return under === '' ? undefined : under;
}

/** The entries of a Markdown list, without their marks. */
export function listEntries(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => {
    const entry = /^[*-][ \t]/.test(line) ? line.slice(1).trim() : '';
    return entry === '' ? [] : [entry];
  });
}

/** The address of a link, or the text where it is none. */
export function linkTarget(text: string): string {
  return /^\[[^\]]*\]\((\S+)\)$/.exec(text.trim())?.[1] ?? text.trim();
}

function linesOf(page: string): Line[] {
  const lines: Line[] = [];
  for (let start = page.startsWith('\ufeff') ? 1 : 0; start < page.length; ) {
    const found = page.indexOf('\n', start);
    const end = found === -1 ? page.length : found;
    lines.push({ text: page.slice(start, end).replace(/\r$/, ''), start, next: end + 1 });
    start = end + 1;
  }
  return lines;
}

/** False for the lines of fenced code and its fences. */
function outsideFences(lines: readonly Line[]): boolean[] {
  let fence: string | undefined;
  return lines.map(({ text }) => {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(text)?.[1];
    if (fence === undefined) {
      fence = mark;
      return mark === undefined;
    }
    if (mark?.startsWith(fence) && text.trim() === mark) fence = undefined;
    return false;
  });
}

/** Characters of a heading's end in which an anchor is looked for. */
const LONGEST_ANCHOR = 300;

function heading({ text, start }: Line): Heading {
  const words = text.replace(/^#+/, '').trim();
  const anchor = /\[([\w-]+)\]$/.exec(words.slice(-LONGEST_ANCHOR))?.[1];
  const title = anchor === undefined ? words : words.slice(0, -anchor.length - 2).trim();
  return { text: title, ...(anchor === undefined ? {} : { anchor }), span: spanOf(start, start + text.length) };
}

function labelAt(lines: readonly Line[], at: number): { readonly at: number; readonly label: PageLabel }[] {
  const { text, start } = lines[at] as Line;
  const [whole, name = ''] = /^\*\*([^*]{1,80})\*\*:/.exec(text) ?? [];
  if (whole === undefined) return [];
  const value = text.slice(whole.length);
  const items: PageText[] = [];
  const deeper: PageText[] = [];
  const hasList = value.trim() === '' || name === 'Framework';
  for (let next = at + 1; hasList && next < lines.length; next += 1) {
    const line = lines[next] as Line;
    if (line.text.trim() === '') continue;
    const [mark, blanks = ''] = /^([ \t]*)[*-][ \t]+/.exec(line.text) ?? [];
    if (mark === undefined) break;
    const item = trimmed(line.text.slice(mark.length), line.start + mark.length);
    if (blanks === '') items.push(item);
    deeper.push({ ...item, text: blanks + item.text });
  }
  const span = spanOf(start, start + whole.length);
  return [{ at, label: { name, span, value: trimmed(value, start + whole.length), items, deeper } }];
}

function trimmed(text: string, start: number): PageText {
  const from = start + (text.length - text.trimStart().length);
  return { text: text.trim(), span: spanOf(from, from + text.trim().length) };
}

function textOf(lines: readonly Line[], page: string): PageText {
  const from = lines.findIndex(({ text }) => text.trim() !== '');
  const to = lines.findLastIndex(({ text }) => text.trim() !== '');
  const [first, last] = [lines[from], lines[to]];
  if (first === undefined || last === undefined) return { text: '', span: spanOf(0, 0) };
  const span = spanOf(first.start, last.start + last.text.length);
  return { text: page.slice(span.start, span.end), span };
}

/** The insides of fenced code, as they stand. */
function fencesIn(lines: readonly Line[], outside: readonly boolean[], page: string): readonly PageText[] {
  const fences: PageText[] = [];
  let open: Line | undefined;
  for (const [at, line] of lines.entries()) {
    if (outside[at]) continue;
    if (open === undefined) open = line;
    if (outside[at + 1] === false) continue;
    const start = Math.min(open.next, line.start);
    const isClosed = open !== line && /^\s*(?:`{3,}|~{3,})\s*$/.test(line.text);
    const last = isClosed ? Math.max(start, line.start - 1) : line.start + line.text.length;
    const end = page[last - 1] === '\r' ? Math.max(start, last - 1) : last;
    fences.push({ text: page.slice(start, end), span: spanOf(start, end) });
    open = undefined;
  }
  return fences;
}
