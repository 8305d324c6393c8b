import { expect, it } from 'vitest';
import { withoutTurns } from './direction.ts';

it('writes characters out that turn what follows, and nothing else', () => {
  expect(withoutTurns('cod\u202efdp.exe')).toBe('cod\\u{202e}fdp.exe');
  expect(withoutTurns('a\u2066b\u2069 שלום ü\u200d')).toBe('a\\u{2066}b\\u{2069} שלום ü\u200d');
});
