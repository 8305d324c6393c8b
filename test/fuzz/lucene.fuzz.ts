/** Lucene's front end on hostile query strings: always an answer, never an exception, every place inside the text. */
import fc from 'fast-check';
import { compileLucene } from '../../src/language/lucene/lucene.ts';

const PIECES = fc.constantFrom(
  ...'process.name process.pid source.ip @timestamp message vendor.x : ( ) [ ] { } TO AND OR NOT && || ! + - / " \\ * ? ~ ^2 > >= _exists_ 10.0.0.0/8 2024-05 now-1d 𝒳 \u3000 \n'.split(
    ' ',
  ),
  ' ',
);
const QUERY = fc.oneof(
  { weight: 3, arbitrary: fc.array(PIECES, { maxLength: 40 }).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  { weight: 1, arbitrary: fc.tuple(PIECES, fc.nat(3000)).map(([piece, times]) => piece.repeat(times)) },
);

export function fuzzLucene(seconds: number, seed: number): { runs: number } {
  const end = Date.now() + seconds * 1000;
  let runs = 0;
  for (let round = 0; runs === 0 || Date.now() < end; round += 1) {
    for (const text of fc.sample(QUERY, { seed: seed + round, numRuns: 200 })) {
      runs += 1;
      const { plan, diagnostics } = compileLucene(text, { now: 0 });
      const failed = diagnostics.some(({ severity }) => severity === 'error');
      const placed = diagnostics.every(({ span }) => span.start <= span.end && span.end <= text.length);
      if ((plan === undefined) !== failed || !placed) throw new Error(`wrong answer to ${JSON.stringify(text)}`);
    }
  }
  return { runs };
}
