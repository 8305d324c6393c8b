/**
 * A Sigma rule whose indentation was lost on its way (copied from a web page, a chat, a ticket), put back where the
 * specification leaves one reading.
 *
 *   lines ──root keys, log source, detection──▶ lines with an indentation ──▶ YAML text and the way back to the source
 *
 * How levels are told apart without indentation:
 * - the specification's own keys stand at the root; a key given twice means that one of them is text of another;
 * - under `logsource` stand its four keys, under `related` the entries' two;
 * - a text after `description: |` goes on to the next key of the specification;
 * - `detection` is read by `sigma-detection-indentation.ts`.
 *
 * Invariants: lines are kept as they are, only blanks are put before them; where two readings are left the rule is
 * refused with the place and the reason, because the wrong one would be a different detection.
 */
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { IndentedLines, Unreadable } from './indented-lines.ts';
import { type PastedLine, pastedLines } from './pasted-lines.ts';
import { indentDetection } from './sigma-detection-indentation.ts';

export type RepairedSigma =
  | {
      readonly text: string;
      /** From an offset in `text` to the one in the source. */
      readonly toSource: (offset: number) => number;
    }
  | { readonly diagnostic: Diagnostic };

/** Keys of a rule, correlation or filter at the root (specification 2.1). */
const ROOT_KEYS: ReadonlySet<string> = new Set([
  ...['title', 'id', 'name', 'related', 'taxonomy', 'status', 'description', 'license', 'author', 'references'],
  ...['date', 'modified', 'logsource', 'detection', 'fields', 'falsepositives', 'level', 'tags', 'scope'],
  ...['correlation', 'filter'],
]);

const LOG_SOURCE_KEYS: ReadonlySet<string> = new Set(['category', 'product', 'service', 'definition']);

/** Keys of the entries of root keys that hold a list of maps. `simulation` is SigmaHQ's. */
const ENTRY_KEYS: Readonly<Record<string, ReadonlySet<string>>> = {
  related: new Set(['id', 'type']),
  simulation: new Set(['type', 'name', 'technique', 'atomic_guid']),
};

/** A key that somebody may have added at the root: one word, in small letters. */
const OWN_KEY = /^[a-z][\w-]*$/;

/** Whether what stands under `detection:` is not indented: the sign that a rule was pasted without its indentation. */
export function hasLostIndentation(text: string): boolean {
  const at = /^([ \t]*)detection:[ \t]*(?:#[^\n]*)?\r?\n(?:[ \t]*(?:#[^\n]*)?\r?\n)*([ \t]*)[^\s#]/m.exec(text);
  return at !== null && (at[2] ?? '').length <= (at[1] ?? '').length;
}

/**
 * @param text the rule alone
 * @param offset where it stands in the source
 */
export function repairSigmaIndentation(text: string, offset = 0): RepairedSigma {
  const out = new IndentedLines();
  try {
    indentRoot(pastedLines(text, offset), out);
  } catch (error) {
    if (error instanceof Unreadable) return { diagnostic: error.diagnostic };
    throw error;
  }
  return { text: out.text, toSource: (offset) => out.toSource(offset) };
}

function indentRoot(lines: readonly PastedLine[], out: IndentedLines): void {
  const seen = new Map<string, PastedLine>();
  let under: RootKey | undefined;
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] as PastedLine;
    if (line.isBlank || /^(?:---|\.\.\.)(?:\s|$)/.test(line.text)) {
      out.add(line, 0);
      if (!line.isBlank) {
        seen.clear();
        under = undefined;
      }
      continue;
    }
    if (under?.take(line, out) === true) continue;
    if (line.isComment) {
      out.add(line, 0);
      continue;
    }
    const key = line.isItem ? undefined : line.key;
    if (key === undefined) throw noPlace(line, under);
    const before = seen.get(key);
    if (before !== undefined) {
      const reason = `${key} is given twice, and one of them may be text of what stands before it.`;
      throw Unreadable.ambiguous(line, reason, 'Indent the line that is text by four blanks, or take it out.');
    }
    seen.set(key, line);
    out.add(line, 0);
    under = new RootKey(key, line);
    if (key === 'detection' && line.value === 'none') at = indentDetection(lines, at + 1, ROOT_KEYS, out) - 1;
  }
}

