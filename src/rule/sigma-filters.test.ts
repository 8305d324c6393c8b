import { describe, expect, it } from 'vitest';
import { mayHoldFilters } from './sigma-filters.ts';

const RULE = 'title: a\ndetection:\n  filter:\n    User: ours\n  condition: not filter\n';
const FILTER = 'title: b\nfilter:\n  rules: any\n  selection:\n    User: ours\n  condition: not selection\n';

describe('mayHoldFilters', () => {
  it.each([
    ['a rule', RULE, false],
    ['a rule with a comment', `# filter\n${RULE}`, false],
    ['a filter', FILTER, true],
    ['a filter after a rule', `${RULE}---\n${FILTER}`, true],
    ['a filter in flow style, with a text over lines', '{filter: {rules: any}, title: "x\ndetection: y"}', true],
    ['neither', 'title: c\n', false],
  ])('%s', (_, text, may) => {
    expect(mayHoldFilters(text)).toBe(may);
  });
});
