/**
 * The check of one entry: the field, its values against the field's type, wildcards, lists.
 */
import ipaddr from 'ipaddr.js';
import { type Diagnostic, diagnose } from '../../diagnostic/diagnostic.ts';
import { nearestName } from '../../diagnostic/nearest.ts';
import { shownText } from '../../diagnostic/shown-text.ts';
import { NO_SPAN } from '../../diagnostic/span.ts';
import { ecsFieldNames } from '../../event/ecs-fields.ts';
import type { FieldType } from '../../plan/predicate/node.ts';
import { toTime } from '../../plan/predicate/scalar.ts';
import type { ExceptionEntry, ListEntry, ValueListType } from '../exception.ts';
import type { CheckContext } from './check.ts';
import { fieldOf } from './compile-entry.ts';
import type { ExceptionFinding } from './draft.ts';
import { PARSED_FIELDS } from './parsed-fields.ts';
import { hasWildcard } from './wildcard-text.ts';

const MOST_VALUES = 10_000;
const LONGEST_VALUE = 10_000;

/** @param place of the entry in the draft, `condition.entries.0` */
export function* checkEntry(
  entry: ExceptionEntry,
  place: string,
  context: CheckContext,
  parent = '',
): Iterable<ExceptionFinding> {
  const put = (part: string, diagnostic: Diagnostic): ExceptionFinding => ({ ...diagnostic, at: `${place}.${part}` });
  const name = parent + entry.field;
  if (entry.field.trim() === '') {
    yield put('field', diagnose('exception-empty', 'error', 'The entry names no field.'));
    return;
  }
  const { type } = fieldOf(name).field;
  for (const diagnostic of checkField(name, type, entry, context)) yield put('field', diagnostic);
  switch (entry.operator) {
    case 'is':
    case 'is_not':
      for (const diagnostic of checkValue(entry.value, type)) yield put('value', diagnostic);
      break;
    case 'is_one_of':
    case 'is_not_one_of':
      for (const [part, diagnostic] of checkValues(entry.values, type)) yield put(part, diagnostic);
      break;
    case 'matches':
    case 'does_not_match':
      for (const diagnostic of checkPattern(entry.value, type)) yield put('value', diagnostic);
      break;
    case 'in_list':
    case 'not_in_list':
      for (const diagnostic of checkList(entry, type, context)) yield put('list', diagnostic);
      break;
    case 'nested':
      if (entry.entries.length === 0 || entry.entries.length > MOST_VALUES) {
        yield put('entries', diagnose('exception-empty', 'error', 'The nested entry has no entries, or too many.'));
        return;
      }
      for (const [index, inner] of entry.entries.entries()) {
        yield* checkEntry(inner, `${place}.entries.${index}`, context, `${name}.`);
      }
      break;
    default:
  }
}

function* checkField(
  name: string,
  type: FieldType,
  entry: ExceptionEntry,
  context: CheckContext,
): Iterable<Diagnostic> {
  if (
    type === 'object' &&
    entry.operator !== 'nested' &&
    entry.operator !== 'exists' &&
    entry.operator !== 'does_not_exist'
  ) {
    const message = `${shownText(name, 80)} holds other fields and no value of its own.`;
    yield diagnose('exception-field-group', 'warning', message, NO_SPAN, 'Name one of the fields below it.');
  }
  if (type === 'text' && (entry.operator === 'is' || entry.operator === 'is_one_of')) {
    const message = `${shownText(name, 80)} holds running text, and the whole of it is compared.`;
    yield diagnose('exception-field-text', 'warning', message, NO_SPAN, 'Use matches with * around the words.');
  }
  if (type === 'unknown' && !isGroup(name) && !isVendorField(name, context)) {
    const near = nearestName(name, knownFields(context));
    const message = `${shownText(name, 80)} is no field of ECS and none that is known of a format.`;
    const hint =
      near === undefined ? 'Events without it: “is” never holds, “is not” always does.' : `Did you mean ${near}?`;
    yield diagnose('exception-field-unknown', 'warning', message, NO_SPAN, hint);
  }
}

function* knownFields({ fields }: CheckContext): Iterable<string> {
  for (const { name } of PARSED_FIELDS) yield name;
  yield* ecsFieldNames();
  yield* fields ?? [];
}

/** The names that formats put what ECS has no place for under. */
const VENDORS =
  /^(?:@|winlog|auditd|auditbeat|crowdstrike|sentinel_one|m365_defender|microsoft|falco|ocsf|journald|systemd|syslog|sysmon|endgame|endpoint|Endpoint|Target|Effective_process|procfs|labels|powershell|okta|aws|azure|gcp|o365|google_workspace|kubernetes)(?:[._]|$)/;

function isVendorField(name: string, { fields }: CheckContext): boolean {
  if (VENDORS.test(name) || /\.Ext\b/.test(name)) return true;
  for (const field of fields ?? []) if (field === name) return true;
  return false;
}

/** A name under which ECS has fields. */
function isGroup(name: string): boolean {
  for (const field of ecsFieldNames()) if (field.startsWith(`${name}.`)) return true;
  return false;
}

