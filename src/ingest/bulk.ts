/**
 * The body of an Elasticsearch `_bulk` request: pairs of lines, what to do and the document.
 *
 *   {"create":{"_index":"logs-endpoint.events.process-default","_id":"a"}}
 *   {"@timestamp":"…"}
 *
 * Documents are not looked into here. As in Elasticsearch (its bulk API), a body whose lines of actions cannot be read is
 * refused whole, since what follows cannot be told apart; what is wrong with one item is that item's error. More lenient
 * than there: blank lines between items are passed over, and the last line needs no line end.
 */
import { isJsonObject, type JsonObject } from '../event/json.ts';

export type BulkAction = 'create' | 'index' | 'update' | 'delete';

export interface BulkItem {
  readonly action: BulkAction;
  readonly index: string | undefined;
  readonly id: string | undefined;
  /** A view of the body; absent of a delete. */
  readonly document: Uint8Array | undefined;
  /** Of the item's first line in the body, in bytes. */
  readonly offset: number;
}

export type BulkBody = { readonly items: readonly BulkItem[] } | { readonly problem: string };

const ACTIONS: ReadonlySet<string> = new Set(['create', 'index', 'update', 'delete']);
/** A line of an action holds names only; Elasticsearch's longest id has 512 bytes. */
const MOST_ACTION_BYTES = 16 * 1024;

/** @param index of items that name none, from the request's path */
export function readBulk(body: Buffer, index?: string): BulkBody {
  const items: BulkItem[] = [];
  let at = 0;
  let line = 0;
  const next = (): Buffer | undefined => {
    while (at < body.length) {
      const end = body.indexOf(10, at);
      const stop = end === -1 ? body.length : end;
      const found = body.subarray(at, body[stop - 1] === 13 ? stop - 1 : stop);
      at = stop + 1;
      line += 1;
      if (found.length > 0) return found;
    }
    return undefined;
  };
  for (let first = next(); first !== undefined; first = next()) {
    const offset = first.byteOffset - body.byteOffset;
    const read = readAction(first);
    if (typeof read === 'string') return { problem: `Malformed action/metadata line [${line}]: ${read}` };
    const { action, metadata } = read;
    const document = action === 'delete' ? undefined : next();
    if (action !== 'delete' && document === undefined) {
      return { problem: `The document of the action in line [${line}] is missing.` };
    }
    items.push({ action, index: textOf(metadata, '_index') ?? index, id: textOf(metadata, '_id'), document, offset });
  }
  return items.length === 0 ? { problem: 'The request holds no action.' } : { items };
}

function readAction(line: Buffer): { readonly action: BulkAction; readonly metadata: JsonObject } | string {
  if (line.length > MOST_ACTION_BYTES) return `it has more than ${MOST_ACTION_BYTES} bytes.`;
  let json: unknown;
  try {
    json = JSON.parse(line.toString('utf8'));
  } catch {
    return 'it is not JSON.';
  }
  const [entry, ...others] = isJsonObject(json) ? Object.entries(json) : [];
  if (entry === undefined || others.length > 0) return 'one action is expected, such as {"create":{}}.';
  const [action, metadata] = entry;
  if (!ACTIONS.has(action) || !isJsonObject(metadata)) {
    return 'the actions are create, index, update and delete, each with an object.';
  }
  return { action: action as BulkAction, metadata };
}

/** Some programs write ids as numbers. */
function textOf(metadata: JsonObject, name: string): string | undefined {
  const value = Object.hasOwn(metadata, name) ? metadata[name] : undefined;
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
