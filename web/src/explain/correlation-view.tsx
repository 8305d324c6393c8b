/** How far a rule over several events came, by join key, the nearest to a match first, and what broke it. */
import type {
  CorrelationExplanation,
  InnerExplanation,
  KeyExplanation,
  NearMiss,
  StepExplanation,
  StepReached,
} from '../../../src/serve/triage-api.ts';
import { ClauseList } from '../alert/clause-list.tsx';
import { When } from '../parts/when.tsx';
import { counted, grouped } from '../words/counts.ts';
import styles from './correlation.module.css';

const NO_EVIDENCE = { fields: {} };

export function CorrelationView({ explanation }: { readonly explanation: CorrelationExplanation }) {
  const { fires, events, asks, steps, keys, all_keys, inner = [], unread, unread_streams, dropped, by } = explanation;
  return (
    <>
      <p className={styles.verdict} data-fires={fires} role="status">
        <span aria-hidden="true">{fires ? '✓' : '✗'}</span> {fires ? 'The rule fires on' : 'The rule does not fire on'}{' '}
        {events === 1 ? 'this event' : `these ${counted(events, 'event')}`}.
      </p>
      {asks !== undefined && <Asks asks={asks} by={by} />}
      <ol
        className={styles.asked}
        aria-label={asks === undefined ? 'What each step asks for' : 'The rules that take part'}
      >
        {steps.map((step, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: steps stand in the rule's order and may be alike
          <Asked key={index} step={step} />
        ))}
      </ol>
      {unread > 0 && (
        <p className={styles.quiet}>
          The rule’s index patterns leave out {counted(unread, 'event')}
          {unread_streams.length > 0 && `, in ${unread_streams.join(', ')}`}.
        </p>
      )}
      {dropped > 0 && <p className={styles.quiet}>{counted(dropped, 'key')} were given up for want of memory.</p>}
      {keys.map((key) => (
        <OneKey key={JSON.stringify(key.key)} of={key} steps={steps} by={by} />
      ))}
      {keys.length < all_keys && (
        <p className={styles.quiet}>
          The {counted(keys.length, 'key')} nearest to a match, of {all_keys.toLocaleString('en-US')}.
        </p>
      )}
      {inner.map((one, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a correlation may be named more than once
        <Inner key={index} of={one} steps={steps} />
      ))}
    </>
  );
}

function Asks({ asks, by }: { readonly asks: string; readonly by: readonly string[] }) {
  return (
    <p>
      It asks for {asks}
      {by.length > 0 && (
        <>
          , by <code>{by.join(', ')}</code>
        </>
      )}
      .
    </p>
  );
}

/** A correlation in the correlation. */
function Inner({ of, steps }: { readonly of: InnerExplanation; readonly steps: readonly StepExplanation[] }) {
  return (
    <details open={of.matched === 0}>
      <summary>
        <code>{of.name}</code>: {of.matched === 1 ? '1 match' : `${grouped(of.matched)} matches`}
      </summary>
      <Asks asks={of.asks} by={of.by} />
      {of.keys.map((key) => (
        <OneKey key={JSON.stringify(key.key)} of={key} steps={steps} by={of.by} />
      ))}
    </details>
  );
}

function Asked({
  step: { text, missing, passed, keyless, valueless = 0, nearest },
}: {
  readonly step: StepExplanation;
}) {
  return (
    <li>
      <code>{text}</code>
      <p className={styles.quiet}>
        {counted(passed, 'event')} {passed === 1 ? 'passes' : 'pass'}
        {missing && ' (and has to stay away)'}
        {keyless > 0 && `, ${keyless.toLocaleString('en-US')} of them without a join key`}
        {valueless > 0 && `, ${valueless.toLocaleString('en-US')} without anything to measure`}.
      </p>
      {nearest !== undefined && <Nearest of={nearest} />}
    </li>
  );
}

interface KeyProps {
  readonly of: KeyExplanation;
  readonly steps: readonly StepExplanation[];
  readonly by: readonly string[];
}

function OneKey({ of, steps, by }: KeyProps) {
  const { key, outcome, message, broken_by, excepted_by } = of;
  const isMatch = outcome === 'matched';
  const name = key.map((value) => String(value ?? 'no value')).join(', ');
  return (
    <section className={styles.key} aria-label={name === '' ? 'All events' : name}>
      <h3 data-match={isMatch}>
        <span aria-hidden="true">{isMatch ? '✓' : '✗'}</span>{' '}
        {name === '' ? 'All events' : <code title={by.join(', ')}>{name}</code>}
      </h3>
      <p>{message}</p>
      {excepted_by !== undefined && (
        <p>
          <a href={`/exceptions/${encodeURIComponent(excepted_by.id)}`}>The exception “{excepted_by.name}”</a>
        </p>
      )}
      <ol className={styles.reached}>
        {of.steps.map((reached, index) => (
          <Reached
            // biome-ignore lint/suspicious/noArrayIndexKey: of a correlation, several events may pass one step
            key={index}
            reached={reached}
            isAway={steps[reached.step]?.missing === true}
            isOpen={isMatch}
          />
        ))}
        {broken_by !== undefined && !isMatch && (
          <li className={styles.broken}>
            <span className={styles.mark} aria-hidden="true">
              ✗
            </span>
            <div>
              What broke it: {broken_by.sentence} <When time={broken_by.time} form="full" />
            </div>
          </li>
        )}
      </ol>
    </section>
  );
}

interface ReachedProps {
  readonly reached: StepReached;
  readonly isAway: boolean;
  readonly isOpen: boolean;
}

function Reached({ reached: { step, event, trace, nearest }, isAway, isOpen }: ReachedProps) {
  const isThere = event !== undefined;
  return (
    <li data-there={isThere || isAway}>
      <span className={styles.mark} aria-label={`Step ${step + 1}`} role="img">
        {step + 1}
      </span>
      <div>
        {isThere && (
          <p>
            {event.sentence} <When time={event.time} form="full" />
          </p>
        )}
        {isThere && trace !== undefined && (
          <details open={isOpen}>
            <summary>Clause by clause</summary>
            <ClauseList trace={trace} evidence={NO_EVIDENCE} />
          </details>
        )}
        {!isThere && <p className={styles.quiet}>{isAway ? 'has to stay away' : 'did not come'}</p>}
        {nearest !== undefined && <Nearest of={nearest} />}
      </div>
    </li>
  );
}

function Nearest({ of: { sentence, time, obstacles } }: { readonly of: NearMiss }) {
  return (
    <div className={styles.near}>
      <p>
        Nearest: {sentence} <When time={time} form="full" />
      </p>
      <ul>
        {obstacles.map(({ message }) => (
          <li key={message}>{message}</li>
        ))}
      </ul>
    </div>
  );
}