/** A key at the root, and which of the lines after it belong to it. */
class RootKey {
  readonly name: string;
  private readonly value: PastedLine['value'];
  /** Keys of the entry that is open, in a list of maps. */
  private entry: Set<string> | undefined;
  /** Something stands under the key already, which a line of text can go on with. */
  private hasItems = false;
  /** Inside the text after `description: |`, or after `definition: |` of a log source. */
  private inText: boolean;

  constructor(name: string, { value }: PastedLine) {
    this.name = name;
    this.value = value;
    this.inText = value === 'block';
  }

  /**
   * Writes the line under this key, if it belongs there.
   * @throws {Unreadable} where it may belong there, and may not
   */
  take(line: PastedLine, out: IndentedLines): boolean {
    const indent = this.indentOf(line);
    if (indent !== undefined) out.add(line, indent);
    return indent !== undefined;
  }

  private indentOf(line: PastedLine): number | undefined {
    const key = line.isItem ? undefined : line.key;
    if (this.name === 'logsource') return this.indentInLogSource(key, line);
    if (this.inText) return this.isText(key, line) ? 4 : undefined;
    if (line.isComment) return undefined;
    if (line.isItem) return this.indentOfItem(line);
    if (key === undefined) return this.hasItems ? 8 : 4;
    if (this.entry !== undefined) return this.indentInEntry(key, line, this.entry);
    if (ROOT_KEYS.has(key)) return undefined;
    if (!OWN_KEY.test(key)) return this.name === 'description' ? 4 : undefined;
    if (ROOT_KEYS.has(this.name) || this.value !== 'none' || this.hasItems) return undefined;
    throw Unreadable.ambiguous(line, `${key} may belong to ${this.name}, or stand beside it.`, INDENT);
  }

  private indentInLogSource(key: string | undefined, line: PastedLine): number | undefined {
    if (key !== undefined && LOG_SOURCE_KEYS.has(key)) {
      this.inText = line.value === 'block';
      this.hasItems = true;
      return 4;
    }
    if (this.inText) return this.isText(key, line) ? 8 : undefined;
    if (line.isComment || line.isItem || (key !== undefined && ROOT_KEYS.has(key))) return undefined;
    if (key === undefined) return this.hasItems ? 8 : undefined;
    throw Unreadable.ambiguous(line, `${key} may belong to logsource, or stand beside it.`, INDENT);
  }

  private isText(key: string | undefined, line: PastedLine): boolean {
    if (key === undefined) return true;
    if (ROOT_KEYS.has(key)) return false;
    if (!OWN_KEY.test(key)) return true;
    const reason = `it may be text of ${this.name}, or a key that the specification does not have.`;
    throw Unreadable.ambiguous(line, reason, INDENT);
  }

  private indentOfItem(line: PastedLine): number | undefined {
    // A text that was begun on the key's line can go on with a dash; a list cannot begin there.
    if (this.value !== 'none') return this.name === 'description' ? 4 : undefined;
    this.hasItems = true;
    this.entry = line.key === undefined ? undefined : new Set([line.key]);
    return 4;
  }

  private indentInEntry(key: string, line: PastedLine, entry: Set<string>): number | undefined {
    const known = ENTRY_KEYS[this.name];
    if (known === undefined) {
      if (ROOT_KEYS.has(this.name) && ROOT_KEYS.has(key)) return undefined;
      throw Unreadable.ambiguous(line, `${key} may belong to the entry of ${this.name} above, or to the rule.`, INDENT);
    }
    // The specification asks for each of them once in every entry: what is there already belongs to the rule.
    if (!known.has(key) || entry.has(key)) return undefined;
    entry.add(key);
    return 6;
  }
}

const INDENT = 'Put four blanks before each line that belongs to the key above it.';

function noPlace(line: PastedLine, under: RootKey | undefined): Unreadable {
  const reason =
    under === undefined
      ? 'A rule begins with a key, as in “title: …”.'
      : `The line is neither a key nor what ${under.name} can hold.`;
  return Unreadable.lost(line, reason, INDENT);
}
