/**
 * What went wrong: what failed, what is lost (nothing), what to do. Passing troubles are tried again by themselves, and
 * what was loaded before stays on the page beneath.
 */
import { type QueryKey, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { ApiProblem } from '../api/client.ts';
import styles from './parts.module.css';

interface Props {
  /** What could not be done: `The alerts could not be loaded`. */
  readonly title: string;
  readonly problem: Error;
  readonly queryKey: QueryKey;
}

export function Problem({ title, problem, queryKey }: Props) {
  const client = useQueryClient();
  const isPassing = problem instanceof ApiProblem && problem.isPassing;
  const hint = problem instanceof ApiProblem ? problem.hint : undefined;
  useEffect(() => {
    if (!(problem instanceof ApiProblem)) console.error(problem);
  }, [problem]);
  // Asking again while the client waits for its next try would only join that wait, so the wait is ended first.
  const tryNow = async () => {
    await client.cancelQueries({ queryKey });
    await client.refetchQueries({ queryKey });
  };
  return (
    <div className={styles.problem} role="alert">
      <div>
        <h2>{title}</h2>
        <p>
          {problem.message} {hint} {isPassing && 'Nothing is lost. Trying again by itself.'}
        </p>
      </div>
      <button type="button" className={styles.quiet} onClick={tryNow}>
        Try now
      </button>
    </div>
  );
}
