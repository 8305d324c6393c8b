/**
 * What can be said of a rule before it runs, besides its query: severity against risk, schedule, caps, index patterns,
 * ATT&CK.
 *
 * Sources: Elastic's risk bands and schedule semantics (a window of `from` to `to` every `interval`; Elastic itself
 * checks neither for holes), MITRE ATT&CK. An error keeps a rule from being loaded, a warning does not.
 */
import { type Diagnostic, diagnose } from '../diagnostic/diagnostic.ts';
import { checkAttack } from './check-attack.ts';
import { readsNothing } from './index-pattern.ts';
import type { RuleLocator } from './locator.ts';
import type { RuleDocument, Severity } from './rule.ts';
import { parseInterval, parseLookBack, scheduleWindow } from './schedule.ts';

type Checked = Pick<RuleDocument, 'severity' | 'riskScore' | 'schedule' | 'maxAlerts' | 'indexPatterns' | 'threat'> & {
  readonly source?: Pick<RuleDocument['source'], 'form'>;
};

/** The lowest and highest risk score of each severity; Elastic has no `informational`, which takes what low takes. */
const RISK_BANDS: Readonly<Record<Severity, readonly [number, number]>> = {
  informational: [0, 21],
  low: [0, 21],
  medium: [22, 47],
  high: [48, 73],
  critical: [74, 100],
};

/** Elastic's limit for one run of any rule (`xpack.alerting.rules.run.alerts.max`). */
const MOST_ALERTS = 1000;
const MINUTE = 60_000;

export function checkRule(rule: Checked, locate: RuleLocator): readonly Diagnostic[] {
  return [
    ...checkRisk(rule, locate),
    ...checkSchedule(rule, locate),
    ...checkMaxAlerts(rule, locate),
    ...checkIndexPatterns(rule, locate),
    ...checkAttack(rule.threat, locate),
  ];
}

function* checkRisk({ severity, riskScore }: Checked, locate: RuleLocator): Iterable<Diagnostic> {
  if (severity === undefined || riskScore === undefined) return;
  const [least, most] = RISK_BANDS[severity];
  if (riskScore >= least && riskScore <= most) return;
  const fitting = (['low', 'medium', 'high', 'critical'] as const).find((name) => riskScore <= RISK_BANDS[name][1]);
  yield diagnose(
    'rule-risk-band',
    'warning',
    `A risk score of ${riskScore} does not go with severity ${severity} (${least} to ${most}).`,
    locate.value(['riskScore']),
    `Severity ${fitting} takes ${riskScore}; or change the score.`,
  );
}

function* checkSchedule({ schedule, source }: Checked, locate: RuleLocator): Iterable<Diagnostic> {
  const malformed = [
    ...form('interval', schedule.interval, parseInterval, 'a whole number above zero and s, m, h or d, like "5m"'),
    ...form('from', schedule.from, parseLookBack, 'now- and a whole number and s, m, h or d, like "now-9m"'),
    ...form('to', schedule.to, parseLookBack, 'now, or now- and a whole number and s, m, h or d'),
  ];
  if (malformed.length > 0) {
    yield* malformed;
    return;
  }
  const window = scheduleWindow(schedule);
  const overlap = window.from - window.to - window.interval;
  const at = locate.value(['schedule', schedule.from === undefined ? 'interval' : 'from']);
  const need = `now-${minutes(window.to + window.interval + MINUTE)}`;
  // There a window as long as the interval is what rules have, and runs wait for late events.
  const isSentinel = source?.form.startsWith('sentinel-') === true;
  if (overlap < 0) {
    const message = `The rule runs every ${minutes(window.interval)} and looks at ${minutes(Math.max(0, window.from - window.to))} of events: ${minutes(Math.min(-overlap, window.interval))} of each interval are never read.`;
    yield diagnose(
      'rule-schedule-hole',
      'warning',
      message,
      at,
      isSentinel ? 'queryPeriod must be at least queryFrequency.' : `Look back at least from ${need}.`,
    );
  } else if (overlap < MINUTE && !isSentinel) {
    const message = `The window overlaps the run before by ${overlap === 0 ? 'nothing' : minutes(overlap)}: events that arrive late are missed.`;
    yield diagnose(
      'rule-schedule-tight',
      'info',
      message,
      at,
      `Elastic recommends at least a minute: from = "${need}".`,
    );
  }

  function* form(
    key: 'interval' | 'from' | 'to',
    text: string | undefined,
    parse: (text: string) => number | undefined,
    accepted: string,
  ): Iterable<Diagnostic> {
    if (text === undefined || parse(text) !== undefined) return;
    const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
    yield diagnose(
      'rule-schedule-form',
      'error',
      `${key} cannot be "${shown}".`,
      locate.value(['schedule', key]),
      `Write ${accepted}.`,
    );
  }
}

function* checkMaxAlerts({ maxAlerts }: Checked, locate: RuleLocator): Iterable<Diagnostic> {
  if (maxAlerts === undefined || maxAlerts <= MOST_ALERTS) return;
  const message = `max_signals of ${maxAlerts} is more than Elastic creates in one run.`;
  yield diagnose(
    'rule-max-alerts-high',
    'warning',
    message,
    locate.value(['maxAlerts']),
    `Use at most ${MOST_ALERTS}.`,
  );
}

function* checkIndexPatterns({ indexPatterns }: Checked, locate: RuleLocator): Iterable<Diagnostic> {
  if (!readsNothing(indexPatterns)) return;
  const hint = 'Put the pattern that "-" takes away from before it, for example "logs-*".';
  yield diagnose(
    'rule-index-nothing',
    'warning',
    'Every index pattern begins with "-", so the rule reads no event.',
    locate.value(['indexPatterns']),
    hint,
  );
}

function minutes(ms: number): string {
  return ms % MINUTE === 0 ? `${ms / MINUTE}m` : `${ms / 1000}s`;
}
