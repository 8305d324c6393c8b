/**
 * The words in which the tables of the Windows formats are written: a field, how it comes about, what it is read from.
 */
import type { Json } from '../event/json.ts';
import type { Derivation, Transform } from './derivation.ts';
import { dataText, decodeNumber, lastPart, type WindowsRecord } from './windows-record.ts';

/** `from` names places in the event log's XML, parted by spaces. */
export function windowsDerivation(
  field: string,
  transform: Transform,
  from: string,
  compute: (record: WindowsRecord) => Json | undefined,
): Derivation<WindowsRecord> {
  return { field, from: from === '' ? [] : from.split(' '), transform, compute };
}

/** The first of the data's names (parted by spaces) that says something, as it is. */
export function sameData(field: string, names: string): Derivation<WindowsRecord> {
  const all = names.split(' ');
  return windowsDerivation(field, 'same', inData(all), (record) => dataText(record, ...all));
}

/** The number, decimal or hexadecimal. */
export function numberData(field: string, names: string): Derivation<WindowsRecord> {
  const all = names.split(' ');
  return decoded(field, inData(all), (record) => dataText(record, ...all));
}

/** The number that a text is, which stands at one of the places. */
export function decoded(
  field: string,
  from: string,
  textOf: (record: WindowsRecord) => string | undefined,
): Derivation<WindowsRecord> {
  return { ...windowsDerivation(field, 'number', from, (record) => decodeNumber(textOf(record))), isDecoded: true };
}

/** The last part of a path. */
export function nameData(field: string, names: string): Derivation<WindowsRecord> {
  const all = names.split(' ');
  return windowsDerivation(field, 'basename', inData(all), (record) => lastPart(dataText(record, ...all)));
}

function inData(names: readonly string[]): string {
  return names.map((name) => `EventData.${name}`).join(' ');
}
