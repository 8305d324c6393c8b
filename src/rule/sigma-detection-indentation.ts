/**
 * The `detection` of a Sigma rule whose indentation was lost: which lines are search identifiers, fields, values, and
 * items of a list of maps.
 *
 *   detection:
 *   selection:            a search identifier: the condition names it
 *   - Image|endswith:     an item, because search identifiers hold maps or lists
 *   - '/python'           a value, because the field above has none yet and lists do not mix maps with texts
 *   - Image|contains:     the next item, because values are never maps
 *   condition: selection
 *
 * What the condition names decides, so `condition` has to come after the search identifiers, as rules are written. A key
 * that could be a search identifier as well as a field is refused.
 */
import { type IndentedLines, Unreadable } from './indented-lines.ts';
import type { PastedLine } from './pasted-lines.ts';

/** Columns of search identifiers, of what they hold, of keys in an item, and of values. */
const IDENTIFIER = 4;
const CONTENT = 8;
const ITEM_KEY = 10;
const VALUE = 12;

const HINT = 'Indent search identifiers by four blanks, what they hold by eight, and values by twelve.';

/**
 * @param from the line after `detection:`
 * @returns the line after the detection
 * @throws {Unreadable} where a line has no place, or two
 */
export function indentDetection(
  lines: readonly PastedLine[],
  from: number,
  rootKeys: ReadonlySet<string>,
  out: IndentedLines,
): number {
  let at = from;
  while (at < lines.length && !isKey(lines[at] as PastedLine, 'condition')) at += 1;
  const condition = lines[at];
  if (condition === undefined) {
    throw Unreadable.lost(lines[from - 1] as PastedLine, 'the detection has no condition.', 'Add “condition: …”.');
  }
  const end = endOfCondition(lines, at + 1, condition);
  const named = new ConditionNames(lines.slice(at, end));
  const body = new DetectionBody(lines.slice(from, at), named, out);
  body.indent();
  for (const line of lines.slice(at, end)) {
    out.add(line, line === condition ? IDENTIFIER : line.isItem ? CONTENT : VALUE);
  }
  return endOfDetection(lines, end, rootKeys, named, out);
}

/** What the condition names: search identifiers, patterns of them, or all. */
class ConditionNames {
  private readonly exact = new Set<string>();
  private readonly patterns: string[] = [];

