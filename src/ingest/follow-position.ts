/**
 * The read position of a followed file, as kept in the state between runs: opaque text to everybody else.
 */
import { isJsonObject, type JsonObject } from '../event/json.ts';
import type { FileIdentity } from './file-identity.ts';

export interface FollowPosition {
  readonly file: FileIdentity;
  /** Start of the first line that was not dealt with. */
  readonly offset: number;
  readonly line: number;
}

const VERSION = 1;

export function writePosition({ file, offset, line }: FollowPosition): string {
  return JSON.stringify({ v: VERSION, ...file, offset, line });
}

/** `undefined` where the text is no position of this version: reading then starts as if there were none. */
export function readPosition(text: string): FollowPosition | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isJsonObject(value) || value.v !== VERSION) return undefined;
  const { dev, ino, start } = value;
  const [startBytes, offset, line] = [count(value, 'startBytes'), count(value, 'offset'), count(value, 'line')];
  if (typeof dev !== 'string' || typeof ino !== 'string' || typeof start !== 'string') return undefined;
  if (startBytes === undefined || offset === undefined || line === undefined) return undefined;
  return { file: { dev, ino, start, startBytes }, offset, line };
}

function count(value: JsonObject, name: string): number | undefined {
  const found = value[name];
  return typeof found === 'number' && Number.isSafeInteger(found) && found >= 0 ? found : undefined;
}
