/**
 * Values that count here instead of the rule's own: what was changed, what the rule says, taking it back, and where the rule
 * has changed as well, which of the two counts.
 */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { RuleDetail } from '../../../src/serve/api.ts';
import type { OverlayKey, OverlayRequest, OverlayView } from '../../../src/serve/rule-change-api.ts';
import { ruleQuestion, rulesQuestion } from '../api/questions.ts';
import { changeRuleHere } from '../api/rule-changes.ts';
import pageStyles from '../parts/page.module.css';
import partStyles from '../parts/parts.module.css';
import { Section } from '../parts/section.tsx';
import styles from './rule-changes.module.css';

const NAMES: Readonly<Record<OverlayKey, string>> = {
  enabled: 'Runs',
  severity: 'Severity',
  risk_score: 'Risk score',
  interval: 'Every',
  from: 'Looks back to',
  max_alerts: 'Max alerts a run',
};
const SEVERITIES = ['informational', 'low', 'medium', 'high', 'critical'];

function useRuleChange(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (changes: OverlayRequest) => changeRuleHere(id, changes),
    onSuccess: async (detail) => {
      client.setQueryData(ruleQuestion(id).queryKey, detail);
      await client.invalidateQueries({ queryKey: rulesQuestion.queryKey });
    },
  });
}

export function RuleOverlay({ rule }: { readonly rule: RuleDetail }) {
  const change = useRuleChange(rule.id);
  const [isOpen, setOpen] = useState(false);
  return (
    <Section title="Changed here">
      {rule.overlay.length === 0 && !isOpen && <p className={styles.quiet}>Nothing: the rule runs as it is written.</p>}
      <ul className={styles.changes}>
        {rule.overlay.map((view) => (
          <Changed key={view.key} view={view} isBusy={change.isPending} send={change.mutate} />
        ))}
      </ul>
      {isOpen ? (
        <Form
          rule={rule}
          isBusy={change.isPending}
          send={(changes) => change.mutate(changes, { onSuccess: () => setOpen(false) })}
          cancel={() => setOpen(false)}
        />
      ) : (
        <button type="button" className={partStyles.quiet} onClick={() => setOpen(true)}>
          Change it here
        </button>
      )}
      {change.error !== null && (
        <p className={pageStyles.failure} role="alert">
          Not changed: {change.error.message}
        </p>
      )}
    </Section>
  );
}

interface ChangedProps {
  readonly view: OverlayView;
  readonly isBusy: boolean;
  readonly send: (changes: OverlayRequest) => void;
}

function Changed({ view: { key, value, theirs, base, conflict, by }, isBusy, send }: ChangedProps) {
  return (
    <li>
      <span>
        {NAMES[key]} <b>{shown(value)}</b>
      </span>
      <span className={styles.quiet}>
        {conflict
          ? `The rule said ${shown(base ?? null)} when this was changed, and says ${shown(theirs)} now.`
          : `The rule says ${shown(theirs)}.`}
        {by !== undefined && ` By ${by}.`}
      </span>
      <span className={styles.choices}>
        {conflict && (
          <button type="button" className={partStyles.quiet} disabled={isBusy} onClick={() => send({ [key]: value })}>
            Keep mine
          </button>
        )}
        <button type="button" className={partStyles.quiet} disabled={isBusy} onClick={() => send({ [key]: null })}>
          {conflict ? 'Take theirs' : 'Reset'}
        </button>
      </span>
    </li>
  );
}

interface FormProps {
  readonly rule: RuleDetail;
  readonly isBusy: boolean;
  readonly send: (changes: OverlayRequest) => void;
  readonly cancel: () => void;
}

function Form({ rule: { document }, isBusy, send, cancel }: FormProps) {
  const { severity, riskScore, schedule, maxAlerts } = document;
  const before: Readonly<Record<string, string>> = {
    severity: severity ?? '',
    risk_score: String(riskScore ?? ''),
    interval: schedule.interval ?? '',
    from: schedule.from ?? '',
    max_alerts: String(maxAlerts ?? ''),
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const changed = Object.keys(before).flatMap((key) => {
      const text = String(form.get(key) ?? '').trim();
      if (text === before[key] || text === '') return [];
      return [[key, key === 'risk_score' || key === 'max_alerts' ? Number(text) : text]];
    });
    if (changed.length === 0) cancel();
    else send(Object.fromEntries(changed) as OverlayRequest);
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <label>
        {NAMES.severity}
        <select name="severity" defaultValue={before.severity}>
          {severity === undefined && <option value="">none</option>}
          {SEVERITIES.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      </label>
      <label>
        {NAMES.risk_score}
        <input name="risk_score" type="number" min={0} max={100} defaultValue={before.risk_score} />
      </label>
      <label>
        {NAMES.interval}
        <input name="interval" defaultValue={before.interval} placeholder="5m" />
      </label>
      <label>
        {NAMES.from}
        <input name="from" defaultValue={before.from} placeholder="now-6m" />
      </label>
      <label>
        {NAMES.max_alerts}
        <input name="max_alerts" type="number" min={1} max={1000} defaultValue={before.max_alerts} placeholder="100" />
      </label>
      <span className={styles.choices}>
        <button type="submit" className={partStyles.quiet} disabled={isBusy}>
          {isBusy ? 'Saving…' : 'Save'}
        </button>
        <button type="button" className={partStyles.quiet} onClick={cancel}>
          Cancel
        </button>
      </span>
    </form>
  );
}

function shown(value: string | number | boolean | null): string {
  if (value === null) return 'nothing';
  return typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value);
}
