/**
 * The key of a registry event apart from its value, as Microsoft's tables have them; ECS has both in one path.
 *
 *   path `HKLM\Software\Run\Updater`, value `Updater` ──▶ key `HKLM\Software\Run`
 *
 * Where the event names no value, or the path does not end in it, the path is the key.
 */
import { NO_SPAN } from '../diagnostic/span.ts';
import {
  and,
  call,
  choose,
  compare,
  fieldValue,
  literal,
  matchAny,
  or,
  type Value,
  wildcardPattern,
} from '../plan/predicate/node.ts';
import { type Column, columnValue } from './table.ts';

const PATH = fieldValue({ name: 'registry.path', type: 'keyword' }, NO_SPAN);
const VALUE = fieldValue({ name: 'registry.value', type: 'keyword' }, NO_SPAN);
const ENDING = call('concat', [literal('\\', NO_SPAN), VALUE], NO_SPAN);
const number = (of: Value) => call('length', [of], NO_SPAN);

const endsInValue = and(
  [
    matchAny(
      { name: 'registry.value', type: 'keyword' },
      { kind: 'wildcard', anyOf: [wildcardPattern(['?', '*'])], fold: 'none' },
      NO_SPAN,
    ),
    compare('==', call('ends-with', [PATH, ENDING, literal(false, NO_SPAN)], NO_SPAN), literal(true, NO_SPAN), NO_SPAN),
  ],
  NO_SPAN,
);

const beforeValue = call(
  'slice',
  [PATH, literal(0, NO_SPAN), call('subtract', [number(PATH), number(ENDING)], NO_SPAN)],
  NO_SPAN,
);

/** Never null, as a text of Kusto is not. */
export const REGISTRY_KEY: Value = call(
  'coalesce',
  [choose(endsInValue, beforeValue, PATH, NO_SPAN), literal('', NO_SPAN)],
  NO_SPAN,
);

/** Of a key that is gone or was called otherwise: there is no value to set apart. */
export const REGISTRY_PATH: Value = filled(PATH);
export const REGISTRY_VALUE: Value = filled(VALUE);
const NOTHING = literal('', NO_SPAN);

function filled(value: Value): Value {
  return call('coalesce', [call('text', [value], NO_SPAN), literal('', NO_SPAN)], NO_SPAN);
}

/** A column's value where the row's action is one of these, and where it is another. */
export function whenAction(action: Column, names: readonly string[], then: Value, otherwise: Value = NOTHING): Value {
  const word = columnValue(action, NO_SPAN) ?? NOTHING;
  const is = names.map((name) => compare('==', word, literal(name, NO_SPAN), NO_SPAN));
  return choose(or(is, NO_SPAN), then, otherwise, NO_SPAN);
}

/** Microsoft's words for what Sysmon calls the events, some of which a table's rows are. */
export const SYSMON_ACTIONS: ReadonlyMap<string, string> = new Map([
  ['createkey', 'RegistryKeyCreated'],
  ['deletekey', 'RegistryKeyDeleted'],
  ['deletevalue', 'RegistryValueDeleted'],
  ['renamekey', 'RegistryKeyRenamed'],
  ['setvalue', 'RegistryValueSet'],
]);

/** @param otherwise what an event is called whose source is not Sysmon */
export function registryAction(name: string, otherwise: string): Column {
  const of = new Map([...SYSMON_ACTIONS].map(([word, action]) => [word, [action]] as const));
  return { name, type: 'string', fields: ['winlog.event_data.EventType'], words: { of, otherwise } };
}
