import { expect, it } from 'vitest';
import { markdownSection } from './markdown-section.ts';

const TITLE = 'Response and remediation';

it.each<[string, string, string | undefined]>([
  ['to the end', '## A\n### Response and remediation\n\n- one\n- two\n', '- one\n- two'],
  ['in any case and dress', '# **RESPONSE and Remediation** ##\nx', 'x'],
  ['to the next heading of its level', '### Response and remediation\nx\n#### Sub\ny\n### Other\nz', 'x\n#### Sub\ny'],
  ['to a higher heading', '### Response and remediation\nx\n## Other\nz', 'x'],
  [
    'not to a comment in code',
    '## Response and remediation\n```\n# not a heading\n```\ny',
    '```\n# not a heading\n```\ny',
  ],
  ['not from a heading in code', '~~~\n## Response and remediation\n~~~\nx', undefined],
  ['not where it is empty', '## Response and remediation\n\n## Other\nx', undefined],
  ['not where there is none', 'Response and remediation', undefined],
  ['with line ends of Windows', '## Response and remediation\r\nx\r\n', 'x'],
])('finds a section %s', (_, text, section) => {
  expect(markdownSection(text, TITLE)).toBe(section);
});
