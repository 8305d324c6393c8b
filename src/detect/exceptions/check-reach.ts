/**
 * What an exception's condition removes as a whole: warnings where that is more than anyone means.
 *
 *   entries or a query's predicate ──▶ does it hold for an event that has nothing? ──▶ exception-all-events
 *                                  ──▶ a port, and nothing that says whose server it is? ──▶ exception-port-alone
 *
 * Entries and queries are asked the same, so that writing a condition as a query loses no warning.
 */
import { diagnose } from '../../diagnostic/diagnostic.ts';
import { NO_SPAN } from '../../diagnostic/span.ts';
import { type FieldRef, type Predicate, type Test, type Value, visitPredicate } from '../../plan/predicate/node.ts';
import { reachOf } from '../bind-address.ts';
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
const REACH = 'python.web_server.reach';
const BIND = 'python.web_server.bind';

/** Fields of which a value says whose server it is: a user, a parent process or unit, a script, a directory. */
const WHOSE =
  /^(?:python\.web_server\.directory|script\.path|user\.|process\.(?:parent\.|user\.|real_user\.|working_directory$)|systemd\.unit$)/;

/** What every rule about processes asks of its events anyway. */
const OF_EVERY_MATCH = /^event\.(?:category|kind|type|action)$/;

export function* checkEntries(entries: readonly ExceptionEntry[]): Iterable<ExceptionFinding> {
  if (entries.every((entry) => NEGATED.has(entry.operator))) yield allEvents('condition.entries');
  const port = entries.findIndex(({ field }) => field === PORT);
  if (port !== -1 && !isNarrowed(entries)) yield portAlone(`condition.entries.${port}`);
}

export function* checkPredicate(predicate: Predicate): Iterable<ExceptionFinding> {
  if (holdsForNothing(predicate)) yield allEvents('condition.query');
  if (asksForPort(predicate) && !narrows(predicate)) yield portAlone('condition.query');
}

/** The entries say whose server it is, or that only its own host reaches it: a port may stand beside them. */
export function isNarrowed(entries: readonly ExceptionEntry[]): boolean {
  return entries.some((entry) => {
    const { field, operator } = entry;
    if (field === REACH || field === BIND) {
      const values = operator === 'is' ? [entry.value] : operator === 'is_one_of' ? entry.values : [];
      return values.length > 0 && values.every((value) => isLoopback(field, value));
    }
    if (operator === 'matches' && !/[^*?]/.test(entry.value)) return false;
    return operator !== 'exists' && !NEGATED.has(operator) && WHOSE.test(field);
  });
}

function isLoopback(field: string, value: unknown): boolean {
  return field === REACH ? value === 'loopback' : reachOf(String(value)) === 'loopback';
}

/** Every event of which the predicate holds is narrowed, as `isNarrowed` has it. */
function narrows(predicate: Predicate): boolean {
  return visitPredicate<boolean>(predicate, {
    constant: ({ value }) => !value,
    and: ({ children }) => children.some(narrows),
    or: ({ children }) => children.every(narrows),
    not: () => false,
    exists: () => false,
    'match-any': ({ field: { name }, test }) =>
      name === REACH || name === BIND
        ? test.kind === 'equals' && test.anyOf.every((value) => isLoopback(name, value))
        : WHOSE.test(name) && !passesAll(test),
    'match-anywhere': () => false,
    nested: ({ condition }) => narrows(condition),
    'match-fields': ({ field, other }) => WHOSE.test(field.name) || WHOSE.test(other.name),
    'match-value': ({ value }) => fieldsOf(value).some(({ name }) => WHOSE.test(name)),
    compare: ({ operator, left, right }) =>
      operator !== '!=' && [...fieldsOf(left), ...fieldsOf(right)].some(({ name }) => WHOSE.test(name)),
  });
}

function passesAll(test: Test): boolean {
  return test.kind === 'wildcard' && test.anyOf.some((parts) => parts.every((part) => typeof part === 'string'));
}

function asksForPort(predicate: Predicate): boolean {
  return visitPredicate<boolean>(predicate, {
    constant: () => false,
    and: ({ children }) => children.some(asksForPort),
    or: ({ children }) => children.some(asksForPort),
    not: ({ child }) => asksForPort(child),
    exists: ({ field }) => field.name === PORT,
    'match-any': ({ field }) => field.name === PORT,
    'match-anywhere': () => false,
    nested: ({ condition }) => asksForPort(condition),
    'match-fields': ({ field, other }) => field.name === PORT || other.name === PORT,
    'match-value': ({ value }) => fieldsOf(value).some(({ name }) => name === PORT),
    compare: ({ left, right }) => [...fieldsOf(left), ...fieldsOf(right)].some(({ name }) => name === PORT),
  });
}

/** It holds for an event of the right kind that has no other field. */
function holdsForNothing(predicate: Predicate): boolean {
  return visitPredicate<boolean>(predicate, {
    constant: ({ value }) => value,
    and: ({ children }) => children.every(holdsForNothing),
    or: ({ children }) => children.some(holdsForNothing),
    not: ({ child }) => !holdsForNothing(child),
    exists: () => false,
    'match-any': ({ field }) => OF_EVERY_MATCH.test(field.name),
    'match-anywhere': () => false,
    nested: () => false,
    'match-fields': () => false,
    'match-value': () => false,
    compare: () => false,
  });
}

function fieldsOf(value: Value): readonly FieldRef[] {
  switch (value.kind) {
    case 'literal':
      return [];
    case 'field':
      return [value.field];
    case 'call':
      return value.args.flatMap(fieldsOf);
    case 'if':
      return [...fieldsOf(value.then), ...fieldsOf(value.otherwise)];
  }
}

function allEvents(at: string): ExceptionFinding {
  const message = 'The exception only says what an event is not, so it removes nearly every match.';
  const hint = 'Say, too, what the harmless events have; a negated condition holds where the field is missing, too.';
  return { ...diagnose('exception-all-events', 'warning', message, NO_SPAN, hint), at };
}

function portAlone(at: string): ExceptionFinding {
  const message =
    'A port alone hides the attack: it says nothing of who serves what to whom, and an attacker’s server takes the default port 8000 as well.';
  const hint = 'Ask, too, for reach loopback, for a user, a parent process or a directory.';
  return { ...diagnose('exception-port-alone', 'warning', message, NO_SPAN, hint), at };
}
