/**
 * A cell as text: what `tostring` gives, and how a dynamic value is written as JSON.
 */
import type { Json } from '../../event/json.ts';
import type { Cell, ScalarType } from './cell.ts';
import { exactText } from './exact-number.ts';
import { realText } from './real-text.ts';
import { datetimeText, timespanText } from './time-text.ts';

/** Null is ''; a dynamic text is the text itself. */
export function textOf(cell: Cell, type: ScalarType): string {
  if (cell === null) return '';
  if (typeof cell === 'string') return cell;
  if (typeof cell === 'bigint') {
    if (type === 'datetime') return datetimeText(cell);
    return type === 'timespan' ? timespanText(cell) : String(cell);
  }
  if (type === 'dynamic') return typeof cell === 'boolean' ? String(cell) : jsonText(cell);
  if (typeof cell === 'boolean') return cell ? 'True' : 'False';
  return typeof cell === 'number' ? realText(cell) : jsonText(cell);
}

/** JSON without blanks. */
export function jsonText(value: Json): string {
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) return String(value);
    return Number.isFinite(value)
      ? realText(value)
      : `"${Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity'}"`;
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  const exact = exactText(value);
  if (exact !== undefined) return exact;
  return `{${Object.entries(value)
    .map(([name, item]) => `${JSON.stringify(name)}:${jsonText(item)}`)
    .join(',')}}`;
}
