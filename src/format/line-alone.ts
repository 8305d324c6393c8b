/**
 * One line of JSON as an event, apart from any stream, where its format reads each line by itself.
 *
 *   object ──formatAlone──▶ format ──eventAlone──▶ the event that the stream gives of the line
 *
 * Gives nothing where the line is of another format, in a shipper's document, or rejected.
 */
import type { Event } from '../event/event.ts';
import type { JsonObject } from '../event/json.ts';
import type { FormatSettings, InputLine } from './format.ts';
import type { Format } from './format-reader.ts';
import { formatOf } from './formats.ts';
import { shippedIn } from './shipped.ts';

/** Formats that claim objects look at these; the text is for those of other lines. */
const TEXT_OF_OBJECT = '{}';

export function formatAlone(json: JsonObject, line: InputLine): Format | undefined {
  if (shippedIn(json).length > 0) return undefined;
  const read = { ...line, text: TEXT_OF_OBJECT, json };
  const format = formatOf(read);
  const isAlone = format?.isAlone;
  return isAlone === true || isAlone?.(json) === true ? format : undefined;
}

/** @param format the one that has the line */
export function eventAlone(
  format: Format,
  json: JsonObject,
  line: InputLine,
  settings: FormatSettings,
): Event | undefined {
  return openAlone(format, settings)(json, line);
}

/** As `eventAlone`, of one line after the other. */
export function openAlone(
  format: Format,
  settings: FormatSettings,
): (json: JsonObject, line: InputLine) => Event | undefined {
  let found: Event | undefined;
  const sink = {
    event: (event: Event) => {
      event.isOfLine = format.isAlone === true;
      found = event;
    },
    reject: () => {},
  };
  const reader = format.open(settings, sink);
  return (json, { bytes, origin }) => {
    found = undefined;
    reader.line({ bytes, origin, text: TEXT_OF_OBJECT, json });
    return found;
  };
}
