/**
 * Microsoft Defender's advanced hunting tables (`DeviceProcessEvents` and its like): one row a line, as the streaming API
 * sends it (`{"category": "AdvancedHunting-…", "properties": {…}}`) or as an export has it, flat.
 */
import { Event } from '../event/event.ts';
import { isJsonObject, type JsonObject } from '../event/json.ts';
import { parseTime } from '../event/time.ts';
import { DEFENDER, type DefenderRecord, defenderEventId } from './defender-ecs.ts';
import { DerivedSource } from './derivation.ts';
import { type Format, type ReadLine, rejectLine } from './format-reader.ts';
import { textAt } from './json-fields.ts';

const STREAM = 'logs-m365_defender.event-default';
const PREFIX = /^AdvancedHunting-/i;

export const defender: Format = {
  name: 'defender',
  isAlone: true,
  names: ['category', 'Timestamp', 'TimeGenerated'],
  recognises: ({ json }) => json !== undefined && (isStreamed(json) || isRow(json)),
  open: (_settings, sink) => ({
    line(line: ReadLine): void {
      const whole = line.json ?? {};
      const row = isStreamed(whole) ? (whole.properties as JsonObject) : whole;
      const time = parseTime(textAt(row, 'Timestamp') ?? textAt(row, 'TimeGenerated') ?? textAt(whole, 'time') ?? '');
      if (time === undefined) {
        rejectLine(sink, line, 'no-time', 'The row has no Timestamp that is a time.');
        return;
      }
      const record: DefenderRecord = { whole, row, time, table: tableOf(whole, row) };
      sink.event(
        new Event({
          time,
          source: new DerivedSource(record, DEFENDER),
          raw: line.bytes,
          format: defender.name,
          dataStreams: [STREAM],
          origin: line.origin,
          id: () => defenderEventId(record),
        }),
      );
    },
  }),
};

function isStreamed(json: JsonObject): boolean {
  return typeof json.category === 'string' && PREFIX.test(json.category) && isJsonObject(json.properties);
}

function isRow(json: JsonObject): boolean {
  const timed = typeof json.Timestamp === 'string' || typeof json.TimeGenerated === 'string';
  return timed && typeof json.DeviceId === 'string' && typeof json.ActionType === 'string';
}

/** In lower case; of a row that does not name its table, what its columns tell. */
function tableOf(whole: JsonObject, row: JsonObject): string {
  const named = textAt(whole, 'category') ?? textAt(row, 'Type') ?? textAt(row, '$table');
  if (named !== undefined) return named.replace(PREFIX, '').toLowerCase();
  const action = textAt(row, 'ActionType') ?? '';
  if (/^ProcessCreated$/.test(action)) return 'deviceprocessevents';
  if (/^Registry/.test(action)) return 'deviceregistryevents';
  if (/^File(?:Created|Deleted|Modified|Renamed)$/.test(action)) return 'devicefileevents';
  if (/^ImageLoaded$/.test(action)) return 'deviceimageloadevents';
  if (/^Logon/.test(action)) return 'devicelogonevents';
  return /Connection/.test(action) ? 'devicenetworkevents' : 'deviceevents';
}
