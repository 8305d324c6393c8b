/**
 * What Microsoft takes for a rule of Sentinel's: lengths, numbers, words. A rule beyond them runs here all the same, where
 * that means something; Sentinel would not take it, so it is said.
 *
 * Source: the validator of Microsoft's public repository of rules, and the reference of analytics rules.
 */
import type { DiagnosticCode } from '../diagnostic/catalogue.ts';
import { type Diagnostic, diagnose } from '../diagnostic/diagnostic.ts';
import type { DocumentPath, RuleLocator } from './locator.ts';
import type { RuleDraft } from './parsed-rule.ts';
import { parseInterval, parseLookBack } from './schedule.ts';
import { isTable } from './toml.ts';

const LONGEST = { name: 256, description: 5_000, query: 10_000 } as const;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const SHORTEST_MS = 5 * MINUTE;
const LONGEST_MS = 14 * DAY;
/** From this period on a rule may run once an hour at most. */
const LONG_PERIOD_MS = 2 * DAY;
const MOST_DETAILS = 20;
const LONGEST_DETAIL = 20;
const MOST_ENTITIES = 10;
const MOST_IDENTIFIERS = 3;
const LONGEST_VERSION = 20;
const MOST_FORMAT_COLUMNS = 3;
const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const ENTITY_TYPES: ReadonlySet<string> = new Set(
  'account azureresource cloudapplication dns file filehash host ip mailbox mailcluster mailmessage malware process registrykey registryvalue securitygroup submissionmail url'.split(
    ' ',
  ),
);

export function* checkSentinel(draft: RuleDraft, locate: RuleLocator): Iterable<Diagnostic> {
  const { extra, schedule } = draft;
  for (const key of ['name', 'description', 'query'] as const) {
    const length = draft[key]?.length ?? 0;
    const most = LONGEST[key];
    const at = locate.value([key]);
    if (length > most) yield limit(`The ${key} has ${length} characters, and Sentinel takes ${most}.`, at);
  }
  if (draft.severity === undefined && schedule.interval === undefined && extra.kind === undefined) return;
  if (draft.id !== undefined && !GUID.test(draft.id)) {
    yield diagnose('rule-sentinel-limit', 'info', 'The id is no GUID, which Sentinel asks for.', locate.value(['id']));
  }
  yield* checkTimes(draft, locate);
  yield* checkVersion(extra, locate);
  yield* checkEntities(extra.entityMappings, locate);
  yield* checkDetails(extra, locate);
  yield* checkGrouping(extra, locate);
}

function* checkTimes({ schedule, extra }: RuleDraft, locate: RuleLocator): Iterable<Diagnostic> {
  const frequency = schedule.interval === undefined ? undefined : parseInterval(schedule.interval);
  const period = schedule.from === undefined ? undefined : parseLookBack(schedule.from);
  const isNearRealTime = typeof extra.kind === 'string' && extra.kind.toLowerCase() === 'nrt';
  for (const [key, ms, part] of [
    ['queryFrequency', frequency, 'interval'],
    ['queryPeriod', period, 'from'],
  ] as const) {
    const at = locate.value(['schedule', part]);
    if (ms === undefined) continue;
    if (isNearRealTime) yield limit(`A near-real-time rule runs every minute and has no ${key}.`, at);
    else if (ms < SHORTEST_MS || ms > LONGEST_MS) yield limit(`${key} must be from 5m to 14d.`, at);
  }
  if (frequency === undefined || period === undefined || isNearRealTime) return;
  if (period >= LONG_PERIOD_MS && frequency < HOUR) {
    const message = 'A rule that looks back two days or more may run once an hour at most.';
    yield limit(message, locate.value(['schedule', 'interval']));
  }
}

function* checkVersion({ version }: RuleDraft['extra'], locate: RuleLocator): Iterable<Diagnostic> {
  if (typeof version !== 'string') return;
  const at = locate.value(['extra', 'version']);
  if (version.length > LONGEST_VERSION) yield limit(`The version must have ${LONGEST_VERSION} characters at most.`, at);
}

