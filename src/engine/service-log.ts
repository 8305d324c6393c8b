/**
 * The service's own log: structured lines on standard error, quiet unless something is wrong.
 */
import { type Logger, pino } from 'pino';

const LEVELS: readonly string[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** At the level that `VEDETTE_LOG` names; `warn` where it names none that there is. */
export function serviceLog(part: 'serve' | 'live'): Logger {
  const wanted = process.env.VEDETTE_LOG ?? '';
  return pino(
    { level: LEVELS.includes(wanted) ? wanted : 'warn', base: { part } },
    pino.destination({ dest: 2, sync: true }),
  );
}
