import { expect, it } from 'vitest';
import { readsAlerts, readsOnlyAlerts } from './alert-index.ts';

it.each([
  [[], false, false],
  [['logs-*'], false, false],
  [['*'], false, false],
  [['.alerts-security.*'], true, true],
  [['.siem-signals-*'], true, true],
  [['.internal.alerts-security.alerts-default-*'], true, true],
  [['logs-*,.alerts-security.alerts-default'], true, false],
  [['.alerts-security.*', '-.alerts-security.alerts-default', '-*signals*', '-.internal*'], false, true],
])('%j', (indexPatterns, some, only) => {
  expect(readsAlerts({ indexPatterns })).toBe(some);
  expect(readsOnlyAlerts({ indexPatterns })).toBe(only);
});
