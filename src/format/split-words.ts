/**
 * What a vendor's event of JSON promises of its words (`OwnWords`): its values are parts of the texts of its JSON, arguments also of
 * command lines without their quotes, or words of the format's own. The tests of the formats hold them to that (`test/lazy-eager.ts`).
 */
import type { OwnWords } from '../event/event.ts';
import type { JsonObject } from '../event/json.ts';
import { textAt } from './json-fields.ts';

/**
 * @param fixed all that the format says itself, in lower case
 * @param commandLines names of members whose texts are split into arguments
 */
export function splitWords(fixed: string, commandLines: readonly string[]): (record: JsonObject) => OwnWords {
  return (record) => ({ fixed, made: NONE, unquoted: () => unquotedAt(record, commandLines), isWritten: 'unquoted' });
}

const NONE: readonly string[] = [];

function unquotedAt(record: JsonObject, names: readonly string[]): readonly string[] {
  return names.flatMap((name) => {
    const text = textAt(record, name);
    return text?.includes('"') === true ? [text.replace(/[\\"]/g, '')] : NONE;
  });
}
