/**
 * What an exception's entries remove together: warnings where that is more than anyone means.
 */
import { diagnose } from '../../diagnostic/diagnostic.ts';
import { NO_SPAN } from '../../diagnostic/span.ts';
import type { ExceptionEntry } from '../exception.ts';
import type { ExceptionFinding } from './draft.ts';

/** Operators that hold, too, for every event without the field. */
const NEGATED: ReadonlySet<ExceptionEntry['operator']> = new Set([
  'is_not',
  'is_not_one_of',
  'does_not_exist',
  'does_not_match',
  'not_in_list',
]);

const PORT = 'python.web_server.port';

/** Entries that say who may do it, from where, or to whom, with any of which a port may stand. */
const NARROWING =
  /^(?:python\.web_server\.(?:reach|bind|directory)|script\.path|user\.|process\.(?:parent\.|user\.|real_user\.|executable$|hash\.|working_directory$)|systemd\.|host\.|service\.)/;

export function* checkWholeCondition(entries: readonly ExceptionEntry[]): Iterable<ExceptionFinding> {
  if (entries.every((entry) => NEGATED.has(entry.operator))) {
    const message = 'The exception only says what an event is not, so it removes nearly every match.';
    const hint =
      'Add an entry for what the harmless events have; a negated entry holds where the field is missing, too.';
    yield { ...diagnose('exception-all-events', 'warning', message, NO_SPAN, hint), at: 'condition.entries' };
  }
  const port = entries.findIndex(({ field }) => field === PORT);
  const isNarrowed = entries.some(({ field, operator }) => NARROWING.test(field) && !NEGATED.has(operator));
  if (port !== -1 && !isNarrowed) {
    const message =
      'A port says nothing of who serves what to whom: an attacker’s server takes the default port 8000 as well.';
    const hint = 'Ask, too, for reach loopback, for a user, a parent process or a directory.';
    yield { ...diagnose('exception-port-alone', 'warning', message, NO_SPAN, hint), at: `condition.entries.${port}` };
  }
}
