import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Alert } from './alert.ts';
import { type TicketParts, ticketText } from './ticket.ts';

const ALERT: Alert = {
  id: 'a1',
  '@timestamp': '2026-03-01T12:00:01.000Z',
  rule: {
    id: 'r1',
    name: 'Web server started with Python',
    version: 3,
    language: 'eql',
    author: ['Elastic', 'Vedette'],
    license: 'Elastic License v2',
    reference: ['https://example.org/why'],
  },
  severity: 'medium',
  risk_score: 47,
  threat: [
    {
      framework: 'MITRE ATT&CK',
      tactic: { id: 'TA0010', name: 'Exfiltration' },
      technique: [{ id: 'T1048', name: 'Exfiltration Over Alternative Protocol', subtechnique: [] }],
    },
  ],
  reason: 'ada started a web server on web-07 that anyone can reach',
  original_time: '2026-03-01T12:00:00.000Z',
  evidence: { fields: { 'process.args': [{ value: 'http.server', ranges: [[0, 11]] }] } },
  ancestry: [
    { pid: 40, command_line: 'bash', derived: true },
    { pid: 1, name: 'systemd' },
  ],
  events: [
    {
      host: { name: 'web-07' },
      user: { name: 'ada' },
      process: { name: 'python3', command_line: 'python3 -m http.server' },
    },
  ],
};

const PARTS: TicketParts = {
  alert: ALERT,
  status: 'closed',
  close_reason: 'true_positive',
  comment: 'taken down',
  history: [
    { time: '2026-03-01T12:05:00.000Z', status: 'acknowledged', by: 'bo' },
    {
      time: '2026-03-01T12:30:00.000Z',
      status: 'closed',
      close_reason: 'true_positive',
      comment: 'taken down',
      by: 'bo',
    },
  ],
  notes: [{ id: 1, text: 'Asked ada:\nnot hers.', by: 'bo', time: '2026-03-01T12:10:00.000Z' }],
  steps_done: [{ step: 'Isolate the host.', by: 'bo', time: '2026-03-01T12:20:00.000Z' }],
  response: ['Isolate the host.', '**Reset** the `password`.'],
};

const TEXT = `# ada started a web server on web-07 that anyone can reach

- **When:** \`2026-03-01T12:00:00.000Z\`
- **Host:** \`web-07\`
- **User:** \`ada\`
- **Severity:** medium, risk 47 of 100
- **Status:** closed: true positive
- **Comment:** taken down
- **Rule:** Web server started with Python (\`r1\`, version 3)
- **Author:** Elastic, Vedette
- **Licence:** Elastic License v2
- **References:** \`https://example.org/why\`
- **ATT&CK:** Exfiltration (TA0010), Exfiltration Over Alternative Protocol (T1048)
- **Alert:** \`a1\`

## Command

\`\`\`
python3 -m http.server
\`\`\`

## Why it alerted

- \`process.args\`: \`http.server\`

## Where it came from

1. \`systemd\` (pid 1)
2. \`bash\` (pid 40, derived)
3. \`python3 -m http.server\`

## Response

- [x] Isolate the host. (bo, 2026-03-01T12:20:00.000Z)
- [ ] Reset the password.

## Notes

bo, 2026-03-01T12:10:00.000Z:

\`\`\`
Asked ada:
not hers.
\`\`\`

## Decisions

- 2026-03-01T12:05:00.000Z acknowledged by bo
- 2026-03-01T12:30:00.000Z closed: true positive by bo: “taken down”
`;

describe('ticketText', () => {
  it('tells everything', () => {
    expect(ticketText(PARTS)).toBe(TEXT);
  });

  it('leaves out what there is not', () => {
    const { license: _, version: __, ...rule } = ALERT.rule;
    const bare = { ...ALERT, rule: { ...rule, author: [], reference: [] }, threat: [], ancestry: [], events: [{}] };
    const text = ticketText({
      alert: { ...bare, evidence: { fields: {} } },
      status: 'open',
      history: [],
      notes: [],
      steps_done: [],
      response: [],
    });
    expect(text.split('\n').filter((line) => line !== '')).toHaveLength(6);
  });

  it('lets nothing that others wrote become more than text', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '`',
        '```',
        '~~~',
        '\n',
        '# ',
        '- ',
        '[x](http://evil)',
        '![](http://evil)',
        '<img src=x>',
        '@all',
        '\u202e',
        '&lt;',
        '|',
        '1. ',
        '    ',
      ),
      fc.string({ maxLength: 5 }),
    );
    const hostile = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(hostile, (text) => {
        const event = { host: { name: text }, user: { name: text }, process: { command_line: text, name: text } };
        const ticket = ticketText({
          ...PARTS,
          comment: text,
          notes: [{ id: 1, text, by: text, time: 't' }],
          steps_done: [{ step: text, by: text, time: 't' }],
          response: [text],
          alert: {
            ...ALERT,
            reason: text,
            events: [event],
            ancestry: [{ command_line: text }],
            evidence: { fields: { [text]: [{ value: text, ranges: [] }] } },
          },
        });
        const outside = withoutCode(ticket);
        expect(outside).not.toMatch(/(?<!\\)<|(?<!\\)\[(?! \]|x\] )|!\[|:\/\/|@(?=\w)|\u202e/);
        const headings = outside.split('\n').filter((line) => /^#{1,6} /.test(line));
        expect(
          headings
            .slice(1)
            .every((line) => /^## (Command|Why it alerted|Where it came from|Response|Notes|Decisions)$/.test(line)),
        ).toBe(true);
      }),
    );
  });
});

/** What CommonMark takes for something else than code. */
function withoutCode(markdown: string): string {
  const kept: string[] = [];
  let fence: string | undefined;
  for (const line of markdown.split('\n')) {
    const mark = /^(`{3,})\s*$/.exec(line)?.[1];
    if (fence !== undefined) {
      if (mark !== undefined && mark.length >= fence.length) fence = undefined;
    } else if (mark !== undefined) fence = mark;
    else kept.push(line.replaceAll(/(?<![\\`])(`+)(?!`).*?(?<!`)\1(?!`)/g, 'code'));
  }
  return kept.join('\n');
}
