/**
 * Kusto's literals as values: numbers exactly, points in time and spans of time in ticks of 100 ns.
 *
 * Microsoft's parser gives their text; its own values are not used, because the JavaScript build reads some of them
 * wrongly (`0x1F`, `timespan(1.02:03:04)`) and cuts fractions of seconds.
 */
import { parseTime } from '../../event/time.ts';
import { TICKS_PER_MS, TICKS_PER_SECOND, TICKS_PER_UNIT } from '../../plan/relation/time-text.ts';
import type { KustoLiteral } from './ast.ts';

/** Ticks since 1970 for a datetime, ticks for a timespan; `null` is the null of the type. */
export type ConstantValue = string | number | boolean | bigint | null;

/** `undefined` where the literal has no value that can be read (`datetime(bad)`, `real(+inf)`, a guid). */
export function literalValue({ type, text }: KustoLiteral): ConstantValue | undefined {
  if (type === 'string') return text;
  // `long(5)` and `datetime(2024-01-31)`: the type's name, and the value in parentheses.
  const inner = /^[a-z]\w*\s*\(([\s\S]*)\)$/i.exec(text)?.[1]?.trim() ?? text;
  if (inner === 'null') return null;
  switch (type) {
    case 'bool':
      return booleanValue(inner);
    case 'int':
    case 'long':
      return integerValue(inner);
    case 'real':
    case 'decimal':
      return realValue(inner);
    case 'timespan':
      return timespanTicks(inner, inner !== text);
    case 'datetime':
      return datetimeTicks(inner.replace(/^(["'])(.*)\1$/, '$2'));
    default:
      return undefined;
  }
}

/** Whether the point in time can be written with four digits of the year. */
export function isPlainTime(ticks: bigint): boolean {
  const ms = ticks / TICKS_PER_MS;
  return ms > -62_135_596_800_000n && ms < 253_402_300_799_999n;
}

function booleanValue(text: string): boolean | undefined {
  const lower = text.toLowerCase();
  if (lower === 'true' || lower === '1') return true;
  return lower === 'false' || lower === '0' ? false : undefined;
}

/** An integer beyond 2^53 is its decimal text. */
function integerValue(text: string): number | string | undefined {
  if (!/^-?(\d+|0x[0-9a-f]+)$/i.test(text) || text.length > 30) return undefined;
  const value = text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text);
  if (BigInt.asIntN(64, value) !== value) return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

function realValue(text: string): number | undefined {
  if (!/^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** `1.5h`, and in parentheses also days (`timespan(5)`) and `d.hh:mm:ss.fffffff`. */
function timespanTicks(text: string, inParentheses: boolean): bigint | undefined {
  const [, sign = '', number = '', unit = ''] =
    /^(-?)\s*(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.replace(/^["']|["']$/g, '')) ?? [];
  const perUnit =
    unit === '' && inParentheses && !number.includes('.') ? TICKS_PER_UNIT.d : TICKS_PER_UNIT[unit.toLowerCase()];
  if (number !== '') {
    if (perUnit === undefined || number.length > 15) return undefined;
    const ticks = number.includes('.')
      ? BigInt(Math.round(Number(number) * perUnit))
      : BigInt(number) * BigInt(perUnit);
    return sign === '' ? ticks : -ticks;
  }
  const clock = /^(-?)(?:(\d{1,8})\.)?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,7}))?)?$/.exec(text);
  if (clock === null) return undefined;
  const [, minus, days = '0', hours, minutes, seconds = '0', fraction = ''] = clock;
  const whole =
    ((BigInt(days) * 24n + BigInt(hours as string)) * 60n + BigInt(minutes as string)) * 60n + BigInt(seconds);
  const ticks = whole * TICKS_PER_SECOND + BigInt(fraction.padEnd(7, '0'));
  return minus === '' ? ticks : -ticks;
}

function datetimeTicks(text: string): bigint | undefined {
  const time = parseTime(text.trim());
  return time === undefined ? undefined : BigInt(time.ms) * TICKS_PER_MS + BigInt(time.ticks);
}
