/**
 * What has to hold of reading any text as rules: it does not throw or hang, its findings lie inside the text, and a rule
 * is left out exactly where a finding is an error. Filters and correlation rules in the text are applied and completed;
 * a filter is no rule, so nothing need be said of one that is right.
 */
import { correlated } from '../../src/rule/correlated.ts';
import { inspectText } from '../../src/rule/inspect.ts';
import { addFilters } from '../../src/rule/sigma-filter-texts.ts';
import { SigmaFilters } from '../../src/rule/sigma-filters.ts';

/** Seconds one file may take; the largest real rules take 20 ms. */
const SLOW = 5;

/** @throws {Error} with what is wrong */
export function inspectFuzzed(text: string, file: string): void {
  const began = performance.now();
  const filters = new SigmaFilters();
  addFilters(filters, text, file);
  const inspections = correlated(inspectText(text, file, { filters }));
  const took = (performance.now() - began) / 1000;
  if (took > SLOW) throw new Error(`took ${took.toFixed(1)} s`);
  if (inspections.length === 0) throw new Error('nothing said of the text');
  const lines = text.split('\n');
  for (const { rule, document, findings, pending } of inspections) {
    for (const { line, column, end, message } of findings) {
      const written = lines[line - 1];
      if (written === undefined || column < 1 || column > [...written].length + 1) {
        throw new Error(`"${message}" at ${line}:${column} is outside the file`);
      }
      if (end.line < line || (end.line === line && end.column < column))
        throw new Error(`"${message}" ends before it starts`);
    }
    const wrong = findings.some(({ severity }) => severity === 'error');
    const isFilter = document === undefined && text.includes('filter');
    if (rule === undefined && !wrong && pending === undefined && !isFilter)
      throw new Error('left out without an error');
    if (rule !== undefined && wrong) throw new Error('loaded with an error');
    if (rule !== undefined) JSON.stringify(rule.document);
  }
}
