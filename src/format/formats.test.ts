import { expect, test } from 'vitest';
import { FORMAT_LANES, generateFormat } from '../../bench/generate-formats.ts';
import { isJsonObject, type Json } from '../event/json.ts';
import { FORMATS, formatOf } from './formats.ts';

/** Objects of each format, and each of them without one of its members. */
function objects(): readonly Json[] {
  return FORMAT_LANES.filter(({ json }) => json).flatMap((lane) =>
    generateFormat(lane, 12)
      .toString()
      .trimEnd()
      .split('\n')
      .slice(0, 12)
      .flatMap((text) => {
        const entries = Object.entries(JSON.parse(text) as Record<string, Json>);
        const without = entries.map((one) => Object.fromEntries(entries.filter((other) => other !== one)));
        return [Object.fromEntries(entries), { _source: Object.fromEntries(entries) }, ...without];
      }),
  );
}

test('a format that says what its objects are named by is found for each object that it recognises', () => {
  const found = new Set<string>();
  for (const json of objects().filter(isJsonObject)) {
    const line = { bytes: Buffer.from(''), origin: { path: '', offset: 0, line: 1 }, text: '{}', json };
    const format = FORMATS.find((one) => one.recognises(line));
    expect(formatOf(line)).toBe(format);
    expect(formatOf(line, (one) => one !== format)).toBe(FORMATS.find((one) => one !== format && one.recognises(line)));
    if (format !== undefined) found.add(format.name);
  }
  expect(found.size).toBeGreaterThan(5);
});
