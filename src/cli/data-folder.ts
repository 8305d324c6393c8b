import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where the service keeps what it must remember: `VEDETTE_DATA`, else the place that the XDG base directory
 * specification has for a user's state.
 */
export function defaultDataFolder(): string {
  const { VEDETTE_DATA: chosen, XDG_STATE_HOME: state } = process.env;
  if (chosen !== undefined && chosen !== '') return chosen;
  return join(state !== undefined && state !== '' ? state : join(homedir(), '.local', 'state'), 'vedette');
}
