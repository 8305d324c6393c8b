/**
 * A rule's trace as lines to read: the clauses of the condition from top to bottom, those of an `or` one step in, so
 * that the eye sees which alternative held.
 *
 * Parts that have no words of their own are one clause with the whole: a field of the author's that is read from several
 * places, a log source. A `not` whose words hold what it denies stays one line, and the value shown is the one that its
 * inside looked at; one that denies by name (`not filter_main`) is followed by what the name stands for.
 */
import type { TraceNode } from '../../../src/serve/api.ts';

export interface Clause {
  readonly text: string;
  readonly depth: number;
  /** `held`, `failed`, or not needed because the outcome did not depend on it. */
  readonly outcome: 'held' | 'failed' | 'not-needed';
  readonly field: string | undefined;
  /** What the event had; empty where the field is missing, absent where the clause reads no field. */
  readonly values: readonly string[] | undefined;
}

export function clausesOf(trace: TraceNode): readonly Clause[] {
  const clauses: Clause[] = [];
  collect(trace, 0, true, clauses);
  return clauses;
}

function collect(node: TraceNode, depth: number, needed: boolean, clauses: Clause[]): void {
  const isNeeded = needed && node.needed;
  const { kind, children } = node;
  if (isOneClause(node)) {
    const outcome = !isNeeded ? 'not-needed' : node.result ? 'held' : 'failed';
    clauses.push({ text: wordsOf(node.text), depth, outcome, ...readerOf(node) });
  } else if (kind === 'or' && children.every(isOneClause)) {
    clauses.push(heading('one of', depth, isNeeded, node.result));
    for (const child of children) collect(child, depth + 1, isNeeded, clauses);
  } else if (kind === 'or') {
    for (const [index, child] of children.entries()) {
      clauses.push(heading(index === 0 ? 'either' : 'or', depth, isNeeded && child.needed, child.result));
      collect(child, depth + 1, isNeeded, clauses);
    }
  } else if (kind === 'not') {
    clauses.push(heading('not', depth, isNeeded, node.result));
    for (const child of children) collect(child, depth + 1, isNeeded, clauses);
  } else {
    for (const [index, child] of children.entries()) {
      // A table or a log source is one clause, whatever fields it asks for.
      const before = children[index - 1];
      const isSaid = isOneClause(child) && child.text === before?.text && child.result === before.result;
      if (!isSaid) collect(child, depth, isNeeded, clauses);
    }
  }
}

function isOneClause(node: TraceNode): boolean {
  return node.children.length === 0 || !hasPartsOfItsOwn(node);
}

function hasPartsOfItsOwn({ kind, text, children }: TraceNode): boolean {
  if (kind === 'not') return !children.every((child) => text.includes(child.text));
  return children.some((child) => child.text !== text || (child.children.length > 0 && hasPartsOfItsOwn(child)));
}

const YAML_LINE = /^\s*(?:$|#|- |[^\s:]+:(?:\s|$))/;

/** In one line, but for a list or a map in YAML, whose lines are moved to the left as a whole. */
function wordsOf(text: string): string {
  const lines = text.trimEnd().split('\n');
  const isYaml = lines.length > 1 && lines.slice(1).every((line) => YAML_LINE.test(line));
  if (!isYaml) return text.replace(/\s+/g, ' ').trim();
  const rest = lines.slice(1).filter((line) => line.trim() !== '');
  const indents = rest.map((line) => line.length - line.trimStart().length);
  const least = Math.min(...indents);
  // The first line was cut where it begins, so its own indentation is not known.
  const inside = /:\s*$/.test(lines[0] ?? '') ? '  ' : '';
  return [lines[0]?.trim() ?? '', ...rest.map((line) => inside + line.slice(least).trimEnd())].join('\n');
}

function heading(text: string, depth: number, needed: boolean, held: boolean): Clause {
  const outcome = !needed ? 'not-needed' : held ? 'held' : 'failed';
  return { text, depth, outcome, field: undefined, values: undefined };
}

function readerOf(node: TraceNode): Pick<Clause, 'field' | 'values'> {
  if (node.field !== undefined) return { field: node.field, values: node.values ?? [] };
  const inside = node.children.map(readerOf).filter((reader) => reader.field !== undefined);
  // Of several places that a field is read from, the one that has a value.
  const seen = inside.find((reader) => (reader.values?.length ?? 0) > 0) ?? inside[0];
  return seen ?? { field: undefined, values: undefined };
}
