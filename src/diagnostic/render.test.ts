import { expect, test } from 'vitest';
import { diagnose } from './diagnostic.ts';
import { renderDiagnostic } from './render.ts';
import { spanOf } from './span.ts';

test('message, place and hint', () => {
  const text = 'process where\n\tname = "x"';
  const diagnostic = diagnose('eql-syntax', 'error', '“=” does not compare', spanOf(20, 21), 'write ==');
  expect(renderDiagnostic(text, diagnostic, { color: false })).toBe(
    ['error: “=” does not compare [eql-syntax]', '  2 | \tname = "x"', '    | \t     ^', '  hint: write =='].join('\n'),
  );
});

test('a long line is cut around the place', () => {
  const text = `${'a'.repeat(5_000)}=${'b'.repeat(5_000)}`;
  const rendered = renderDiagnostic(text, diagnose('eql-syntax', 'warning', 'm', spanOf(5_000, 5_001)), {
    color: false,
  });
  const [, line = '', caret = ''] = rendered.split('\n');
  expect(line.length).toBeLessThan(140);
  expect(line.charAt(caret.indexOf('^'))).toBe('=');
});

test('the end of the text, an empty text, and control characters', () => {
  const diagnostic = diagnose('eql-syntax', 'info', 'a\u001b[2Jb', spanOf(3, 3));
  expect(renderDiagnostic('abc', diagnostic, { color: false })).toContain('    |    ^');
  expect(renderDiagnostic('', diagnostic, { color: false })).toBe('info: a�[2Jb [eql-syntax]');
  expect(renderDiagnostic('\u001b[2J', diagnostic, { color: false })).not.toContain('\u001b');
});

test('colours', () => {
  const rendered = renderDiagnostic('abc', diagnose('eql-syntax', 'error', 'm', spanOf(0, 1)), { color: true });
  expect(rendered).toContain('\u001b[1;31merror\u001b[0m');
});
