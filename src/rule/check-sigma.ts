/**
 * What a Sigma rule can get wrong beside its detection: the form of its id, dates, status, links to other rules, tags and
 * references, and its ATT&CK tags. Nothing of it changes an alert, so nothing of it is an error.
 *
 * Source: the Sigma rules specification 2.1 and its tags appendix.
 */
import { type Diagnostic, diagnose } from '../diagnostic/diagnostic.ts';
import { nearestName } from '../diagnostic/nearest.ts';
import type { DocumentPath, RuleLocator } from './locator.ts';
import type { RuleDraft } from './parsed-rule.ts';
import { isTable } from './toml.ts';

const STATUSES = ['stable', 'test', 'experimental', 'deprecated', 'unsupported'] as const;
const RELATIONS = ['derived', 'obsolete', 'merged', 'renamed', 'similar'] as const;
const TLP = ['red', 'amber', 'amber-strict', 'green', 'clear', 'white'] as const;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const LONGEST_TITLE = 256;

export function* checkSigma(draft: RuleDraft, locate: RuleLocator): Iterable<Diagnostic> {
  yield* checkTitle(draft, locate);
  yield* checkId(draft, locate);
  yield* checkStatus(draft, locate);
  yield* checkDates(draft, locate);
  yield* checkRelated(draft, locate);
  yield* checkFields(draft, locate);
  yield* checkRepeated(draft.references, 'reference', ['references'], locate);
  yield* checkTags(draft, locate);
}

function* checkTitle({ name = '' }: RuleDraft, locate: RuleLocator): Iterable<Diagnostic> {
  if ([...name].length <= LONGEST_TITLE) return;
  const message = `The title has ${[...name].length} characters; Sigma’s have at most ${LONGEST_TITLE}.`;
  yield diagnose('sigma-title', 'warning', message, locate.value(['name']), 'Move the rest to the description.');
}

/** An id that is no text was told of while reading; one made of the title stands nowhere. */
function* checkId({ id, source }: RuleDraft, locate: RuleLocator): Iterable<Diagnostic> {
  const at = locate.value(['id']);
  if (id === undefined || at.start === at.end || UUID.test(id)) return;
  if (!/^id[ \t]*:/m.test(source.text)) return;
  yield diagnose('sigma-id', 'warning', 'The id is no UUID.', at, 'For example: 0c9d2f8e-5a0e-4b62-8e0b-7b1c9d1f9a11');
}

function* checkStatus({ extra }: RuleDraft, locate: RuleLocator): Iterable<Diagnostic> {
  const { status } = extra;
  if (status === undefined || status === null || isOneOf(status, STATUSES)) return;
  const near = typeof status === 'string' ? nearestName(status, STATUSES) : undefined;
  const hint = near === undefined ? undefined : `Did you mean ${near}?`;
  yield diagnose(
    'sigma-status',
    'warning',
    `status must be one of ${STATUSES.join(', ')}.`,
    at(['status'], locate),
    hint,
  );
}

function* checkDates({ extra }: RuleDraft, locate: RuleLocator): Iterable<Diagnostic> {
  const days: (string | undefined)[] = [];
  for (const key of ['date', 'modified']) {
    const value = extra[key];
    const day = value === undefined || value === null ? undefined : dayOf(value);
    days.push(day);
    if (value === undefined || value === null || day !== undefined) continue;
    const message = `${key} is no day: ${short(String(value))}.`;
    yield diagnose('sigma-date', 'warning', message, at([key], locate), 'Write it as 2025-08-31.');
  }
  const [date, modified] = days;
  if (date === undefined || modified === undefined || modified >= date) return;
  const message = 'The rule was modified before it was written.';
  yield diagnose('sigma-date', 'warning', message, at(['modified'], locate), `date is ${date}.`);
}

/** `2025-08-31`, and the slashes of older rules; a day that the calendar has. */
function dayOf(value: unknown): string | undefined {
  const [, year = '', month = '', day = ''] = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})$/.exec(String(value)) ?? [];
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const time = new Date(`${iso}T00:00:00Z`);
  return year !== '' && !Number.isNaN(time.getTime()) && time.toISOString().startsWith(iso) ? iso : undefined;
}

function* checkRelated({ extra }: RuleDraft, locate: RuleLocator): Iterable<Diagnostic> {
  const { related } = extra;
  if (related === undefined || related === null) return;
  const hint = `For example: {id: 0c9d2f8e-5a0e-4b62-8e0b-7b1c9d1f9a11, type: similar}`;
  const wrong = (message: string, path: DocumentPath) =>
    diagnose('sigma-related', 'warning', message, at(['related', ...path], locate), hint);
  if (!Array.isArray(related)) {
    yield wrong('related must be a list.', []);
    return;
  }
  for (const [index, entry] of related.entries()) {
    if (!isTable(entry)) yield wrong('A related rule has an id and a type.', [index]);
    else if (!UUID.test(String(entry.id))) yield wrong('The id of a related rule must be a UUID.', [index, 'id']);
    else if (!isOneOf(entry.type, RELATIONS))
      yield wrong(`type must be one of ${RELATIONS.join(', ')}.`, [index, 'type']);
  }
}

function* checkFields({ extra }: RuleDraft, locate: RuleLocator): Iterable<Diagnostic> {
  const { fields } = extra;
  if (fields === undefined || fields === null) return;
  if (Array.isArray(fields) && fields.every((field) => typeof field === 'string')) return;
  yield diagnose('rule-value-type', 'warning', 'fields must be a list of texts.', at(['fields'], locate));
}

function* checkTags({ tags, source }: RuleDraft, locate: RuleLocator): Iterable<Diagnostic> {
  yield* checkRepeated(tags, 'tag', ['tags'], locate);
  const span = locate.value(['tags']);
  const place = (tag: string) => {
    const start = source.text.slice(span.start, span.end).indexOf(tag);
    return start === -1 ? span : { start: span.start + start, end: span.start + start + tag.length };
  };
  for (const tag of tags) {
    const [, namespace = '', name = ''] = /^([a-z0-9-]+)\.(.+)$/.exec(tag.toLowerCase()) ?? [];
    if (namespace === '') {
      const message = `The tag ${short(tag)} has no namespace.`;
      yield diagnose('sigma-tag', 'warning', message, place(tag), 'A tag looks like attack.t1059 or cve.2021-44228.');
    } else if (namespace === 'tlp' && !isOneOf(name, TLP)) {
      yield diagnose('sigma-tag', 'warning', `tlp has ${TLP.join(', ')}.`, place(tag));
    } else if (namespace === 'cve' && !/^(?:cve[-.])?\d{4}[-.]\d{4,}$/.test(name)) {
      yield diagnose('sigma-tag', 'warning', `${short(tag)} is no CVE.`, place(tag), 'For example: cve.2021-44228');
    }
  }
}

function* checkRepeated(
  texts: readonly string[],
  what: string,
  path: DocumentPath,
  locate: RuleLocator,
): Iterable<Diagnostic> {
  const seen = new Set<string>();
  for (const text of texts) {
    const key = text.toLowerCase();
    if (seen.has(key)) {
      const message = `The ${what} ${short(text)} stands there twice.`;
      yield diagnose('sigma-repeated', 'info', message, locate.value(path));
    }
    seen.add(key);
  }
}

function at(path: DocumentPath, locate: RuleLocator): Diagnostic['span'] {
  return locate.value(['extra', ...path]);
}

function isOneOf(value: unknown, accepted: readonly string[]): boolean {
  return typeof value === 'string' && accepted.includes(value);
}

function short(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
