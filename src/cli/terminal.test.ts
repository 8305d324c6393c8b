import { expect, it } from 'vitest';
import { printable, style, widthOf } from './terminal.ts';

const TTY = { isTTY: true, columns: 80 };

it.each([
  ['a terminal', TTY, {}, true],
  ['a pipe', {}, {}, false],
  ['a terminal with NO_COLOR', TTY, { NO_COLOR: '1' }, false],
  ['a terminal with an empty NO_COLOR', TTY, { NO_COLOR: '' }, true],
  ['a dumb terminal', TTY, { TERM: 'dumb' }, false],
  ['a pipe with FORCE_COLOR', {}, { FORCE_COLOR: '1' }, true],
  ['a terminal with FORCE_COLOR=0', TTY, { FORCE_COLOR: '0' }, false],
])('colours on %s', (_, stream, environment, coloured) => {
  expect(style(stream, environment).red('x')).toBe(coloured ? '\x1b[31mx\x1b[39m' : 'x');
  expect(style(stream, environment).severity('high', 'x') !== 'x').toBe(coloured);
});

it('knows how wide to write', () => {
  expect(widthOf(TTY)).toBe(80);
  expect(widthOf({ columns: 80 })).toBe(Number.POSITIVE_INFINITY);
});

it.each([
  ['\x1b[2Jgone', '\\u{1b}[2Jgone'],
  ['over\rwritten', 'over\\u{d}written'],
  ['\u202egnp.exe', '\\u{202e}gnp.exe'],
  ['\u009b31m', '\\u{9b}31m'],
  ['tab\tand\nline', 'tab\tand\nline'],
  ['漢字 😀 é', '漢字 😀 é'],
])('makes %j printable', (text, safe) => {
  expect(printable(text)).toBe(safe);
});
