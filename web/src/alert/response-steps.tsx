/** The response as a checklist: a digit or a click ticks a step and takes it back, and it says who did it and when. */
import { lazy, Suspense } from 'react';
import type { AlertDetail, StepDone } from '../../../src/serve/api.ts';
import { Key } from '../parts/chip.tsx';
import pageStyles from '../parts/page.module.css';
import { Section } from '../parts/section.tsx';
import { When } from '../parts/when.tsx';
import { useKeys } from '../shell/keys.ts';
import styles from './guide.module.css';
import { useStep } from './use-triage.ts';

const Markdown = lazy(() => import('../parts/markdown.tsx'));

/** So many steps have a digit of their own. */
const DIGITS = 9;

export function ResponseSteps({ detail, steps }: { readonly detail: AlertDetail; readonly steps: readonly string[] }) {
  const change = useStep(detail.alert.id);
  const done = new Map(detail.steps_done.map((step) => [step.step, step]));
  const toggle = (step: string) => {
    if (!change.isPending) change.mutate({ step, done: !done.has(step) });
  };
  useKeys(Object.fromEntries(steps.slice(0, DIGITS).map((step, index) => [String(index + 1), () => toggle(step)])));
  return (
    <Section title="Respond">
      <ul className={styles.checklist}>
        {steps.map((step, index) => (
          <li key={step}>
            <label>
              <input
                type="checkbox"
                checked={done.has(step)}
                aria-busy={change.isPending && change.variables.step === step}
                onChange={() => toggle(step)}
              />
              <span className={styles.stepText}>
                <Suspense fallback={step}>
                  <Markdown>{step}</Markdown>
                </Suspense>
                <Done step={done.get(step)} />
              </span>
            </label>
            {index < DIGITS && <Key>{String(index + 1)}</Key>}
          </li>
        ))}
      </ul>
      {change.error !== null && (
        <p className={pageStyles.failure} role="alert">
          Not saved: {change.error.message} The checklist is as it was; try again.
        </p>
      )}
    </Section>
  );
}

function Done({ step }: { readonly step: StepDone | undefined }) {
  if (step === undefined) return null;
  return (
    <span className={styles.done}>
      {step.by}, <When time={step.time} form="long" />
    </span>
  );
}
