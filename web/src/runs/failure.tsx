/** What was asked for and not done. */
import { ApiProblem } from '../api/client.ts';
import pageStyles from '../parts/page.module.css';

export function Failure({ what, problem }: { readonly what: string; readonly problem: Error | null }) {
  if (problem === null) return null;
  return (
    <p className={pageStyles.failure} role="alert">
      {what}: {problem.message} {problem instanceof ApiProblem && problem.hint}
    </p>
  );
}
