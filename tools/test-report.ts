/**
 * What `npm test` prints: a line as each step ends, the output of one that failed, and at the end what ran, what was
 * skipped and why, and the totals as a last line of their own.
 */
import { styleText } from 'node:util';
import type { Case } from './outcome.ts';
import type { StepOutcome } from './test-step.ts';

const SHOWN_LINES = 150;
/** How `oneIn` of `test/effort.ts` ends a name. */
const SAMPLED = / \(one in \d+\)$/;
type Counts = Record<Case['state'], number>;

export function reportStep(outcome: StepOutcome): string {
  const counts = countCases(outcome.cases);
  const failed = counts.failed > 0;
  const mark = failed ? styleText('red', '✗') : styleText('green', '✓');
  const parts = [`${counts.passed} passed`];
  if (failed) parts.push(styleText('red', `${counts.failed} failed`));
  if (counts.skipped > 0) parts.push(styleText('yellow', `${counts.skipped} skipped`));
  const line = `${mark} ${outcome.title.padEnd(20)} ${seconds(outcome.seconds)}  ${parts.join(', ')}`;
  if (!failed) return line;
  const reasons = outcome.cases
    .filter((item) => item.state === 'failed' && item.note !== undefined)
    .map((item) => `${item.name}: ${item.note}`);
  return [line, ...indent(`${lastLines(outcome.output)}\n${reasons.join('\n')}`)].join('\n');
}

export function reportAll(outcomes: readonly StepOutcome[]): string {
  const cases = outcomes.flatMap((outcome) => outcome.cases);
  const totals = countCases(cases);
  const lines = ['', `${''.padEnd(22)}  passed  failed  skipped   seconds  computing`];
  for (const outcome of outcomes) {
    const counts = countCases(outcome.cases);
    const columns = [column(counts.passed, 7), column(counts.failed, 8), column(counts.skipped, 9)];
    lines.push(
      `${outcome.title.padEnd(22)} ${columns.join('')}  ${seconds(outcome.seconds)}  ${seconds(outcome.processorSeconds)}`,
    );
  }
  const computing = outcomes.reduce((sum, { processorSeconds }) => sum + processorSeconds, 0);
  lines.push(`${'in all'.padEnd(48)}  ${' '.repeat(9)}  ${seconds(computing)}`);
  const failed = cases.filter(({ state }) => state === 'failed');
  if (failed.length > 0) lines.push('', 'Failed:', ...failed.map(({ name }) => `  ${name}`));
  const skips = groupSkips(cases);
  if (skips.size > 0) {
    lines.push('', 'Skipped:', ...[...skips].map(([reason, count]) => `  ${count} × ${reason}`));
  }
  const sampled = cases.filter(({ name }) => SAMPLED.test(name));
  if (sampled.length > 0) lines.push('', 'Sampled; whole in the long test:', ...sampled.map(({ name }) => `  ${name}`));
  return [...lines, '', `${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`].join('\n');
}

export function countCases(cases: readonly Case[]): Counts {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { state } of cases) counts[state] += 1;
  return counts;
}

function groupSkips(cases: readonly Case[]): Map<string, number> {
  const groups = new Map<string, number>();
  for (const { state, note = '' } of cases) {
    if (state === 'skipped') groups.set(note, (groups.get(note) ?? 0) + 1);
  }
  return groups;
}

function lastLines(output: string): string {
  const lines = output.trim().split('\n');
  if (lines.length <= SHOWN_LINES) return lines.join('\n');
  return [`… ${lines.length - SHOWN_LINES} lines before`, ...lines.slice(-SHOWN_LINES)].join('\n');
}

function indent(text: string): string[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `    ${line}`);
}

function column(count: number, width: number): string {
  return (count === 0 ? '·' : String(count)).padStart(width);
}

function seconds(value: number): string {
  return (Number.isNaN(value) ? '·' : `${value.toFixed(1)} s`).padStart(9);
}
