import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Case } from './outcome.ts';
import { reportAll, reportStep } from './test-report.ts';
import { runStep, type Step } from './test-step.ts';

let scratch = '';
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'vedette-step-'));
});
afterAll(() => rmSync(scratch, { recursive: true }));

const run = (step: Partial<Step> & { script: string }, required: readonly string[] = []) =>
  runStep(
    { title: 'step', tells: 'check', timeoutSeconds: 10, ...step, command: [process.execPath, '-e', step.script] },
    { root: scratch, scratch, required: new Set(required) },
  );

const telling = (cases: readonly Case[], code = 0) =>
  `require('fs').writeFileSync(process.env.VEDETTE_OUTCOMES, '${JSON.stringify(cases)}'); process.exitCode = ${code}`;

describe('a step', () => {
  test('that checks passes or fails by its exit code', async () => {
    expect((await run({ script: '' })).cases).toEqual([{ name: 'step', state: 'passed' }]);
    const failed = await run({ script: 'console.log("why"); process.exitCode = 3' });
    expect(failed.cases).toEqual([{ name: 'step', state: 'failed' }]);
    expect(reportStep(failed)).toContain('    why');
  });

  test('that fails without naming a case counts as failed', async () => {
    const outcome = await run({ tells: 'cases', script: telling([{ name: 'a', state: 'passed' }], 1) });
    expect(outcome.cases.map(({ state }) => state)).toEqual(['passed', 'failed']);
    expect((await run({ tells: 'cases', script: '' })).cases.map(({ state }) => state)).toEqual(['failed']);
  });

  test('that does not end is ended, with what it started', async () => {
    const script = `require('child_process').spawnSync(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])`;
    const outcome = await run({ script, timeoutSeconds: 0.5 });
    expect(outcome.cases[0]?.state).toBe('failed');
    expect(outcome.output).toContain('no end after 0.5 s');
  });

  test('may skip for a reason, unless that is required', async () => {
    const script = telling([
      { name: 'a', state: 'skipped', note: 'corpora: no such folder' },
      { name: 'b', state: 'skipped', note: '' },
    ]);
    expect((await run({ tells: 'cases', script })).cases.map(({ state }) => state)).toEqual(['skipped', 'failed']);
    const required = await run({ tells: 'cases', script }, ['corpora']);
    expect(required.cases.map(({ state }) => state)).toEqual(['failed', 'failed']);
  });
});

test('the last line of the report gives the totals', () => {
  const cases: Case[] = [
    { name: 'a', state: 'passed' },
    { name: 'b', state: 'skipped', note: 'chromium: not on the path' },
    { name: 'c', state: 'failed' },
  ];
  const lines = reportAll([{ title: 'unit', seconds: 1.2, processorSeconds: 0.4, cases, output: '' }]).split('\n');
  expect(lines.at(-1)).toBe('1 passed, 1 failed, 1 skipped');
  expect(lines).toContain('  1 × chromium: not on the path');
  expect(lines).toContain('  c');
});
