/**
 * What was changed here about a rule, kept apart from its text so that an update of the text does not undo it.
 *
 *   document as written (theirs) ─┐
 *   values changed here (mine) ───┴──overlaid──▶ the document that counts, and each value as a three-way: base, mine, theirs
 *
 * The base is what the rule said when the value was changed here. Where the rule says something else by now, a person has
 * to choose; until then the value of here counts.
 */
import type { RuleDocument, Severity } from './rule.ts';
import { parseInterval, parseLookBack, scheduleWindow } from './schedule.ts';
import { RISK_OF_SEVERITY } from './severity.ts';

/** Under these names requests and the store know them. */
export const OVERLAY_KEYS = ['enabled', 'severity', 'risk_score', 'interval', 'from', 'max_alerts'] as const;
export type OverlayKey = (typeof OVERLAY_KEYS)[number];
export type OverlayValue = string | number | boolean;

/** A value that was changed here. */
export interface OverlaidValue {
  readonly key: OverlayKey;
  readonly value: OverlayValue;
  /** What the rule said then, `null` for nothing; absent where that is not known. */
  readonly base?: OverlayValue | null;
  /** ISO 8601; absent where it is not known. */
  readonly time?: string;
  readonly by?: string;
}

/** As people are shown it. */
export interface OverlayView extends OverlaidValue {
  /** What the rule says now, `null` for nothing. */
  readonly theirs: OverlayValue | null;
  /** The rule says something else than when the value was changed here, and not the same as here. */
  readonly conflict: boolean;
}

/** `null` takes the rule’s own value again. */
export type OverlayChanges = { readonly [K in OverlayKey]?: OverlayValue | null };

/** Most alerts of a run that a person may ask for: Elastic’s limit for any rule. */
const MOST_ALERTS = 1_000;

/** What the document says, `null` for nothing. A rule that does not say is turned on. */
export function statedValue({ enabled, severity, riskScore, schedule, maxAlerts }: RuleDocument, key: OverlayKey) {
  const values: Readonly<Record<OverlayKey, OverlayValue | undefined>> = {
    enabled: enabled ?? true,
    severity,
    risk_score: riskScore,
    interval: schedule.interval,
    from: schedule.from,
    max_alerts: maxAlerts,
  };
  return values[key] ?? null;
}

export function overlaid(document: RuleDocument, values: readonly OverlaidValue[]): RuleDocument {
  return values.length === 0 ? document : values.reduce(withValue, document);
}

/** @param document as written */
export function viewsOf(document: RuleDocument, values: readonly OverlaidValue[]): readonly OverlayView[] {
  return values.flatMap((one) => {
    const theirs = statedValue(document, one.key);
    if (theirs === one.value) return [];
    return [{ ...one, theirs, conflict: one.base !== undefined && one.base !== theirs }];
  });
}

/**
 * What is wrong with changes, in words; nothing where they can be made.
 * @param document that counts now
 */
export function problemWith(document: RuleDocument, changes: OverlayChanges): string | undefined {
  for (const key of OVERLAY_KEYS) {
    const value = changes[key];
    if (value !== undefined && value !== null && !FITS[key](value)) return `${WANTED[key]}`;
  }
  if (changes.interval === undefined && changes.from === undefined) return undefined;
  const values = OVERLAY_KEYS.flatMap((key) => {
    const value = changes[key];
    return value === undefined || value === null ? [] : [{ key, value }];
  });
  const { from, to, interval } = scheduleWindow(overlaid(document, values).schedule);
  return from - to < interval
    ? 'The rule would look back less than its interval, so some events were never read.'
    : undefined;
}

const FITS: Readonly<Record<OverlayKey, (value: OverlayValue) => boolean>> = {
  enabled: (value) => typeof value === 'boolean',
  severity: (value) => typeof value === 'string' && Object.hasOwn(RISK_OF_SEVERITY, value),
  risk_score: (value) => typeof value === 'number' && value >= 0 && value <= 100,
  interval: (value) => typeof value === 'string' && parseInterval(value) !== undefined,
  from: (value) => typeof value === 'string' && parseLookBack(value) !== undefined,
  max_alerts: (value) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= MOST_ALERTS,
};

const WANTED: Readonly<Record<OverlayKey, string>> = {
  enabled: '`enabled` is true or false.',
  severity: `\`severity\` is one of ${Object.keys(RISK_OF_SEVERITY).join(', ')}.`,
  risk_score: '`risk_score` is a number from 0 to 100.',
  interval: '`interval` is a whole number above zero and s, m, h or d, like 5m.',
  from: '`from` is now- and a whole number and s, m, h or d, like now-9m.',
  max_alerts: `\`max_alerts\` is a whole number from 1 to ${MOST_ALERTS}.`,
};

function withValue(document: RuleDocument, { key, value }: Pick<OverlaidValue, 'key' | 'value'>): RuleDocument {
  switch (key) {
    case 'enabled':
      return { ...document, enabled: value === true };
    case 'severity':
      return { ...document, severity: value as Severity };
    case 'risk_score':
      return { ...document, riskScore: Number(value) };
    case 'interval':
    case 'from':
      return { ...document, schedule: { ...document.schedule, [key]: String(value) } };
    case 'max_alerts':
      return { ...document, maxAlerts: Number(value) };
  }
}
