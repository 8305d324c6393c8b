/**
 * Exceptions that an alert suggests, filled in from its last event: the narrowest first.
 *
 *   alert ──fields that its event has──▶ drafts, from "this user, this exact command, this parent, on this host" to
 *   "this program on this host"; a web server bound to loopback as what it is
 *
 * A draft that needs a field which the event does not have, or has several values of, is left out. Whether each is sound
 * and removes the alert is the caller's to check: it is a suggestion.
 */

import { shownText } from '../../diagnostic/shown-text.ts';
import type { Event } from '../../event/event.ts';
import type { Alert } from '../alert.ts';
import type { ExceptionEntry } from '../exception.ts';
import type { ExceptionDraft } from './draft.ts';
import { withParsedFields } from './parsed-fields.ts';

/** Each is a set of fields, all of which have to be as they are in the alert. */
const SUGGESTIONS: readonly (readonly string[])[] = [
  ['host.name', 'user.name', 'process.command_line', 'process.parent.command_line'],
  ['host.name', 'user.name', 'process.command_line', 'process.parent.executable'],
  ['host.name', 'user.name', 'process.command_line'],
  ['user.name', 'process.command_line', 'process.parent.executable'],
  ['python.web_server.reach', 'python.web_server.directory', 'user.name'],
  ['python.web_server.reach', 'user.name'],
  ['user.name', 'process.command_line'],
  ['user.name', 'script.path'],
  ['user.name', 'python.web_server.directory'],
  ['host.name', 'user.name', 'process.executable', 'process.parent.executable'],
  ['host.name', 'user.name', 'process.executable'],
  ['host.name', 'process.executable'],
];

const CALLED: Readonly<Record<string, string>> = {
  'host.name': 'on',
  'user.name': 'by',
  'process.command_line': 'command',
  'process.executable': 'program',
  'process.parent.command_line': 'started by command',
  'process.parent.executable': 'started by',
  'python.web_server.directory': 'serving',
  'script.path': 'from script',
};

const REACH = 'python.web_server.reach';
/** A longer value is no name to show, and its exact repetition nothing to wait for. */
const LONGEST_VALUE = 4_000;
const LONGEST_NAME = 200;

/** @param event the alert's last one */
export function exceptionsFromAlert(alert: Alert, event: Event): readonly ExceptionDraft[] {
  const view = withParsedFields(event);
  const drafts: ExceptionDraft[] = [];
  for (const fields of SUGGESTIONS) {
    const entries = fields.map((field) => entryFor(field, view));
    if (entries.includes(undefined)) continue;
    drafts.push(draftOf(alert, entries as ValueOf[]));
  }
  return drafts;
}

interface ValueOf {
  readonly field: string;
  readonly value: string;
}

function entryFor(field: string, event: Event): ValueOf | undefined {
  const [value, ...more] = event.values(field);
  if (value === undefined || value === '' || more.length > 0) return undefined;
  const text = String(value);
  if (text.length > LONGEST_VALUE) return undefined;
  // Who can connect is worth an exception only where nobody else can.
  return field === REACH && text !== 'loopback' ? undefined : { field, value: text };
}

function draftOf(alert: Alert, values: readonly ValueOf[]): ExceptionDraft {
  const isLoopback = values.some(({ field }) => field === REACH);
  const parts = values
    .filter(({ field }) => field !== REACH)
    .map(({ field, value }) => `${CALLED[field] ?? field} ${shownText(value, 80)}`);
  const name = [...(isLoopback ? ['web server that only this machine can reach'] : []), ...parts].join(', ');
  return {
    name: shownText(name.charAt(0).toUpperCase() + name.slice(1), LONGEST_NAME),
    rules: [alert.rule.id],
    condition: {
      kind: 'entries',
      entries: values.map(({ field, value }): ExceptionEntry => ({ field, operator: 'is', value })),
    },
    reason: '',
  };
}
