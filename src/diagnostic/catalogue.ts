/**
 * Every diagnostic code, once, with what it means. The docs page of messages is made from this table, and each code
 * has a test that triggers it. A code is `<room>-<what is wrong>`; it never changes its meaning.
 */
export const CATALOGUE = {
  'eql-syntax': 'The query does not follow EQL’s grammar.',
} as const satisfies Record<string, string>;

export type DiagnosticCode = keyof typeof CATALOGUE;
