/**
 * Values that count here instead of the rule's own: what was changed, what the rule says, taking it back. Where the rule has
 * changed as well, a person has to choose (`rule-conflict.tsx`).
 */
import { type FormEvent, useState } from 'react';
import type { RuleDetail } from '../../../src/serve/api.ts';
import type { OverlayRequest, OverlayView } from '../../../src/serve/rule-change-api.ts';
import pageStyles from '../parts/page.module.css';
import partStyles from '../parts/parts.module.css';
import { Section } from '../parts/section.tsx';
import styles from './rule-changes.module.css';
import { OVERLAY_NAMES, overlayWords, useRuleChange } from './use-rule-change.ts';

const SEVERITIES = ['informational', 'low', 'medium', 'high', 'critical'];

export function RuleOverlay({ rule }: { readonly rule: RuleDetail }) {
  const change = useRuleChange(rule.id);
  const [isOpen, setOpen] = useState(false);
  const settled = rule.overlay.filter(({ conflict }) => !conflict);
  const open = rule.overlay.filter(({ conflict }) => conflict);
  return (
    <Section title="Changed here">
      {rule.overlay.length === 0 && !isOpen && <p className={styles.quiet}>Nothing: the rule runs as it is written.</p>}
      <ul className={styles.changes}>
        {settled.map((view) => (
          <Changed key={view.key} view={view} isBusy={change.isPending} send={change.mutate} />
        ))}
      </ul>
      {open.length > 0 && (
        <p className={styles.open}>
          {settled.length > 0 && 'Also '}
          {open.map(({ key }) => OVERLAY_NAMES[key]).join(', ')}: the rule changed too, so choose which counts.
        </p>
      )}
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

function Changed({ view: { key, value, theirs, by }, isBusy, send }: ChangedProps) {
  return (
    <li>
      <span>
        {OVERLAY_NAMES[key]} <b>{overlayWords(value)}</b>
      </span>
      <span className={styles.quiet}>
        The rule says {overlayWords(theirs)}.{by !== undefined && ` By ${by}.`}
      </span>
      <button type="button" className={partStyles.quiet} disabled={isBusy} onClick={() => send({ [key]: null })}>
        Reset
      </button>
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
        {OVERLAY_NAMES.severity}
        <select name="severity" defaultValue={before.severity}>
          {severity === undefined && <option value="">none</option>}
          {SEVERITIES.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      </label>
      <label>
        {OVERLAY_NAMES.risk_score}
        <input name="risk_score" type="number" min={0} max={100} defaultValue={before.risk_score} />
      </label>
      <label>
        {OVERLAY_NAMES.interval}
        <input name="interval" defaultValue={before.interval} placeholder="5m" />
      </label>
      <label>
        {OVERLAY_NAMES.from}
        <input name="from" defaultValue={before.from} placeholder="now-6m" />
      </label>
      <label>
        {OVERLAY_NAMES.max_alerts}
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
