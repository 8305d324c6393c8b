/**
 * From a part of a YAML text value to the file it stands in: a block (`query: |`) line by line, because YAML takes its
 * indentation away; a plain or quoted text where it stands unchanged; a quoted one with escapes, as JSON has them, from escaped to escape. Where neither holds, the whole value.
 */
import { type Span, spanOf } from '../diagnostic/span.ts';

/** @param span of the value in `source` @param value as YAML reads it */
export function yamlTextPlace(source: string, span: Span, value: string): (part: Span) => Span {
  const raw = source.slice(span.start, span.end);
  const starts = raw.startsWith('|') ? blockLines(raw, value) : (plainLines(raw, value) ?? quotedParts(raw, value));
  if (starts === undefined) return () => span;
  const place = (offset: number): number => {
    const line = starts.findLastIndex(({ inValue }) => inValue <= offset);
    const { inValue, inRaw } = starts[Math.max(0, line)] as LineStart;
    return Math.min(span.start + inRaw + offset - inValue, span.end);
  };
  return (part) => spanOf(place(part.start), Math.max(place(part.start), place(part.end)));
}

interface LineStart {
  readonly inValue: number;
  readonly inRaw: number;
}

function plainLines(raw: string, value: string): readonly LineStart[] | undefined {
  const at = raw.indexOf(value);
  return value === '' || at === -1 ? undefined : [{ inValue: 0, inRaw: at }];
}

/** Of a text in double quotes on one line: what follows each escaped begins anew. */
function quotedParts(raw: string, value: string): readonly LineStart[] | undefined {
  if (!raw.startsWith('"') || raw.includes('\n')) return undefined;
  const starts: LineStart[] = [{ inValue: 0, inRaw: 1 }];
  let inRaw = 1;
  let inValue = 0;
  for (; inValue < value.length; inValue += 1) {
    const escaped = /^\\(?:u[0-9a-fA-F]{4}|[^u])/.exec(raw.slice(inRaw, inRaw + 6))?.[0];
    if (escaped === undefined && raw[inRaw] !== value[inValue]) return undefined;
    inRaw += escaped?.length ?? 1;
    if (escaped !== undefined) starts.push({ inValue: inValue + 1, inRaw });
  }
  return raw[inRaw] === '"' ? starts : undefined;
}

/** Each line of the value ends a line of the block; the block's are the longer ones. */
function blockLines(raw: string, value: string): readonly LineStart[] | undefined {
  const starts: LineStart[] = [];
  let inRaw = raw.indexOf('\n') + 1;
  let inValue = 0;
  for (const line of value.split('\n')) {
    const newline = raw.indexOf('\n', inRaw);
    const end = newline === -1 ? raw.length : newline;
    const written = raw.slice(inRaw, end).replace(/\r$/, '');
    // The last line end of the value has no line behind it.
    if (inValue === value.length && line === '') break;
    if (!written.endsWith(line)) return undefined;
    starts.push({ inValue, inRaw: inRaw + written.length - line.length });
    inValue += line.length + 1;
    inRaw = end + 1;
  }
  return starts.length === 0 ? undefined : starts;
}