  constructor(condition: readonly PastedLine[]) {
    const text = condition.map(({ text }) => text.replace(/^(?:condition\s*:|-)/, '').replace(/\s#.*$/, '')).join(' ');
    for (const word of text.match(/[\w*.-]+/g) ?? []) {
      if (word === 'them') this.patterns.push('*');
      else if (word.includes('*')) this.patterns.push(word);
      else this.exact.add(word);
    }
  }

  names(key: string): boolean {
    return this.exact.has(key) || this.patterns.some((pattern) => matchesStars(key, pattern));
  }

  /** A pattern like `selection_*` tells names from fields; `them` and `*` do not. */
  get namesAll(): boolean {
    return this.patterns.some((pattern) => /^\*+$/.test(pattern));
  }

  namesExactly(key: string): boolean {
    return this.exact.has(key);
  }
}

class DetectionBody {
  private readonly lines: readonly PastedLine[];
  private readonly named: ConditionNames;
  private readonly out: IndentedLines;
  private readonly identifiers = new Set<string>();
  /** What the open search identifier holds; `undefined` until its first line, and before the first identifier. */
  private shape: 'map' | 'texts' | 'maps' | undefined;
  /** The last field has no value yet. */
  private awaitsValues = false;
  private column = IDENTIFIER;

  constructor(lines: readonly PastedLine[], named: ConditionNames, out: IndentedLines) {
    this.lines = lines;
    this.named = named;
    this.out = out;
  }

  indent(): void {
    for (const [index, line] of this.lines.entries()) {
      if (line.isBlank || line.isComment) this.out.add(line, this.column);
      else if (line.value === 'block') {
        throw Unreadable.ambiguous(line, 'where its text ends is not said.', HINT);
      } else if (line.isItem) this.item(line);
      else if (line.key === undefined) throw Unreadable.lost(line, 'it is neither a key nor a list item.', HINT);
      else if (line.key === 'timeframe' && line.value === 'inline') this.put(line, IDENTIFIER);
      else if (this.isIdentifier(line, line.key, this.next(index))) this.open(line, line.key);
      else this.field(line, line.key, this.next(index));
    }
  }

  /** The line after this one that says something. */
  private next(index: number): PastedLine | undefined {
    let at = index + 1;
    while (this.lines[at]?.isBlank === true || this.lines[at]?.isComment === true) at += 1;
    return this.lines[at];
  }

  private put(line: PastedLine, column: number): void {
    this.column = column;
    this.out.add(line, column);
  }

  private isIdentifier(line: PastedLine, key: string, next: PastedLine | undefined): boolean {
    if (line.value !== 'none' || key.includes('|') || this.identifiers.has(key) || !this.named.names(key)) return false;
    if (this.named.namesExactly(key) || this.identifiers.size === 0) return true;
    const holdsTexts = next?.isItem === true && next.key === undefined;
    if (!holdsTexts || this.awaitsValues || this.shape === 'texts' || !this.named.namesAll) return true;
    throw Unreadable.ambiguous(line, `${key} may be a search identifier, or a field with a list of values.`, HINT);
  }

  private open(line: PastedLine, key: string): void {
    this.identifiers.add(key);
    this.shape = undefined;
    this.awaitsValues = false;
    this.put(line, IDENTIFIER);
  }

  private field(line: PastedLine, key: string, next: PastedLine | undefined): void {
    if (this.identifiers.size === 0) {
      throw Unreadable.lost(line, `the condition does not name ${key}, so it is no search identifier.`, HINT);
    }
    const hasList = next?.isItem === true && next.key === undefined;
    if (line.value === 'none' && !key.includes('|') && (!hasList || /^(?:selection|filter|keyword)/i.test(key))) {
      const reason = `${key} may be a search identifier that the condition does not name, or a field ${hasList ? 'with a list of values' : 'without a value'}.`;
      throw Unreadable.ambiguous(
        line,
        reason,
        'Name it in the condition; or write “null” for a field without a value.',
      );
    }
    if (this.shape === 'texts') throw Unreadable.lost(line, 'a field cannot follow a list of texts.', HINT);
    this.shape ??= 'map';
    this.awaitsValues = line.value === 'none';
    this.put(line, this.shape === 'map' ? CONTENT : ITEM_KEY);
  }

  private item(line: PastedLine): void {
    if (this.identifiers.size === 0) throw Unreadable.lost(line, 'no search identifier stands above it.', HINT);
    if (line.key === undefined) {
      if (this.shape === undefined) this.shape = 'texts';
      if (this.shape === 'texts') this.put(line, CONTENT);
      else if (this.awaitsValues) this.put(line, VALUE);
      else throw Unreadable.lost(line, 'the field above it already has a value.', HINT);
      return;
    }
    if (this.shape === 'map' || this.shape === 'texts') {
      const reason = this.shape === 'map' ? 'fields without a dash stand above it' : 'texts stand above it';
      throw Unreadable.lost(line, `an item with a field cannot follow where ${reason}.`, HINT);
    }
    this.shape = 'maps';
    this.awaitsValues = line.value === 'none';
    this.put(line, CONTENT);
  }
}

/** A condition may be a list, or a text over several lines. */
function endOfCondition(lines: readonly PastedLine[], from: number, condition: PastedLine): number {
  for (let at = from; at < lines.length; at += 1) {
    const { isItem, isBlank, isComment, key } = lines[at] as PastedLine;
    const goesOn = isItem ? key === undefined && condition.value === 'none' : key === undefined;
    if (!goesOn || isBlank || isComment) return at;
  }
  return lines.length;
}

/** `timeframe` may follow the condition; a search identifier may not. */
function endOfDetection(
  lines: readonly PastedLine[],
  from: number,
  rootKeys: ReadonlySet<string>,
  named: ConditionNames,
  out: IndentedLines,
): number {
  for (let at = from; at < lines.length; at += 1) {
    const line = lines[at] as PastedLine;
    if (isKey(line, 'timeframe')) out.add(line, IDENTIFIER);
    else if (line.isBlank || line.isComment) out.add(line, 0);
    else {
      const key = line.key ?? '';
      if (!rootKeys.has(key) && line.value === 'none' && !line.isItem && named.names(key)) {
        const reason = `${key} may be a search identifier or a key of the rule, because it stands after the condition.`;
        throw Unreadable.ambiguous(line, reason, 'Put the condition after all search identifiers.');
      }
      return at;
    }
  }
  return lines.length;
}

function isKey(line: PastedLine, key: string): boolean {
  return !line.isItem && line.key === key;
}

/** In one pass: the text between two stars is looked for where the one before ended. */
function matchesStars(key: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop() ?? '';
  if (!key.startsWith(first) || !key.endsWith(last) || key.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of rest) {
    const found = key.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at <= key.length - last.length;
}