function* checkEntities(mappings: unknown, locate: RuleLocator): Iterable<Diagnostic> {
  if (mappings === undefined || mappings === null) return;
  const path: DocumentPath = ['extra', 'entityMappings'];
  if (!Array.isArray(mappings)) {
    yield wrong('entityMappings must be a list of entities.', locate.value(path));
    return;
  }
  if (mappings.length > MOST_ENTITIES) {
    yield limit(`A rule maps ${MOST_ENTITIES} entities at most.`, locate.value([...path, MOST_ENTITIES]));
  }
  for (const [index, mapping] of mappings.entries()) {
    const at = [...path, index];
    if (!isTable(mapping)) {
      yield wrong('An entity has an entityType and fieldMappings.', locate.value(at));
      continue;
    }
    const { entityType, fieldMappings } = mapping;
    if (typeof entityType !== 'string' || !ENTITY_TYPES.has(entityType.toLowerCase())) {
      const near = 'Account, Host, IP, Process, File, FileHash, URL and DNS are some that there are.';
      yield limit('entityType is none of Sentinel’s.', locate.value([...at, 'entityType']), near);
    }
    const fields: readonly unknown[] = Array.isArray(fieldMappings) ? fieldMappings : [];
    if (fields.length < 1 || fields.length > MOST_IDENTIFIERS) {
      const message = `An entity has one to ${MOST_IDENTIFIERS} fieldMappings.`;
      yield limit(message, locate.value([...at, 'fieldMappings']));
    }
    for (const [number, field] of fields.entries()) {
      if (isTable(field) && typeof field.identifier === 'string' && typeof field.columnName === 'string') continue;
      yield wrong(
        'A field mapping has an identifier and a columnName.',
        locate.value([...at, 'fieldMappings', number]),
      );
    }
  }
}

function* checkDetails({ customDetails, alertDetailsOverride }: RuleDraft['extra'], locate: RuleLocator) {
  if (customDetails !== undefined && customDetails !== null) {
    const path: DocumentPath = ['extra', 'customDetails'];
    const entries = isTable(customDetails) ? Object.entries(customDetails) : [];
    if (!isTable(customDetails)) yield wrong('customDetails must name columns.', locate.value(path));
    if (entries.length > MOST_DETAILS)
      yield limit(`A rule has ${MOST_DETAILS} custom details at most.`, locate.value(path));
    for (const [name, column] of entries) {
      const at = locate.value([...path, name]);
      if (name.length > LONGEST_DETAIL)
        yield limit(`The name of a custom detail has ${LONGEST_DETAIL} characters at most.`, at);
      if (typeof column !== 'string') yield wrong('A custom detail names a column.', at);
    }
  }
  if (!isTable(alertDetailsOverride)) return;
  for (const key of ['alertDisplayNameFormat', 'alertDescriptionFormat']) {
    const format = alertDetailsOverride[key];
    if (typeof format !== 'string') continue;
    const at = locate.value(['extra', 'alertDetailsOverride', key]);
    const columns = format.match(/\{\{[^{}]*\}\}/g) ?? [];
    if (columns.length > MOST_FORMAT_COLUMNS) yield limit(`${key} names ${MOST_FORMAT_COLUMNS} columns at most.`, at);
  }
}

function* checkGrouping({ eventGroupingSettings, incidentConfiguration }: RuleDraft['extra'], locate: RuleLocator) {
  if (isTable(eventGroupingSettings)) {
    const word = eventGroupingSettings.aggregationKind;
    const isKnown = typeof word === 'string' && /^(?:SingleAlert|AlertPerResult)$/i.test(word);
    const at = locate.value(['extra', 'eventGroupingSettings', 'aggregationKind']);
    if (!isKnown) yield wrong('aggregationKind must be SingleAlert or AlertPerResult.', at);
  }
  if (!isTable(incidentConfiguration) || !isTable(incidentConfiguration.groupingConfiguration)) return;
  const { matchingMethod } = incidentConfiguration.groupingConfiguration;
  const isMethod = typeof matchingMethod === 'string' && /^(?:AllEntities|AnyAlert|Selected)$/i.test(matchingMethod);
  const at = locate.value(['extra', 'incidentConfiguration', 'groupingConfiguration', 'matchingMethod']);
  if (matchingMethod !== undefined && !isMethod)
    yield wrong('matchingMethod must be AllEntities, AnyAlert or Selected.', at);
}

type Place = Parameters<typeof diagnose>[3];

function limit(message: string, at: Place, hint?: string): Diagnostic {
  return say('rule-sentinel-limit', message, at, hint);
}

function wrong(message: string, at: Place): Diagnostic {
  return say('rule-value-type', message, at);
}

function say(code: DiagnosticCode, message: string, at: Place, hint?: string): Diagnostic {
  return diagnose(code, 'warning', message, at, hint);
}
