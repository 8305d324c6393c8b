/**
 * Whether an exception says who wrote it and why: asked of what is kept or stands in a file, not of a draft that is only
 * tried. What came from Elastic's lists, where a description may be empty, need not say why.
 */
import { diagnose } from '../../diagnostic/diagnostic.ts';
import { NO_SPAN } from '../../diagnostic/span.ts';
import type { Exception } from '../exception.ts';
import type { ExceptionFinding } from './draft.ts';

export function checkSignature({
  reason,
  author,
  extra,
}: Pick<Exception, 'reason' | 'author' | 'extra'>): readonly ExceptionFinding[] {
  const findings: ExceptionFinding[] = [];
  if (reason.trim() === '' && extra?.elastic === undefined) {
    const hint = 'Say why it is harmless: whoever finds it in a year has nothing else to go by.';
    findings.push(empty('reason', 'The exception has no reason.', hint));
  }
  if (author.trim() === '') findings.push(empty('author', 'The exception has no author.', 'Say who answers for it.'));
  return findings;
}

function empty(at: string, message: string, hint: string): ExceptionFinding {
  return { ...diagnose('exception-empty', 'error', message, NO_SPAN, hint), at };
}
