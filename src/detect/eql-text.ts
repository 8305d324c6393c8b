/**
 * Writes EQL from values of events, which anyone may have made: a value never becomes more than a string or a number.
 */
import { ecsFieldType } from '../event/ecs-fields.ts';

/** A string literal that reads back as `text`; half a surrogate pair, which EQL cannot say, becomes U+FFFD. */
export function eqlString(text: string): string {
  const escaped = text
    .toWellFormed()
    .replaceAll(/["\\]/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replaceAll(
      /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
      (c) => `\\u{${(c.codePointAt(0) as number).toString(16).padStart(2, '0')}}`,
    );
  return `"${escaped}"`;
}

/** `field == value`, of several values any one; of a number field a number where the text is one. */
export function eqlEquals(field: string, values: readonly string[]): string {
  const literals = values.map((value) => literalFor(field, value));
  const [first] = literals;
  if (literals.length === 1) return `${eqlField(field)} == ${first}`;
  return `${eqlField(field)} in (${literals.join(', ')})`;
}

export function eqlField(name: string): string {
  return /^[A-Za-z_@][\w@]*(?:\.[A-Za-z_@][\w@]*)*$/.test(name) ? name : `\`${name.replaceAll('`', '``')}\``;
}

function literalFor(field: string, value: string): string {
  const type = ecsFieldType(field);
  if ((type === 'long' || type === 'double') && /^-?\d{1,18}(?:\.\d{1,9})?$/.test(value)) return value;
  if (type === 'boolean' && /^(?:true|false)$/.test(value)) return value;
  return eqlString(value);
}
