/** A rule by its name, or by its id where it is no longer loaded. */
import { Link } from '@tanstack/react-router';
import type { RuleName } from '../../../src/serve/run-api.ts';

export function RuleLink({ rule: { id, name } }: { readonly rule: RuleName }) {
  if (name === undefined) return <span title="This rule is no longer loaded">{id}</span>;
  return (
    <Link to="/rules/$id" params={{ id }}>
      {name}
    </Link>
  );
}
