/**
 * The service's own log: structured lines on standard error, quiet unless something is wrong. Bodies and headers of
 * requests are never logged, so no secret can be in it.
 */
import { type DestinationStream, type Logger, pino } from 'pino';
import { logText } from './log-text.ts';

export interface LogSettings {
  readonly level: string;
  readonly format: 'json' | 'text';
}

const QUIET: LogSettings = { level: 'warn', format: 'json' };

export function serviceLog(part: 'serve' | 'live', { level, format }: LogSettings = QUIET): Logger {
  const errors = pino.destination({ dest: 2, sync: true });
  const texts: DestinationStream = { write: (line) => errors.write(logText(line)) };
  return pino({ level, base: { part } }, format === 'text' ? texts : errors);
}
