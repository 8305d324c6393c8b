/**
 * What queries of a service may name beside the tables of the house: people's own tables, watchlists and functions, in
 * `kusto/` of the data folder, and the value lists as watchlists.
 *
 *   files ──have they changed?──▶ the same schema as before, or a new one
 *   lists ──asked for when a query names one
 *
 * A parser belongs to a schema and takes a second to start; so a schema is made again only when names may have changed.
 * Where there is nothing of one's own the tables of the house are used, and with them the parser that rules have.
 */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type OwnSchema, readOwnSchema } from './own-schema.ts';
import { type ListStore, watchlistsOf } from './watchlists.ts';

const KINDS = ['tables', 'watchlists', 'functions'] as const;

/** Where they lie in a data folder. */
export function ownFolderOf(dataFolder: string): string {
  return join(dataFolder, 'kusto');
}

/** @returns the schema as it is when it is asked for */
export function houseSchema(dataFolder: string, lists?: ListStore): () => OwnSchema {
  const folder = ownFolderOf(dataFolder);
  const watchlists = lists === undefined ? () => [] : () => watchlistsOf(lists);
  let known: { readonly state: string; readonly schema: OwnSchema } | undefined;
  return () => {
    const state = JSON.stringify(KINDS.flatMap((kind) => stateOf(join(folder, kind))));
    if (known?.state !== state) {
      const schema = readOwnSchema(folder, watchlists);
      known = { state, schema: schema.digest === known?.schema.digest ? sameNames(schema, known.schema) : schema };
    }
    return known.schema;
  };
}

/** Where only rows have changed, the parser stays the one of the lists before. */
function sameNames(schema: OwnSchema, { tables, functions }: OwnSchema): OwnSchema {
  return {
    ...schema,
    ...(tables === undefined ? {} : { tables }),
    ...(functions === undefined ? {} : { functions }),
  };
}

function stateOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder).map((name) => `${name} ${statSync(join(folder, name)).mtimeMs}`);
  } catch {
    return [];
  }
}
