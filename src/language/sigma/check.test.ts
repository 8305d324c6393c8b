/**
 * What is said of detections before they run, and what is not: a check that is wrong of good rules is worse than none.
 */
import { describe, expect, it } from 'vitest';
import { compileSigma } from './sigma.ts';

function told(item: string, product = 'windows'): readonly string[] {
  const source = `logsource: {product: ${product}, category: process_creation}\n`;
  const text = `${source}detection:\n  s:\n${item.replaceAll(/^/gm, '    ')}\n  condition: s\n`;
  return compileSigma(text).diagnostics.map(
    ({ severity, code, message, span, hint }) =>
      `${severity} ${code} «${text.slice(span.start, span.end)}» ${message}${hint === undefined ? '' : ` [${hint}]`}`,
  );
}

describe('values', () => {
  it.each<[string, string]>([
    [
      "CommandLine|contains: '*x'",
      "warning sigma-wildcard-redundant «'*x'» contains already means a wildcard at the start, so this * does nothing. [Leave it out.]",
    ],
    [
      "CommandLine|startswith: 'x*'",
      "warning sigma-wildcard-redundant «'x*'» startswith already means a wildcard at the end, so this * does nothing. [Leave it out.]",
    ],
    [
      "CommandLine: 'x**y'",
      "warning sigma-wildcard-redundant «'x**y'» Two * in a row mean the same as one. [Leave one out.]",
    ],
    [
      "CommandLine|contains: '*'",
      "info sigma-wildcard-every «'*'» A value of wildcards alone holds for every value. [Write exists: true where that is meant.]",
    ],
    [
      "Image|startswith: 'C:\\Users\\*\\x'",
      "warning sigma-value-never «'C:\\Users\\*\\x'» Image holds a path, in which no * stands, so this value never matches. [A backslash before * makes it a plain character; for a backslash and a wildcard write \\\\*.]",
    ],
    [
      'Image: cmd.exe',
      "warning sigma-value-never «cmd.exe» Image holds the whole path of a file, so a name alone never equals it. [Write Image|endswith: '\\cmd.exe'.]",
    ],
    [
      'Image|endswith: /cmd.exe',
      'warning sigma-value-never «/cmd.exe» Image of Windows holds paths with backslashes, so this value never matches. [Write \\ for /.]',
    ],
    [
      "Hashes|contains: 'MD5=00ff00ff00ff00ff00ff00ff00ff00ff0'",
      "warning sigma-value-never «'MD5=00ff00ff00ff00ff00ff00ff00ff00ff0'» A digest of MD5 has 32 hexadecimal characters; this has 33, so it never matches.",
    ],
    [
      'CommandLine: [x, y, X]',
      'info sigma-value-repeated «X» The value X stands here twice. [Texts are compared without regard to case.]',
    ],
  ])('%s', (item, expected) => {
    expect(told(item)).toEqual([expected]);
  });

  it.each([
    "CommandLine|contains: 'x*y'",
    "CommandLine|endswith: 'x*'",
    "CommandLine|contains: 'rm -rf \\*'",
    "Image|startswith: 'C:\\Users\\\\*\\x'",
    "Image: 'System'",
    "Image: '*\\cmd.exe'",
    "Image|startswith: '\\\\?\\C:'",
    "TargetObject|contains: '\\shell\\*\\x'",
    "Hashes|contains: 'IMPHASH=00ff'",
    'CommandLine|cased: [x, X]',
    "CommandLine|re: '.**'".replace('**', '*'),
  ])('says nothing of %s', (item) => {
    expect(told(item)).toEqual([]);
  });

  it('leaves paths of other systems alone', () => {
    expect(told("Image: '/opt/x.exe'\nCommandLine: 'x'", 'linux')).toEqual([]);
  });
});

describe('fields', () => {
  it('notes a field that nothing has, and what was meant', () => {
    expect(told('Comandline: x', 'linux')).toEqual([
      'info sigma-field-unknown «Comandline» Nothing that is read is known to have a field called Comandline. [Did you mean CommandLine?]',
    ]);
    expect(told('AcmeThing: x', 'linux')).toEqual([
      'info sigma-field-unknown «AcmeThing» Nothing that is read is known to have a field called AcmeThing. [Map it with a pipeline, where your events have it.]',
    ]);
  });

  it('takes any name of Windows’ events, but for a slip', () => {
    expect(told('CommandLne: x')).toEqual([expect.stringContaining('Did you mean CommandLine?')]);
    expect(told('FileName: x\nHiveName: y\nprocess.executable: z')).toEqual([]);
  });
});
