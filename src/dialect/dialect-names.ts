/** The languages that rules are converted to, by the names that people write; apart, so that help stays quick. */
export const DIALECTS = ['kql-asim', 'kql-xdr', 'eql', 'esql', 'lucene'] as const;

export type DialectName = (typeof DIALECTS)[number];
