/** A vitest reporter that tells `npm test` how each test ended; vitest's own JSON leaves out why a test was skipped. */
import { relative } from 'node:path';
import type { SerializedError } from 'vitest';
import type { Reporter, TestModule } from 'vitest/node';
import { type Case, writeOutcomes } from './outcome.ts';

export default class OutcomesReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const cases = modules.flatMap(casesOf);
    for (const error of unhandled) cases.push({ name: `unhandled: ${error.message}`, state: 'failed' });
    writeOutcomes(cases);
  }
}

function casesOf(module: TestModule): Case[] {
  const file = relative(process.cwd(), module.moduleId);
  const cases: Case[] = module.errors().map(({ message }) => ({ name: `${file}: ${message}`, state: 'failed' }));
  for (const test of module.children.allTests()) {
    const name = `${file} > ${test.fullName}`;
    const result = test.result();
    if (result.state === 'passed') cases.push({ name, state: 'passed' });
    else if (result.state === 'failed') cases.push({ name, state: 'failed' });
    // A test that never came to run (its hook failed, the run was cut short) must not count as skipped on purpose.
    else if (result.state === 'pending') cases.push({ name: `${name} (never ran)`, state: 'failed' });
    else cases.push({ name, state: 'skipped', note: result.note ?? '' });
  }
  for (const suite of module.children.allSuites()) {
    for (const { message } of suite.errors())
      cases.push({ name: `${file} > ${suite.fullName}: ${message}`, state: 'failed' });
  }
  return cases;
}
