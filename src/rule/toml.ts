/**
 * TOML as plain JSON values, or the diagnostic that says where it is none.
 *
 * Dates become the text they were written as, numbers that JSON cannot hold too, so that a document can be stored and
 * sent whole. Nesting is bounded before anything recursive sees the value.
 */
import { parse, TomlDate, TomlError } from 'smol-toml';
import { type Diagnostic, diagnose } from '../diagnostic/diagnostic.ts';
import { spanOf } from '../diagnostic/span.ts';

export type TomlTable = { readonly [key: string]: unknown };

/** Elastic's rules nest seven deep; this leaves room and keeps every later walk off the stack's limit. */
const DEEPEST = 32;

export function parseToml(text: string): { readonly table?: TomlTable; readonly diagnostics: readonly Diagnostic[] } {
  try {
    const table = plain(parse(text, { maxDepth: DEEPEST }), DEEPEST) as TomlTable;
    return { table, diagnostics: [] };
  } catch (error) {
    // Any other exception is the TOML library giving up on an input that it did not foresee.
    const at = error instanceof TomlError ? offsetOf(text, error.line, error.column) : 0;
    const what = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    const message = `This is not TOML: ${what.replace(/^Invalid TOML document: /, '')}.`;
    return { diagnostics: [diagnose('rule-file-not-toml', 'error', message, spanOf(at, at))] };
  }
}

export function isTable(value: unknown): value is TomlTable {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function plain(value: unknown, depth: number): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof TomlDate) return value.toISOString();
  if (depth === 0) throw new Error(`tables nest deeper than ${DEEPEST} levels`);
  if (Array.isArray(value)) return value.map((item) => plain(item, depth - 1));
  const copy: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    // A definition, because assigning to `__proto__` would not make a key.
    Object.defineProperty(copy, key, {
      value: plain(item, depth - 1),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return copy;
}

function offsetOf(text: string, line: number, column: number): number {
  let lineStart = 0;
  for (let n = 1; n < line; n += 1) lineStart = text.indexOf('\n', lineStart) + 1;
  return Math.min(lineStart + column - 1, text.length);
}
