/**
 * What queries of a service may name beside the tables of the house: people's own tables, watchlists and functions, in
 * `kusto/` of the data folder, and the value lists as watchlists.
 *
 *   files, lists ──have they changed?──▶ the same schema as before, or a new one
 *
 * A parser belongs to a schema and takes a second to start; so a schema is made again only when names may have changed.
 * Where there is nothing of one's own the tables of the house are used, and with them the parser that rules have.
 */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readOwnSchema } from './own-schema.ts';
import type { TableQueryOptions } from './run-query.ts';
import { type ListStore, watchlistsOf } from './watchlists.ts';

type Schema = Pick<TableQueryOptions, 'tables' | 'functions'>;

const KINDS = ['tables', 'watchlists', 'functions'] as const;

/** @returns the schema as it is when it is asked for */
export function houseSchema(dataFolder: string, lists: ListStore): () => Schema {
  const folder = join(dataFolder, 'kusto');
  let known: { readonly state: string; readonly schema: Schema } | undefined;
  return () => {
    const files = KINDS.flatMap((kind) => stateOf(join(folder, kind)));
    const named = lists.lists().map(({ id, name }) => [id, name]);
    const state = JSON.stringify([files, named]);
    if (known?.state !== state) {
      const isOwn = files.length > 0 || named.length > 0;
      known = { state, schema: isOwn ? readOwnSchema(folder, watchlistsOf(lists)) : {} };
    }
    return known.schema;
  };
}

function stateOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder).map((name) => `${name} ${statSync(join(folder, name)).mtimeMs}`);
  } catch {
    return [];
  }
}
