/**
 * Compares the documents a format gives with recorded ones, field by field.
 *
 * A difference is allowed only where a deviation names the pair and the field (or a parent of it), and every deviation
 * must be needed, so that the list says exactly where Vedette differs, and why.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Event } from '../src/event/event.ts';
import { isJsonObject, type Json, type JsonObject } from '../src/event/json.ts';
import type { Deviation } from '../src/format/deviations/deviation.ts';

export interface RecordedPair {
  readonly name: string;
  readonly event: Event | undefined;
  readonly expected: JsonObject;
}

/** The differences that no deviation explains, and the deviations that explain nothing; both empty when all is well. */
export function compareWithRecorded(
  pairs: readonly RecordedPair[],
  deviations: readonly Deviation[],
): { readonly unexplained: string[]; readonly needless: string[] } {
  const unexplained: string[] = [];
  const used = new Set<string>();
  for (const { name, event, expected } of pairs) {
    const wanted = leaves(expected);
    const given = leaves(event?.document() ?? {});
    for (const field of new Set([...wanted.keys(), ...given.keys()])) {
      if (field.startsWith('log.')) continue;
      const [want, got] = [wanted.get(field), given.get(field)];
      if (isDeepStrictEqual(want, got)) continue;
      const at = deviations.flatMap((one) =>
        one.fields.filter((each) => explains(one, each, name, field)).map((each) => key(one, each)),
      );
      if (at.length === 0)
        unexplained.push(`${name} ${field}: ${JSON.stringify(want)} recorded, ${JSON.stringify(got)} given`);
      for (const one of at) used.add(one);
    }
  }
  const needless = deviations
    .flatMap((one) => one.fields.map((field) => key(one, field)))
    .filter((one) => !used.has(one));
  return { unexplained, needless };
}

function explains(deviation: Deviation, stated: string, pair: string, field: string): boolean {
  const here = deviation.pair === '*' || pair === deviation.pair || pair.startsWith(`${deviation.pair} `);
  return here && (field === stated || field.startsWith(`${stated}.`));
}

function key(deviation: Deviation, field: string): string {
  return `${deviation.pair} ${field}`;
}

function leaves(value: Json, path = '', found = new Map<string, Json>()): Map<string, Json> {
  if (isJsonObject(value)) {
    for (const [name, part] of Object.entries(value)) leaves(part, path === '' ? name : `${path}.${name}`, found);
  } else {
    found.set(path, value);
  }
  return found;
}