function* checkValues(values: readonly string[], type: FieldType): Iterable<readonly [string, Diagnostic]> {
  if (values.length === 0) yield ['values', diagnose('exception-empty', 'error', 'The entry has no values.')];
  if (values.length > MOST_VALUES) {
    const message = `The entry has more than ${MOST_VALUES.toLocaleString('en-US')} values.`;
    yield ['values', diagnose('exception-too-large', 'error', message, NO_SPAN, 'Put them into a value list.')];
    return;
  }
  for (const [index, value] of values.entries()) {
    for (const diagnostic of checkValue(value, type)) yield [`values.${index}`, diagnostic];
  }
}

function* checkValue(value: string, type: FieldType): Iterable<Diagnostic> {
  yield* checkText(value);
  if (value === '') return;
  const wanted = TYPE_FORMS[type];
  if (wanted !== undefined && !wanted.fits(value)) {
    const message = `“${shownText(value, 60)}” is no ${wanted.called}, which is what the field holds.`;
    yield diagnose('exception-value-type', 'error', message, NO_SPAN, wanted.hint);
  } else if (hasWildcard(value)) {
    const message = 'The * or ? is compared as it stands: it matches only itself.';
    yield diagnose(
      'exception-wildcard-literal',
      'warning',
      message,
      NO_SPAN,
      'Use the operator matches for wildcards.',
    );
  }
}

function* checkText(value: string): Iterable<Diagnostic> {
  if (value === '') yield diagnose('exception-empty', 'error', 'The value is empty.');
  if (value.length > LONGEST_VALUE) {
    yield diagnose('exception-too-large', 'error', `The value is longer than ${LONGEST_VALUE} characters.`);
  }
}

interface TypeForm {
  readonly called: string;
  readonly fits: (value: string) => boolean;
  readonly hint: string;
}

/** What a value of the type looks like; types that take every text are left out. */
const TYPE_FORMS: { readonly [T in FieldType]?: TypeForm } = {
  long: { called: 'whole number', fits: (value) => /^[+-]?\d{1,400}$/.test(value), hint: 'Write digits, like 4688.' },
  double: {
    called: 'number',
    fits: (value) => /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(value),
    hint: 'Write digits, like 0.5.',
  },
  boolean: {
    called: 'true or false',
    fits: (value) => value === 'true' || value === 'false',
    hint: 'Write true or false.',
  },
  date: {
    called: 'time',
    fits: (value) => toTime(value) !== undefined,
    hint: 'Write it as 2026-01-31T18:00:00Z.',
  },
  ip: {
    called: 'address',
    fits: (value) => ipaddr.IPv4.isValidFourPartDecimal(value) || ipaddr.IPv6.isValid(value) || isNetwork(value),
    hint: 'Write an address, or a network like 10.0.0.0/8; ranges go into a value list.',
  },
};

function isNetwork(value: string): boolean {
  return ipaddr.isValidCIDR(value);
}

function* checkPattern(value: string, type: FieldType): Iterable<Diagnostic> {
  yield* checkText(value);
  if (value === '') return;
  if (TYPE_FORMS[type] !== undefined) {
    const message = `Wildcards are matched against text, and the field holds ${type === 'ip' ? 'addresses' : 'values'} that may be written in several ways.`;
    yield diagnose(
      'exception-value-type',
      'warning',
      message,
      NO_SPAN,
      type === 'ip' ? 'Use is with a network.' : undefined,
    );
  }
  if (/^\*+$/.test(value)) {
    const message = 'The pattern matches every value.';
    yield diagnose('exception-wildcard-every', 'warning', message, NO_SPAN, 'Use the operator exists, or say more.');
  } else if (!hasWildcard(value)) {
    const message = 'The pattern has no * or ?, so the whole value is compared.';
    yield diagnose('exception-wildcard-none', 'info', message, NO_SPAN, 'Write * where any characters may stand.');
  }
  if (/[^\\]\\\\/.test(value)) {
    const message = 'The doubled backslash matches two backslashes.';
    yield diagnose(
      'exception-wildcard-backslash',
      'warning',
      message,
      NO_SPAN,
      'Write a Windows path as it is: C:\\Users\\*.',
    );
  }
}

const ADDRESS_LISTS: ReadonlySet<ValueListType> = new Set(['ip', 'ip_range']);

function* checkList({ list: id }: ListEntry, type: FieldType, { lists }: CheckContext): Iterable<Diagnostic> {
  const list = lists.get(id);
  if (list === undefined) {
    const near = nearestName(id, lists.keys());
    const hint = near === undefined ? 'Make the list first.' : `Did you mean ${near}?`;
    yield diagnose('exception-list-unknown', 'error', `There is no value list “${shownText(id, 60)}”.`, NO_SPAN, hint);
    return;
  }
  if (list.overfull !== undefined) yield diagnose('exception-list-full', 'error', `${list.overfull}.`);
  if (list.size === 0) {
    yield diagnose('exception-list-empty', 'warning', 'The list has no values yet: “in list” never holds.');
  }
  const isOfAddresses = ADDRESS_LISTS.has(list.type);
  if (isOfAddresses && TYPE_FORMS[type] !== undefined && type !== 'ip') {
    const message = `The list holds addresses and the field’s type is ${type}.`;
    yield diagnose('exception-list-type', 'error', message, NO_SPAN, 'Choose a field of addresses, or another list.');
  } else if (type === 'ip' && !isOfAddresses) {
    const message = 'The list holds texts: an address is found only where it is written in the same way.';
    yield diagnose('exception-list-type', 'warning', message, NO_SPAN, 'Use a list of type ip or ip_range.');
  }
}
