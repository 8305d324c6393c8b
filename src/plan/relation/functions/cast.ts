/**
 * `toint` and the like, `tostring`, and `parse_json`.
 */
import type { Json } from '../../../event/json.ts';
import type { ScalarType } from '../cell.ts';
import { convertCell, jsonOf } from '../cell-number.ts';
import { parseDynamic } from '../exact-number.ts';
import type { ScalarFunction } from '../function.ts';
import { typeAt } from './arguments.ts';

/** Deeper JSON stays a text: whatever walks a value may recurse. */
const DEEPEST = 200;

export const CAST_FUNCTIONS: Readonly<Record<string, ScalarFunction>> = {
  tobool: cast('bool'),
  todatetime: cast('datetime'),
  todecimal: cast('decimal'),
  toguid: cast('guid'),
  toint: cast('int'),
  tolong: cast('long'),
  toreal: cast('real'),
  tostring: cast('string'),
  totimespan: cast('timespan'),
  parse_json: ([cell = null], signature) => {
    const type = typeAt(signature, 0);
    return type === 'string' && typeof cell === 'string' ? readJson(cell) : jsonOf(cell, type);
  },
};

/** What is not JSON is a text; nothing is null. */
export function readJson(text: string): Json {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  if (!/^[[{"\-\dtfn]/.test(trimmed) || isDeep(trimmed)) return text;
  try {
    return parseDynamic(trimmed);
  } catch {
    return text;
  }
}

function isDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === 0x5b || unit === 0x7b) {
      depth += 1;
      if (depth > DEEPEST) return true;
    } else if (unit === 0x5d || unit === 0x7d) depth -= 1;
    else if (unit === 0x22) {
      at += 1;
      while (at < text.length && text.charCodeAt(at) !== 0x22) at += text.charCodeAt(at) === 0x5c ? 2 : 1;
    }
  }
  return false;
}

function cast(type: ScalarType): ScalarFunction {
  return ([cell = null], signature) => convertCell(cell, typeAt(signature, 0), type);
}
