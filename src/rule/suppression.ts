/**
 * How a rule suppresses alerts that are alike, out of the keys that Elastic has for it, in any form of rule:
 *
 *   group_by: [host.name, {field: user.name, step: 2}]   duration: 5h   missing_fields_strategy: doNotSuppress
 *
 * A duration is a text, or Elastic's table of value and unit. A step, which Elastic does not have, names the event of a
 * sequence or a sample whose field counts, from 1. Source: Elastic's documentation of alert suppression.
 */
import { type Diagnostic, diagnose } from '../diagnostic/diagnostic.ts';
import type { Plan } from '../plan/plan.ts';
import { given } from './given.ts';
import type { DocumentPath, RuleLocator } from './locator.ts';
import type { RuleDocument, Suppression, SuppressionField } from './rule.ts';
import { parseInterval } from './schedule.ts';
import { suppressionPath } from './suppression-fields.ts';

export interface SuppressionForm {
  /** Where it stands in the document. */
  readonly at: DocumentPath;
  readonly locate: Pick<RuleLocator, 'key' | 'value'>;
  /** Of several values of a field each makes a group of its own; otherwise all of them together are one. */
  readonly eachMember: boolean;
  /** Fields to group by that the rule says elsewhere: then it names none here, and a duration. */
  readonly groupBy?: readonly string[];
}

const KEYS = ['group_by', 'duration', 'missing_fields_strategy'] as const;
const MOST_FIELDS = 5;
/** As long as a rule may look back, and longer than anybody waits for an alert. */
const LONGEST_MS = 365 * 86_400_000;

/** Without a suppression exactly where a diagnostic is an error. */
export function readSuppression(
  value: unknown,
  form: SuppressionForm,
): { readonly suppression?: Suppression; readonly diagnostics: readonly Diagnostic[] } {
  const reader = new SuppressionReader(form);
  const suppression = reader.read(value);
  const { diagnostics } = reader;
  return diagnostics.some(({ severity }) => severity === 'error') || suppression === undefined
    ? { diagnostics }
    : { suppression, diagnostics };
}

/** What can be said of it only when the rule's query is known: whether the steps that it names are there. */
export function* checkSuppression(
  { suppression, source }: Pick<RuleDocument, 'suppression' | 'source'>,
  plan: Plan,
  locate: Pick<RuleLocator, 'value'>,
): Iterable<Diagnostic> {
  const at = suppressionPath(source);
  for (const [index, { step }] of (suppression?.groupBy ?? []).entries()) {
    if (step === undefined) continue;
    const place = locate.value([...at, 'group_by', index, 'step']);
    if (plan.kind !== 'sequence' && plan.kind !== 'sample') {
      const hint = 'Only sequences and samples have steps; write the name of the field alone.';
      yield diagnose('rule-suppression-step', 'error', 'The rule has no steps.', place, hint);
    } else if (step > plan.steps.length) {
      const message = `The rule has ${plan.steps.length} steps, and no step ${step}.`;
      yield diagnose('rule-suppression-step', 'error', message, place);
    } else if (plan.steps[step - 1]?.missing === true) {
      const message = `Step ${step} is an event that must be missing, so it has no fields.`;
      yield diagnose('rule-suppression-step', 'error', message, place);
    }
  }
}

class SuppressionReader {
  readonly diagnostics: Diagnostic[] = [];
  private readonly form: SuppressionForm;

  constructor(form: SuppressionForm) {
    this.form = form;
  }

  read(value: unknown): Suppression | undefined {
    if (!isMap(value)) {
      const hint = 'Write group_by (names of fields), and duration for a window of time.';
      return this.wrong([], 'Suppression must be a table', hint);
    }
    for (const key of Object.keys(value)) {
      if ((KEYS as readonly string[]).includes(key)) continue;
      const at = this.form.locate.key([...this.form.at, key]);
      const message = `${key.slice(0, 60)} is no key of suppression.`;
      this.diagnostics.push(diagnose('rule-key-unknown', 'warning', message, at, `There are ${KEYS.join(', ')}.`));
    }
    const groupBy = this.fields(value.group_by);
    const durationMs = this.duration(value.duration);
    const missing = this.missing(value.missing_fields_strategy);
    if (groupBy === undefined || missing === undefined) return undefined;
    return given<Suppression>({ groupBy, durationMs, missing, eachMember: this.form.eachMember });
  }

  private fields(value: unknown): readonly SuppressionField[] | undefined {
    const { groupBy } = this.form;
    if (groupBy !== undefined) {
      if (value === undefined || (Array.isArray(value) && value.length === 0))
        return groupBy.map((field) => ({ field }));
      return this.wrong(
        ['group_by'],
        'A threshold rule suppresses by the fields of its threshold, so it has no group_by',
      );
    }
    const list = typeof value === 'string' ? [value] : value;
    if (!Array.isArray(list) || list.length > MOST_FIELDS || list.length === 0) {
      return this.wrong(['group_by'], `group_by must be a list of 1 to ${MOST_FIELDS} names of fields`);
    }
    const fields = list.map((one: unknown, index) => this.field(one, index));
    if (!fields.every((field) => field !== undefined)) return undefined;
    const names = fields.map(({ field, step }) => `${step ?? ''} ${field}`);
    if (new Set(names).size === names.length) return fields;
    return this.wrong(['group_by'], 'group_by names a field twice');
  }

  private field(value: unknown, index: number): SuppressionField | undefined {
    if (isName(value)) return { field: value };
    const { field, step, ...rest } = isMap(value) ? value : {};
    const isStep = step === undefined || (Number.isSafeInteger(step) && (step as number) >= 1);
    if (isName(field) && isStep && Object.keys(rest).length === 0) return given({ field, step: step as number });
    const message = 'A field to group by is a name, or a table of field and step (a number from 1)';
    return this.wrong(['group_by', index], message);
  }

  private duration(value: unknown): number | undefined {
    if (value === undefined || value === null) {
      if (this.form.groupBy === undefined) return undefined;
      return this.wrong(['duration'], 'A threshold rule suppresses for a duration only', 'Write it, like "1h".');
    }
    const text = isMap(value) ? `${String(value.value)}${String(value.unit)}` : value;
    const ms = typeof text === 'string' ? parseInterval(text) : undefined;
    if (ms !== undefined && ms <= LONGEST_MS) return ms;
    const hint = 'Write a whole number and s, m, h or d, like "5h", or a table of value and unit; a year at most.';
    return this.wrong(['duration'], 'The duration cannot be read', hint);
  }

  private missing(value: unknown): Suppression['missing'] | undefined {
    if (value === undefined || value === null || value === 'suppress') return 'suppress';
    if (value === 'doNotSuppress') return 'alert';
    return this.wrong(['missing_fields_strategy'], 'missing_fields_strategy is suppress or doNotSuppress');
  }

  private wrong(path: DocumentPath, message: string, hint?: string): undefined {
    const at = this.form.locate.value([...this.form.at, ...path]);
    this.diagnostics.push(diagnose('rule-suppression-form', 'error', `${message}.`, at, hint));
    return undefined;
  }
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}
