/**
 * Lines that got their indentation back, and the refusal of one that did not.
 */
import { type Diagnostic, diagnose } from '../diagnostic/diagnostic.ts';
import type { PastedLine } from './pasted-lines.ts';

export class IndentedLines {
  private readonly parts: string[] = [];
  /** Of each line: where it starts in the new text and in the source, and the blanks put before it. */
  private readonly places: { readonly start: number; readonly source: number; readonly indent: number }[] = [];
  private length = 0;

  add(line: PastedLine, indent: number): void {
    const written = line.isBlank ? '\n' : `${' '.repeat(indent)}${line.text}\n`;
    this.parts.push(written);
    this.places.push({ start: this.length, source: line.span.start, indent: line.isBlank ? 0 : indent });
    this.length += written.length;
  }

  get text(): string {
    return this.parts.join('');
  }

  toSource(offset: number): number {
    let low = 0;
    for (let over = this.places.length; over - low > 1; ) {
      const middle = (low + over) >>> 1;
      if ((this.places[middle] as { start: number }).start <= offset) low = middle;
      else over = middle;
    }
    const place = this.places[low];
    return place === undefined ? 0 : place.source + Math.max(0, offset - place.start - place.indent);
  }
}

/** Thrown inside the repair only; the repair gives its diagnostic. */
export class Unreadable extends Error {
  readonly diagnostic: Diagnostic;

  private constructor(diagnostic: Diagnostic) {
    super(diagnostic.message);
    this.diagnostic = diagnostic;
  }

  /** More than one reading is left. */
  static ambiguous({ span }: PastedLine, reason: string, hint: string): Unreadable {
    const message = `The rule’s indentation is lost, and this line can be read in two ways: ${reason}`;
    return new Unreadable(diagnose('sigma-indentation-ambiguous', 'error', message, span, hint));
  }

  /** No reading is left. */
  static lost({ span }: PastedLine, reason: string, hint: string): Unreadable {
    const message = `The rule’s indentation is lost, and this line cannot be placed: ${reason}`;
    return new Unreadable(diagnose('sigma-indentation-lost', 'error', message, span, hint));
  }
}
