import { describe, expect, it } from 'vitest';
import { queryAt } from './query-in-rule.ts';

const TOML = `[rule]
author = ["E"]
description = "d"
language = "eql"
name = "n"
risk_score = 21
rule_id = "00000000-0000-4000-8000-0000000000aa"
severity = "low"
type = "eql"
query = '''
process where
  process.name == "a"
'''
`;

const PAGE_LIKE = JSON.stringify({
  id: 'x',
  rule_id: 'x',
  name: 'n',
  description: 'd',
  risk_score: 21,
  severity: 'low',
  type: 'eql',
  language: 'eql',
  query: 'process where process.name == "a" and\n  process.pid == 1',
});

describe('the query that a place of a rule’s text lies in', () => {
  it.each([
    ['as it is', TOML, 'process.name'],
    ['at its end', TOML, '"a"'],
    ['escaped', PAGE_LIKE, 'process.pid'],
  ])('%s', (_, text, word) => {
    const at = text.indexOf(word);
    const place = queryAt(text, at);
    expect(place?.language).toBe('eql');
    expect(place?.query.slice(place.offset, place.offset + word.length)).toBe(word);
    expect(place?.toText(place.offset)).toBe(at);
  });

  it('is none outside of it', () => {
    expect(queryAt(TOML, TOML.indexOf('author'))).toBeUndefined();
    expect(queryAt(TOML, TOML.length)).toBeUndefined();
    expect(queryAt('', 0)).toBeUndefined();
    expect(queryAt('no rule at all', 3)).toBeUndefined();
  });
});
