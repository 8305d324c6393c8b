/**
 * The rows of files that a query names with `externaldata`: of one folder, and never from anywhere else.
 *
 *   path ──below the folder? a plain file? not too large?──▶ bytes ──unpacked──▶ records ──types──▶ rows
 *
 * A path counts from the folder on. Where links lead is looked at, so that none leads out of it. An address on a network
 * is never asked. Values become the declared types as `to…` functions would read them; what cannot be read is null.
 */
import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { isAbsolute, join, resolve, sep } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { isJsonObject, type Json, parseJson } from '../../event/json.ts';
import type { Cell, Row } from '../../plan/relation/cell.ts';
import { convertCell } from '../../plan/relation/cell-number.ts';
import type { External, RelationColumn } from '../../plan/relation/node.ts';
import { delimitedRecords } from './delimited-text.ts';
import { parquetRows } from './external-parquet.ts';
import { TableRefusal } from './run-table.ts';

/** Unpacked, of all files of one operator; what is larger belongs into the event store. */
const MOST_BYTES = 128 * 1024 * 1024;
const MOST_ROWS = 1_000_000;
const DELIMITERS = { csv: ',', tsv: '\t', psv: '|' } as const;

/** @param folder that queries may read @param most bytes of the files of one operator */
export function externalFiles(folder: string, most = MOST_BYTES): (node: External) => Promise<readonly Row[]> {
  return async (node) => {
    const rows: Row[] = [];
    let left = most;
    for (const uri of node.uris) {
      const path = await allowedPath(folder, uri);
      const bytes = await read(path, uri, left);
      left -= bytes.length;
      for (const row of await rowsOf(bytes, path, uri, node)) rows.push(row);
      if (rows.length > MOST_ROWS)
        throw new TableRefusal(`The files of “externaldata” have more than ${MOST_ROWS} rows.`);
    }
    return rows;
  };
}

async function allowedPath(folder: string, uri: string): Promise<string> {
  const hint = 'Name a file by its path below that folder, for example ["lists/hosts.csv"].';
  // A storage key may stand behind a semicolon; here no address is read at all.
  if (/^[a-z][a-z0-9+.-]*:/i.test(uri) || uri.startsWith('//') || uri.startsWith('\\\\'))
    throw new TableRefusal(`“externaldata” reads files of one folder here, and no address: ${shown(uri)}.`, hint);
  if (uri === '' || uri.includes('\0') || isAbsolute(uri)) throw outside(uri, hint);
  const root = await realpath(folder).catch(() => {
    throw new TableRefusal('The folder that queries may read is not there.', 'See the option hunts.external_folder.');
  });
  const asked = resolve(join(root, uri));
  if (!isWithin(root, asked)) throw outside(uri, hint);
  const real = await realpath(asked).catch(() => {
    throw new TableRefusal(`“externaldata” finds no file ${shown(uri)} in the folder that queries may read.`, hint);
  });
  if (!isWithin(root, real)) throw outside(uri, hint);
  return real;
}

function isWithin(root: string, path: string): boolean {
  return path.startsWith(root.endsWith(sep) ? root : root + sep);
}

function outside(uri: string, hint: string): TableRefusal {
  return new TableRefusal(`“externaldata” reads only below the folder that is set for it: ${shown(uri)}.`, hint);
}

function shown(uri: string): string {
  return JSON.stringify(uri.length > 80 ? `${uri.slice(0, 80)}…` : uri);
}

async function rowsOf(bytes: Buffer, path: string, uri: string, node: External): Promise<readonly Row[]> {
  const { format, columns, ignoreFirstRecord } = node;
  if (format === 'parquet') return parquetRows(path, columns, MOST_ROWS);
  const text = bytes.toString('utf8').replace(/^\ufeff/, '');
  switch (format) {
    case 'csv':
    case 'tsv':
    case 'psv': {
      const records = delimitedRecords(text, DELIMITERS[format]);
      return records
        .slice(ignoreFirstRecord ? 1 : 0)
        .map((record) => columns.map(({ type }, at) => typed(record[at], type)));
    }
    case 'txt': {
      const lines = text.split(/\r?\n/);
      if (lines.at(-1) === '') lines.pop();
      return lines.slice(ignoreFirstRecord ? 1 : 0).map((line) => oneText(line, columns));
    }
    case 'raw':
      return [oneText(text, columns)];
    case 'json':
    case 'multijson':
      return objectsIn(text, format, uri).map((object) =>
        columns.map(({ name, type }) => {
          const value = object[name] ?? null;
          return type === 'string' && value === null ? '' : convertCell(value, 'dynamic', type);
        }),
      );
  }
}

/** The file as it is when it is opened, whatever its path leads to later. @param most bytes, unpacked */
async function read(path: string, uri: string, most: number): Promise<Buffer> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => {
    throw new TableRefusal(`“externaldata” cannot read ${shown(uri)}.`);
  });
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw new TableRefusal(`“externaldata” reads files, and ${shown(uri)} is none.`);
    if (stat.size > most) throw tooLarge(uri);
    const bytes = await file.readFile();
    if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
    return await promisify(gunzip)(bytes, { maxOutputLength: Math.max(1, most) }).catch((error: { code?: string }) => {
      throw error.code === 'ERR_BUFFER_TOO_LARGE'
        ? tooLarge(uri)
        : new TableRefusal(`${shown(uri)} cannot be unpacked.`);
    });
  } finally {
    await file.close();
  }
}

function tooLarge(uri: string): TableRefusal {
  return new TableRefusal(
    `“externaldata” reads files of at most ${MOST_BYTES / 1024 ** 2} MiB together; with ${shown(uri)} it is more.`,
  );
}

function typed(text: string | undefined, type: RelationColumn['type']): Cell {
  if (type === 'string') return text ?? '';
  if (text === undefined || text === '') return null;
  return type === 'dynamic' ? jsonOr(text) : convertCell(text, 'string', type);
}

function jsonOr(text: string): Json {
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

function oneText(text: string, columns: readonly RelationColumn[]): Row {
  return columns.map(({ type }, at) => typed(at === 0 ? text : undefined, type));
}

/** `json`: an object a line; `multijson`: objects over lines, or an array of them. */
function objectsIn(
  text: string,
  format: 'json' | 'multijson',
  uri: string,
): readonly { readonly [name: string]: Json }[] {
  const parse = (part: string) => {
    try {
      return parseJson(part);
    } catch {
      throw new TableRefusal(`“externaldata” cannot read ${shown(uri)} as ${format}.`);
    }
  };
  if (format === 'multijson') {
    const trimmed = text.trim();
    if (trimmed === '') return [];
    try {
      const whole = parseJson(trimmed);
      return (Array.isArray(whole) ? whole : [whole]).filter(isJsonObject);
    } catch {
      // One after the other, each on its lines.
    }
  }
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(parse)
    .flatMap((value) => (Array.isArray(value) ? value : [value]))
    .filter(isJsonObject);
}
