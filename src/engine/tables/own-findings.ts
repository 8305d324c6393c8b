/** What is wrong with people's own tables, watchlists and functions, as it is told of rules: the rest of them is there. */
import type { Finding } from '../../rule/finding.ts';
import { toFindings } from '../../rule/finding.ts';
import type { OwnSchema } from './own-schema.ts';

export function ownFindings({ problems }: Pick<OwnSchema, 'problems'>): readonly Finding[] {
  return problems.flatMap(({ file, diagnostic }) => toFindings([{ ...diagnostic, severity: 'warning' }], '', file, {}));
}
