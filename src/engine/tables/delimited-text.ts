/**
 * Records of text with a delimiter between their values (CSV, TSV), and back. Source: RFC 4180; a quote within a value
 * that does not begin with one is a letter.
 */

export function delimitedRecords(text: string, delimiter: ',' | '\t' | '|'): readonly (readonly string[])[] {
  const records: string[][] = [];
  let record: string[] = [];
  let at = 0;
  const end = (): void => {
    // An empty line is no record.
    if (record.length > 1 || (record[0] ?? '') !== '') records.push(record);
    record = [];
  };
  while (at < text.length) {
    const value = text[at] === '"' ? quotedAt(text, at) : plainAt(text, at, delimiter);
    record.push(value.text);
    at = value.end;
    if (text[at] === delimiter) {
      at += 1;
      if (at === text.length) record.push('');
      else continue;
    }
    if (at >= text.length) break;
    at += text[at] === '\r' && text[at + 1] === '\n' ? 2 : 1;
    end();
  }
  end();
  return records;

  function quotedAt(source: string, start: number) {
    let value = '';
    for (let from = start + 1; ; ) {
      const quote = source.indexOf('"', from);
      if (quote === -1) return { text: value + source.slice(from), end: source.length };
      value += source.slice(from, quote);
      if (source[quote + 1] !== '"') {
        const rest = plainAt(source, quote + 1, delimiter);
        return { text: value + rest.text, end: rest.end };
      }
      value += '"';
      from = quote + 2;
    }
  }
}

function plainAt(source: string, start: number, delimiter: string) {
  let end = start;
  while (
    end < source.length &&
    source[end] !== delimiter &&
    source[end] !== '\n' &&
    !(source[end] === '\r' && source[end + 1] === '\n')
  )
    end += 1;
  return { text: source.slice(start, end), end };
}

/** A record of CSV, without the line's end. */
export function csvLine(values: readonly string[]): string {
  return values.map((value) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)).join(',');
}
